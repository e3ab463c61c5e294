"""Delivers reminders: writes down what is due, and sends it at the pace that platforms allow."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.content import Pack
from bot.core import random_id, utc_now
from bot.courier import LEASE_SECONDS, MICRO, Courier
from bot.event import Platform
from bot.records import Rule
from bot.rhythm import coming, jitter
from bot.sending import Sender
from bot.store.database import Database, T, Transaction, UnavailableError
from bot.store.deliveries import Claim, Deliveries, Slot
from bot.store.store import Store

log = logging.getLogger(__name__)

RATES: Mapping[Platform, float] = {
    "discord": 20.0,  # of 50 requests a second; a reminder takes two, one to open the channel
    "slack": 4.0,  # a workspace; "several hundred a minute" are allowed
    "playground": 50.0,
}
"""Reminders a second in each lane: all of Discord is one lane, each Slack workspace is one."""

_AHEAD_SECONDS = 2.0  # how long before its turn a delivery is claimed, at most
_BATCH = 200
_IN_FLIGHT = 400
_TRANSACTIONS = 2
_CATCH_UP = 0.9  # of the usual time between two, where the machine was late with some
_LOOK_BACK = timedelta(weeks=5)


@dataclass(frozen=True, slots=True)
class Turns:
    """Claims and the first one's turn, in microseconds; the lane is free again at `free_at`."""

    claims: list[Claim]
    first: int
    free_at: int


class Few:
    """A database that takes few transactions at once: most connections are for members."""

    def __init__(self, database: Database) -> None:
        self._database, self._gate = database, asyncio.Semaphore(_TRANSACTIONS)

    async def transact(
        self, work: Callable[[Transaction], Awaitable[T]], *, alone: bool = False
    ) -> T:
        async with self._gate:
            return await self._database.transact(work, alone=alone)

    async def close(self) -> None:
        await self._database.close()


