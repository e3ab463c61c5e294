"""PostgreSQL in trouble: a grant or TLS that is not there, backends that hang or are ended."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.config.settings import SettingError, Settings
from bot.store import open_database
from bot.store.database import RefusedError, Transaction, UnavailableError
from bot.store.drivers.postgres import PostgresDatabase
from bot.store.facade import Store
from bot.store.migrate import SchemaError, check_current, migrate
from tests.postgres import Server

pytestmark = pytest.mark.postgres
GRANT = r"may not create tables.*GRANT USAGE, CREATE ON SCHEMA public"
MEMBERS_SECONDS = 2.5
"""Within the three that a platform waits."""


@pytest.fixture
async def tenant_url(postgres_server: Server, postgres_url: str) -> AsyncIterator[str]:
    """An empty database, for a user to whom nothing has been granted."""
    await postgres_server.execute("CREATE ROLE tenant LOGIN")
    yield postgres_url.replace("//crossroads", "//tenant")
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("DROP OWNED BY tenant")
    await connection.close()
    await postgres_server.execute("DROP ROLE tenant")


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    database = await PostgresDatabase.open(postgres_url)
    await migrate(database)
    yield database
    await database.close()


async def test_a_user_who_may_not_create_tables_is_told_what_to_grant(tenant_url: str) -> None:
    """By `migrate`, and by `run` and `doctor`, which would else send to it."""
    database = await PostgresDatabase.open(tenant_url)
    try:
        with pytest.raises(RefusedError, match=GRANT):
            await migrate(database)
        with pytest.raises(SchemaError, match=rf"python -m bot migrate.*{GRANT}"):
            await check_current(database)
    finally:
        await database.close()


async def test_whoever_looks_whether_tables_may_be_created_leaves_none(postgres_url: str) -> None:
    database = await PostgresDatabase.open(postgres_url)
    try:
        with pytest.raises(SchemaError, match=r"bot migrate` first$"):
            await check_current(database)
        found = await database.transact(lambda tx: tx.fetch(f"SELECT name FROM {tx.tables}"))
        assert "may_be_created" not in {row["name"] for row in found}
    finally:
        await database.close()


async def test_a_user_who_may_not_read_what_another_migrated_is_told_what_to_grant(
    postgres: PostgresDatabase, tenant_url: str
) -> None:
    database = await PostgresDatabase.open(tenant_url)
    try:
        with pytest.raises(RefusedError, match=r"may not use the tables.*GRANT SELECT, INSERT"):
            await database.transact(lambda tx: tx.fetch("SELECT * FROM members"))
    finally:
        await database.close()


async def test_backends_that_hang_leave_nobody_waiting_longer_than_a_platform_does(
    postgres: PostgresDatabase, postgres_server: Server, postgres_url: str
) -> None:
    """Twenty members at once: not one deadline after the other, and the pool is well afterwards."""
    await asyncio.gather(*(put(postgres, str(number)) for number in range(20)))
    stopped = await backends(postgres_server, postgres_url)
    assert stopped
    loop = asyncio.get_running_loop()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        began = loop.time()
        waits = (put(postgres, str(number)) for number in range(20))
        outcomes = await asyncio.gather(*waits, return_exceptions=True)
        took = loop.time() - began
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    assert any(isinstance(outcome, UnavailableError) for outcome in outcomes)
    assert all(outcome is None or isinstance(outcome, UnavailableError) for outcome in outcomes)
    assert took < 2 * MEMBERS_SECONDS  # in turn they would take many times that
    await put(postgres, "afterwards")


async def test_work_whose_backend_is_ended_is_done_once_more(
    postgres: PostgresDatabase, postgres_server: Server, postgres_url: str
) -> None:
    """Nothing was committed, so that nobody has to be told of it."""
    tries = 0

    async def work(transaction: Transaction) -> None:
        nonlocal tries
        tries += 1
        await Store(transaction).settings.set("tries", str(tries))
        if tries == 1:
            for pid in await backends(postgres_server, postgres_url):
                await postgres_server.execute(f"SELECT pg_terminate_backend({pid}, 5000)")

    await postgres.transact(work)
    assert tries == 2
    assert await postgres.transact(lambda tx: Store(tx).settings.get("tries")) == "2"


@pytest.mark.parametrize("query", ["sslmode=require", "channel_binding=require"])
async def test_a_server_without_tls_is_refused_where_tls_is_asked_for(
    postgres_url: str, query: str
) -> None:
    with pytest.raises(SettingError, match="speaks no TLS, and the address asks for it"):
        await open_database(Settings(database_url=f"{postgres_url}?{query}"))


async def test_a_server_without_tls_is_used_where_it_is_only_preferred(postgres_url: str) -> None:
    database = await open_database(Settings(database_url=f"{postgres_url}?sslmode=prefer"))
    await database.close()


async def put(database: PostgresDatabase, name: str) -> None:
    await database.transact(lambda tx: Store(tx).settings.set(name, name))


async def backends(server: Server, url: str) -> list[int]:
    """The server's processes that serve this test's database."""
    connection = await asyncpg.connect(server.url())
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1", url.rpartition("/")[2]
        )
        return [row["pid"] for row in rows]
    finally:
        await connection.close()
