"""How fast reminders leave: lanes for Discord and for workspaces, and the pace of a channel."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from bot.store.database import Transaction
from bot.store.facade import Store
from tests.delivery.town import RATES, Post, Town, on, work
from tests.stories import Clock

MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # a Monday, after nine in Berlin


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


async def taken(town: Town) -> timedelta:
    """How much of the lane has been given away, from now on."""
    (row,) = await town.database.transact(lambda tx: tx.fetch("SELECT free_at FROM send_lanes"))
    return timedelta(microseconds=row["free_at"] - town.epoch * 1_000_000)


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_known_channel_saves_every_second_request_to_discord(
    town: Town, post: Post, processes: int
) -> None:
    for number in range(8):
        await town.settle(f"user-{number}", "discord")
    workers = [town.worker(post, "discord", rates=RATES) for _ in range(processes)]

    async def a_morning() -> timedelta:
        for worker in workers:
            await worker.poll()
        for worker in workers:
            await worker.drained()
        return await taken(town)

    town.clock.now = MORNING
    assert await a_morning() == 2 * 8 * timedelta(seconds=1 / 40), "each opens a channel first"
    town.clock.forward(days=7)
    assert await a_morning() == 8 * timedelta(seconds=1 / 40)
    assert len(post.users) == 16
    assert post.unopened == 8, "what one process has learnt, all know"


async def test_slack_takes_one_request_for_a_reminder_from_the_first(
    town: Town, post: Post
) -> None:
    for number in range(3):
        await town.settle(f"user-{number}")
    town.clock.now = MORNING
    await work(town.worker(post, rates=RATES))
    assert await taken(town) == timedelta(seconds=3 / 4)


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_channel_on_slack_gets_one_a_second_while_others_flow(
    town: Town, post: Post, processes: int
) -> None:
    workers = [town.worker(post) for _ in range(processes)]
    ana = await town.settle("ana")
    for number in range(5):
        await town.settle(f"bo-{number}")
    town.clock.now = MORNING
    await town.enqueue("slack")
    (weekly,) = await town.deliveries(ana)
    for day in (24, 25):  # two more for the same channel, due at the same time
        await town.database.transact(partial(_again, of=weekly.id, day=on(day), at=town.epoch))
    for _ in range(16):
        for worker in workers:
            await worker.poll()
        for worker in workers:
            await worker.drained()
        town.clock.forward(seconds=0.25)

    to_ana = [arrival.at for arrival in post.arrivals if arrival.user == "ana"]
    others = [arrival.at for arrival in post.arrivals if arrival.user != "ana"]
    assert len(to_ana) == 3
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(to_ana))
    assert to_ana[-1] - to_ana[0] <= timedelta(seconds=3), "and no longer than it takes"
    assert others == [MORNING] * 5
    assert {(d.state, d.attempts) for d in await town.deliveries(ana)} == {("sent", 1)}


async def _again(transaction: Transaction, of: str, day: date, at: int) -> None:
    await Store(transaction).deliveries.snooze(f"again-{day}", of, day, at)
