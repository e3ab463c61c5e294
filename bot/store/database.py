"""The narrow surface that a database driver offers to the store."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]


class UnavailableError(Exception):
    """The database cannot take this just now (busy, full, out of reach): nothing was written.

    Where the connection was lost during the commit, that may have happened all the same.
    """


class DamagedError(UnavailableError):
    """What is on the disk is no longer a whole database, which no waiting mends."""

    def __init__(self) -> None:
        super().__init__(
            "the file is damaged: stop Crossroads, then bring a backup back with"
            " `python -m bot restore FILE`"
        )


class Transaction(Protocol):
    @property
    def skip_locked(self) -> str:
        """What ends a SELECT that takes rows for its own and leaves those that others hold."""
        ...

    def locking(self, table: str) -> str:
        """What ends a SELECT whose rows of `table` shall wait for this transaction to end."""
        ...

    async def fetch(self, sql: str, /, **values: object) -> Sequence[Row]:
        """Run one statement with `:named` values; the rows of a SELECT or of RETURNING."""
        ...


class Database(Protocol):
    async def transact(
        self, work: Callable[[Transaction], Awaitable[T]], *, alone: bool = False
    ) -> T:
        """Run `work` in one write transaction: committed when this returns, gone if it raises.

        The work awaits nothing but its statements. It is finished even if the caller is cancelled;
        it may run twice, where it collides with another process. `alone` keeps every other such
        transaction waiting, in any process. Raises UnavailableError.
        """
        ...

    async def close(self) -> None:
        """Finish what runs, then close."""
        ...
