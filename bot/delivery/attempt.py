"""Attempt to deliver one reminder: committed as `sending`, then sent, then settled.

Whoever finds a delivery `sending` after its lease does not know whether it arrived. The platform is
asked, again and again if it cannot be reached; where it cannot tell, the reminder is not sent a
second time. What is refused for no fault of the member's waits, and is tried again.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from bot.adapter import Hindered, Sender
from bot.chat.actions import Ticket
from bot.chat.event import Place, Platform
from bot.commands.context import Context as CommandContext
from bot.commands.forks import of_latest_plan
from bot.commands.reminders.weekly import Send, Skip, compose
from bot.delivery.hindrances import Hindrances
from bot.delivery.pacing import LEASE_SECONDS, MICRO
from bot.delivery.settling import Settlement
from bot.pack.packs import Packs
from bot.store.database import Database, Transaction
from bot.store.facade import Store
from bot.store.queue.attempts import Reminder
from bot.store.queue.claims import Claim

log = logging.getLogger(__name__)

_LOOK_BACK = 24 * 60 * 60  # a clock that has been put right since may have dated the request


@dataclass(frozen=True, slots=True)
class Attempts:
    """`clock` is the time that members live by, `ticks` real time: leases and rates go by it.

    `beginning` and `database` are one database; the first is for what has not been sent yet.
    """

    beginning: Database
    database: Database
    packs: Packs
    senders: Mapping[Platform, Sender]
    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    new_id: Callable[[], str]
    settlement: Settlement
    hindrances: Hindrances = field(default_factory=Hindrances)

    async def deliver(self, platform: Platform, claim: Claim) -> None:
        """Send a claimed delivery, unless it no longer should be."""
        begun = await self.beginning.transact(lambda tx: self._begin(tx, claim))
        if begun is None:
            return
        (reminder, composed), began = begun, int(self.ticks())
        outcome = await self.senders[platform].send(reminder.person, composed.message, claim.id)
        if isinstance(outcome, Hindered):
            self.hindrances.report(platform, claim.tenant, outcome)
        await self.database.transact(
            lambda tx: self.settlement.settle(tx, claim, reminder, outcome, began)
        )

    async def resolve(self, platform: Platform, claim: Claim) -> None:
        """Settle a delivery whose request ended nobody knows how."""
        reminder = await self.database.transact(lambda tx: Store(tx).attempts.reminder(claim))
        if reminder is None or claim.asked_at is None:
            return
        began = int(self.ticks())
        since = min(claim.asked_at, began) - _LOOK_BACK
        found = await self.senders[platform].arrived(reminder.person, claim.id, since)
        await self.database.transact(
            lambda tx: self.settlement.resolve(tx, claim, reminder, found, began)
        )

    @property
    def _epoch(self) -> int:
        return int(self.clock().timestamp())

    async def _begin(self, transaction: Transaction, claim: Claim) -> tuple[Reminder, Send] | None:
        """Commit that the request leaves now; None if it must not, which is then settled."""
        store = Store(transaction)
        reminder = await store.attempts.reminder(claim)
        if reminder is None:
            return None
        composed = await self._compose(transaction, reminder)
        match composed:
            case Skip(reason, suspend):
                await self.settlement.close(transaction, claim, reminder, "skipped", reason)
                if suspend:
                    await self.settlement.suspend(
                        transaction, reminder, suspend.state, suspend.reason, tell=suspend.tell
                    )
                return None
            case Send(kind=kind):
                if not await self._begun(store, claim, kind):
                    await store.claims.release(claim)
                elif not await self._reserve_channel(store, reminder):
                    epoch = self._epoch
                    await store.attempts.retry(claim, epoch + 1, epoch, nothing_sent=True)
                else:
                    return reminder, composed
                return None
            case _:
                assert_never(composed)

    async def _begun(self, store: Store, claim: Claim, kind: str) -> bool:
        now = self.ticks()
        lease_until = int(now) + LEASE_SECONDS
        return await store.attempts.begin(claim, kind, self._epoch, int(now * MICRO), lease_until)

    async def _reserve_channel(self, store: Store, reminder: Reminder) -> bool:
        """Whether so long has passed since the last message to the same channel as must."""
        person, tick = reminder.person, int(self.ticks() * MICRO)
        if not (seconds := self.settlement.rates[person.platform].channel_seconds):
            return True
        return await store.members.reserve_channel(person, tick, tick + round(seconds * MICRO))

    async def _compose(self, transaction: Transaction, reminder: Reminder) -> Send | Skip:
        store, person = Store(transaction), reminder.person
        member = await store.members.get(reminder.member)
        command = CommandContext(
            packs=self.packs,
            pack=self.packs.first,
            now=self.clock(),
            person=person,
            place=Place(tenant=person.tenant, channel=person.user, direct=True),
            member=member,
            ticket=Ticket(self.new_id(), 1),
            new_id=self.new_id,
            plans=await store.plans.current(reminder.member),
            recalls=await store.practice.recalls(reminder.member),
            rule=reminder.rule,
        )
        try:
            return compose(of_latest_plan(command), reminder.delivery, reminder.ignored)
        except Exception:
            # One plan that cannot be worded must not come back every minute.
            log.exception("reminder %s cannot be put into words", reminder.delivery.id)
            return Skip("something went wrong on my side")
