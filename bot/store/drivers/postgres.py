"""The PostgreSQL driver: a pool of connections, for several processes on one database."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias

import asyncpg

from bot.store.database import Row, T, Transaction, UnavailableError
from bot.store.drivers.postgres_address import Address, AddressError, read
from bot.store.drivers.postgres_refusals import PASSING, OpenError, at_the_door, within


class _ShieldedTasks:
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


__all__ = ["OpenError", "PostgresDatabase", "PostgresTransaction"]

_CONNECTIONS = 10
_BEGIN_SECONDS = 10.0
_ALONE_KEY = 0x43524F5353  # any number that nothing else on the server locks
_TRIES = 5
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
# Without a type PostgreSQL guesses one from each use of a value, and refuses two that differ.
_TYPES = {int: "bigint", str: "text", float: "double precision", bytes: "bytea"}
_STATEMENTS = 100  # that asyncpg keeps prepared on each connection, its own default

_Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

# asyncpg asks in two steps outside of a transaction: a pooler may answer the second from elsewhere.
_CHOOSES = (
    "has target_session_attrs and several hosts in it, and a pooler answers there, which may mix up"
    " what each of them says: name one pooler that leads to the server that takes writes"
)

_COLLISIONS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_AT_THE_DOOR = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    ValueError,  # an address that asyncpg cannot read
)
_DROPPED = (
    ConnectionError,
    asyncpg.InterfaceError,  # the connection is closed
    asyncpg.InternalClientError,  # an idle one was told to go, and its end has not been seen yet
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


class _DroppedError(Exception):
    """The connection was lost before the commit was sent: nothing has been written."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True, slots=True)
class _Limits:
    """How long one transaction may take, from asking for a connection to its commit."""

    seconds: float
    lock_seconds: float
    alone: bool = False

    @property
    def begin(self) -> str:
        """One message. What a pooler gives to somebody else afterwards must not stay set."""
        settings = {
            "lock_timeout": f"{self.lock_seconds * 1000:.0f}",
            "statement_timeout": f"{self.seconds * 1000:.0f}",
            "idle_in_transaction_session_timeout": "60000",
        }
        sets = "".join(f"SET LOCAL {name} = {value};" for name, value in settings.items())
        return f"BEGIN;{sets}"


# A member's has to end within the three seconds that a platform waits for an answer.
_MEMBERS, _PATIENT = _Limits(2.5, 2.0), _Limits(30.0, 2.0)
_ALONE = _Limits(1200.0, 600.0, alone=True)  # a migration may take long, and another waits for it