class Worker:
    """Delivers for the platforms that run in this process; see Courier for the clocks."""

    def __init__(
        self,
        database: Database,
        pack: Pack,
        senders: Mapping[Platform, Sender],
        *,
        poll_seconds: float = 15.0,
        clock: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = time.time,
        new_id: Callable[[], str] = random_id,
        rates: Mapping[Platform, float] = RATES,
    ) -> None:
        self._database = Few(database)
        self._platforms = tuple(senders)
        self._poll_seconds = poll_seconds
        self._clock, self._ticks, self._new_id = clock, ticks, new_id
        self._apart = {name: max(1, round(MICRO / rate)) for name, rate in rates.items()}
        # Of its own for what is under way, so that beginning more never holds up settling it.
        self._courier = Courier(self._database, Few(database), pack, senders, clock, ticks, new_id)
        self._stopping, self._woken = asyncio.Event(), asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._claiming, self._freed = asyncio.Lock(), asyncio.Event()
        self._lanes: dict[tuple[Platform, str], asyncio.Task[None]] = {}
        self._sends: set[asyncio.Task[None]] = set()
        self._left: dict[tuple[Platform, str], float] = {}

    @property
    def counts(self) -> Counter[str]:
        """How many deliveries have been settled, by state."""
        return self._courier.counts

    def start(self) -> None:
        """Look for what is due, again and again, until stopped."""
        self._looking = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Claim nothing more, give back what has not left, finish what has."""
        self._stopping.set()
        self.wake()
        if self._looking:
            await self._looking
        await self.drained()

    async def _run(self) -> None:
        await self._switch_on()
        while not self._stopping.is_set():
            self._woken.clear()
            await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._poll_seconds)

    def wake(self) -> None:
        """Look around now: the clock has been moved, or it is time to stop."""
        self._woken.set()

    async def look(self) -> None:
        """Write down what is due, take up what was left behind, open the lanes that send it."""
        for platform in self._platforms:
            try:
                await self._materialise(platform)
                await self._take_up(platform)
                await self._open_lanes(platform)
            except UnavailableError as error:
                log.warning("reminders on %s wait for the database: %s", platform, error)
            except Exception:
                log.exception("reminders on %s could not be looked for", platform)

    async def drained(self) -> None:
        """Return when no lane is open and nothing is being sent."""
        while running := [*self._lanes.values(), *self._sends]:
            await asyncio.wait(running)

    # --- what is due ------------------------------------------------------------------------------

    async def _materialise(self, platform: Platform) -> None:
        while not self._stopping.is_set():
            if not await self._database.transact(partial(self._write_down, platform=platform)):
                return

    async def _write_down(self, transaction: Transaction, platform: Platform) -> bool:
        """Turn due rules into deliveries and move them on; whether there may be more."""
        deliveries, now = Deliveries(transaction), self._clock()
        epoch = int(now.timestamp())
        slots: list[Slot] = []
        next_at: list[tuple[str, int | None]] = []
        rules = await deliveries.due_rules(platform, epoch, _BATCH)
        for rule, is_on in rules:
            slot, following = self._due(rule, now)
            next_at.append((rule.id, following if is_on else None))
            slots += [slot] if slot and is_on else []
        if slots:
            await deliveries.write_down(slots, epoch)
        if next_at:
            await deliveries.plan_next(next_at)
        return len(rules) == _BATCH

    def _due(self, rule: Rule, now: datetime) -> tuple[Slot | None, int]:
        """The latest occurrence that has come, standing for those missed before; the next one."""
        # Only the latest counts, and it is not further back than that.
        since = max(datetime.fromtimestamp(rule.next_at or 0, UTC), now - _LOOK_BACK)
        occurrences = coming(rule, since)
        due, following = None, next(occurrences)
        while following.at <= now:
            due, following = following, next(occurrences)
        next_at = int(following.at.timestamp())
        if due is None:
            return None, next_at
        slot_at = int(due.at.timestamp())
        due_at = slot_at + jitter(rule.id, due.local_date)
        return Slot(self._new_id(), rule, due.local_date, slot_at, due_at), next_at

    # --- what was left behind ---------------------------------------------------------------------

    async def _take_up(self, platform: Platform) -> None:
        """Free what a process that is gone had claimed, and find out how its requests ended."""
        by_tenant = await self._database.transact(partial(self._lost, platform=platform))
        for turns in by_tenant:
            self._set_out(platform, turns, self._courier.find_out)

    async def _lost(self, transaction: Transaction, platform: Platform) -> list[Turns]:
        deliveries, now = Deliveries(transaction), self._ticks()
        await deliveries.release_expired(platform, int(now))
        lost = await deliveries.claim_lost(platform, int(now), int(now) + LEASE_SECONDS, _BATCH)
        found: list[Turns] = []
        for tenant in sorted({claim.tenant for claim in lost}):
            claims = [claim for claim in lost if claim.tenant == tenant]
            free_at = await deliveries.enter_lane(platform, tenant, int(now * MICRO))
            if free_at > (now + _AHEAD_SECONDS) * MICRO:
                for claim in claims:
                    await deliveries.leave_unknown(claim, free_at // MICRO)
                continue
            end = free_at + len(claims) * self._apart[platform]
            await deliveries.leave_lane(platform, tenant, end)
            found.append(Turns(claims, free_at, end))
        return found

    # --- lanes ------------------------------------------------------------------------------------

    async def _open_lanes(self, platform: Platform) -> None:
        epoch = int(self._clock().timestamp())
        lanes = await self._database.transact(lambda tx: Deliveries(tx).lanes(platform, epoch))
        for tenant in lanes:
            lane = (platform, tenant)
            if lane not in self._lanes and not self._stopping.is_set():
                task = asyncio.create_task(self._drain(platform, tenant))
                self._lanes[lane] = task
                task.add_done_callback(partial(self._lane_closed, lane))

    def _lane_closed(self, lane: tuple[Platform, str], _: "asyncio.Task[None]") -> None:
        del self._lanes[lane]
        if not self._lanes:
            self._left.clear()

    async def _drain(self, platform: Platform, tenant: str) -> None:
        """Send what is due in a lane, one after the other, as fast as it may be."""
        claim = partial(self._claim, platform=platform, tenant=tenant)
        try:
            while not self._stopping.is_set():
                async with self._claiming:  # or each lane would fill the room that is left
                    await self._room()
                    turns = await self._database.transact(claim)
                    self._set_out(platform, turns, self._courier.deliver)
                wait = turns.free_at / MICRO - self._ticks() - _AHEAD_SECONDS / 2
                if wait > self._poll_seconds or (wait <= 0 and not turns.claims):
                    return
                await self._nap(wait)
        except UnavailableError as error:
            log.warning("reminders for %s %s wait for the database: %s", platform, tenant, error)

    async def _claim(self, transaction: Transaction, platform: Platform, tenant: str) -> Turns:
        """Claim what is due and give each its turn, unless the next turn is far away."""
        deliveries, now = Deliveries(transaction), self._ticks()
        apart = self._apart[platform]
        free_at = await deliveries.enter_lane(platform, tenant, int(now * MICRO))
        if free_at > (now + _AHEAD_SECONDS) * MICRO:
            return Turns([], free_at, free_at)
        claims = await deliveries.claim(
            platform,
            tenant,
            int(self._clock().timestamp()),
            int(now) + LEASE_SECONDS,
            max(1, min(_BATCH, _IN_FLIGHT - len(self._sends), int(_AHEAD_SECONDS * MICRO / apart))),
        )
        end = free_at + len(claims) * apart
        if claims:
            await deliveries.leave_lane(platform, tenant, end)
        return Turns(claims, free_at, end if claims else free_at)

    # --- on their way -----------------------------------------------------------------------------

    def _set_out(
        self,
        platform: Platform,
        turns: Turns,
        bring: Callable[[Platform, Claim], Coroutine[Any, Any, None]],
    ) -> None:
        for number, claim in enumerate(turns.claims):
            turn = (turns.first + number * self._apart[platform]) / MICRO
            task = asyncio.create_task(self._bring(platform, claim, turn, bring))
            self._sends.add(task)
            task.add_done_callback(self._arrived)

    async def _bring(
        self,
        platform: Platform,
        claim: Claim,
        turn: float,
        bring: Callable[[Platform, Claim], Coroutine[Any, Any, None]],
    ) -> None:
        try:
            await self._nap(turn - self._ticks())
            await self._apart_from_the_last(platform, claim.tenant)
            if self._stopping.is_set():
                await self._database.transact(lambda tx: Deliveries(tx).release(claim))
            else:
                await bring(platform, claim)
        except UnavailableError as error:
            log.warning("reminder %s waits for the database: %s", claim.id, error)
        except Exception:
            log.exception("reminder %s failed", claim.id)

    async def _apart_from_the_last(self, platform: Platform, tenant: str) -> None:
        """Keep those that a busy machine is late with from leaving all at once."""
        lane, clock = (platform, tenant), asyncio.get_running_loop().time
        gap = _CATCH_UP * self._apart[platform] / MICRO
        while not self._stopping.is_set():
            wait = self._left.get(lane, -gap) + gap - clock()
            if wait <= 0:
                break
            await self._nap(wait)
        self._left[lane] = clock()

    def _arrived(self, task: "asyncio.Task[None]") -> None:
        self._sends.discard(task)
        self._freed.set()

    async def _room(self) -> None:
        while len(self._sends) >= _IN_FLIGHT:
            self._freed.clear()
            await self._freed.wait()

    async def _nap(self, seconds: float) -> None:
        """Wait, but not once the worker is to stop."""
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _switch_on(self) -> None:
        """Whoever starts with a token for all of Discord believes in it, also after a bad one."""
        if "discord" in self._platforms:
            now = int(self._ticks())
            try:
                await self._database.transact(
                    lambda tx: Store(tx).set_tenant("discord", "discord", "active", now)
                )
            except UnavailableError as error:
                log.warning("reminders on discord wait for the database: %s", error)
