"""The command line: what each command says, and with which status it ends."""

import asyncio
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from adapters.slack.manifest import SCOPES
from bot import doctor
from bot.__main__ import main
from bot.config import Settings, load
from bot.doctor import examine, from_clock
from bot.event import Person
from bot.pack import default_pack_path
from bot.store.migrate import migrate, migrations
from bot.store.sqlite import SQLiteDatabase
from bot.store.store import Store
from bot.store.upkeep import Upkeep
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack

ANA = Person(platform="slack", tenant="T1", user="U1", zone="Europe/Berlin")
BO = Person(platform="slack", tenant="T1", user="U2")
NEWEST = migrations()[-1][0]


@pytest.fixture(autouse=True)
def _a_directory_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logging_as_it_was: None
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def members() -> Path:
    """A database with two members in it, at the usual place."""
    path = Path("crossroads.db")
    asyncio.run(_meet(path))
    return path


async def _meet(path: Path) -> None:
    database = await SQLiteDatabase.open(path)
    try:
        await migrate(database)
        for number, person in enumerate((ANA, BO)):
            await database.transact(lambda tx: Store(tx).member(person, 100, f"m{number}"))  # noqa: B023
    finally:
        await database.close()


async def _forget(path: Path, member: str) -> None:
    database = await SQLiteDatabase.open(path)
    try:
        await database.transact(lambda tx: Upkeep(tx).forget(member, 10**9))
    finally:
        await database.close()


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT COUNT(*) FROM members").fetchone()[0])


def test_migrate_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"schema 0 → {NEWEST}"
    assert second == f"schema {NEWEST}, as before"
    assert main(["migrate", "--restored"]) == 0
    assert capsys.readouterr().out == f"{second}\n"


def test_a_bad_setting_ends_with_2_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "s3cr3t")
    assert main(["migrate"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("crossroads: PORT: ")
    assert said.count("\n") == 1
    assert "s3cr3t" not in said


def test_a_file_that_cannot_be_opened_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///no/such/directory/c.db")
    assert main(["migrate"]) == 2
    assert "DATABASE_URL: cannot open the file" in capsys.readouterr().err


def test_an_unknown_command_ends_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["brew-coffee"])
    assert ended.value.code == 2


def test_on_windows_the_first_line_says_where_it_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().err.splitlines()
    assert said == ["crossroads: made for Linux and macOS; on Windows, run it inside WSL."]


def test_a_platform_that_there_is_not_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "telegraph"])
    assert ended.value.code == 2
    assert "'telegraph' is none of slack, discord, playground" in capsys.readouterr().err
    assert main(["run", "slack"]) == 2
    assert capsys.readouterr().err == "crossroads: SLACK_BOT_TOKEN: must be set to run slack\n"


def test_what_a_platform_is_set_up_with_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["slack", "manifest", "--url", "https://bot.example.org"]) == 0
    assert "https://bot.example.org/slack/events" in capsys.readouterr().out
    assert main(["discord", "invite"]) == 2
    assert "DISCORD_TOKEN: must be set" in capsys.readouterr().err


def test_check_reports_on_a_pack(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check"]) == 0
    assert "0 errors" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "does not exist" in capsys.readouterr().out


def test_stats_count_what_is_there(members: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats"]) == 0
    assert "2  members\n" in capsys.readouterr().out


def test_stats_make_no_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats"]) == 2
    assert "DATABASE_URL: there is no such file yet" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_stats_want_a_database_that_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect("crossroads.db")) as database:
        database.execute("CREATE TABLE schema_versions (number BIGINT PRIMARY KEY)")
    assert main(["stats"]) == 2
    assert "run `python -m bot migrate` first" in capsys.readouterr().err


def test_a_backup_is_made_while_the_database_is_in_use(
    members: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(members, isolation_level=None)) as bot:
        bot.execute("BEGIN IMMEDIATE")
        bot.execute("DELETE FROM members WHERE id = 'm0'")  # not committed: not in the copy
        assert main(["backup", "b.db"]) == 0
        bot.execute("COMMIT")
    assert f"schema {NEWEST}, integrity checked" in capsys.readouterr().out
    assert (count(Path("b.db")), count(members)) == (2, 1)
    assert stat.S_IMODE(Path("b.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in Path().glob("b.db*")) == ["b.db"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["backup", "taken.db"], "exists already"),
        (["backup", "no/such/directory/b.db"], "cannot write"),
        (["restore", "missing.db"], "there is no file"),
        (["restore", "notes.txt"], "not a backup of Crossroads"),
        (["restore", "other.db"], "not a backup of Crossroads"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    members: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken.db").write_text("mine")
    Path("notes.txt").write_text("milk, eggs, bread" * 100)
    with closing(sqlite3.connect("other.db")) as other:
        other.execute("CREATE TABLE cats (name TEXT)")
    before = {path.name: path.read_bytes() for path in Path().glob("*.*")}
    assert main(arguments) == 1
    assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in Path().glob("*.*")} == before


def test_there_must_be_something_to_back_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "b.db"]) == 1
    assert "nothing to back up" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_restore_does_not_bring_back_who_deleted_their_data(
    members: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "b.db"]) == 0
    asyncio.run(_forget(members, "m0"))
    assert main(["restore", "b.db"]) == 0
    assert "1 members had deleted their data since" in capsys.readouterr().out
    assert count(members) == 1
    assert count(Path("b.db")) == 2
    assert len(list(Path().glob("crossroads.db.2*"))) == 1  # what was there before
    assert main(["restore", "b.db"]) == 0  # and it stays so, however often
    assert count(members) == 1


