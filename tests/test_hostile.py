"""Ten thousand malformed payloads at each door: nothing breaks, nothing is let through."""

import hashlib
import hmac
import json
import random
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.discord import parse as discord
from adapters.playground import parse as playground
from adapters.slack import parse as slack
from adapters.slack.app import SlackAdapter
from bot.adapter import Services
from bot.config import Settings
from bot.core import Core
from bot.event import Event, MalformedError, Person
from bot.http import server
from tests.fakes.slack import FakeSlack
from tests.hostile import JUNK, mutants

HERE = Path(__file__).parent
SLACK, DISCORD = HERE / "slack" / "payloads", HERE / "discord" / "payloads"
MANY = 10_000
SECRET = "signing-secret"


def taken(read: Any, payload: Any) -> str:
    """How a parser takes a payload: any end but these three is a bug."""
    try:
        found = read(payload)
    except MalformedError as refusal:
        quoted = len(str(refusal)) > 75
        return "quoted" if quoted else "refused"
    assert found is None or isinstance(found, Event | Person)
    return "nothing" if found is None else "event"


def test_slacks_parser_reads_or_refuses() -> None:
    readers = (
        slack.command,
        slack.interaction,
        slack.submission,
        slack.shortcut,
        slack.direct_message,
        slack.home_opened,
        slack.moved,
    )
    draw, ends = random.Random(2), set[str]()
    for mutant in mutants(SLACK, MANY):
        ends.add(taken(draw.choice(readers), mutant))
    assert ends == {"event", "nothing", "refused"}


def test_discords_parser_reads_or_refuses() -> None:
    ends = {taken(discord.event, mutant) for mutant in mutants(DISCORD, MANY)}
    assert ends == {"event", "nothing", "refused"}
    for mutant in mutants(DISCORD, MANY // 5, seed=3):
        for read in (discord.handle, discord.typed):
            with suppress(MalformedError):
                read(mutant)


def test_the_playgrounds_parser_reads_or_refuses() -> None:
    """Its page is served by the bot itself, but a tab can be older than the process."""
    draw, ends = random.Random(4), set[str]()
    kinds = ("words", "press", "choice", "submission", *JUNK)
    for _ in range(MANY):
        names = ("member", "channel", "kind", "text", "action", "value", "values", "shared", "id")
        sent = {name: draw.choice(JUNK) for name in names if draw.random() < 0.9}
        sent["kind"] = draw.choice(kinds)
        if draw.random() < 0.9:
            sent["member"] = draw.choice(("ana", "ben", "admin", "nobody"))
        ends.add(taken(playground.event, sent))
    assert "refused" in ends
    assert "event" in ends


@pytest.fixture
async def url(core: Core) -> AsyncIterator[str]:
    async with FakeSlack() as fake:
        values = {
            "slack_bot_token": fake.bot_token,
            "slack_signing_secret": SECRET,
            "slack_api_url": fake.api_url,
            "port": 0,
        }
        settings = Settings(_env_file=None, **values)  # type: ignore[arg-type]
        problems: list[Exception] = []
        adapter = SlackAdapter(Services(settings, core, problems.append))
        runner = await server(settings, core, [adapter])
        try:
            await adapter.start()
            host, port = runner.addresses[0][:2]
            yield f"http://{host}:{port}/slack/events"
        finally:
            await adapter.stop()
            await runner.cleanup()
        assert problems == []


def signed(body: bytes) -> dict[str, str]:
    at = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


def encoded(mutant: Any, draw: random.Random) -> tuple[bytes, str]:
    """A payload in one of the dresses that Slack uses, or in one that it does not."""
    text = json.dumps(mutant)
    match draw.randrange(4):
        case 0 if isinstance(mutant, dict):
            flat = {name: str(value).encode("utf-8", "replace") for name, value in mutant.items()}
            return urlencode(flat).encode(), "application/x-www-form-urlencoded"
        case 1:
            return urlencode({"payload": text}).encode(), "application/x-www-form-urlencoded"
        case 2:
            return draw.randbytes(200), "application/json"
        case _:
            return text.encode(), "application/json"


def rows(tmp_path: Path) -> int:
    tables = ("members", "identities", "sessions", "quiz_runs", "plans", "shares")
    with closing(sqlite3.connect(tmp_path / "crossroads.db")) as database:
        return sum(database.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0] for t in tables)


@pytest.mark.slow
async def test_the_door_turns_away_what_is_not_signed(url: str, tmp_path: Path) -> None:
    draw, statuses = random.Random(5), dict[int, int]()
    async with aiohttp.ClientSession() as session:
        for mutant in mutants(SLACK, MANY // 2, seed=5):
            body, kind = encoded(mutant, draw)
            headers = signed(body) if draw.random() < 0.5 else {}
            if headers:
                headers["X-Slack-Signature"] = draw.choice(
                    (headers["X-Slack-Signature"][:-1], "v0=" + "0" * 64, "é", "v0=")
                )
            async with session.post(
                url, data=body, headers={**headers, "Content-Type": kind}
            ) as answer:
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
    assert set(statuses) == {401}
    assert rows(tmp_path) == 0


@pytest.mark.slow
async def test_the_door_survives_what_is_signed_and_malformed(url: str, tmp_path: Path) -> None:
    """As if Slack itself had gone mad: refusals, kind answers, never a defect."""
    draw, statuses = random.Random(6), dict[int, int]()
    deep = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    async with aiohttp.ClientSession() as session:

        async def post(body: bytes, kind: str) -> int:
            headers = {**signed(body), "Content-Type": kind}
            async with session.post(url, data=body, headers=headers) as answer:
                await answer.read()
                return answer.status

        for mutant in mutants(SLACK, MANY // 2, seed=6):
            status = await post(*encoded(mutant, draw))
            statuses[status] = statuses.get(status, 0) + 1
        assert await post(deep, "application/json") == 400
    assert statuses[200] > 100
    assert not [status for status in statuses if status >= 500], statuses
    with closing(sqlite3.connect(tmp_path / "crossroads.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
