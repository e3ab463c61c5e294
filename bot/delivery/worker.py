"""Worker that delivers reminders: polls for what is due, and sends it when its slot comes."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from bot.adapter import Rates, Sender
from bot.calendar.clock import utc_now
from bot.chat.event import Platform
from bot.core.handle import random_id
from bot.delivery import due
from bot.delivery.attempt import Attempts
from bot.delivery.pacing import AHEAD_SECONDS, MICRO, Lane, Pacer, Slots
from bot.delivery.settling import Settlement
from bot.pack.packs import Packs
from bot.store.database import Database, Transaction, UnavailableError
from bot.store.drivers.limited import LimitedDatabase
from bot.store.facade import Store
from bot.store.queue.claims import Claim

log = logging.getLogger(__name__)

Work: TypeAlias = Callable[[Platform, Claim], Coroutine[Any, Any, None]]

_IN_FLIGHT = 400


class Worker:
    """Delivers for the platforms that run in this process; see Attempts for the clocks."""

    def __init__(
        self,
        database: Database,
        packs: Packs,
        senders: Mapping[Platform, Sender],
        rates: Mapping[Platform, Rates],
        *,
        poll_seconds: float = 15.0,
        clock: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = time.time,
        new_id: Callable[[], str] = random_id,
    ) -> None:
        self._database = LimitedDatabase(database)
        self._platforms = tuple(senders)
        self._poll_seconds = poll_seconds
        self._clock, self._ticks, self._new_id = clock, ticks, new_id
        self._pacer = Pacer(rates, ticks)
        self._settlement = Settlement(clock, ticks, rates)
        self._attempts = Attempts(
            self._database,
            LimitedDatabase(database),  # of its own: beginning more never holds up settling
            packs,
            senders,
            clock,
            ticks,
            new_id,
            self._settlement,
        )
        self._stopping, self._woken = asyncio.Event(), asyncio.Event()
        self._polling: asyncio.Task[None] | None = None
        self._claiming, self._freed = asyncio.Lock(), asyncio.Event()
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._sends: set[asyncio.Task[None]] = set()

    @property
    def counts(self) -> Counter[str]:
        """How many deliveries have been settled, by state."""
        return self._settlement.counts

    def start(self) -> None:
        """Poll for what is due until stopped."""
        self._polling = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Claim nothing more, give back what has not left, finish what has."""
        self._stopping.set()
        self.wake()
        if self._polling:
            await self._polling
        await self.drained()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            await self.poll()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._poll_seconds)

    def wake(self) -> None:
        """Poll now: the clock has been moved, or it is time to stop."""
        self._woken.set()

    async def poll(self) -> None:
        """Enqueue what is due, rescue what was left behind, open the lanes that send it."""
        for platform in self._platforms:
            try:
                more = True
                while more and not self._stopping.is_set():
                    more = await self._poll(platform)
            except UnavailableError as error:
                log.warning("reminders on %s wait for the database: %s", platform, error)
            except Exception:
                log.exception("reminders on %s could not be looked for", platform)

    async def drained(self) -> None:
        """Return when no lane is open and nothing is being sent."""
        while running := [*self._lanes.values(), *self._sends]:
            await asyncio.wait(running)

    # --- what is to be sent -----------------------------------------------------------------------

    async def _poll(self, platform: Platform) -> bool:
        """Poll once, in one transaction; whether more may be due."""
        read = partial(self._read_due, platform=platform, now=self._clock())
        more, unresolved, tenants = await self._database.transact(read)
        for slots in unresolved:
            self._dispatch(platform, slots, self._attempts.resolve)
        self._open_lanes(platform, tenants)
        return more

    async def _read_due(
        self, transaction: Transaction, platform: Platform, now: datetime
    ) -> tuple[bool, list[Slots], list[str]]:
        """Whether more may be due, what a process that is gone had under way, and who waits."""
        epoch = int(now.timestamp())
        more = await due.enqueue(transaction, platform, now, self._new_id)
        unresolved = await self._pacer.claim_unresolved(transaction, platform, epoch)
        return more, unresolved, await Store(transaction).pacing.tenants_due(platform, epoch)

    def _open_lanes(self, platform: Platform, tenants: Iterable[str]) -> None:
        for tenant in tenants:
            lane = (platform, tenant)
            if lane not in self._lanes and not self._stopping.is_set():
                task = asyncio.create_task(self._drain(lane))
                self._lanes[lane] = task
                task.add_done_callback(partial(self._lane_closed, lane))

    def _lane_closed(self, lane: Lane, _: "asyncio.Task[None]") -> None:
        del self._lanes[lane]
        if not self._lanes:
            self._pacer.forget()

    async def _drain(self, lane: Lane) -> None:
        """Send what is due in a lane, one after the other, as fast as it may be."""
        try:
            while not self._stopping.is_set():
                async with self._claiming:  # or each lane would fill the room that is left
                    slots = await self._claim(lane)
                    self._dispatch(lane[0], slots, self._attempts.deliver)
                wait = slots.free_at / MICRO - self._ticks() - AHEAD_SECONDS / 2
                if wait > self._poll_seconds or (wait <= 0 and not slots.claims):
                    return
                await self._sleep(wait)
        except UnavailableError as error:
            log.warning("reminders for %s %s wait for the database: %s", *lane, error)

    async def _claim(self, lane: Lane) -> Slots:
        await self._wait_for_capacity()
        most, epoch = _IN_FLIGHT - len(self._sends), self._epoch
        return await self._database.transact(lambda tx: self._pacer.claim(tx, lane, epoch, most))

    # --- on their way -----------------------------------------------------------------------------

    def _dispatch(self, platform: Platform, slots: Slots, work: Work) -> None:
        for claim, slot in slots.claims:
            task = asyncio.create_task(self._run_in_slot(platform, claim, slot / MICRO, work))
            self._sends.add(task)
            task.add_done_callback(self._finished)

    async def _run_in_slot(self, platform: Platform, claim: Claim, slot: float, work: Work) -> None:
        try:
            await self._sleep(slot - self._ticks())
            while not self._stopping.is_set():
                wait = self._pacer.wait((platform, claim.tenant), claim)
                if wait <= 0:
                    await work(platform, claim)
                    return
                await self._sleep(wait)
            await self._database.transact(lambda tx: Store(tx).claims.release(claim))
        except UnavailableError as error:
            log.warning("reminder %s waits for the database: %s", claim.id, error)
        except Exception:
            log.exception("reminder %s failed", claim.id)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._sends.discard(task)
        self._freed.set()

    async def _wait_for_capacity(self) -> None:
        while len(self._sends) >= _IN_FLIGHT:
            self._freed.clear()
            await self._freed.wait()

    async def _sleep(self, seconds: float) -> None:
        """Wait, but not once the worker is to stop."""
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    @property
    def _epoch(self) -> int:
        return int(self._clock().timestamp())