def test_a_restore_waits_for_the_bot_to_be_stopped(
    members: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "b.db"]) == 0
    with closing(sqlite3.connect(members)) as bot:
        bot.execute("SELECT * FROM members").fetchall()
        assert main(["restore", "b.db"]) == 1
        assert "stop Crossroads" in capsys.readouterr().err
    assert main(["restore", "b.db"]) == 0


def test_a_restore_where_nothing_was_says_what_is_not_known(
    members: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "b.db"]) == 0
    members.unlink()
    assert main(["restore", "b.db"]) == 0
    assert "nobody knows who deleted their data" in capsys.readouterr().out
    assert count(members) == 2


def test_what_root_restores_belongs_to_the_bot(
    members: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda _, user, group: given.append((user, group)))
    assert main(["backup", "b.db"]) == 0
    assert main(["restore", "b.db"]) == 0
    bot = members.stat()
    assert given == [(bot.st_uid, bot.st_gid)]
    assert stat.S_IMODE(bot.st_mode) == 0o600


def test_a_log_that_was_left_behind_does_not_get_into_what_is_restored(members: Path) -> None:
    """Whoever removes a broken database seldom thinks of the file beside it."""
    assert main(["backup", "b.db"]) == 0
    log = Path("crossroads.db-wal")
    with closing(sqlite3.connect(members, isolation_level=None)) as bot:
        bot.execute("PRAGMA wal_autocheckpoint = 0")
        bot.execute("DELETE FROM members")
        left = log.read_bytes()
    assert left
    for file in (members, Path("crossroads.db.part")):
        file.unlink(missing_ok=True)
        file.with_name(f"{file.name}-wal").write_bytes(left)
    assert main(["restore", "b.db"]) == 0
    assert count(members) == 2
    with closing(sqlite3.connect(members)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(Path().glob("*.part*"))


def test_a_backup_of_a_later_version_is_not_taken(
    members: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "b.db"]) == 0
    with closing(sqlite3.connect("b.db")) as later:
        later.execute("INSERT INTO schema_versions (number) VALUES (9000)")
        later.commit()
    assert main(["restore", "b.db"]) == 2
    assert "schema 9000" in capsys.readouterr().err
    assert count(members) == 2


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgres_has_tools_of_its_own(
    command: str,
    tool: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:s3cr3t@db/c")
    assert main([command, "b"]) == 2
    said = capsys.readouterr().err
    assert tool in said
    assert "s3cr3t" not in said


# doctor


def test_the_doctor_finds_the_playground_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert all(line.startswith("ok") for line in said.splitlines())
    for looked_at in ("settings", "database", "time zones", "content", "playground", "clock"):
        assert f"ok   {looked_at}" in said


def test_the_doctor_names_a_bad_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "s3cr3t")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("STOP settings    PORT: ")
    assert "s3cr3t" not in said


def test_the_doctor_sees_a_database_that_it_cannot_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:s3cr3t@127.0.0.1:1/c")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "STOP database    PostgreSQL: cannot reach the server" in said
    assert "s3cr3t" not in said


def test_the_doctor_looks_and_changes_nothing(members: Path) -> None:
    """An older version may be at work on the file, and the bot may be another user."""
    with closing(sqlite3.connect(members)) as older:
        older.execute("DELETE FROM schema_versions WHERE number = :newest", {"newest": NEWEST})
        older.commit()
    before = applied(members)
    well, said = asyncio.run(_examined())
    assert well
    assert f"schema {max(before)}, the next start brings it to {NEWEST}" in said
    assert applied(members) == before
    members.unlink()
    well, said = asyncio.run(_examined())
    assert well
    assert "ok   database    SQLite, crossroads.db: made at the first start" in said
    assert not members.exists()
    members.touch()
    well, said = asyncio.run(_examined())
    assert well
    assert "schema 0, the next start brings it to" in said


def applied(path: Path) -> set[int]:
    with closing(sqlite3.connect(path)) as database:
        return {int(row[0]) for row in database.execute("SELECT number FROM schema_versions")}


