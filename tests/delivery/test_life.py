"""A worker's life: it starts, is woken, loses its database, meets what it did not expect, stops."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.adapter import Unknown
from bot.delivery import attempt
from bot.delivery.pacing import LEASE_SECONDS, MICRO
from bot.delivery.worker import Worker
from bot.pack.packs import Packs
from bot.store.database import Database, T, Transaction, UnavailableError
from bot.store.facade import Store
from tests.delivery.town import FAST, Post, Town, work
from tests.stories import Clock

MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # a Monday, after nine in Berlin


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


class Flaky:
    """A database that is out of reach after `left` more transactions, until that is None."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.left: int | None = None

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise UnavailableError("out of reach")
        return await self._database.transact(work, alone=alone, patient=patient)

    async def close(self) -> None:
        await self._database.close()


def hire(town: Town, post: Post, database: Database | None = None, **more: object) -> Worker:
    post.clock = town.clock
    return Worker(
        database or town.database,
        Packs((town.pack,)),
        {"discord": post},
        clock=town.clock,
        ticks=lambda: town.clock.now.timestamp(),
        rates=FAST,
        **{"poll_seconds": 3600.0, **more},  # type: ignore[arg-type]
    )


async def until(look: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.005)


async def test_it_looks_when_it_starts_and_when_it_is_woken(town: Town, post: Post) -> None:
    await town.settle("ana", "discord")
    worker = hire(town, post)
    town.clock.now = MORNING
    worker.start()
    await until(lambda: worker.counts["sent"] == 1)
    town.clock.forward(days=7)
    worker.wake()
    await until(lambda: worker.counts["sent"] == 2)
    await worker.stop()
    assert post.users == ["ana", "ana"]


async def test_a_worker_that_never_started_stops_at_once(town: Town, post: Post) -> None:
    await hire(town, post).stop()


# The database goes away


async def test_a_database_out_of_reach_is_waited_for(
    town: Town, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    flaky = Flaky(town.database)
    await town.settle("ana", "discord")
    worker = hire(town, post, flaky, poll_seconds=0.01)
    flaky.left, town.clock.now = 0, MORNING
    with caplog.at_level(logging.WARNING):
        worker.start()
        await until(lambda: caplog.text.count("wait for the database") > 2)
    flaky.left = None
    await until(lambda: worker.counts["sent"] == 1)
    await worker.stop()
    assert post.users == ["ana"]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("left", range(12))
async def test_wherever_the_database_goes_away_one_arrives_and_one_is_counted(
    town: Town, post: Post, left: int
) -> None:
    flaky, post.can_look_up = Flaky(town.database), True
    ana = await town.settle("ana", "discord")
    worker = hire(town, post, flaky, poll_seconds=0.0)
    flaky.left, town.clock.now = left, MORNING
    await work(worker)
    flaky.left = None
    for _ in range(3):
        town.clock.forward(seconds=LEASE_SECONDS + 1)
        await work(worker)
    assert post.users == ["ana"]
    assert [delivery.state for delivery in await town.deliveries(ana)] == ["sent"]


# What nobody expected


async def test_a_sender_that_breaks_loses_nothing(
    town: Town, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await town.settle("ana", "discord")
    worker, send = hire(town, post, poll_seconds=0.0), post.send
    post.can_look_up = True

    async def stumble(*_: object) -> Unknown:
        raise RuntimeError("nobody thought of that")

    post.send = stumble  # type: ignore[assignment, method-assign]
    town.clock.now = MORNING
    await work(worker)
    assert "nobody thought of that" in caplog.text
    post.send = send  # type: ignore[method-assign]
    for _ in range(2):
        town.clock.forward(seconds=LEASE_SECONDS + 1)
        await work(worker)
    assert post.users == ["ana"]
    assert [delivery.state for delivery in await town.deliveries(ana)] == ["sent"]


async def test_a_look_that_breaks_is_not_the_last(
    town: Town, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await town.settle("ana", "discord")
    worker = hire(town, post, new_id=lambda: 1 // 0)
    town.clock.now = MORNING
    await work(worker)
    assert "could not be looked for" in caplog.text
    await work(hire(town, post))
    assert post.users == ["ana"]


async def test_a_plan_that_cannot_be_put_into_words_is_left_out_that_week(
    town: Town, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await town.settle("ana", "discord")
    town.clock.now = MORNING
    with monkeypatch.context() as patched:
        patched.setattr(attempt, "compose", lambda *_: 1 // 0)
        await work(hire(town, post))
    (delivery,) = await town.deliveries(ana)
    assert (delivery.state, delivery.reason) == ("skipped", "something went wrong on my side")
    town.clock.forward(days=7)
    await work(hire(town, post))
    assert post.users == ["ana"]


async def test_while_a_platform_wants_silence_it_is_not_asked_how_a_request_ended(
    town: Town, post: Post
) -> None:
    await town.settle("ana", "discord")
    worker, post.can_look_up = hire(town, post, poll_seconds=0.0), True
    post.script.append(Unknown("the connection broke"))
    town.clock.now = MORNING
    await work(worker)
    now = town.epoch * MICRO
    await town.database.transact(
        lambda tx: Store(tx).pacing.hold("discord", "discord", now, now + 300 * MICRO)
    )
    town.clock.forward(seconds=30)
    await work(worker)
    assert post.asked == 0
    town.clock.forward(seconds=300)
    await work(worker)
    assert post.asked == 1
    assert post.users == ["ana"]


async def test_what_was_switched_off_between_claim_and_sending_is_not_sent(
    town: Town, post: Post
) -> None:
    people = [await town.settle(user, "discord") for user in ("ana", "bo")]
    town.clock.now = MORNING
    await town.enqueue("discord")
    changes = ("state = 'paused'", "paused_until = '2027-01-01'")
    for member, change in zip(people, changes, strict=True):
        sql = f"UPDATE reminder_rules SET {change} WHERE member_id = '{member}'"
        await town.database.transact(partial(_run, sql=sql))
    await work(hire(town, post))
    assert post.calls == []
    said = [(await town.deliveries(member))[0].reason for member in people]
    assert said == ["your reminders were off", "your reminders were paused"]


async def _run(transaction: Transaction, sql: str) -> None:
    await transaction.fetch(sql)
