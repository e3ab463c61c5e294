"""Limit on transactions of one kind at a time, so that most connections are left to members."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.store.database import Database, T, Transaction

_AT_ONCE = 2


class LimitedDatabase:
    """A view of a database whose transactions wait for one another, and for nobody else's."""

    def __init__(self, database: Database) -> None:
        self._database, self._gate = database, asyncio.Semaphore(_AT_ONCE)

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = True,
    ) -> T:
        async with self._gate:
            return await self._database.transact(work, alone=alone, patient=patient)

    async def close(self) -> None:
        await self._database.close()
