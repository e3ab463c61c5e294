"""However many members there are: no statement of a press reads a whole table."""

from pathlib import Path

import pytest

from bot.pack.model import Pack
from bot.store.database import Database
from bot.store.drivers.postgres import PostgresDatabase
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import migrate
from tests.bench import _members
from tests.bench.scale import Community, scans
from tests.stories import Chat

MEMBERS = 300


async def test_a_press_and_progress_go_by_indexes(
    database: SQLiteDatabase, pack: Pack, tmp_path: Path
) -> None:
    core = _members.still(database, pack)
    await _members.fill_sqlite(tmp_path / "crossroads.db", database, core, MEMBERS)
    counts = await database.transact(lambda tx: tx.fetch("SELECT COUNT(*) AS n FROM members"))
    assert counts[0]["n"] == MEMBERS
    community = Community(database, pack, MEMBERS)
    (talk,) = await database.transact(lambda tx: tx.fetch("SELECT turn FROM sessions LIMIT 1"))
    community.first_turn = int(talk["turn"])
    assert await scans(community, "EXPLAIN QUERY PLAN", "SCAN ") == []
    assert any("plan_steps" in sql for sql in community.watched.statements)
    assert any("UPDATE sessions" in sql for sql in community.watched.statements)


async def test_a_full_scan_would_be_noticed(
    database: SQLiteDatabase, pack: Pack, tmp_path: Path
) -> None:
    core = _members.still(database, pack)
    await _members.fill_sqlite(tmp_path / "crossroads.db", database, core, MEMBERS)
    await database.transact(lambda tx: tx.run("DROP INDEX quiz_runs_member"))
    community = Community(database, pack, MEMBERS)
    (talk,) = await database.transact(lambda tx: tx.fetch("SELECT turn FROM sessions LIMIT 1"))
    community.first_turn = int(talk["turn"])
    (found,) = await scans(community, "EXPLAIN QUERY PLAN", "SCAN ")
    assert "quiz_runs" in found


async def test_the_copies_are_what_the_store_itself_writes_on_sqlite(
    database: SQLiteDatabase, pack: Pack, tmp_path: Path
) -> None:
    core = _members.still(database, pack)
    written = await _members.model(core)
    await database.transact(lambda tx: tx.run("DELETE FROM members"))
    await _members.fill_sqlite(tmp_path / "crossroads.db", database, core, 3)
    await agree(database, pack, written)


@pytest.mark.postgres
async def test_the_copies_are_what_the_store_itself_writes_on_postgres(
    postgres_url: str, pack: Pack
) -> None:
    database = await PostgresDatabase.open(postgres_url)
    try:
        await migrate(database)
        core, indexes = _members.still(database, pack), await indexed(database)
        written = await _members.model(core)
        await database.transact(lambda tx: tx.run("DELETE FROM members"))
        await _members.fill_postgres(postgres_url, database, core, 3)
        await agree(database, pack, written)
        assert await indexed(database) == indexes
    finally:
        await database.close()


async def indexed(database: Database) -> list[object]:
    rows = await database.transact(
        lambda tx: tx.fetch("SELECT indexdef FROM pg_indexes ORDER BY indexdef")
    )
    return [row["indexdef"] for row in rows]


async def agree(database: Database, pack: Pack, written: dict[str, _members.Table]) -> None:
    """Each copy is the model but for the ids, whole by its references, and can be worked with."""
    model = {table: values for table, (_, values) in written.items()}
    ids = {str(value) for value in _members._prefixes(written)}
    for number in range(3):
        kept = await database.transact(
            lambda tx, member=f"member-{number:07d}": Store(tx).privacy.export(member)  # type: ignore[misc]
        )
        assert {table: tuple(rows[0]) for table, rows in kept.items() if rows} == {
            table: columns for table, (columns, _) in written.items()
        }
        for table, rows in model.items():
            copies = [tuple(row.values()) for row in kept[table]]
            assert sorted(map(repr, without(copies, f"{number:07d}"))) == sorted(
                map(repr, without(rows, *ids))
            )
    ana = Chat(_members.still(database, pack), _members.user(2), platform="slack", tenant="T1")
    await ana.command("/progress")
    assert "0 of " in ana.said
    await ana.command("/quiz")
    assert "You have an unfinished quiz" in ana.card.title + ana.said


def without(rows: list[tuple[object, ...]], *endings: str) -> list[tuple[object, ...]]:
    return [
        tuple("id" if isinstance(v, str) and v.endswith(endings) else v for v in row)
        for row in rows
    ]
