"""`doctor`: every thing that can be wrong is a line, and never a traceback."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from adapters.shared.http_client import found_proxy
from adapters.slack.manifest import SCOPES
from bot import platforms
from bot.__main__ import main
from bot.ops import doctor
from bot.ops.doctor import from_clock
from bot.pack.load import default_pack_path
from tests.command_line import NEWEST, damaged, examined, members, own_directory
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack

__all__ = ["damaged", "members", "own_directory"]

pytestmark = pytest.mark.usefixtures("own_directory")


def test_the_doctor_finds_the_playground_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert all(line.startswith("ok") for line in said.splitlines())
    for looked_at in (
        "settings",
        "database",
        "http",
        "time zones",
        "content",
        "playground",
        "clock",
    ):
        assert f"ok   {looked_at}" in said


def test_the_doctor_names_a_bad_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "s3cr3t")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("STOP settings    PORT: ")
    assert "s3cr3t" not in said


def test_the_doctor_knows_that_the_address_is_not_this_machines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOST", "203.0.113.9")
    well, said = asyncio.run(examined())
    assert not well
    assert "STOP http        HOST: this machine does not have that address" in said


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
    well, said = asyncio.run(examined())
    assert well
    assert f"schema {max(before)}, the next start brings it to {NEWEST}" in said
    assert applied(members) == before
    members.unlink()
    well, said = asyncio.run(examined())
    assert well
    assert "ok   database    SQLite, crossroads.db: made at the first start" in said
    assert not members.exists()
    members.touch()
    well, said = asyncio.run(examined())
    assert well
    assert "schema 0, the next start brings it to" in said


def applied(path: Path) -> set[int]:
    with closing(sqlite3.connect(path)) as database:
        return {int(row[0]) for row in database.execute("SELECT number FROM schema_versions")}


def test_the_doctor_knows_a_database_of_a_later_version(members: Path) -> None:
    with closing(sqlite3.connect(members)) as later:
        later.execute("INSERT INTO schema_versions (number) VALUES (9000)")
        later.commit()
    well, said = asyncio.run(examined())
    assert not well
    assert "STOP database    SQLite, crossroads.db: the database is at schema 9000" in said


def test_the_doctor_sees_a_file_that_takes_no_write(
    members: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(members, isolation_level=None)) as bot:
        bot.execute("BEGIN IMMEDIATE")
        well, said = asyncio.run(examined())
        bot.execute("ROLLBACK")
    assert not well
    assert "STOP database    SQLite, crossroads.db: database is locked" in said
    monkeypatch.setenv("DATABASE_URL", "sqlite:///no/such/directory/c.db")
    well, said = asyncio.run(examined())
    assert not well
    assert "STOP database    DATABASE_URL: SQLite, no/such/directory/c.db: nothing can be" in said


def test_the_doctor_sees_a_pack_with_mistakes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(default_pack_path(), pack)
    (pack / "quiz.yaml").write_text("title: [", "utf-8")
    monkeypatch.setenv("CROSSROADS_PACKS", str(pack))
    well, said = asyncio.run(examined())
    assert not well
    assert f"errors: `python -m bot check {pack}` shows them" in said
    assert "STOP content" in said


def test_what_the_doctor_stumbles_over_is_a_line_and_the_rest_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(*_: object) -> None:
        raise LookupError("s3cr3t")

    for look in ("_database", "_content"):
        monkeypatch.setattr(doctor, look, stumble)
    monkeypatch.setattr(platforms, "look", stumble)
    monkeypatch.setenv("DISCORD_TOKEN", "t")
    well, said = asyncio.run(examined())
    assert not well
    for what in ("database", "content", "discord"):
        assert f"STOP {what:12}cannot be looked at (LookupError)" in said
    assert "ok   time zones" in said
    assert "ok   clock" in said
    assert "s3cr3t" not in said


@pytest.mark.parametrize(
    ("proxy", "line"),
    [
        ("http://u:s3cr3t@proxy.example:3128", "Discord is called through http://proxy.example"),
        ("proxy.example:3128", "Discord is called through http://proxy.example:3128"),
        ("http://proxy.example:s3cr3t", "HTTPS_PROXY and HTTP_PROXY must be addresses"),
    ],
)
def test_the_doctor_names_the_proxy(proxy: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    said = str(found_proxy("Discord", "https://discord.com/api/v10"))
    assert line in said
    assert "s3cr3t" not in said
    monkeypatch.setenv("NO_PROXY", "discord.com")
    assert "none on the way to Discord" in str(found_proxy("Discord", "https://discord.com"))


def test_the_doctor_misses_the_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(f"No time zone found with key {name}")

    monkeypatch.setattr(doctor, "ZoneInfo", nowhere)
    well, said = asyncio.run(examined())
    assert not well
    assert "STOP time zones  No time zone found with key Europe/Berlin: install tzdata" in said
    monkeypatch.setattr(doctor, "ZoneInfo", lambda _: ZoneInfo("UTC"))
    well, said = asyncio.run(examined())
    assert "STOP time zones  the rules of Europe/Berlin are wrong: update tzdata" in said


def test_the_doctor_misses_the_playgrounds_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for versions by name; nothing that is not installed has one."""

    def installed(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("adapters.playground.doctor.version", installed)
    well, said = asyncio.run(examined())
    assert not well
    assert "STOP playground  its library is missing: ./install.sh" in said
    assert "ok   time zones  rules " in said


async def test_the_doctor_knows_the_bot_on_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeDiscord() as discord:
        monkeypatch.setenv("DISCORD_API_URL", discord.api_url)
        monkeypatch.setenv("DISCORD_TOKEN", discord.token)
        well, said = await examined()
        assert well, said
        assert "ok   discord     logs in as crossroads" in said
        assert "ok   gateway     1 shards, 1000 connections left" in said
        assert "ok   commands    none yet" in said
        assert "ok   clock       within" in said
        discord.world.commands = [{"id": "1", "name": "quiz", "type": 1, "description": "Old"}]
        discord.endpoint_url = "https://elsewhere.example/interactions"
        well, said = await examined()
        assert not well
        assert "STOP gateway     no command arrives here: the portal has an inter" in said
        assert "ok   commands    not as they should be: /compare, /crossroads" in said
        monkeypatch.setenv("DISCORD_TOKEN", "s3cr3t")
        well, said = await examined()
        assert not well
        assert "STOP discord     DISCORD_TOKEN: Discord refuses it" in said
        assert "s3cr3t" not in said
    well, said = await examined()
    assert "STOP discord     cannot be reached" in said


async def test_the_doctor_knows_the_bot_on_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeSlack() as slack:
        monkeypatch.setenv("SLACK_API_URL", slack.api_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        well, said = await examined()
        assert well, said
        assert "ok   slack       is crossroads in" in said
        assert "ok   scopes      all there" in said
        assert "ok   socket      can be opened" in said
        few = slack.world.grant("T1", "xoxb-few", frozenset(SCOPES) - {"im:write"})
        monkeypatch.setenv("SLACK_BOT_TOKEN", few.value)
        well, said = await examined()
        assert not well
        assert "STOP scopes      im:write missing" in said
        monkeypatch.setenv("SLACK_APP_TOKEN", "s3cr3t-app")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "s3cr3t-bot")
        well, said = await examined()
        assert "STOP slack       SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)" in said
        assert "STOP socket      SLACK_APP_TOKEN: Slack refuses it" in said
        assert "s3cr3t" not in said
    well, said = await examined()
    assert "STOP slack       cannot be reached" in said


async def test_the_doctor_looks_at_the_keys_of_an_app_for_many_workspaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "cs")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "ss")
    monkeypatch.setenv("ENCRYPTION_KEYS", "s3cr3t")
    well, said = await examined()
    assert not well
    assert "STOP keys        ENCRYPTION_KEYS: each must be 32 bytes" in said
    assert "s3cr3t" not in said
    monkeypatch.setenv("ENCRYPTION_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    well, said = await examined()
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
