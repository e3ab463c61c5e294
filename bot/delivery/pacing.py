"""The pace: when each delivery leaves, so that all processes together ask for what is allowed.

A lane is a tenant: all of Discord, or one workspace on Slack. Its next free moment is kept in the
database, where every process takes its turns from; on Slack, each channel has a pace of its own.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.adapter import Rates
from bot.chat.event import Platform
from bot.planning.occurrences import WINDOW_MINUTES
from bot.store.database import Transaction
from bot.store.facade import Store
from bot.store.queue.claims import Claim

Lane: TypeAlias = tuple[Platform, str]

MICRO = 1_000_000
LEASE_SECONDS = 90
"""How long a claim is a process's own."""
LONGEST_PAUSE = 15 * 60
"""Seconds between two looks for what became of a request, or two tries of what was refused."""
AHEAD_SECONDS = 2.0
"""How long before its turn a delivery is claimed, at most."""
_BATCH = 200
_CATCH_UP = 0.9  # of the usual time between two, where the machine was late with some
_FIRST_PAUSE = 10


def pause(lasted: float) -> int:
    """Seconds until the next try of what has failed for so long: as long again, within bounds."""
    return round(min(max(lasted, _FIRST_PAUSE), LONGEST_PAUSE))


@dataclass(frozen=True, slots=True)
class Turns:
    """Claims, each with its turn in microseconds; the lane is free again at `free_at`."""

    turns: Sequence[tuple[Claim, int]]
    free_at: int


class Timetable:
    """Gives turns; `ticks` is real time, whatever time members live by."""

    def __init__(self, rates: Mapping[Platform, Rates], ticks: Callable[[], float]) -> None:
        self._rates = rates
        self._apart = {name: max(1, round(MICRO / one.requests)) for name, one in rates.items()}
        self._ticks = ticks
        self._free: dict[Lane, float] = {}

    async def claim(self, transaction: Transaction, lane: Lane, now: int, most: int) -> Turns:
        """Claim what is due by `now` and give each its turn, unless the next one is far away."""
        store, tick = Store(transaction), self._ticks()
        free_at = await store.pacing.lock(*lane, int(tick * MICRO))
        if self._far(free_at, tick):
            return Turns((), free_at)
        fits = int(AHEAD_SECONDS * MICRO / self._apart[lane[0]])
        claims = await store.claims.claim(
            *lane, now, int(tick) + LEASE_SECONDS, max(1, min(most, fits, _BATCH))
        )
        turns = self._in_turn(lane[0], claims, free_at)
        if claims:
            await store.pacing.take_until(*lane, turns.free_at)
        return turns

    async def claim_lost(
        self, transaction: Transaction, platform: Platform, now: int
    ) -> list[Turns]:
        """Take up after a process that is gone: turns to find out how its requests ended.

        What one with a wrong clock has put off is put right as well; `now` is the members' time.
        """
        store, tick = Store(transaction), self._ticks()
        await store.claims.hasten(platform, now + LONGEST_PAUSE, WINDOW_MINUTES * 60)
        await store.claims.shorten_leases(
            platform, int(tick), claimed=LEASE_SECONDS, sending=LONGEST_PAUSE + LEASE_SECONDS
        )
        await store.claims.release_expired(platform, int(tick))
        lost = await store.claims.claim_unresolved(
            platform, int(tick), int(tick) + LEASE_SECONDS, _BATCH
        )
        found: list[Turns] = []
        for tenant in sorted({claim.tenant for claim in lost}):
            claims = [claim for claim in lost if claim.tenant == tenant]
            free_at = await store.pacing.lock(platform, tenant, int(tick * MICRO))
            if self._far(free_at, tick):
                for claim in claims:
                    look_at = min(free_at // MICRO, int(tick) + LONGEST_PAUSE)
                    await store.attempts.resolve_later(claim, look_at)
                continue
            turns = self._in_turn(platform, claims, free_at)
            await store.pacing.take_until(platform, tenant, turns.free_at)
            found.append(turns)
        return found

    def wait(self, lane: Lane, claim: Claim) -> float:
        """Seconds until a delivery may leave this process; 0 takes the turn.

        Those that a busy machine is late with must not leave all at once.
        """
        now = asyncio.get_running_loop().time()
        if (wait := self._free.get(lane, now) - now) > 0:
            return wait
        self._free[lane] = now + _CATCH_UP * self._gap(lane[0], claim) / MICRO
        return 0.0

    def forget(self) -> None:
        """No lane is open: none has been late."""
        self._free.clear()

    def _in_turn(self, platform: Platform, claims: Sequence[Claim], free_at: int) -> Turns:
        turns: list[tuple[Claim, int]] = []
        for claim in claims:
            turns.append((claim, free_at))
            free_at += self._gap(platform, claim)
        return Turns(turns, free_at)

    def _gap(self, platform: Platform, claim: Claim) -> int:
        """Microseconds that a delivery takes of its lane: as many as its requests."""
        opens = self._rates[platform].opens_channels and claim.channel is None
        return (1 + opens) * self._apart[platform]

    def _far(self, free_at: int, tick: float) -> bool:
        return free_at > (tick + AHEAD_SECONDS) * MICRO
