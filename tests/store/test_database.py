"""What a driver promises: all or nothing, whoever is cancelled, whoever else writes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Generator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.config.settings import SettingError, Settings
from bot.store import open_database
from bot.store.database import Database, Transaction, UnavailableError
from bot.store.drivers import sqlite
from bot.store.drivers.postgres import PostgresDatabase
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import SchemaError, check_current, migrate, migrations
from tests.postgres import Server
from tests.store.conftest import Open

PATIENCE_SECONDS = 10
LONG = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
    " SELECT COUNT(*) AS n FROM n"
)
"""A statement that takes a while on either server."""


async def setting(database: Database, name: str = "name") -> str | None:
    return await database.transact(lambda tx: Store(tx).settings.get(name))


async def put(database: Database, name: str, value: str) -> None:
    await database.transact(lambda tx: Store(tx).settings.set(name, value))


# Migrations


async def test_migrating_a_second_time_changes_nothing(another: Open) -> None:
    database, newest = await another(), migrations()[-1][0]
    assert await migrate(database) == (0, newest)
    assert await migrate(database) == (newest, newest)
    await check_current(database)


async def test_processes_that_migrate_at_once_do_not_collide(another: Open) -> None:
    processes = [await another() for _ in range(4)]
    steps = await asyncio.gather(*map(migrate, processes))
    assert {after for _, after in steps} == {migrations()[-1][0]}
    applied = await processes[0].transact(
        lambda tx: tx.fetch("SELECT COUNT(*) AS n FROM schema_versions")
    )
    assert applied[0]["n"] == len(migrations())


async def test_a_schema_newer_than_the_code_is_refused_in_words(database: Database) -> None:
    await database.transact(lambda tx: tx.run("INSERT INTO schema_versions (number) VALUES (9999)"))
    for open_it in (migrate, check_current):
        with pytest.raises(SchemaError, match=r"schema 9999, newer than .* upgrade Crossroads"):
            await open_it(database)


async def test_an_old_schema_is_refused_where_it_is_not_brought_up_to_date(another: Open) -> None:
    with pytest.raises(SchemaError, match="python -m bot migrate"):
        await check_current(await another())


async def test_a_migration_that_fails_leaves_nothing_behind(database: Database) -> None:
    async def half(transaction: Transaction) -> None:
        await transaction.run("CREATE TABLE half (id TEXT PRIMARY KEY)")
        await transaction.run("CREATE TABLE members (id TEXT PRIMARY KEY)")

    with pytest.raises(Exception, match="members"):
        await database.transact(half, alone=True)
    with pytest.raises(Exception, match="half"):
        await database.transact(lambda tx: tx.fetch("SELECT * FROM half"))


# Transactions


async def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    async def work(transaction: Transaction) -> None:
        await Store(transaction).settings.set("name", "half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transact(work)
    assert await setting(database) is None


async def test_work_whose_caller_is_cancelled_is_finished(database: Database) -> None:
    loop, begun = asyncio.get_running_loop(), asyncio.Event()

    async def work(transaction: Transaction) -> None:
        await Store(transaction).settings.set("name", "first half")
        loop.call_soon_threadsafe(begun.set)  # SQLite works on a thread of its own
        await transaction.fetch(LONG)
        await Store(transaction).settings.set("other", "second half")

    caller = asyncio.create_task(database.transact(work))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    async with asyncio.timeout(PATIENCE_SECONDS):
        while await setting(database, "other") is None:
            pass
    assert await setting(database) == "first half"


async def test_closing_waits_for_what_runs(another: Open) -> None:
    database = await another()
    await migrate(database)
    loop, begun = asyncio.get_running_loop(), asyncio.Event()

    async def work(transaction: Transaction) -> None:
        loop.call_soon_threadsafe(begun.set)
        await Store(transaction).settings.set("name", "kept")

    caller = asyncio.create_task(database.transact(work))
    await begun.wait()
    caller.cancel()
    await database.close()
    assert await setting(await another()) == "kept"


async def test_work_that_fails_takes_nothing_along_that_is_done_beside_it(
    database: Database,
) -> None:
    async def work(transaction: Transaction, number: int) -> None:
        await Store(transaction).settings.set(str(number), "kept")
        if number == 5:
            raise LookupError("in the midst of the others")

    works = (database.transact(partial(work, number=number)) for number in range(10))
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    failed = [type(outcome) for outcome in outcomes if outcome is not None]
    kept = [await setting(database, str(number)) for number in range(10)]
    assert failed == [LookupError]
    assert kept == ["kept" if number != 5 else None for number in range(10)]


async def test_two_writers_at_once_lose_nothing(another: Open) -> None:
    first, second = await another(), await another()
    await migrate(first)
    await first.transact(lambda tx: Store(tx).settings.set("count", "0"))

    async def add(transaction: Transaction) -> None:
        # An UPDATE takes the row before it is read, as all work of the store does.
        rows = await transaction.run(
            "UPDATE settings SET value = value WHERE name = 'count' RETURNING value"
        )
        await Store(transaction).settings.set("count", str(int(rows[0]["value"]) + 1))

    async def add_often(database: Database) -> None:
        for _ in range(20):
            await database.transact(add)

    await asyncio.gather(add_often(first), add_often(second))
    assert await setting(first, "count") == "40"


@pytest.mark.postgres
async def test_what_passes_by_itself_is_told_from_what_a_person_must_mend(
    postgres_server: Server, postgres_url: str
) -> None:
    """Whoever starts the bot waits for the one, and ends with status 2 for the other."""
    await postgres_server.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    try:
        crowded = postgres_url.replace("//crossroads", "//crowded")
        assert crowded != postgres_url
        with pytest.raises(UnavailableError, match="no connection left"):
            await open_database(Settings(database_url=crowded))
        stranger = postgres_url.replace("//crossroads", "//stranger")
        with pytest.raises(SettingError, match="refuses this user name"):
            await open_database(Settings(database_url=stranger))
    finally:
        await postgres_server.execute("DROP ROLE crowded")


# What is particular to SQLite


async def test_work_that_would_wait_for_something_else_is_refused(tmp_path: Path) -> None:
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    await migrate(database)

    async def work(transaction: Transaction) -> None:
        await Store(transaction).settings.set("name", "half")
        await Pause()

    with pytest.raises(RuntimeError, match="nothing but its statements"):
        await database.transact(work)
    assert await setting(database) is None
    await database.close()


async def test_what_waits_for_the_disk_shares_one_commit(tmp_path: Path) -> None:
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    await migrate(database)
    statements: list[str] = []
    await database._connection.set_trace_callback(statements.append)
    await asyncio.gather(*(put(database, str(number), "kept") for number in range(20)))
    assert statements.count("COMMIT") < 5
    assert [await setting(database, str(number)) for number in range(20)] == ["kept"] * 20
    await database.close()


async def test_a_full_disk_in_the_midst_is_told_to_all_whose_work_is_lost(tmp_path: Path) -> None:
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    await migrate(database)
    [row] = await database.transact(lambda tx: tx.fetch("PRAGMA page_count"))
    await database.transact(lambda tx: tx.fetch(f"PRAGMA max_page_count={row['page_count'] + 5}"))
    lengths = {"small": 10, "huge": 1_000_000, "last": 10}
    sets = (put(database, name, "x" * length) for name, length in lengths.items())
    outcomes = await asyncio.gather(*sets, return_exceptions=True)
    told = dict(zip(lengths, outcomes, strict=True))
    assert isinstance(told["huge"], UnavailableError)
    for name, outcome in told.items():
        assert (await setting(database, name) is not None) is (outcome is None)
    await database.close()


async def test_all_who_wait_for_a_file_that_another_holds_wait_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits as long as it may, and not again for those before it."""
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 0.5)
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    await migrate(database)
    loop, members = asyncio.get_running_loop(), 8 * sqlite._BATCH
    with closing(sqlite3.connect(tmp_path / "crossroads.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        began = loop.time()
        waits = (put(database, str(number), "kept") for number in range(members))
        outcomes = await asyncio.gather(*waits, return_exceptions=True)
        took = loop.time() - began
        assert {type(outcome) for outcome in outcomes} == {UnavailableError}
        assert took < 4 * 0.5  # turn after turn it would be eight times that

        waits_on = asyncio.create_task(put(database, "last", "kept"))
        await asyncio.sleep(0)  # it is in the line by now
        other.rollback()
    await waits_on
    assert await setting(database, "last") == "kept"
    assert await setting(database, "0") is None
    await database.close()


class Pause:
    """What `asyncio.sleep(0)` awaits."""

    def __await__(self) -> Generator[None, None, None]:
        yield


# What is particular to PostgreSQL


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    database = await PostgresDatabase.open(postgres_url)
    await migrate(database)
    yield database
    await database.close()


@pytest.mark.postgres
async def test_two_who_lock_crosswise_both_come_through(
    postgres: PostgresDatabase, postgres_url: str
) -> None:
    """PostgreSQL ends one of two that wait for each other; it is tried again."""
    first, second = postgres, await PostgresDatabase.open(postgres_url)
    await first.transact(lambda tx: _set(tx, "a", "b", "0"))

    await asyncio.gather(
        first.transact(lambda tx: _set(tx, "a", "b", "1")),
        second.transact(lambda tx: _set(tx, "b", "a", "2")),
    )
    assert await setting(first, "a") == await setting(first, "b")
    await second.close()


async def _set(transaction: Transaction, one: str, other: str, value: str) -> None:
    await Store(transaction).settings.set(one, value)
    await asyncio.sleep(0.05)  # long enough for the other one to hold its first row
    await Store(transaction).settings.set(other, value)


@pytest.mark.postgres
@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
async def test_both_spellings_of_the_address_open(postgres_url: str, scheme: str) -> None:
    url = f"{scheme}://{postgres_url.partition('://')[2]}"
    database = await open_database(Settings(database_url=url))
    try:
        assert await migrate(database) == (0, migrations()[-1][0])
    finally:
        await database.close()


@pytest.mark.postgres
async def test_a_connection_that_the_server_drops_is_an_unavailable_database(
    postgres: PostgresDatabase, postgres_server: Server
) -> None:
    async def work(transaction: Transaction) -> None:
        await Store(transaction).settings.set("name", "half")
        await postgres_server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'crossroads'"
        )
        await Store(transaction).settings.set("name", "whole")

    with pytest.raises(UnavailableError):
        await postgres.transact(work)
    assert await setting(postgres) is None  # and the pool has connected again


@pytest.mark.postgres
async def test_a_row_that_somebody_keeps_locked_is_an_unavailable_database(
    postgres: PostgresDatabase,
) -> None:
    await postgres.transact(lambda tx: Store(tx).settings.set("name", "old"))
    held, let_go = asyncio.Event(), asyncio.Event()

    async def hold(transaction: Transaction) -> None:
        await Store(transaction).settings.set("name", "held")
        held.set()
        await let_go.wait()

    holder = asyncio.create_task(postgres.transact(hold))
    await held.wait()
    with pytest.raises(UnavailableError, match="lock timeout"):
        await postgres.transact(lambda tx: Store(tx).settings.set("name", "mine"))
    let_go.set()
    await holder
    assert await setting(postgres) == "held"


@pytest.mark.postgres
async def test_a_character_that_postgres_cannot_hold_is_left_out(
    postgres: PostgresDatabase,
) -> None:
    await postgres.transact(lambda tx: Store(tx).settings.set("name", "no\0thing"))
    assert await setting(postgres) == "nothing"


@pytest.mark.postgres
async def test_an_address_that_cannot_be_used_is_refused_in_words(
    postgres_server: Server, unused_tcp_port: int
) -> None:
    nowhere = f"postgres://someone:hunter2@127.0.0.1:{unused_tcp_port}/crossroads"
    with pytest.raises(UnavailableError, match="cannot reach the server") as passing:
        await open_database(Settings(database_url=nowhere))
    assert "hunter2" not in str(passing.value)
    for url, said in (
        (postgres_server.url("not_there"), "no database of that name"),
        ("postgres://127.0.0.1:port/name", "not an address that PostgreSQL understands"),
    ):
        # What may pass by itself is no fault of the setting: the process can wait for it.
        kind = UnavailableError if url == nowhere else SettingError
        with pytest.raises(kind, match=said) as refused:
            await open_database(Settings(database_url=url))
        assert "DATABASE_URL" in str(refused.value)
        assert "hunter2" not in str(refused.value)


# What is particular to SQLite


async def test_a_file_that_cannot_be_opened_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is not a database, " * 100)
    for name, said in (("missing/file.db", "cannot open the file"), ("text.db", "the file is no")):
        with pytest.raises(SettingError, match=f"DATABASE_URL: {said}"):
            await open_database(Settings(database_url=f"sqlite:///{tmp_path / name}"))
