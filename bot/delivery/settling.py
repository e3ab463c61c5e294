"""What becomes of a delivery by what its platform has said, or has not."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import assert_never

from bot.adapter import Found, Hindered, Outcome, Refused, RetryAfter, Sent, TokenDead, Unknown
from bot.chat.event import Platform
from bot.delivery.pacing import MICRO, REFUSAL_SECONDS, pause
from bot.records import DeliveryState
from bot.store.database import Transaction
from bot.store.queue.claims import Claim
from bot.store.queue.deliveries import Context, Deliveries
from bot.telemetry.metrics import REMINDERS

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 12 * 60 * 60
"""How long a reminder that is under way is tried; then the next week's gets its chance."""
NONCE_SECONDS: Mapping[Platform, int] = {"discord": 120}
"""How long after the first request a platform recognises the same message by its nonce."""


@dataclass(frozen=True, slots=True)
class Books:
    """Each method within one transaction; `clock` and `ticks` are those of Courier."""

    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    counts: Counter[str] = field(default_factory=Counter)

    async def settle(
        self,
        transaction: Transaction,
        claim: Claim,
        context: Context,
        outcome: Outcome,
        began: int,
    ) -> None:
        """How a send ended; `began` is when it began."""
        deliveries, now = Deliveries(transaction), int(self.ticks())
        match outcome:
            case Sent(channel=channel):
                await self.close(transaction, claim, context, "sent")
                if channel and channel != context.channel:
                    await deliveries.remember_channel(context.person, channel)
            case Refused(reason):
                await self._slow(deliveries, context)
                if await self.close(transaction, claim, context, "refused", reason):
                    await self.rest(transaction, context, "paused", "refused", tell=True)
            case Hindered():
                await self._slow(deliveries, context)
                await self._wait_out(transaction, claim, context, outcome)
            case RetryAfter(seconds, alone):
                due_at = self._epoch + ceil(seconds) if alone else 0  # as it was
                await deliveries.try_again(claim, due_at, self._epoch, nothing_sent=True)
                await self._hold(deliveries, context, outcome, began)
            case TokenDead():
                await deliveries.try_again(claim, 0, self._epoch, nothing_sent=True)
                await self._hold(deliveries, context, outcome, began)
            case Unknown(reason):
                log.info("whether reminder %s arrived is not known: %s", claim.id, reason)
                asked_at = now if claim.asked_at is None else claim.asked_at
                await deliveries.leave_unknown(claim, now + pause(now - asked_at))
            case _:
                assert_never(outcome)

    async def found(
        self, transaction: Transaction, claim: Claim, context: Context, found: Found, began: int
    ) -> None:
        """What a look for an earlier request has brought; `began` is when that look began."""
        deliveries, platform = Deliveries(transaction), context.rule.platform
        now, asked_at = int(self.ticks()), claim.asked_at or 0
        recognised = 0 <= now - asked_at < NONCE_SECONDS.get(platform, 0)
        late = now - asked_at > PATIENCE_SECONDS
        silent = f"{platform.capitalize()} never said whether it arrived"
        match found:
            case True:
                await self.close(transaction, claim, context, "sent")
            case False if late and claim.attempts > 1:
                reason = f"{platform.capitalize()} did not take it for hours"
                await self.close(transaction, claim, context, "refused", reason)
            case None if not recognised:
                await self.close(transaction, claim, context, "unknown", silent)
            case None | False:
                await deliveries.try_again(claim, 0, self._epoch, nothing_sent=False)
            case RetryAfter() | Unknown() if late:
                await self.close(transaction, claim, context, "unknown", silent)
            case RetryAfter() | Unknown() | TokenDead():
                await self._hold(deliveries, context, found, began)
                await deliveries.leave_unknown(claim, now + pause(now - asked_at))
            case _:
                assert_never(found)

    async def close(
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
            await self.rest(transaction, context, "stopped", "finished", tell=False)
        return True

    async def rest(
        self, transaction: Transaction, context: Context, state: str, reason: str, *, tell: bool
    ) -> None:
        await Deliveries(transaction).rest_rule(
            context.rule.id, state, reason, tell=tell, now=self._epoch
        )

    async def _hold(
        self,
        deliveries: Deliveries,
        context: Context,
        outcome: RetryAfter | TokenDead | Unknown,
        began: int,
    ) -> None:
        """Leave those alone that an answer was about, and not just the one who got it."""
        rule, now = context.rule, self.ticks()
        match outcome:
            case TokenDead(reason):
                log.warning("%s %s is off: %s", rule.platform, rule.tenant, reason)
                await deliveries.switch_off(rule.platform, rule.tenant, began, int(now))
            case RetryAfter(seconds, alone=False):
                await self._silence(deliveries, context, seconds)
            case RetryAfter() | Unknown():
                pass
            case _:
                assert_never(outcome)

    async def _silence(self, deliveries: Deliveries, context: Context, seconds: float) -> None:
        rule, now = context.rule, self.ticks()
        until = ceil((now + seconds) * MICRO)
        await deliveries.hold_lane(rule.platform, rule.tenant, int(now * MICRO), until)

    async def _slow(self, deliveries: Deliveries, context: Context) -> None:
        rule = context.rule
        if seconds := REFUSAL_SECONDS.get(rule.platform):
            await deliveries.slow_lane(rule.platform, rule.tenant, round(seconds * MICRO))

    async def _wait_out(
        self, transaction: Transaction, claim: Claim, context: Context, outcome: Hindered
    ) -> None:
        """Try again later what was refused for no fault of the member's."""
        deliveries, rule, now = Deliveries(transaction), context.rule, int(self.ticks())
        since = await deliveries.hinder(claim, outcome.code, now)
        if since is None:
            return
        if now - since > PATIENCE_SECONDS:
            reason = f"{rule.platform.capitalize()} took no message, which is not your doing"
            await self.close(transaction, claim, context, "refused", reason)
            return
        if not outcome.everybody:
            due_at = self._epoch + pause(now - since)
            await deliveries.try_again(claim, due_at, self._epoch, nothing_sent=True)
            return
        await deliveries.try_again(claim, 0, self._epoch, nothing_sent=True)
        first = await deliveries.hindered_since(rule.platform, rule.tenant)
        lasted = now - min(now, since if first is None else first)
        await self._silence(deliveries, context, outcome.seconds or pause(lasted))

    @property
    def _epoch(self) -> int:
        return int(self.clock().timestamp())
