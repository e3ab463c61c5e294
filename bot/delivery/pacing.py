"""Pacing, when each delivery leaves, so that all processes together ask for what is allowed.

A lane is a tenant: all of Discord, or one workspace on Slack. Its next free moment is kept in the
database, where every process takes its slots from; on Slack, each channel has a pace of its own.
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
LONGEST_BACKOFF = 15 * 60
"""Seconds between two looks for what became of a request, or two tries of what was refused."""
AHEAD_SECONDS = 2.0
"""How long before its slot a delivery is claimed, at most."""
_BATCH = 200
_CATCH_UP = 0.9  # of the usual time between two, where the machine was late with some
_FIRST_BACKOFF = 10


def backoff(lasted: float) -> int:
    """Seconds until the next try of what has failed for so long: as long again, within bounds."""
    return round(min(max(lasted, _FIRST_BACKOFF), LONGEST_BACKOFF))


@dataclass(frozen=True, slots=True)
class Slots:
    """Claims, each with its slot in microseconds; the lane is free again at `free_at`."""

    claims: Sequence[tuple[Claim, int]]
    free_at: int


class Pacer:
    """Gives slots; `ticks` is real time, whatever time members live by."""

    def __init__(self, rates: Mapping[Platform, Rates], ticks: Callable[[], float]) -> None:
        self._rates = rates
        self._apart = {name: max(1, round(MICRO / one.requests)) for name, one in rates.items()}
        self._ticks = ticks
        self._free: dict[Lane, float] = {}

    async def claim(self, transaction: Transaction, lane: Lane, now: int, most: int) -> Slots:
        """Claim what is due by `now` and give each its slot, unless the next one is far away."""
        store, tick = Store(transaction), self._ticks()
        free_at = await store.pacing.lock(*lane, int(tick * MICRO))
        if self._too_far(free_at, tick):
            return Slots((), free_at)
        fits = int(AHEAD_SECONDS * MICRO / self._apart[lane[0]])
        claims = await store.claims.claim(
            *lane, now, int(tick) + LEASE_SECONDS, max(1, min(most, fits, _BATCH))
        )
        slots = self._assign(lane[0], claims, free_at)
        if claims:
            await store.pacing.take_until(*lane, slots.free_at)
        return slots

    async def claim_unresolved(
        self, transaction: Transaction, platform: Platform, now: int
    ) -> list[Slots]:
        """Rescue what a process left that is gone: slots to resolve how its requests ended.

        What one with a wrong clock has put off is put right as well; `now` is the members' time.
        """
        store, tick = Store(transaction), self._ticks()
        await store.claims.hasten(platform, now + LONGEST_BACKOFF, WINDOW_MINUTES * 60)
        await store.claims.shorten_leases(
            platform, int(tick), claimed=LEASE_SECONDS, sending=LONGEST_BACKOFF + LEASE_SECONDS
        )
        await store.claims.release_expired(platform, int(tick))
        unresolved = await store.claims.claim_unresolved(
            platform, int(tick), int(tick) + LEASE_SECONDS, _BATCH
        )
        rescued: list[Slots] = []
        for tenant in sorted({claim.tenant for claim in unresolved}):
            claims = [claim for claim in unresolved if claim.tenant == tenant]
            free_at = await store.pacing.lock(platform, tenant, int(tick * MICRO))
            if self._too_far(free_at, tick):
                for claim in claims:
                    at = min(free_at // MICRO, int(tick) + LONGEST_BACKOFF)
                    await store.attempts.resolve_later(claim, at)
                continue
            slots = self._assign(platform, claims, free_at)
            await store.pacing.take_until(platform, tenant, slots.free_at)
            rescued.append(slots)
        return rescued

    def wait(self, lane: Lane, claim: Claim) -> float:
        """Seconds until a delivery may leave this process; 0 takes the slot.

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

    def _assign(self, platform: Platform, claims: Sequence[Claim], free_at: int) -> Slots:
        slots: list[tuple[Claim, int]] = []
        for claim in claims:
            slots.append((claim, free_at))
            free_at += self._gap(platform, claim)
        return Slots(slots, free_at)

    def _gap(self, platform: Platform, claim: Claim) -> int:
        """Microseconds that a delivery takes of its lane: as many as its requests."""
        opens = self._rates[platform].opens_channels and claim.channel is None
        return (1 + opens) * self._apart[platform]

    def _too_far(self, free_at: int, tick: float) -> bool:
        return free_at > (tick + AHEAD_SECONDS) * MICRO
