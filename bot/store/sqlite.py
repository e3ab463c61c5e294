"""The SQLite driver: one connection, one writer at a time, every commit on disk."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import aiosqlite

from bot.store.database import DamagedError, Row, T, Transaction, UnavailableError

# At DEBUG aiosqlite logs what it runs, and with it what members typed.
logging.getLogger("aiosqlite").setLevel(logging.INFO)

_BUSY_SECONDS = 2.0  # within the three that a platform waits for an answer
_TOGETHER = 32  # turns in one commit: the first of them waits for the last

_Work: TypeAlias = Callable[[Transaction], Awaitable[Any]]


class SQLiteTransaction:
    """Lives on the connection's thread: a statement is done by the time `fetch` returns."""

    skip_locked = ""  # nobody else writes meanwhile

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def locking(self, table: str) -> str:  # noqa: ARG002 - the whole file is locked as it is
        return ""

    async def fetch(self, sql: str, /, **values: object) -> list[Row]:
        return [dict(row) for row in self._connection.execute(sql, values).fetchall()]


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


class _Connection(aiosqlite.Connection):
    def together(self, works: Sequence[_Work]) -> "asyncio.Future[list[Any]]":
        """Cross to the connection's thread once for all that waits, not once a statement.

        Each crossing wakes two threads that want one interpreter lock: statement by statement, a
        press took more than twice as long. This is aiosqlite's `_execute` without its coroutine,
        which would need a task of its own to run without whoever asked for it.
        """
        outcomes: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._tx.put_nowait((outcomes, partial(_together, self._conn, works)))
        return outcomes


class SQLiteDatabase:
    """A file (mode 0600), in WAL mode with `synchronous=FULL`: a commit survives a crash.

    What is asked for while a commit is under way shares the next one: a disk that is waited for
    once serves all of them.
    """

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[_Work, asyncio.Future[Any]]] = []
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
    ) -> T:
        # A future, and not the work itself, is what a caller who is cancelled lets go of.
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, outcome))
        if self._running is None:
            self._begin()
        return await outcome

    def _begin(self) -> None:
        """Send what waits to the connection's thread."""
        batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
        self._running = self._connection.together([work for work, _ in batch])
        self._running.add_done_callback(partial(self._settle, [future for _, future in batch]))

    def _settle(
        self, futures: "list[asyncio.Future[Any]]", done: "asyncio.Future[list[Any]]"
    ) -> None:
        self._running = None
        if self._waiting:
            self._begin()
        error = done.exception()
        outcomes = [_Failed(error)] * len(futures) if error else done.result()
        for future, outcome in zip(futures, outcomes, strict=True):
            if future.done():  # nobody waits any more
                continue
            if isinstance(outcome, _Failed):
                future.set_exception(_named(outcome.error))
            else:
                future.set_result(outcome)

    async def close(self) -> None:
        while self._running:
            await asyncio.wait((self._running,))
        await self._connection.close()


def _named(error: BaseException) -> BaseException:
    # The bare class is what a damaged page raises; its other subclasses are mistakes of ours.
    damaged = type(error) is sqlite3.DatabaseError
    if not damaged and not isinstance(error, sqlite3.OperationalError):
        return error
    unavailable = DamagedError() if damaged else UnavailableError(str(error))
    unavailable.__cause__ = error
    return unavailable


def _together(connection: sqlite3.Connection, works: Sequence[_Work]) -> list[Any]:
    """The outcomes, committed; one that failed has left nothing behind, and the others stand."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_alone(connection, work) for work in works]
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes


def _alone(connection: sqlite3.Connection, work: _Work) -> Any:
    connection.execute("SAVEPOINT work")
    try:
        outcome = _finished(work(SQLiteTransaction(connection)))
    except Exception as error:
        if not connection.in_transaction:  # the disk is full: SQLite has taken all of it back
            raise
        connection.execute("ROLLBACK TO work")
        outcome = _Failed(error)
    connection.execute("RELEASE work")
    return outcome


def _finished(work: Awaitable[T]) -> T:
    """The result of what awaits nothing but statements, and so never has to wait."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as done:
        result: T = done.value
        return result
    steps.close()
    raise RuntimeError("work in a transaction may await nothing but its statements")
