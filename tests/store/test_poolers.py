"""A real PgBouncer stands before the database, as at most hosts."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.drivers.postgres import OpenError, PostgresDatabase
from bot.store.migrate import migrate
from tests import pgbouncer
from tests.postgres import Server
from tests.store.presses import MEMBERS

pytestmark = pytest.mark.postgres
PATIENCE_SECONDS = 60
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=["session", "transaction"])
def pooler(request: pytest.FixtureRequest, postgres_server: Server) -> Iterator[Server]:
    with pgbouncer.running(postgres_server, request.param) as pooler:
        yield pooler


def through(pooler: Server, url: str) -> str:
    return pooler.url(url.rpartition("/")[2])


async def pressing(url: str, name: str) -> int:
    command = (sys.executable, "-m", "tests.store.presses", url, name)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    return int(said)


async def test_two_processes_migrate_and_press_at_once(pooler: Server, postgres_url: str) -> None:
    """Prepared statements that one names would be run by the other, where sessions are shared."""
    url = through(pooler, postgres_url)
    kept = await asyncio.gather(pressing(url, "first"), pressing(url, "second"))
    assert list(kept) == [MEMBERS, MEMBERS]


async def test_nothing_set_in_a_transaction_stays_with_the_session(
    pooler: Server, postgres_url: str
) -> None:
    database = await PostgresDatabase.open(through(pooler, postgres_url))
    try:
        await migrate(database)
        async with database._pool.acquire() as connection, connection.transaction():
            left = await connection.fetchrow(
                "SELECT pg_catalog.current_setting('statement_timeout') AS statement,"
                " pg_catalog.current_setting('lock_timeout') AS lock, (SELECT COUNT(*)"
                " FROM pg_catalog.pg_locks WHERE locktype = 'advisory') AS locks"
            )
        assert left
        assert dict(left) == {"statement": "0", "lock": "0", "locks": 0}
    finally:
        await database.close()


async def test_a_startup_option_that_a_pooler_refuses_is_named(
    pooler: Server, postgres_url: str
) -> None:
    url = f"{through(pooler, postgres_url)}?options=-c%20geqo%3Doff"
    with pytest.raises(OpenError, match=r"refuses options.*ignore_startup_parameters"):
        await PostgresDatabase.open(url)


async def test_a_pooler_is_not_asked_which_of_several_servers_takes_writes(
    pooler: Server, postgres_url: str
) -> None:
    hosts = f"127.0.0.1:{pooler.port},127.0.0.1:{pooler.port}"
    url = f"postgresql://crossroads@{hosts}/{postgres_url.rpartition('/')[2]}"
    with pytest.raises(OpenError, match=r"target_session_attrs.*name one pooler"):
        await PostgresDatabase.open(f"{url}?target_session_attrs=read-write")
    database = await PostgresDatabase.open(url)
    await database.close()


async def test_a_pooler_in_statement_mode_is_refused(
    postgres_server: Server, postgres_url: str
) -> None:
    with pgbouncer.running(postgres_server, "statement") as pooler:
        with pytest.raises(OpenError, match=r"statement mode.*pool_mode = transaction") as refused:
            await PostgresDatabase.open(through(pooler, postgres_url))
        assert not refused.value.passing
