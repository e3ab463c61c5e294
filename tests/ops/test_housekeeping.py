"""What need not be kept is thrown away in time, and nothing before."""

import asyncio
import logging

import pytest

from bot.chat.event import Person
from bot.ops.housekeeping import Housekeeping
from bot.store.database import Transaction, UnavailableError
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from tests.core.test_handle import BrokenDatabase
from tests.stories import Clock


async def members(database: SQLiteDatabase) -> int:
    counts = await database.transact(lambda tx: Store(tx).overview.counts(0))
    return counts["members"]


async def remove_t1(database: SQLiteDatabase, clock: Clock, people: int = 3) -> None:
    now = int(clock.now.timestamp())

    async def meet(tx: Transaction) -> None:
        for number in range(people):
            person = Person(platform="slack", tenant="T1", user=f"U{number}")
            await Store(tx).members.find_or_create(person, now, f"m{number}")

    await database.transact(meet)
    await database.transact(lambda tx: Store(tx).tenants.set("slack", "T1", "removed", now))


async def test_a_workspace_is_purged_when_the_retention_is_over(
    database: SQLiteDatabase, clock: Clock
) -> None:
    await remove_t1(database, clock, people=201)
    house = Housekeeping(database, 30, clock)
    clock.forward(days=30)
    await house.tidy()
    assert await members(database) == 201
    clock.forward(seconds=1)
    await house.tidy()
    assert await members(database) == 0


async def test_it_begins_with_the_process_and_ends_with_it(
    database: SQLiteDatabase, clock: Clock
) -> None:
    await remove_t1(database, clock)
    clock.forward(days=31)
    house = Housekeeping(database, 30, clock)
    house.start()
    async with asyncio.timeout(10):
        while True:
            if not await members(database):
                break
            await asyncio.sleep(0.01)
    await house.stop()
    await Housekeeping(database, 30, clock).stop()  # never begun


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnavailableError("busy"), "housekeeping waits for the database: busy"),
        (RuntimeError("boom"), "housekeeping failed"),
    ],
)
async def test_trouble_is_told_and_does_not_end_the_process(
    error: Exception, said: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    house = Housekeeping(BrokenDatabase(error), 30, clock)
    with caplog.at_level(logging.WARNING):
        house.start()
        async with asyncio.timeout(10):
            while True:
                if said in caplog.text:
                    break
                await asyncio.sleep(0.01)
    assert house._running
    assert not house._running.done()
    await house.stop()
