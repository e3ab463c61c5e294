"""A rule is due and a platform misbehaves: the town, the real sender, and the platform on loopback.

Time is the town's for members, and real for requests, but for what a test lets pass of it.
"""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapter import Rates, Sender
from bot.chat.event import Platform
from bot.delivery.worker import Worker
from bot.pack.packs import Packs
from bot.store.database import Database
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate
from tests.delivery import remote
from tests.delivery.remote import Remote
from tests.delivery.town import FAST, Town, work
from tests.stories import Clock

MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # a Monday, after nine in Berlin


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """SQLite alone: what is tried here are the platforms."""
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@dataclass
class Story:
    """Ana and Bo are both to be reminded; `ana` and `bo` are their ids on the platform."""

    town: Town
    far: Remote
    ahead: float = 0.0

    def __post_init__(self) -> None:
        self.ana, self.bo = self.far.users
        self.worker = self.hire(self.far.sender)

    def hire(self, sender: Sender, rates: Mapping[Platform, Rates] = FAST) -> Worker:
        return Worker(
            self.town.database,
            Packs((self.town.pack,)),
            {self.far.name: sender},
            poll_seconds=0,
            clock=self.town.clock,
            ticks=lambda: time.time() + self.ahead,
            rates=rates,
        )

    async def due(self, *users: str) -> None:
        for user in users or (self.ana,):
            await self.town.settle(user, self.far.name)
        self.town.clock.now = MORNING
        await work(self.worker)

    async def later(self, seconds: float) -> None:
        self.pass_by(seconds)
        await work(self.worker)

    def pass_by(self, seconds: float) -> None:
        """Let time pass, and nobody works meanwhile."""
        self.ahead += seconds
        self.far.later(seconds)
        self.town.clock.forward(seconds=seconds)

    async def next_week(self, weeks: int = 1) -> None:
        for _ in range(weeks):
            self.town.clock.forward(days=7)
            await self.later(2)

    async def outcomes(self, user: str | None = None) -> list[str]:
        """What became of somebody's reminders, the earliest first."""
        found = await self.town.deliveries(f"member-{user or self.ana}")
        return [delivery.state for delivery in reversed(found)]


@pytest.fixture(params=["discord", "slack"])
async def story(request: pytest.FixtureRequest, town: Town) -> AsyncIterator[Story]:
    async with remote.discord() if request.param == "discord" else remote.slack() as far:
        yield Story(town, far)
