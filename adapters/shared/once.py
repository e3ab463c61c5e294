"""Deduplication of deliveries that a platform repeats: the work happens one time."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Remembers the latest deliveries by id: a repeat waits for the first, and does nothing unless
    that one failed.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._seen: OrderedDict[str, asyncio.Future[None] | None] = OrderedDict()

    async def run(self, key: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """The result of `work`; None for a repeat of what was done, once it is done."""
        while key in self._seen:
            if (running := self._seen[key]) is None:
                return None
            await asyncio.wait([running])
        running = self._seen[key] = asyncio.get_running_loop().create_future()
        try:
            result = await work()
        except BaseException:
            self._seen.pop(key, None)  # it did not happen: a repeat tries again
            raise
        finally:
            running.set_result(None)
        self._seen[key] = None  # done: the id is kept, and not what came of it
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return result
