"""However many members there are: no statement of a press reads a whole table."""

from pathlib import Path

from bot.content import Pack
from bot.store.sqlite import SQLiteDatabase
from tests.bench import _members
from tests.bench.scale import Community, scans

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
    await database.transact(lambda tx: tx.fetch("DROP INDEX quiz_runs_member"))
    community = Community(database, pack, MEMBERS)
    (talk,) = await database.transact(lambda tx: tx.fetch("SELECT turn FROM sessions LIMIT 1"))
    community.first_turn = int(talk["turn"])
    (found,) = await scans(community, "EXPLAIN QUERY PLAN", "SCAN ")
    assert "quiz_runs" in found
