"""Ten thousand malformed payloads at each door: nothing breaks, nothing is let through."""

import hashlib
import hmac
import json
import random
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp
import pytest
from cryptography.fernet import Fernet

from adapters.discord import parse as discord
from adapters.playground import parse as playground
from adapters.slack import parse as slack
from adapters.slack.app import SlackAdapter
from adapters.slack.settings import Settings as SlackSettings
from bot.adapter import Services
from bot.chat.event import Event, MalformedError, Person
from bot.core.handle import Core
from bot.ops.server import server
from tests.configured import configured
from tests.fakes.slack import FakeSlack
from tests.hostile import JUNK, mutants

pytestmark = pytest.mark.no_cover  # what it takes ten thousand times, examples take once
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
    )
    draw, ends = random.Random(2), set[str]()

    def of_a_tenant(body: Any) -> Event | Person | None:
        whose, read = slack.installation(body), draw.choice(readers)
        return read(body, whose.tenant) if whose else None

    for mutant in mutants(SLACK, MANY):
        ends.add(taken(of_a_tenant, mutant))
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


@dataclass(frozen=True)
class Door:
    """The server, and whoever stands behind it."""

    root: str
    adapter: SlackAdapter

    @property
    def url(self) -> str:
        return f"{self.root}/slack/events"


@pytest.fixture
async def door(core: Core) -> AsyncIterator[Door]:
    async with FakeSlack() as fake:
        async for door in serving(core, fake, {"slack_bot_token": fake.bot_token}):
            yield door


@pytest.fixture
async def install_url(core: Core) -> AsyncIterator[str]:
    """Where workspaces install the app."""
    async with FakeSlack() as fake:
        client_id, client_secret = fake.api.client
        keys = (Fernet.generate_key().decode(),)
        client = {"slack_client_id": client_id, "slack_client_secret": client_secret}
        async for door in serving(core, fake, {**client, "encryption_keys": keys}):
            yield f"{door.root}/slack"


async def serving(core: Core, fake: FakeSlack, tokens: dict[str, Any]) -> AsyncIterator[Door]:
    values = {
        **tokens,
        "slack_signing_secret": SECRET,
        "slack_api_url": fake.api_url,
        "port": 0,
    }
    given = configured(**values)
    problems: list[Exception] = []
    adapter = SlackAdapter(
        Services(given.shared, core, problems.append), cast("SlackSettings", given.own["slack"])
    )
    runner = await server(given.shared, core, [adapter])
    try:
        await adapter.start()
        host, port = runner.addresses[0][:2]
        yield Door(f"http://{host}:{port}", adapter)
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
async def test_the_door_turns_away_what_is_not_signed(door: Door, tmp_path: Path) -> None:
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
                door.url, data=body, headers={**headers, "Content-Type": kind}
            ) as answer:
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
    assert set(statuses) == {401}
    assert rows(tmp_path) == 0


@pytest.mark.slow
async def test_the_door_survives_what_is_signed_and_malformed(door: Door, tmp_path: Path) -> None:
    """As if Slack itself had gone mad: refusals, kind answers, never a defect."""
    draw, statuses = random.Random(6), dict[int, int]()
    deep = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    async with aiohttp.ClientSession() as session:

        async def post(body: bytes, kind: str) -> int:
            headers = {**signed(body), "Content-Type": kind}
            async with session.post(door.url, data=body, headers=headers) as answer:
                await answer.read()
                return answer.status

        refused: list[tuple[bytes, str]] = []
        for mutant in mutants(SLACK, MANY // 2, seed=6):
            sent = encoded(mutant, draw)
            status = await post(*sent)
            statuses[status] = statuses.get(status, 0) + 1
            if status == 400:
                refused.append(sent)
        assert await post(deep, "application/json") == 400
        assert set(statuses) == {200, 400, 404}
        assert statuses[200] > 100
        with closing(sqlite3.connect(tmp_path / "crossroads.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            await door.adapter._handlers.background.drain()  # what the good ones set off
            before = database.execute("PRAGMA data_version").fetchone()
            for sent in refused[:500]:
                assert await post(*sent) == 400
            # Whoever else had committed anything would have raised it.
            assert database.execute("PRAGMA data_version").fetchone() == before


async def test_the_pages_of_an_install_survive_what_a_browser_may_send(install_url: str) -> None:
    draw = random.Random(7)
    texts = [text for text in JUNK if isinstance(text, str) and "\ud800" not in text]
    statuses = set()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for _ in range(300):
            page = draw.choice(("install", "oauth_redirect"))
            names = [name for name in ("code", "state", "error") if draw.random() < 0.6]
            asked = urlencode([(name, draw.choice(texts)) for name in names])
            cookie = draw.choice(("slack-app-oauth-state=x", "slack-app-oauth-state", "=;;", ""))
            url = f"{install_url}/{page}?{asked}"
            async with session.get(
                url, headers={"Cookie": cookie}, allow_redirects=False
            ) as answer:
                await answer.read()
                statuses.add(answer.status)
    assert statuses <= {200, 302, 400, 401}, statuses
