"""Background tasks that keep their order by key, and are waited for at the end."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


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
