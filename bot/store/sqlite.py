"""The SQLite driver: one connection, one writer at a time, every commit on disk."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import aiosqlite

from bot.store.database import Row, T, Transaction, UnavailableError
from bot.store.unbroken import Unbroken

# At DEBUG aiosqlite logs what it runs, and with it what members typed.
logging.getLogger("aiosqlite").setLevel(logging.INFO)

_BUSY_SECONDS = 2.0  # within the three that a platform waits for an answer


class SQLiteTransaction:
    """Lives on the connection's thread: a statement is done by the time `fetch` returns."""

    skip_locked = ""  # nobody else writes meanwhile

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, /, **values: object) -> list[Row]:
        return [dict(row) for row in self._connection.execute(sql, values).fetchall()]


class _Connection(aiosqlite.Connection):
    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Cross to the connection's thread once a transaction, not once a statement.

        Each crossing wakes two threads that want one interpreter lock: statement by statement, a
        press took more than twice as long.
        """
        result: T = await self._execute(_transaction, self._conn, work)  # type: ignore[no-untyped-call]
        return result


class SQLiteDatabase:
    """A file (mode 0600), in WAL mode with `synchronous=FULL`: a commit survives a crash."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._writer = asyncio.Lock()
        self._work = Unbroken()

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
        return await self._work.run(self._transact(work))

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async with self._writer:
            try:
                return await self._connection.transaction(work)
            except sqlite3.OperationalError as error:
                raise UnavailableError(str(error)) from error

    async def close(self) -> None:
        await self._work.wait()
        await self._connection.close()


def _transaction(connection: sqlite3.Connection, work: Callable[[Transaction], Awaitable[T]]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = _finished(work(SQLiteTransaction(connection)))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


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
