"""Runs work to its end, whatever becomes of whoever waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.store.database import T


class Unbroken:
    """A transaction that is cancelled half-way stays open, so each runs in a task of its own."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns; a cancelled caller leaves it running."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def wait(self) -> None:
        """Return when nothing runs any more."""
        while self._running:
            await asyncio.wait(self._running)

    def _finished(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # seen by the caller, unless that was cancelled
