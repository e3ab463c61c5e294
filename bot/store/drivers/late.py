"""A database that may not be there yet: whoever asks for it meanwhile is told why."""

from collections.abc import Awaitable, Callable

from bot.store.database import Database, T, Transaction, UnavailableError


class LateDatabase:
    """Takes transactions from the moment that it is given the database; UnavailableError before."""

    def __init__(self) -> None:
        self._database: Database | None = None
        self.waits_for = "it is being opened"

    def arrived(self, database: Database) -> None:
        """Begin to hand transactions on to `database`."""
        self._database = database

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        if self._database is None:
            raise UnavailableError(self.waits_for)
        return await self._database.transact(work, alone=alone, patient=patient)

    async def close(self) -> None:
        if self._database is not None:
            await self._database.close()
