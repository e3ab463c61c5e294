"""kill -9 while reminders are being delivered: none is lost, and none arrives twice.

Counted is what arrived. Where nobody can tell whether a request arrived (a Slack that does not let
its history be read), a reminder may be missing: then it stands in the books as unknown.
"""

import asyncio
import logging
import os
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.pacing import LEASE_SECONDS
from bot.pack.model import Pack
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate
from tests.delivery.dying import FIRST, ONCE, POINTS, Life, Remote, live
from tests.delivery.town import Town
from tests.fakes.discord import FakeDiscord
from tests.fakes.forks import PROCESSES
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.world import BOT_SCOPES
from tests.stories import Clock

log = logging.getLogger(__name__)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MEMBERS = 8
KILLS = int(os.environ.get("CROSSROADS_KILLS", "240")) // 2
"""On each platform."""


@dataclass(frozen=True)
class Platform:
    """A fake, as a process that sends sees it. `tokens` are used in turn, a week each.

    With the `blind` ones nobody can find out how a request ended.
    """

    name: Remote
    api_url: str
    users: list[str]
    tokens: list[str]
    arrived: Callable[[], Counter[str]]
    a_life_on: Callable[[], None]
    blind: frozenset[str] = frozenset()


@asynccontextmanager
async def discord() -> AsyncIterator[Platform]:
    async with FakeDiscord() as fake:
        users = [str(10_000 + number) for number in range(MEMBERS)]
        fake.world.names |= {user: f"member-{user}" for user in users}

        def arrived() -> Counter[str]:
            return Counter(str(m.nonce) for m in fake.world.messages.values() if m.nonce)

        yield Platform("discord", fake.api_url, users, [fake.token], arrived, lambda: None)


@asynccontextmanager
async def slack() -> AsyncIterator[Platform]:
    async with FakeSlack() as fake:
        fake.api.seconds_between_posts = 1.0
        users = [fake.person(f"member{number}").user for number in range(MEMBERS)]
        blind = fake.world.grant("T1", scopes=BOT_SCOPES - {"im:history"}).value

        def arrived() -> Counter[str]:
            marks = (message.metadata for message in fake.world.messages)
            return Counter(mark["event_payload"]["delivery"] for mark in marks if mark)

        def a_life_on() -> None:
            fake.world.clock.advance(2)

        tokens = [fake.bot_token, blind]
        yield Platform("slack", fake.api_url, users, tokens, arrived, a_life_on, frozenset({blind}))


async def settle(path: Path, platform: Platform, pack: Pack) -> None:
    """Members whose reminders are all due on Mondays at 09:00."""
    database = await SQLiteDatabase.open(path)
    try:
        await migrate(database)
        town = Town(database, pack, Clock(MONDAY - timedelta(days=1)))
        for user in platform.users:
            await town.settle(user, platform.name)
        # None of them is ever taken for somebody who does not answer.
        await database.transact(lambda tx: tx.run("UPDATE members SET seen_at = 9999999999"))
    finally:
        await database.close()


@dataclass
class Weeks:
    """Lives on one database, two of which end by kill -9 in every week."""

    database: Path
    platform: Platform
    seed: random.Random
    lives: int = 0
    killed: Counter[str] = field(default_factory=Counter)

    async def week(self, week: int) -> None:
        point = POINTS[week % len(POINTS)]
        times = 1 if point in ONCE else self.seed.randint(1, 4)
        # A request of unknown end is there to be found only after a death in mid-request.
        anywhere = ("sent" if point == "claim_unresolved" else "", 1, self.seed.uniform(0.02, 0.12))
        ends = [anywhere, (point, times, None)]
        turned = point in FIRST or (point != "claim_unresolved" and week // len(POINTS) % 2 == 0)
        for at, passed, seconds in ends[:: -1 if turned else 1]:
            code = await self._lived(week, at, passed, seconds)
            self.killed["anywhere" if seconds else point] += code < 0
        assert await self._lived(week) == 0

    async def _lived(
        self, week: int, point: str = "", times: int = 1, seconds: float | None = None
    ) -> int:
        platform = self.platform
        now = MONDAY + timedelta(weeks=week, minutes=30)
        ahead = self.lives * (LEASE_SECONDS + 1.0)
        token = platform.tokens[week % len(platform.tokens)]
        life = Life(platform.name, self.database, platform.api_url, token, now, ahead, point, times)
        self.lives += 1
        platform.a_life_on()
        process = PROCESSES.Process(target=live, args=(life,))
        process.start()
        try:
            await asyncio.to_thread(process.join, seconds)
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
        return process.exitcode or 0


@pytest.mark.slow
@pytest.mark.parametrize("far", [discord, slack])
async def test_hundreds_of_kills_lose_nothing_and_double_nothing(
    far: Callable[[], AbstractAsyncContextManager[Platform]],
    tmp_path: Path,
    pack: Pack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISCORD_OPENAPI", raising=False)  # judging each message takes a minute
    path, weeks = tmp_path / "crossroads.db", KILLS // 2
    async with far() as platform:
        await settle(path, platform, pack)
        lived = Weeks(path, platform, random.Random(20261123))
        for week in range(weeks):
            await lived.week(week)
        judge(platform, path, weeks)
    killed = lived.killed
    assert sum(killed.values()) > KILLS // 2, killed
    assert all(killed[point] for point in POINTS), killed
    log.info("%d of %d lives ended by kill -9: %s", sum(killed.values()), KILLS, dict(killed))


def judge(platform: Platform, path: Path, weeks: int) -> None:
    """Every slot has one delivery, and what became of it is what arrived."""
    arrived = platform.arrived()
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT id, rule_id, local_date, state FROM deliveries"
        ).fetchall()
    connection.close()
    slots = {(rule, day) for _, rule, day, _ in rows}
    assert len(rows) == len(slots) == MEMBERS * weeks
    assert set(arrived.values()) == {1}, "something arrived twice"
    by_state = {state: {id_ for id_, *_, is_ in rows if is_ == state} for *_, state in rows}
    unknown = by_state.pop("unknown", set())
    assert set(by_state) == {"sent"}, {state: len(found) for state, found in by_state.items()}
    assert by_state["sent"] <= set(arrived), "something that is said to be sent never arrived"
    assert set(arrived) - by_state["sent"] <= unknown

    first = {MONDAY.date() + timedelta(weeks=week): week for week in range(weeks)}
    for id_, _, day, state in rows:
        token = platform.tokens[first[datetime.fromisoformat(day).date()] % len(platform.tokens)]
        assert state == "sent" or token in platform.blind, f"{id_} could have been found out"
    log.info(
        "%s: %d arrived of %d; of %d unknown %d had arrived",
        platform.name, len(arrived), len(rows), len(unknown), len(unknown & set(arrived)),
    )  # fmt: skip
