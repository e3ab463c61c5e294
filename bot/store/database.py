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


class RefusedError(Exception):
    """The database will not do this until a person has mended something; the message says what."""


class Transaction(Protocol):
    """Statements with `:named` values, written as PostgreSQL reads them."""

    @property
    def tables(self) -> str:
        """What a SELECT reads the `name` of every table from that its statements would find."""
        ...

    async def fetch(self, sql: str, /, **values: object) -> Sequence[Row]:
        """Read: the rows of a SELECT, which may end in PostgreSQL's FOR UPDATE."""
        ...

    async def run(self, sql: str, /, **values: object) -> Sequence[Row]:
        """Write: the rows of RETURNING, if the statement has it."""
        ...

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, object]], /) -> None:
        """Write once for each of `rows`, whose values have the same names and types."""
        ...


class Database(Protocol):
    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        """Run `work` in one write transaction: committed when this returns, gone if it raises.

        The work awaits nothing but its statements. It is finished even if the caller is cancelled;
        it may run twice, where it collides with another process or loses its connection. Whoever
        called is told within the three seconds that a platform waits; `patient` is for work that no
        member waits for, and that may take longer. `alone` keeps every other such transaction
        waiting, in any process, for minutes if need be. Raises UnavailableError, RefusedError.
        """
        ...

    async def close(self) -> None:
        """Finish what runs, then close."""
        ...
