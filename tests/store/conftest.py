"""Everything about the store is tested twice: on SQLite and on a real PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.store.database import Database
from bot.store.drivers.postgres import PostgresDatabase
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate

Open: TypeAlias = Callable[[], Awaitable[Database]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server_url(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty PostgreSQL database; None for SQLite."""
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def another(server_url: str | None, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens the one database of this test, as another process would; empty at first."""
    async with AsyncExitStack() as stack:

        async def open_it() -> Database:
            database: Database
            if server_url:
                database = await PostgresDatabase.open(server_url)
            else:
                database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
            stack.push_async_callback(database.close)
            return database

        yield open_it


@pytest.fixture
async def database(another: Open) -> Database:
    """A database that is up to date."""
    database = await another()
    await migrate(database)
    return database
