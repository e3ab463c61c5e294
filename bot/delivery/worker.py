"""Delivers reminders: looks for what is due, and sends it when its turn has come."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from bot.adapter import Rates, Sender
from bot.calendar.clock import utc_now
from bot.chat.event import Platform
from bot.core.handle import random_id
from bot.delivery import due
from bot.delivery.attempt import Courier
from bot.delivery.pacing import AHEAD_SECONDS, MICRO, Lane, Timetable, Turns
from bot.delivery.settling import Books
from bot.pack.model import Pack
from bot.store.database import Database, Few, UnavailableError
from bot.store.facade import Store
from bot.store.queue.claims import Claim

log = logging.getLogger(__name__)

Bring: TypeAlias = Callable[[Platform, Claim], Coroutine[Any, Any, None]]

_IN_FLIGHT = 400


class Worker:
    """Delivers for the platforms that run in this process; see Courier for the clocks."""

    def __init__(
        self,
        database: Database,
        pack: Pack,
        senders: Mapping[Platform, Sender],
        rates: Mapping[Platform, Rates],
        *,
        poll_seconds: float = 15.0,
        clock: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = time.time,
        new_id: Callable[[], str] = random_id,
    ) -> None:
        self._database = Few(database)
        self._platforms = tuple(senders)
        self._poll_seconds = poll_seconds
        self._clock, self._ticks, self._new_id = clock, ticks, new_id
        self._timetable = Timetable(rates, ticks)
        # Of its own for what is under way, so that beginning more never holds up settling it.
        self._books = Books(clock, ticks, rates)
        self._courier = Courier(
            self._database, Few(database), pack, senders, clock, ticks, new_id, self._books
        )
        self._stopping, self._woken = asyncio.Event(), asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._claiming, self._freed = asyncio.Lock(), asyncio.Event()
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._sends: set[asyncio.Task[None]] = set()

    @property
    def counts(self) -> Counter[str]:
        """How many deliveries have been settled, by state."""
        return self._books.counts

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

    # --- what is to be sent -----------------------------------------------------------------------

    async def _materialise(self, platform: Platform) -> None:
        while not self._stopping.is_set():
            now = self._clock()
            if not await self._database.transact(
                partial(due.enqueue, platform=platform, now=now, new_id=self._new_id)
            ):
                return

    async def _take_up(self, platform: Platform) -> None:
        """Find out what became of the requests that a process had under way which is gone."""
        lost = partial(self._timetable.claim_lost, platform=platform, now=self._epoch)
        for turns in await self._database.transact(lost):
            self._set_out(platform, turns, self._courier.find_out)

    async def _open_lanes(self, platform: Platform) -> None:
        epoch = self._epoch
        lanes = await self._database.transact(
            lambda tx: Store(tx).pacing.tenants_due(platform, epoch)
        )
        for tenant in lanes:
            lane = (platform, tenant)
            if lane not in self._lanes and not self._stopping.is_set():
                task = asyncio.create_task(self._drain(lane))
                self._lanes[lane] = task
                task.add_done_callback(partial(self._lane_closed, lane))

    def _lane_closed(self, lane: Lane, _: "asyncio.Task[None]") -> None:
        del self._lanes[lane]
        if not self._lanes:
            self._timetable.forget()

    async def _drain(self, lane: Lane) -> None:
        """Send what is due in a lane, one after the other, as fast as it may be."""
        try:
            while not self._stopping.is_set():
                async with self._claiming:  # or each lane would fill the room that is left
                    turns = await self._claim(lane)
                    self._set_out(lane[0], turns, self._courier.deliver)
                wait = turns.free_at / MICRO - self._ticks() - AHEAD_SECONDS / 2
                if wait > self._poll_seconds or (wait <= 0 and not turns.turns):
                    return
                await self._nap(wait)
        except UnavailableError as error:
            log.warning("reminders for %s %s wait for the database: %s", *lane, error)

    async def _claim(self, lane: Lane) -> Turns:
        await self._room()
        most, epoch = _IN_FLIGHT - len(self._sends), self._epoch
        return await self._database.transact(
            lambda tx: self._timetable.claim(tx, lane, epoch, most)
        )

    # --- on their way -----------------------------------------------------------------------------

    def _set_out(self, platform: Platform, turns: Turns, bring: Bring) -> None:
        for claim, turn in turns.turns:
            task = asyncio.create_task(self._bring(platform, claim, turn / MICRO, bring))
            self._sends.add(task)
            task.add_done_callback(self._arrived)

    async def _bring(self, platform: Platform, claim: Claim, turn: float, bring: Bring) -> None:
        try:
            await self._nap(turn - self._ticks())
            while not self._stopping.is_set():
                wait = self._timetable.wait((platform, claim.tenant), claim)
                if wait <= 0:
                    await bring(platform, claim)
                    return
                await self._nap(wait)
            await self._database.transact(lambda tx: Store(tx).claims.release(claim))
        except UnavailableError as error:
            log.warning("reminder %s waits for the database: %s", claim.id, error)
        except Exception:
            log.exception("reminder %s failed", claim.id)

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

    @property
    def _epoch(self) -> int:
        return int(self._clock().timestamp())
