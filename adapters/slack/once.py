"""Work that happens one time however often it is asked for, and work that keeps its order."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Once(Generic[T]):
    """Remembers the latest deliveries by id: a repeat waits for the first and does nothing."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._seen: OrderedDict[str, asyncio.Future[None] | None] = OrderedDict()

    async def run(self, key: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """The result of `work`; None for a repeat, and not before the first has finished."""
        if key in self._seen:
            if running := self._seen[key]:
                await asyncio.wait([running])
            return None
        running = self._seen[key] = asyncio.get_running_loop().create_future()
        try:
            result = await work()
        except BaseException:
            del self._seen[key]  # it did not happen: a repeat may try again
            raise
        finally:
            running.set_result(None)
        self._seen[key] = None  # done: the id is kept, and not what came of it
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return result


class Background:
    """Tasks that go on after the acknowledgement: in order by key, and waited for at the end."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[None]] = {}

    def spawn(self, key: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` once everything spawned before under `key` has ended."""
        task = asyncio.create_task(self._after(self._last.get(key), work))
        self._last[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    @staticmethod
    async def _after(earlier: asyncio.Task[None] | None, work: Coroutine[Any, Any, None]) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        try:
            await work
        except Exception:
            log.exception("an answer could not be shown")

    def _forget(self, key: str, done: asyncio.Task[None]) -> None:
        if self._last.get(key) is done:
            del self._last[key]

    async def settled(self, key: str, within: float) -> None:
        """Wait for what was spawned under `key`, but not longer than `within` seconds."""
        if last := self._last.get(key):
            await asyncio.wait([last], timeout=within)

    async def drain(self) -> None:
        """Wait until everything spawned has ended."""
        while self._last:
            await asyncio.wait(list(self._last.values()))