class PostgresTransaction:
    tables = """(
        SELECT relname AS name FROM pg_catalog.pg_class
        WHERE pg_catalog.pg_table_is_visible(oid)
    ) AS found"""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, /, **values: object) -> list[Row]:
        return await self._rows(sql, values)

    async def run(self, sql: str, /, **values: object) -> list[Row]:
        return await self._rows(sql, values)

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, object]], /) -> None:
        if not rows:
            return
        numbered, names = _numbered(sql, _types(rows[0]))
        await self._connection.executemany(numbered, [_given(row, names) for row in rows])

    async def _rows(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        numbered, names = _numbered(sql, _types(values))
        rows = await self._connection.fetch(numbered, *_given(values, names))
        return [dict(row) for row in rows]


def _types(values: Mapping[str, object]) -> tuple[tuple[str, type], ...]:
    return tuple((name, type(value)) for name, value in values.items())


def _given(values: Mapping[str, object], names: Sequence[str]) -> list[object]:
    return [_storable(values[name]) for name in names]


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
    """Runs behind a pooler too: nothing is set or locked, and no name kept, past a transaction.

    Prepared statements with names halve the time of a press (measured: 0.8 against 1.6 ms, and
    1 900 against 980 a second), but live in a session. A pooler in transaction mode deals sessions
    out anew each time, and two processes would run each other's. So behind one there are none.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._work = _ShieldedTasks()

    @classmethod
    async def open(cls, url: str) -> "PostgresDatabase":
        """Connect to the server; OpenError where that cannot be done."""
        try:
            address = read(url)
            pooled = address.pooled or await _is_pooled(address)
            if pooled and address.chooses:
                raise AddressError(_CHOOSES)
            pool = await asyncpg.create_pool(
                **_connecting(address, 0 if pooled else _STATEMENTS),
                min_size=1,
                max_size=_CONNECTIONS,
                reset=_nothing_to_reset,
            )
        except _AT_THE_DOOR as error:
            raise at_the_door(error) from None
        return cls(pool)

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        limits = _ALONE if alone else _PATIENT if patient else _MEMBERS
        return await self._work.run(self._timed(work, limits))

    async def _timed(self, work: Callable[[Transaction], Awaitable[T]], limits: _Limits) -> T:
        try:
            async with asyncio.timeout(limits.seconds):
                return await self._repeated(work, limits)
        except TimeoutError:
            raise UnavailableError(f"no answer within {limits.seconds:g} seconds") from None

    async def _repeated(self, work: Callable[[Transaction], Awaitable[T]], limits: _Limits) -> T:
        for attempt in count(1):
            try:
                return await self._once(work, limits)
            except _COLLISIONS as error:
                if attempt == _TRIES:
                    raise UnavailableError(str(error)) from error
            except _DroppedError as error:
                if attempt > 1:
                    raise within(error.cause) from error
            except asyncpg.DataError:
                raise
            except (*PASSING, asyncpg.PostgresError) as error:
                raise within(error) from error
        raise AssertionError("counting has no end")

    async def _once(self, work: Callable[[Transaction], Awaitable[T]], limits: _Limits) -> T:
        connection = await self._acquired()
        committing = False
        try:
            await connection.execute(limits.begin, timeout=_BEGIN_SECONDS)
            if limits.alone:
                await connection.execute(f"SELECT pg_advisory_xact_lock({_ALONE_KEY})")
            outcome = await work(PostgresTransaction(connection))
            committing = not connection.is_closed()  # else nothing is sent
            await connection.execute("COMMIT")
            return outcome
        except asyncpg.DataError:  # a value that does not fit: the connection is well
            await connection.execute("ROLLBACK")
            raise
        except (asyncio.CancelledError, TimeoutError, *_DROPPED) as error:
            # asyncpg would wait for a server that hangs to say that it has stopped.
            _terminate(connection)
            if committing or not isinstance(error, _DROPPED):
                raise
            raise _DroppedError(error) from error
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        finally:
            await self._pool.release(connection)

    async def _acquired(self) -> _Connection:
        try:
            return await self._pool.acquire()
        except _AT_THE_DOOR as error:
            raise UnavailableError(str(at_the_door(error))) from error

    async def close(self) -> None:
        await self._work.wait()
        await self._pool.close()


async def _is_pooled(address: Address) -> bool:
    """Whether a pooler answers there: the session at work is not the one that said hello.

    A pooler makes up what a client needs to cancel a statement, the process's number included.
    """
    connection = await asyncpg.connect(**_connecting(address, 0))
    try:
        async with connection.transaction():  # both steps of a statement need one session
            at_work = await connection.fetchval("SELECT pg_catalog.pg_backend_pid()")
        return bool(at_work != connection.get_server_pid())
    finally:
        connection.terminate()


def _connecting(address: Address, statements: int) -> dict[str, Any]:
    return {
        "dsn": address.url,
        "ssl": address.tls,
        "timeout": address.connect_seconds,
        "statement_cache_size": statements,
        # Nothing but what every pooler lets through: the rest is set in each transaction.
        "server_settings": dict(address.startup),
    }


async def _nothing_to_reset(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Spare a trip: what is set and locked here ends with its transaction."""


def _terminate(connection: _Connection) -> None:
    with suppress(asyncpg.InterfaceError):  # it has left the pool already
        connection.terminate()
