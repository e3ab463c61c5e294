"""A database that takes few transactions at once: most connections are for members."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.store.database import Database, T, Transaction

_TRANSACTIONS = 2


class Few:
    """A view of a database: its transactions wait for one another, and for nobody else's."""

    def __init__(self, database: Database) -> None:
        self._database, self._gate = database, asyncio.Semaphore(_TRANSACTIONS)

    async def transact(
        self, work: Callable[[Transaction], Awaitable[T]], *, alone: bool = False
    ) -> T:
        async with self._gate:
            return await self._database.transact(work, alone=alone)

    async def close(self) -> None:
        await self._database.close()
