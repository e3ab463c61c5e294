"""A model of the promise, against which the worker is run through weeks of anything.

At most one arrival a slot, and every due slot is sent, skipped or paused: whatever the order in
which members change their minds, platforms fail, processes vanish and time passes.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.adapter import Refused, RetryAfter, TokenDead, Unknown
from bot.calendar.zones import zone_of
from bot.delivery.pacing import LEASE_SECONDS
from bot.pack.load import default_pack_path, load
from bot.planning.occurrences import WINDOW_MINUTES, monday
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import migrate
from tests.delivery.town import Post, Town, work
from tests.stories import Clock

T = TypeVar("T")
PACK = load(default_pack_path())
MEMBERS = ("ana", "bo", "chi")
ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/New_York", "Pacific/Apia")
OPEN = ("pending", "claimed", "sending")
SETTLED = ("sent", "refused", "unknown", "skipped", "cancelled")


class Reminders(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = TemporaryDirectory()
        path = Path(self.directory.name) / "crossroads.db"
        self.database = self.run(SQLiteDatabase.open(path))
        self.run(migrate(self.database))
        self.clock, self.post = Clock(), Post(can_look_up=False)
        self.town = Town(self.database, PACK, self.clock)
        self.worker = self.town.worker(self.post)

    def run(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.database.close())
        self.loop.close()
        self.directory.cleanup()

    @initialize()
    def people_settle(self) -> None:
        for user in MEMBERS:
            self.run(self.town.settle(user))

    # What happens

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(hours=hours)

    @rule(minutes=st.integers(1, 30))
    def a_little_time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    def wait_for_the_next_one(self) -> None:
        """Until somebody's hour has come, and its window has passed."""
        rules = [self.run(self.town.rule(f"member-{user}")) for user in MEMBERS]
        self.run(self.town.enqueue("slack"))
        ahead = [rule.next_at - self.town.epoch for rule in rules if rule.next_at is not None]
        self.clock.forward(seconds=max(0, min(ahead, default=0)), minutes=WINDOW_MINUTES)

    @rule()
    def the_worker_looks(self) -> None:
        self.run(work(self.worker))

    @rule()
    def the_next_one_comes(self) -> None:
        self.wait_for_the_next_one()
        self.run(work(self.worker))

    @rule(count=st.integers(1, 3))
    def a_process_dies_with_claims(self, count: int) -> None:
        """It has written down and claimed, and is never heard of again."""
        self.wait_for_the_next_one()

        async def die() -> None:
            await self.town.enqueue("slack")
            epoch = self.town.epoch
            await self.database.transact(
                lambda tx: Store(tx).claims.claim(
                    "slack", "T1", epoch, epoch + LEASE_SECONDS, count
                )
            )

        self.run(die())

    @rule(arrived=st.booleans())
    def a_process_dies_while_it_sends(self, arrived: bool) -> None:
        """The request has left; whether it arrived, only the platform knows."""
        self.wait_for_the_next_one()
        self.post.script.append(Unknown("killed") if arrived else None)
        self.run(work(self.worker))
        self.post.script.clear()

    @rule(outcome=st.sampled_from([RetryAfter(90.5), RetryAfter(40, alone=True), Refused("no")]))
    def the_platform_says_no(self, outcome: RetryAfter | Refused) -> None:
        self.wait_for_the_next_one()
        self.post.script.append(outcome)
        self.run(work(self.worker))
        self.post.script.clear()

    @rule()
    def the_token_dies_and_comes_back(self) -> None:
        self.wait_for_the_next_one()
        self.post.script.append(TokenDead("revoked"))
        self.run(work(self.worker))
        self.post.script.clear()
        self.clock.forward(hours=1)
        self.run(
            self.database.transact(
                lambda tx: Store(tx).tenants.set("slack", "T1", "active", self.town.epoch)
            )
        )

    @rule(user=st.sampled_from(MEMBERS), weekday=st.integers(0, 6), hour=st.integers(0, 23))
    def somebody_moves_their_hour(self, user: str, weekday: int, hour: int) -> None:
        self.run(
            self.town.change(
                f"member-{user}", weekday=weekday, minute=hour * 60, state="active", reason=""
            )
        )

    @rule(user=st.sampled_from(MEMBERS), zone=st.sampled_from(ZONES))
    def somebody_travels(self, user: str, zone: str) -> None:
        async def travel() -> None:
            member = f"member-{user}"
            await self.database.transact(
                lambda tx: Store(tx).members.set_zone(member, zone, self.town.epoch)
            )

        self.run(travel())

    @rule(user=st.sampled_from(MEMBERS), days=st.integers(1, 20))
    def somebody_pauses(self, user: str, days: int) -> None:
        until = self.clock.now.date() + timedelta(days)
        self.run(self.town.change(f"member-{user}", paused_until=until))

    @rule(user=st.sampled_from(MEMBERS))
    def somebody_comes_by(self, user: str) -> None:
        self.run(self.town.chat(user).command("/progress"))

    @rule(user=st.sampled_from(MEMBERS))
    def somebody_stops(self, user: str) -> None:
        self.run(self.town.change(f"member-{user}", state="stopped"))

    # What holds

    @invariant()
    def at_most_one_arrival_a_slot(self) -> None:
        twice = [
            nonce for nonce, n in Counter(a.nonce for a in self.post.arrivals).items() if n > 1
        ]
        assert not twice, f"arrived twice: {twice}"

    @invariant()
    def at_most_one_slot_a_local_week(self) -> None:
        for user in MEMBERS:
            deliveries = self.run(self.town.deliveries(f"member-{user}"))
            weeks = Counter(monday(d.local_date) for d in deliveries if d.state != "cancelled")
            assert not [week for week, n in weeks.items() if n > 1], deliveries

    @invariant()
    def what_arrived_is_in_the_books(self) -> None:
        sent = {
            d.id: d.state
            for user in MEMBERS
            for d in self.run(self.town.deliveries(f"member-{user}"))
        }
        for arrival in self.post.arrivals:
            assert sent[arrival.nonce] in ("sent", "unknown", "sending"), sent[arrival.nonce]

    @precondition(lambda self: self.clock.now.year < 2040)
    @rule()
    def everything_settles(self) -> None:
        """Left alone for long enough, nothing is open, and every rule that is on looks ahead."""
        for _ in range(4):
            self.clock.forward(seconds=2 * LEASE_SECONDS)
            self.run(work(self.worker))
        for user in MEMBERS:
            member = f"member-{user}"
            for delivery in self.run(self.town.deliveries(member)):
                waits = delivery.state in OPEN and delivery.due_at > self.town.epoch
                assert delivery.state in SETTLED or waits, delivery
            found = self.run(self.town.rule(member))
            if found.state == "active":
                assert found.next_at is not None
                assert found.next_at > self.town.epoch - 1
                local = self.clock.now.astimezone(zone_of(found.zone))
                soon = local + timedelta(8)
                last = found.last_on and monday(found.last_on) == monday(local.date())
                if not last and not found.paused_until:
                    assert found.next_at <= soon.timestamp(), "a slot was passed over"


Reminders.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestReminders = pytest.mark.slow(Reminders.TestCase)
