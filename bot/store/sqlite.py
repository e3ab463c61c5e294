"""The SQLite driver: one connection, one writer at a time, every commit on disk."""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import aiosqlite

from bot.store.database import Row, T, Transaction, UnavailableError
from bot.store.unbroken import Unbroken

_BUSY_SECONDS = 2.0  # within the three that a platform waits for an answer


class SQLiteTransaction:
    skip_locked = ""  # nobody else writes meanwhile

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, /, **values: object) -> list[Row]:
        # execute_fetchall crosses to the connection's thread once; execute, fetchall, close thrice.
        rows: Iterable[sqlite3.Row] = await self._connection.execute_fetchall(sql, values)
        return [dict(row) for row in rows]


class SQLiteDatabase:
    """A file (mode 0600), in WAL mode with `synchronous=FULL`: a commit survives a crash."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._writer = asyncio.Lock()
        self._work = Unbroken()

    @classmethod
    async def open(cls, path: Path) -> "SQLiteDatabase":
        """Open or create the file; OSError or sqlite3.Error where that cannot be done."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
        try:
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
                await self._connection.execute_fetchall("BEGIN IMMEDIATE")
                result = await work(SQLiteTransaction(self._connection))
                await self._connection.execute_fetchall("COMMIT")
            except BaseException as error:
                if self._connection.in_transaction:
                    await self._connection.execute_fetchall("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise UnavailableError(str(error)) from error
                raise
            return result

    async def backup(self, target: Path) -> None:
        """Copy the whole database, consistent, while it is in use."""
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        async with aiosqlite.connect(target) as copy:
            await self._connection.backup(copy)

    async def close(self) -> None:
        await self._work.wait()
        await self._connection.close()
