"""Time that misbehaves: a clock put right, weeks that jump, a platform that never takes any."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.adapter import Hindered, Outcome, RetryAfter, Unknown
from bot.delivery.pacing import LEASE_SECONDS, LONGEST_BACKOFF, MICRO
from bot.delivery.worker import Worker
from bot.store.facade import Store
from tests.delivery.town import Post, Town, work
from tests.stories import Clock

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin

HINDERED = Hindered("50001", "let it see the channel", everybody=False)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


async def test_a_clock_that_is_put_right_holds_up_neither_lane_nor_channel(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    town.clock.now = MORNING + timedelta(hours=1)
    await work(worker)
    assert post.users == ["ana"]
    town.clock.now = MORNING - timedelta(minutes=5)
    await town.settle("bo")
    town.clock.now = MORNING + timedelta(minutes=11)
    await work(worker)
    assert post.users == ["ana", "bo"]

    ana = town.chat("ana").person
    tick = town.epoch * MICRO
    entered = await town.database.transact(
        lambda tx: Store(tx).members.reserve_channel(ana, tick, tick + MICRO)
    )
    assert entered, "her channel was taken an hour ahead"
    again = await town.database.transact(
        lambda tx: Store(tx).members.reserve_channel(ana, tick, tick + MICRO)
    )
    assert not again, "now it is taken for a second"


async def test_a_silence_that_a_wrong_clock_measured_lasts_as_long_as_was_asked_for(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    post.script.append(RetryAfter(600))
    town.clock.now = MORNING + timedelta(hours=1)
    await work(worker)
    town.clock.now = MORNING + timedelta(minutes=15)
    for _ in range(9):
        await work(worker)
        town.clock.forward(seconds=60)
    assert post.users == []
    town.clock.forward(seconds=61)
    await work(worker)
    assert post.users == ["ana"]


async def test_a_long_silence_is_kept_by_a_clock_that_is_right(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    post.script.append(RetryAfter(3 * 60 * 60))
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    for _ in range(17):
        town.clock.forward(minutes=10)
        await work(worker)
    assert post.users == []
    town.clock.forward(minutes=10)
    await work(worker)
    assert post.users == ["ana"]


async def test_what_a_process_with_a_wrong_clock_had_claimed_is_sent_in_time(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    town.clock.now = MORNING + timedelta(hours=1)
    await town.enqueue("slack")
    epoch = town.epoch
    await town.database.transact(
        lambda tx: Store(tx).claims.claim("slack", "T1", epoch, epoch + LEASE_SECONDS, 5)
    )
    town.clock.now = MORNING + timedelta(minutes=20)
    for _ in range(2):
        await work(worker)
        town.clock.forward(seconds=LEASE_SECONDS)
    await work(worker)
    assert post.users == ["ana"]


async def test_what_was_under_way_by_a_wrong_clock_is_found_out_in_time(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    post.can_look_up = True
    post.script.append(Unknown("the connection broke"))  # it had arrived
    town.clock.now = MORNING + timedelta(hours=1)
    await work(worker)
    town.clock.now = MORNING + timedelta(minutes=20)
    for _ in range(LONGEST_BACKOFF // 60 + 3):
        await work(worker)
        town.clock.forward(seconds=60)
    assert post.users == ["ana"]
    assert worker.counts["sent"] == 1


@pytest.mark.parametrize("put_off", [RetryAfter(5, alone=True), HINDERED])
async def test_what_was_put_off_by_a_wrong_clock_is_tried_again_in_time(
    town: Town, post: Post, worker: Worker, put_off: Outcome
) -> None:
    ana = await town.settle("ana")
    post.script.append(put_off)
    town.clock.now = MORNING + timedelta(hours=1, minutes=10)
    await work(worker)
    assert post.users == []
    town.clock.now = MORNING + timedelta(minutes=11)
    for _ in range(LONGEST_BACKOFF // 60 + 1):
        await work(worker)
        town.clock.forward(seconds=60)
    assert post.users == ["ana"]
    (delivery,) = await town.deliveries(ana)
    assert delivery.state == "sent"


async def test_what_is_snoozed_or_put_off_for_a_moment_is_not_hastened(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    chat = town.chat("ana")
    await chat.command("/reminders snooze")
    post.script.append(RetryAfter(600, alone=True))
    await town.settle("bo")
    for _ in range(10):
        await work(worker)
        town.clock.forward(seconds=59)
    assert post.users == ["ana"]
    assert (await town.deliveries(ana))[0].state == "pending"


async def test_22_days_on_an_open_lane_sends_the_newest_alone(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await town.enqueue("slack")
    town.clock.forward(days=22)
    worker._open_lanes("slack", ["T1"])  # before anybody has seen that there is a newer one
    await worker.drained()
    assert post.users == []
    await work(worker)
    await work(worker)
    assert post.users == ["ana"]
    assert [d.state for d in await town.deliveries(ana)] == ["sent", "cancelled"]


async def test_22_days_on_a_claim_that_waits_for_its_turn_does_not_leave(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await town.enqueue("slack")
    turns = await worker._claim(("slack", "T1"))
    town.clock.forward(days=22)
    worker._dispatch("slack", turns, worker._attempts.deliver)
    await worker.drained()
    assert post.users == []
    await work(worker)
    assert post.users == ["ana"]


async def test_a_platform_that_never_takes_it_is_given_up_on_after_half_a_day(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    post.can_look_up = True
    post.script.extend([None] * 100)
    town.clock.now = MORNING.replace(minute=30)
    pauses: list[float] = []
    for _ in range(13 * 12):
        before, last = len(post.calls), town.clock.now
        await work(worker)
        if len(post.calls) > before:
            pauses.append((last - MORNING).total_seconds())
        town.clock.forward(minutes=5)
    gaps = [later - earlier for earlier, later in pairwise(pauses)]
    assert gaps[:3] == sorted(gaps[:3])
    assert max(gaps) <= 20 * 60
    assert timedelta(hours=11) < timedelta(seconds=sum(gaps)) < timedelta(hours=13)
    (delivery,) = await town.deliveries(ana)
    assert (delivery.state, delivery.reason) == ("refused", "Slack did not take it for hours")
    assert (await town.rule(ana)).state == "active"
