"""Brings one reminder to its member: committed as `sending`, then sent, then settled.

Whoever finds a delivery `sending` after its lease does not know whether it arrived. The platform is
asked; where it cannot tell, the reminder is not sent a second time.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import assert_never

from bot.actions import Ticket
from bot.content import Pack
from bot.event import Place, Platform
from bot.flows.reminder import Leave, Tell, compose
from bot.flows.turn import Desk
from bot.lanes import CHANNEL_SECONDS, LEASE_SECONDS, MICRO
from bot.metrics import REMINDERS
from bot.records import DeliveryState
from bot.sending import Outcome, Refused, RetryAfter, Sender, Sent, TokenDead, Unknown
from bot.store.claims import Claim
from bot.store.database import Database, Transaction
from bot.store.deliveries import Context, Deliveries
from bot.store.store import Store
from bot.zones import zone_of

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
NONCE_SECONDS: Mapping[Platform, int] = {"discord": 120}
"""How long after the first request a platform recognises the same message by its nonce."""

_LOOK_SECONDS = 10  # until a platform is asked how a request ended


@dataclass(frozen=True, slots=True)
class Courier:
    """`clock` is the time that members live by, `ticks` real time: leases and rates go by it.

    `beginning` and `database` are one database; the first is for what has not been sent yet.
    """

    beginning: Database
    database: Database
    pack: Pack
    senders: Mapping[Platform, Sender]
    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    new_id: Callable[[], str]
    counts: Counter[str] = field(default_factory=Counter)

    async def deliver(self, platform: Platform, claim: Claim) -> None:
        """Send a claimed delivery, unless it no longer should be."""
        begun = await self.beginning.transact(lambda tx: self._begin(tx, claim))
        if begun is None:
            return
        (context, tell), began = begun, int(self.ticks())
        outcome = await self.senders[platform].send(context.person, tell.message, claim.id)
        await self.database.transact(lambda tx: self._settle(tx, claim, context, outcome, began))

    async def find_out(self, platform: Platform, claim: Claim) -> None:
        """Settle a delivery whose request ended nobody knows how."""
        context = await self.database.transact(lambda tx: Deliveries(tx).context(claim))
        if context is None or claim.asked_at is None:
            return
        arrived = await self.senders[platform].arrived(context.person, claim.id, claim.asked_at)
        recognised = self.ticks() - claim.asked_at < NONCE_SECONDS.get(platform, 0)

        async def settle(transaction: Transaction) -> None:
            if arrived:
                await self._close(transaction, claim, context, "sent")
            elif claim.attempts >= MOST_ATTEMPTS or (arrived is None and not recognised):
                reason = f"{platform.capitalize()} never said whether it arrived"
                await self._close(transaction, claim, context, "unknown", reason)
            else:
                await Deliveries(transaction).try_again(claim, self._epoch, nothing_sent=False)

        await self.database.transact(settle)

    @property
    def _epoch(self) -> int:
        return int(self.clock().timestamp())

    async def _begin(self, transaction: Transaction, claim: Claim) -> tuple[Context, Tell] | None:
        """Commit that the request leaves now; None if it must not, which is then settled."""
        deliveries = Deliveries(transaction)
        context = await deliveries.context(claim)
        if context is None:
            return None
        composed = await self._compose(transaction, context)
        match composed:
            case Leave(reason, rest):
                await self._close(transaction, claim, context, "skipped", reason)
                if rest:
                    await self._rest(transaction, context, rest.state, rest.reason, tell=rest.tell)
                return None
            case Tell(kind=kind):
                if not await self._begun(deliveries, claim, kind):
                    await deliveries.release(claim)
                elif not await self._enter_channel(deliveries, context):
                    await deliveries.try_again(claim, self._epoch + 1, nothing_sent=True)
                else:
                    return context, composed
                return None
            case _:
                assert_never(composed)

    async def _begun(self, deliveries: Deliveries, claim: Claim, kind: str) -> bool:
        now = self.ticks()
        lease_until, tick = int(now) + LEASE_SECONDS, int(now * MICRO)
        return await deliveries.begin(claim, kind, int(now), lease_until, tick)

    async def _enter_channel(self, deliveries: Deliveries, context: Context) -> bool:
        """Whether so long has passed since the last message to the same channel as must."""
        person, tick = context.person, int(self.ticks() * MICRO)
        if (seconds := CHANNEL_SECONDS.get(person.platform)) is None:
            return True
        return await deliveries.enter_channel(person, tick, tick + round(seconds * MICRO))

    async def _compose(self, transaction: Transaction, context: Context) -> Tell | Leave:
        store, now, person = Store(transaction), self.clock(), context.person
        member = await store.member_by_id(context.member)
        desk = Desk(
            pack=self.pack,
            now=now,
            today=now.astimezone(zone_of(member.zone)).date(),
            person=person,
            place=Place(tenant=person.tenant, channel=person.user, direct=True),
            member=member,
            ticket=Ticket(self.new_id(), 1),
            new_id=self.new_id,
            plan=await store.plan(context.member),
            rule=context.rule,
        )
        try:
            return compose(desk, context.delivery, context.ignored)
        except Exception:
            # One plan that cannot be worded must not come back every minute.
            log.exception("reminder %s cannot be put into words", context.delivery.id)
            return Leave("something went wrong on my side")

    async def _settle(
        self,
        transaction: Transaction,
        claim: Claim,
        context: Context,
        outcome: Outcome,
        began: int,
    ) -> None:
        deliveries, rule = Deliveries(transaction), context.rule
        now = self.ticks()
        match outcome:
            case Sent(channel=channel):
                await self._close(transaction, claim, context, "sent")
                if channel and channel != context.channel:
                    await deliveries.remember_channel(context.person, channel)
            case Refused(reason):
                if await self._close(transaction, claim, context, "refused", reason):
                    await self._rest(transaction, context, "paused", "refused", tell=True)
            case TokenDead(reason):
                log.warning("%s %s is off: %s", rule.platform, rule.tenant, reason)
                await deliveries.switch_off(rule.platform, rule.tenant, began, int(now))
                await deliveries.try_again(claim, self._epoch, nothing_sent=True)
            case RetryAfter(seconds, alone=True):
                due_at = self._epoch + ceil(seconds)
                await deliveries.try_again(claim, due_at, nothing_sent=True)
            case RetryAfter(seconds):
                until = ceil((now + seconds) * MICRO)
                await deliveries.try_again(claim, self._epoch, nothing_sent=True)
                await deliveries.hold_lane(rule.platform, rule.tenant, until)
            case Unknown(reason):
                log.info("whether reminder %s arrived is not known: %s", claim.id, reason)
                await deliveries.leave_unknown(claim, int(now) + _LOOK_SECONDS)
            case _:
                assert_never(outcome)

    async def _close(
        self,
        transaction: Transaction,
        claim: Claim,
        context: Context,
        state: DeliveryState,
        reason: str = "",
    ) -> bool:
        """Settle a delivery for good; False if somebody else has it by now."""
        kind = await Deliveries(transaction).settle(claim, state, reason, self._epoch)
        if kind is None:
            return False
        self.counts[state] += 1
        REMINDERS.labels(context.rule.platform, state).inc()
        if kind == "finished":
            await self._rest(transaction, context, "stopped", "finished", tell=False)
        return True

    async def _rest(
        self, transaction: Transaction, context: Context, state: str, reason: str, *, tell: bool
    ) -> None:
        await Deliveries(transaction).rest_rule(
            context.rule.id, state, reason, tell=tell, now=self._epoch
        )
