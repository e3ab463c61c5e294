"""The SQLite driver: one connection, one writer at a time, every commit on disk."""

import asyncio
import logging
import os
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import aiosqlite

from bot.store.database import DamagedError, Row, T, Transaction, UnavailableError

# At DEBUG aiosqlite logs what it runs, and with it what members typed.
logging.getLogger("aiosqlite").setLevel(logging.INFO)

_BUSY_SECONDS = 2.0  # from asking on: within the three that a platform waits for an answer
_LEAST_SECONDS = 0.02  # for another process to let go, however late it is
_BATCH = 32  # works in one commit: the first of them waits for the last
_LOCKS = re.compile(r"\s+FOR UPDATE(?: OF \w+)?(?: SKIP LOCKED)?(?=\s|$)")

_Work: TypeAlias = Callable[[Transaction], Awaitable[Any]]


class SQLiteTransaction:
    """Lives on the connection's thread: a statement is done by the time it is awaited."""

    tables = "sqlite_master"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, /, **values: object) -> list[Row]:
        return self._rows(_without_locks(sql), values)

    async def run(self, sql: str, /, **values: object) -> list[Row]:
        return self._rows(_without_locks(sql), values)

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, object]], /) -> None:
        self._connection.executemany(sql, rows)

    def _rows(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        return [dict(row) for row in self._connection.execute(sql, values).fetchall()]


@lru_cache(maxsize=256)
def _without_locks(sql: str) -> str:
    """SQLite locks no rows, and knows no words for it: nobody else writes meanwhile."""
    return _LOCKS.sub("", sql)


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


@dataclass(frozen=True, slots=True)
class _Request:
    """Work that waits to be done, for whom, and until when by the loop's clock."""

    work: _Work
    outcome: "asyncio.Future[Any]"
    until: float


class _Connection(aiosqlite.Connection):
    def run_batch(self, works: Sequence[_Work], patience: float) -> "asyncio.Future[list[Any]]":
        """Cross to the connection's thread once for all that waits, not once a statement.

        Each crossing wakes two threads that want one interpreter lock: statement by statement, a
        press took more than twice as long. This is aiosqlite's `_execute` without its coroutine,
        which would need a task of its own to run without whoever asked for it.
        """
        outcomes: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._tx.put_nowait((outcomes, partial(_commit, self._conn, works, patience)))
        return outcomes


class SQLiteDatabase:
    """A file (mode 0600), in WAL mode with `synchronous=FULL`: a commit survives a crash.

    What is asked for while a commit is under way shares the next one: a disk that is waited for
    once serves all of them.
    """

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._waiting: list[_Request] = []
        self._running: asyncio.Future[list[Any]] | None = None

    @classmethod
    async def open(cls, path: Path) -> "SQLiteDatabase":
        """Open or create the file; OSError or sqlite3.Error where that cannot be done."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connect = partial(sqlite3.connect, path, isolation_level=None, timeout=_BUSY_SECONDS)
        connection = _Connection(connect, iter_chunk_size=64)
        try:
            await connection
            connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                await connection.execute_fetchall(f"PRAGMA {pragma}")
        except BaseException:
            await connection.close()
            raise
        return cls(connection)

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,  # noqa: ARG002 - one writer at a time is what SQLite has anyway
        patient: bool = False,  # noqa: ARG002 - all wait in one line
    ) -> T:
        # A future, and not the work itself, is what a caller who is cancelled lets go of.
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        self._waiting.append(_Request(work, outcome, loop.time() + _BUSY_SECONDS))
        if self._running is None:
            self._begin()
        return await outcome

    def _begin(self) -> None:
        """Send what waits to the connection's thread; it waits no longer than the first may."""
        batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
        left = batch[0].until - asyncio.get_running_loop().time()
        works = [request.work for request in batch]
        self._running = self._connection.run_batch(works, max(left, _LEAST_SECONDS))
        self._running.add_done_callback(partial(self._settle, batch))

    def _settle(self, batch: list[_Request], done: "asyncio.Future[list[Any]]") -> None:
        self._running = None
        error = done.exception()
        if _is_busy(error):
            # Each waits for another process as long as it may, and not again for those before it.
            late, now = [*batch, *self._waiting], asyncio.get_running_loop().time()
            batch = [request for request in late if request.until <= now]
            self._waiting = [request for request in late if request.until > now]
        if self._waiting:
            self._begin()
        outcomes = [_Failed(error)] * len(batch) if error else done.result()
        for request, outcome in zip(batch, outcomes, strict=True):
            if request.outcome.done():  # nobody waits any more
                continue
            if isinstance(outcome, _Failed):
                request.outcome.set_exception(_named(outcome.error))
            else:
                request.outcome.set_result(outcome)

    async def close(self) -> None:
        while self._running:
            await asyncio.wait((self._running,))
        await self._connection.close()


def _is_busy(error: BaseException | None) -> bool:
    # An extended code keeps the primary one in its last byte.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _named(error: BaseException) -> BaseException:
    # The bare class is what a damaged page raises; its other subclasses are mistakes of ours.
    damaged = type(error) is sqlite3.DatabaseError
    if not damaged and not isinstance(error, sqlite3.OperationalError):
        return error
    unavailable = DamagedError() if damaged else UnavailableError(str(error))
    unavailable.__cause__ = error
    return unavailable


def _commit(connection: sqlite3.Connection, works: Sequence[_Work], patience: float) -> list[Any]:
    """The outcomes, committed; one that failed has left nothing behind, and the others stand."""
    connection.execute(f"PRAGMA busy_timeout={patience * 1000:.0f}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_isolated(connection, work) for work in works]
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes


def _isolated(connection: sqlite3.Connection, work: _Work) -> Any:
    connection.execute("SAVEPOINT work")
    try:
        outcome = _run_to_its_end(work(SQLiteTransaction(connection)))
    except Exception as error:
        if not connection.in_transaction:  # the disk is full: SQLite has taken all of it back
            raise
        connection.execute("ROLLBACK TO work")
        outcome = _Failed(error)
    connection.execute("RELEASE work")
    return outcome


def _run_to_its_end(work: Awaitable[T]) -> T:
    """The result of what awaits nothing but statements, and so never has to wait."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as done:
        result: T = done.value
        return result
    steps.close()
    raise RuntimeError("work in a transaction may await nothing but its statements")
