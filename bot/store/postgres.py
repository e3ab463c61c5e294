"""The PostgreSQL driver: a pool of connections, for several processes on one database."""

import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from itertools import count
from typing import TypeAlias

import asyncpg

from bot.store.database import Row, T, Transaction, UnavailableError
from bot.store.unbroken import Unbroken

_CONNECTIONS = 10
_BUSY_SECONDS = 2.0  # within the three that a platform waits for an answer
_CONNECT_SECONDS = 5.0
_STATEMENT_SECONDS = 10.0
_ALONE_SECONDS = 600  # a migration may take long, and another process waits for it
_ALONE_KEY = 0x43524F5353  # any number that nothing else on the server locks
_TRIES = 5
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
# Without a type PostgreSQL guesses one from each use of a value, and refuses two that differ.
_TYPES = {int: "bigint", str: "text", float: "double precision", bytes: "bytea"}

_Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

_COLLISIONS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_UNAVAILABLE = (
    OSError,  # and with it TimeoutError
    asyncpg.InterfaceError,  # the connection or the pool is closed
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # a lock was not to be had in time
    asyncpg.ReadOnlySQLTransactionError,  # what was the primary before a failover
    asyncpg.PostgresSystemError,
)
_REFUSALS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        "the server refuses this user name, password or kind of connection",
    ),
    (asyncpg.InvalidCatalogNameError, "the server has no database of that name: create it first"),
    (asyncpg.InsufficientPrivilegeError, "this user may not connect to that database"),
    (
        asyncpg.TooManyConnectionsError,
        "the server has no connection left for us",
    ),
    (asyncpg.CannotConnectNowError, "the server is starting or stopping: try again in a moment"),
    (
        (asyncpg.ClientConfigurationError, ValueError),
        "is not an address that PostgreSQL understands: postgresql://USER:PASSWORD@HOST:PORT/NAME",
    ),
    (
        OSError,
        "cannot reach the server: check the host and the port in DATABASE_URL, and that it runs",
    ),
)
_PASSING = (
    OSError,  # refused, out of reach, or not to be found: names are not known before the network is
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.PostgresConnectionError,
)


class OpenError(Exception):
    """The server cannot be used; the message holds nothing of its address.

    `passing` tells that waiting may mend it.
    """

    def __init__(self, problem: str, *, passing: bool) -> None:
        super().__init__(problem)
        self.passing = passing


class PostgresTransaction:
    skip_locked = "FOR UPDATE SKIP LOCKED"

    def __init__(self, connection: _Connection, timeout: float) -> None:
        self._connection = connection
        self._timeout = timeout

    def locking(self, table: str) -> str:
        return f" FOR UPDATE OF {table}"

    async def fetch(self, sql: str, /, **values: object) -> list[Row]:
        numbered, names = _numbered(sql, tuple((name, type(values[name])) for name in values))
        given = (_storable(values[name]) for name in names)
        rows = await self._connection.fetch(numbered, *given, timeout=self._timeout)
        return [dict(row) for row in rows]


def _storable(value: object) -> object:
    """PostgreSQL's text holds every character but NUL."""
    return value.replace("\0", "") if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def _numbered(sql: str, types: tuple[tuple[str, type], ...]) -> tuple[str, tuple[str, ...]]:
    """`:name` as `$1::type`, and the names in that order; None is written out as NULL."""
    type_of, order = dict(types), dict[str, int]()

    def place(match: re.Match[str]) -> str:
        name = match[1]
        if type_of[name] is type(None):
            return "NULL"
        return f"${order.setdefault(name, len(order) + 1)}::{_TYPES[type_of[name]]}"

    return _NAMED.sub(place, sql), tuple(order)


class PostgresDatabase:
    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._work = Unbroken()

    @classmethod
    async def open(cls, url: str) -> "PostgresDatabase":
        """Connect to the server; OpenError where that cannot be done."""
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=_CONNECTIONS,
                timeout=_CONNECT_SECONDS,
                command_timeout=_STATEMENT_SECONDS,
                server_settings={
                    "application_name": "crossroads",
                    "lock_timeout": f"{int(_BUSY_SECONDS * 1000)}ms",
                    "idle_in_transaction_session_timeout": "60s",
                },
            )
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
            raise OpenError(_why(error), passing=isinstance(error, _PASSING)) from None
        return cls(pool)

    async def transact(
        self, work: Callable[[Transaction], Awaitable[T]], *, alone: bool = False
    ) -> T:
        return await self._work.run(self._transact(work, alone=alone))

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]], *, alone: bool) -> T:
        for attempt in count(1):
            try:
                return await (self._alone(work) if alone else self._once(work))
            except _COLLISIONS as error:
                if attempt == _TRIES:
                    raise UnavailableError(str(error)) from error
            except asyncpg.DataError:
                raise
            except _UNAVAILABLE as error:
                raise UnavailableError(str(error) or type(error).__name__) from error
        raise AssertionError("counting has no end")

    async def _once(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async with self._connection() as connection, connection.transaction():
            return await work(PostgresTransaction(connection, _STATEMENT_SECONDS))

    async def _alone(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async with self._connection() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = '{_ALONE_SECONDS}s'")
            await connection.execute(
                f"SELECT pg_advisory_xact_lock({_ALONE_KEY})", timeout=_ALONE_SECONDS
            )
            return await work(PostgresTransaction(connection, _ALONE_SECONDS))

    def _connection(self) -> "asyncpg.pool.PoolAcquireContext[asyncpg.Record]":
        return self._pool.acquire(timeout=_BUSY_SECONDS)

    async def close(self) -> None:
        await self._work.wait()
        await self._pool.close()


def _why(error: Exception) -> str:
    for kind, sentence in _REFUSALS:
        if isinstance(error, kind):
            return sentence
    return f"the server cannot be used ({type(error).__name__})"
