"""A database for what no member waits for: few transactions at once, and time for each."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.store.database import Database, T, Transaction

_TRANSACTIONS = 2


class Few:
    """A view of a database: its transactions wait for one another, and for nobody else's.

    So most connections are left to members.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._gate = database, asyncio.Semaphore(_TRANSACTIONS)

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