def test_the_doctor_knows_a_database_of_a_later_version(members: Path) -> None:
    with closing(sqlite3.connect(members)) as later:
        later.execute("INSERT INTO schema_versions (number) VALUES (9000)")
        later.commit()
    well, said = asyncio.run(_examined())
    assert not well
    assert "STOP database    SQLite, crossroads.db: the database is at schema 9000" in said


def test_the_doctor_sees_a_file_that_takes_no_write(
    members: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(members, isolation_level=None)) as bot:
        bot.execute("BEGIN IMMEDIATE")
        well, said = asyncio.run(_examined())
        bot.execute("ROLLBACK")
    assert not well
    assert "STOP database    SQLite, crossroads.db: database is locked" in said
    monkeypatch.setenv("DATABASE_URL", "sqlite:///no/such/directory/c.db")
    well, said = asyncio.run(_examined())
    assert not well
    assert "STOP database    DATABASE_URL: SQLite, no/such/directory/c.db: nothing can be" in said


def test_the_doctor_sees_a_pack_with_mistakes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(default_pack_path(), pack)
    (pack / "quiz.yaml").write_text("title: [", "utf-8")
    monkeypatch.setattr(doctor, "default_pack_path", lambda: pack)
    well, said = asyncio.run(_examined())
    assert not well
    assert "errors: `python -m bot check` shows them" in said
    assert "STOP content" in said


def test_the_doctor_misses_the_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(f"No time zone found with key {name}")

    monkeypatch.setattr(doctor, "ZoneInfo", nowhere)
    well, said = asyncio.run(_examined())
    assert not well
    assert "STOP time zones  No time zone found with key Europe/Berlin: install tzdata" in said
    monkeypatch.setattr(doctor, "ZoneInfo", lambda _: ZoneInfo("UTC"))
    well, said = asyncio.run(_examined())
    assert "STOP time zones  the rules of Europe/Berlin are wrong: update tzdata" in said


def test_the_doctor_misses_the_playgrounds_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for versions by name; nothing that is not installed has one."""

    def installed(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", installed)
    well, said = asyncio.run(_examined())
    assert not well
    assert "STOP playground  its library is missing: tools/install" in said
    assert "ok   time zones  rules " in said


async def _examined() -> tuple[bool, str]:
    lines: list[str] = []
    return await examine(load, lines.append), "\n".join(lines)


async def test_the_doctor_knows_the_bot_on_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeDiscord() as discord:
        monkeypatch.setenv("DISCORD_API_URL", discord.api_url)
        monkeypatch.setenv("DISCORD_TOKEN", discord.token)
        well, said = await _examined()
        assert well, said
        assert "ok   discord     logs in as crossroads" in said
        assert "ok   gateway     1 shards, 999 connections left" in said
        assert "ok   clock       within" in said
        monkeypatch.setenv("DISCORD_TOKEN", "s3cr3t")
        well, said = await _examined()
        assert not well
        assert "STOP discord     DISCORD_TOKEN: Discord refuses it" in said
        assert "s3cr3t" not in said
    well, said = await _examined()
    assert "STOP discord     cannot be reached" in said


async def test_the_doctor_knows_the_bot_on_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeSlack() as slack:
        monkeypatch.setenv("SLACK_API_URL", slack.api_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        well, said = await _examined()
        assert well, said
        assert "ok   slack       is crossroads in" in said
        assert "ok   scopes      all there" in said
        assert "ok   socket      can be opened" in said
        few = slack.world.grant("T1", "xoxb-few", frozenset(SCOPES) - {"im:write"})
        monkeypatch.setenv("SLACK_BOT_TOKEN", few.value)
        well, said = await _examined()
        assert not well
        assert "STOP scopes      im:write missing" in said
        monkeypatch.setenv("SLACK_APP_TOKEN", "s3cr3t-app")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "s3cr3t-bot")
        well, said = await _examined()
        assert "STOP slack       SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)" in said
        assert "STOP socket      SLACK_APP_TOKEN: Slack refuses it" in said
        assert "s3cr3t" not in said
    well, said = await _examined()
    assert "STOP slack       cannot be reached" in said


async def test_the_doctor_looks_at_the_keys_of_an_app_for_many_workspaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "cs")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "ss")
    monkeypatch.setenv("ENCRYPTION_KEYS", "s3cr3t")
    well, said = await _examined()
    assert not well
    assert "STOP keys        ENCRYPTION_KEYS: each must be 32 bytes" in said
    assert "s3cr3t" not in said
    monkeypatch.setenv("ENCRYPTION_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    well, said = await _examined()
    assert well, said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (1_795_334_400, "within 1 s"),
        (1_795_334_430, "within 30 s"),
        (1_795_338_000, "3600 s ahead"),
        (1_795_330_800, "3600 s behind"),
    ],
)
def test_a_clock_that_is_off_is_noticed(now: float, said: str) -> None:
    finding = from_clock(["nonsense", "Sun, 22 Nov 2026 08:00:00 GMT"], now)
    assert said in finding.said
    assert finding.stops == ("3600" in said)
