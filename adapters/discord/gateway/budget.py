"""Session start limit of the gateway: Discord resets the token of whoever begins more.

A session begins with an IDENTIFY; taking one up again (RESUME) costs nothing.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from adapters.shared.calls import CallError

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

APART_SECONDS = 5.0  # between two of the shards that Discord puts into one bucket
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Limit:
    """What `GET /gateway/bot` says: `left` of `total` until `resets` (the loop's time)."""

    total: int
    left: int
    resets: float
    at_once: int

    def wait(self, now: float, last: float, *, again: bool) -> float:
        """Seconds until another session may be begun; `last` is when one was, here, if ever.

        `again`: not the first of its shard. Half of a day's sessions may go as fast as it helps;
        the other half is spread over what is left of the day, so that it never runs out.
        """
        rest = max(self.resets - now, 0.0)
        if self.left <= 0:
            return max(rest, 1.0)  # until Discord has said that there are some again
        if again and self.left <= self.total / 2:
            return max(last + rest / self.left - now, 0.0)
        return 0.0


class Budget:
    """The limit of one bot token, for all the shards that run here; `ask` is `GET /gateway/bot`."""

    def __init__(self, ask: Callable[[], Awaitable[Json]]) -> None:
        self._ask = ask
        self._limit: Limit | None = None
        self._last = float("-inf")
        self._buckets: defaultdict[int, float] = defaultdict(lambda: float("-inf"))
        self._in_turn = asyncio.Lock()

    async def look(self) -> Json:
        """Learn what is left, and return what Discord says of the gateway; raises CallError."""
        said = await self._ask()
        limit = said["session_start_limit"]
        self._limit = Limit(
            total=int(limit["total"]),
            left=int(limit["remaining"]),
            resets=self._now + limit["reset_after"] / 1000,
            at_once=max(int(limit.get("max_concurrency") or 1), 1),
        )
        return said

    async def take(self, shard: int, *, again: bool) -> None:
        """Wait until this shard may begin a session, and count it; `again`: not its first here."""
        if again:
            await self._refresh()
        while True:
            async with self._in_turn:
                if not (wait := self._wait(shard, again=again)):
                    self._count(shard)
                    return
            if wait > APART_SECONDS:
                log.warning(
                    "Discord allows the next new session of shard %d in %.0f s", shard, wait
                )
            await asyncio.sleep(wait)
            if wait > APART_SECONDS or self._spent:
                await self._refresh()

    @property
    def _spent(self) -> bool:
        return self._limit is not None and self._limit.left <= 0

    def _wait(self, shard: int, *, again: bool) -> float:
        if self._limit is None:
            return 0.0
        apart = self._buckets[shard % self._limit.at_once] + APART_SECONDS - self._now
        return max(self._limit.wait(self._now, self._last, again=again), apart, 0.0)

    def _count(self, shard: int) -> None:
        self._last = self._now
        if limit := self._limit:
            self._buckets[shard % limit.at_once] = self._last
            self._limit = replace(limit, left=limit.left - 1)

    async def _refresh(self) -> None:
        """Other processes of this bot begin sessions too; unasked, one's own count has to do."""
        try:
            await self.look()
        except (CallError, LookupError, TypeError, ValueError) as error:
            log.info("what is left of today's sessions cannot be asked (%s)", type(error).__name__)
            if self._limit and self._limit.resets <= self._now:
                # A new day, of which nothing is known yet: like the one before.
                self._limit = replace(self._limit, left=self._limit.total, resets=self._now + _DAY)

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()
