"""Settlement of a delivery, by what its platform has said, or has not."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import assert_never

from bot.adapter import (
    Found,
    Hindered,
    Outcome,
    Rates,
    Refused,
    RetryAfter,
    Sent,
    TokenDead,
    Unknown,
)
from bot.chat.event import Platform
from bot.delivery.pacing import MICRO, backoff
from bot.records import DeliveryState
from bot.store.database import Transaction
from bot.store.facade import Store
from bot.store.queue.attempts import Reminder
from bot.store.queue.claims import Claim
from bot.telemetry.metrics import REMINDERS

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 12 * 60 * 60
"""How long a reminder that is under way is tried; then the next week's gets its chance."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """Each method within one transaction; `clock` and `ticks` are those of Attempts."""

    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    rates: Mapping[Platform, Rates]
    counts: Counter[str] = field(default_factory=Counter)

    async def settle(
        self,
        transaction: Transaction,
        claim: Claim,
        reminder: Reminder,
        outcome: Outcome,
        began: int,
    ) -> None:
        """How a send ended; `began` is when it began."""
        store, now = Store(transaction), int(self.ticks())
        match outcome:
            case Sent(channel=channel):
                await self.close(transaction, claim, reminder, "sent")
                if channel and channel != reminder.channel:
                    await store.members.remember_channel(reminder.person, channel)
            case Refused(reason):
                await self._slow(store, reminder)
                if await self.close(transaction, claim, reminder, "refused", reason):
                    await self.suspend(transaction, reminder, "paused", "refused", tell=True)
            case Hindered():
                await self._slow(store, reminder)
                await self._wait_out(transaction, claim, reminder, outcome)
            case RetryAfter(seconds, alone):
                due_at = self._epoch + ceil(seconds) if alone else 0  # as it was
                await store.attempts.retry(claim, due_at, self._epoch, nothing_sent=True)
                await self._hold(store, reminder, outcome, began)
            case TokenDead():
                await store.attempts.retry(claim, 0, self._epoch, nothing_sent=True)
                await self._hold(store, reminder, outcome, began)
            case Unknown(reason):
                log.info("whether reminder %s arrived is not known: %s", claim.id, reason)
                asked_at = now if claim.asked_at is None else claim.asked_at
                await store.attempts.resolve_later(claim, now + backoff(now - asked_at))
            case _:
                assert_never(outcome)

    async def resolve(
        self, transaction: Transaction, claim: Claim, reminder: Reminder, found: Found, began: int
    ) -> None:
        """What a look for an earlier request has brought; `began` is when that look began."""
        store, platform = Store(transaction), reminder.rule.platform
        now, asked_at = int(self.ticks()), claim.asked_at or 0
        recognised = 0 <= now - asked_at < self.rates[platform].nonce_seconds
        late = now - asked_at > PATIENCE_SECONDS
        silent = f"{platform.capitalize()} never said whether it arrived"
        match found:
            case True:
                await self.close(transaction, claim, reminder, "sent")
            case False if late and claim.attempts > 1:
                reason = f"{platform.capitalize()} did not take it for hours"
                await self.close(transaction, claim, reminder, "refused", reason)
            case None if not recognised:
                await self.close(transaction, claim, reminder, "unknown", silent)
            case None | False:
                await store.attempts.retry(claim, 0, self._epoch, nothing_sent=False)
            case RetryAfter() | Unknown() if late:
                await self.close(transaction, claim, reminder, "unknown", silent)
            case RetryAfter() | Unknown() | TokenDead():
                await self._hold(store, reminder, found, began)
                await store.attempts.resolve_later(claim, now + backoff(now - asked_at))
            case _:
                assert_never(found)

    async def close(
        self,
        transaction: Transaction,
        claim: Claim,
        reminder: Reminder,
        state: DeliveryState,
        reason: str = "",
    ) -> bool:
        """Settle a delivery for good; False if somebody else has it by now."""
        kind = await Store(transaction).attempts.settle(claim, state, reason, self._epoch)
        if kind is None:
            return False
        self.counts[state] += 1
        REMINDERS.labels(reminder.rule.platform, state).inc()
        if kind == "finished":
            await self.suspend(transaction, reminder, "stopped", "finished", tell=False)
        return True

    async def suspend(
        self, transaction: Transaction, reminder: Reminder, state: str, reason: str, *, tell: bool
    ) -> None:
        await Store(transaction).reminder_rules.suspend(
            reminder.rule.id, state, reason, tell=tell, now=self._epoch
        )

    async def _hold(
        self,
        store: Store,
        reminder: Reminder,
        outcome: RetryAfter | TokenDead | Unknown,
        began: int,
    ) -> None:
        """Leave those alone that an answer was about, and not just the one who got it."""
        rule, now = reminder.rule, self.ticks()
        match outcome:
            case TokenDead(reason):
                log.warning("%s %s is off: %s", rule.platform, rule.tenant, reason)
                await store.tenants.switch_off(rule.platform, rule.tenant, began, int(now))
            case RetryAfter(seconds, alone=False):
                await self._silence(store, reminder, seconds)
            case RetryAfter() | Unknown():
                pass
            case _:
                assert_never(outcome)

    async def _silence(self, store: Store, reminder: Reminder, seconds: float) -> None:
        rule, now = reminder.rule, self.ticks()
        until = ceil((now + seconds) * MICRO)
        await store.pacing.hold(rule.platform, rule.tenant, int(now * MICRO), until)

    async def _slow(self, store: Store, reminder: Reminder) -> None:
        rule = reminder.rule
        if seconds := self.rates[rule.platform].refusal_seconds:
            await store.pacing.slow(rule.platform, rule.tenant, round(seconds * MICRO))

    async def _wait_out(
        self, transaction: Transaction, claim: Claim, reminder: Reminder, outcome: Hindered
    ) -> None:
        """Try again later what was refused for no fault of the member's."""
        store, rule, now = Store(transaction), reminder.rule, int(self.ticks())
        since = await store.attempts.hinder(claim, outcome.code, now)
        if since is None:
            return
        if now - since > PATIENCE_SECONDS:
            reason = f"{rule.platform.capitalize()} took no message, which is not your doing"
            await self.close(transaction, claim, reminder, "refused", reason)
            return
        if not outcome.everybody:
            due_at = self._epoch + backoff(now - since)
            await store.attempts.retry(claim, due_at, self._epoch, nothing_sent=True)
            return
        await store.attempts.retry(claim, 0, self._epoch, nothing_sent=True)
        first = await store.attempts.hindered_since(rule.platform, rule.tenant)
        lasted = now - min(now, since if first is None else first)
        await self._silence(store, reminder, outcome.seconds or backoff(lasted))

    @property
    def _epoch(self) -> int:
        return int(self.clock().timestamp())
