"""kill -9 while reminders are being delivered: none is lost, and none arrives twice."""

import asyncio
import logging
import multiprocessing
import os
import random
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.content import Pack
from bot.lanes import LEASE_SECONDS
from bot.store.migrate import migrate
from bot.store.sqlite import SQLiteDatabase
from tests.fakes.discord import FakeDiscord
from tests.reminders.dying import FIRST, ONCE, POINTS, Life, live
from tests.reminders.town import Town
from tests.stories import Clock

log = logging.getLogger(__name__)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MEMBERS = 12
KILLS = int(os.environ.get("CROSSROADS_KILLS", "200"))


@pytest.fixture
async def town(tmp_path: Path, pack: Pack) -> Path:
    """A database with members whose reminders are all due on Mondays at 09:00."""
    path = tmp_path / "crossroads.db"
    database = await SQLiteDatabase.open(path)
    try:
        await migrate(database)
        town = Town(database, pack, Clock(MONDAY - timedelta(days=1)))
        for number in range(MEMBERS):
            await town.settle(str(10_000 + number), "discord")
        # None of them is ever taken for somebody who does not answer.
        await database.transact(lambda tx: tx.fetch("UPDATE members SET seen_at = 9999999999"))
    finally:
        await database.close()
    return path


@pytest.mark.slow
async def test_hundreds_of_kills_lose_nothing_and_double_nothing(town: Path) -> None:
    seed = random.Random(20261123)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.reminders.dying"])

    async with FakeDiscord() as discord:
        for number in range(MEMBERS):
            discord.world.names[str(10_000 + number)] = f"member-{number}"

        def born(number: int, week: int, point: str = "", times: int = 1) -> Life:
            now = MONDAY + timedelta(weeks=week, minutes=30)
            ahead = number * (LEASE_SECONDS + 1.0)
            return Life(town, discord.api_url, discord.token, now, ahead, point, times)

        async def lived(life: Life, seconds: float | None = None) -> int:
            process = context.Process(target=live, args=(life,))
            process.start()
            try:
                await asyncio.to_thread(process.join, seconds)
            finally:
                process.kill()
                await asyncio.to_thread(process.join)
            return process.exitcode or 0

        killed, weeks = Counter[str](), KILLS // 2
        for week in range(weeks):
            point = POINTS[week % len(POINTS)]
            times = 1 if point in ONCE else seed.randint(1, 4)
            # A request of unknown end is there to be found only after a death in mid-request.
            anywhere = ("sent" if point == "claim_lost" else "", 1, seed.uniform(0.02, 0.12))
            lives = [anywhere, (point, times, None)]
            for nth, (at, passed, seconds) in enumerate(lives[:: -1 if point in FIRST else 1]):
                code = await lived(born(3 * week + nth, week, at, passed), seconds)
                killed["anywhere" if seconds else point] += code < 0
            assert await lived(born(3 * week + 2, week)) == 0
        _judge(discord, town, weeks, killed)


def _judge(discord: FakeDiscord, town: Path, weeks: int, killed: Counter[str]) -> None:
    arrived = Counter(str(m.nonce) for m in discord.world.messages.values() if m.nonce)
    with sqlite3.connect(town) as connection:
        states = dict(connection.execute("SELECT id, state FROM deliveries").fetchall())
        slots = connection.execute("SELECT rule_id, local_date FROM deliveries").fetchall()
    connection.close()
    assert len(slots) == len(set(slots)) == MEMBERS * weeks
    doubled = {nonce for nonce, times in arrived.items() if times > 1}
    lost = {id_ for id_, state in states.items() if state == "sent" and id_ not in arrived}
    assert not doubled
    assert not lost
    assert Counter(states.values()) == {"sent": MEMBERS * weeks}, Counter(states.values())
    assert set(arrived) == set(states)
    assert sum(killed.values()) > KILLS // 2, killed
    assert all(killed[point] for point in POINTS), killed
    log.info("%d of %d lives ended by kill -9: %s", sum(killed.values()), KILLS, dict(killed))
