"""The command line: what each command says, and with which status it ends."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from bot import __version__
from bot.__main__ import main
from tests.command_line import NEWEST, count, damaged, examined, forget, members, own_directory
from tests.fakes.forks import ROOT

__all__ = ["damaged", "members", "own_directory"]

pytestmark = pytest.mark.usefixtures("own_directory")


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


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_what_needs_no_core_loads_none(asked: str) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", asked],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.startswith(("usage: crossroads", "crossroads 0."))
    imported = {line.rsplit("|", 1)[-1].strip() for line in told.stderr.splitlines()}
    assert "bot.chat.platform" in imported
    assert not imported & {"pydantic", "asyncio", "bot.chat.event", "bot.store", "yaml"}


def test_the_version_is_that_of_the_package() -> None:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert about["project"]["version"] == __version__


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
        (["restore", "notes.txt"], "not a database of Crossroads"),
        (["restore", "other.db"], "not a database of Crossroads"),
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
    asyncio.run(forget(members, "m0"))
    assert main(["restore", "b.db"]) == 0
    assert "1 member had deleted their data since" in capsys.readouterr().out
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


def test_there_is_a_whole_database_at_any_moment_of_a_restore(
    members: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at the worst of times, the next start finds the old database or the new one."""
    assert main(["backup", "b.db"]) == 0
    moments: list[int] = []
    rename, sync = Path.replace, os.fsync

    def renamed(part: Path, target: Path) -> Path:
        moments.append(count(members))
        return rename(part, target)

    def synced(opened: int) -> None:
        moments.append(count(members))
        sync(opened)

    monkeypatch.setattr(Path, "replace", renamed)
    monkeypatch.setattr(os, "fsync", synced)
    assert main(["restore", "b.db"]) == 0
    assert moments == [2, 2, 2]  # the file, the name, the directory
    (aside,) = Path().glob("crossroads.db.2*")
    assert not aside.samefile(members)


def test_a_restore_works_where_files_have_one_name_only(
    members: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    assert main(["backup", "b.db"]) == 0
    monkeypatch.setattr(os, "link", unsupported)
    assert main(["restore", "b.db"]) == 0
    (aside,) = Path().glob("crossroads.db.2*")
    assert count(aside) == count(members) == 2


@pytest.mark.parametrize(
    ("command", "status"), [(["run", "playground"], 2), (["migrate"], 2), (["stats"], 2)]
)
def test_a_damaged_file_is_one_line_that_says_the_way_out(
    damaged: Path,
    command: list[str],
    status: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "0")
    assert main(command) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("crossroads: DATABASE_URL: the file is damaged: stop Crossroads, then")
    assert main(["backup", "b.db"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "is not a database of Crossroads, or it is damaged" in line
    well, said = asyncio.run(examined())
    assert not well
    assert "STOP database    SQLite, crossroads.db: the file is damaged" in said


def test_a_file_that_is_no_database_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("crossroads.db").write_text("milk, eggs, bread" * 100)
    assert main(["migrate"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "crossroads: DATABASE_URL: the file is no SQLite database: name another"


def test_a_file_that_others_may_read_is_told_and_closed(members: Path) -> None:
    members.chmod(0o644)
    well, said = asyncio.run(examined())
    assert well
    assert (
        "takes writes; others on this machine may open the file: the next start ends that" in said
    )
    assert stat.S_IMODE(members.stat().st_mode) == 0o644
    assert main(["migrate"]) == 0
    assert stat.S_IMODE(members.stat().st_mode) == 0o600


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
