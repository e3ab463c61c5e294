"""Fills a database with members who each have a result, a plan, a quiz under way and a reminder.

One member comes to be through the core; the others are copies of those rows, with ids in order.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

from bot.core.handle import Core
from bot.pack.packs import Packs
from bot.records import Plan, PlanStep, Rule
from bot.store.database import Database, Transaction
from bot.store.facade import Store
from tests.stories import MONDAY, Chat, Clock, labels

TENANT = "T1"
_CHUNK = 10_000  # members
Table: TypeAlias = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def user(number: int) -> str:
    return f"U{number:07d}"


def session(number: int) -> str:
    return f"session-{number:07d}"


async def model(core: Core) -> dict[str, Table]:
    """Columns and rows of one member, by table, as the core writes them."""
    chat = Chat(core, user(0), platform="slack", tenant=TENANT, zone="Europe/Berlin")
    await chat.command("/quiz")
    while "See my result" not in labels(chat.card):
        await chat.press("A" if "A" in labels(chat.card) else "Skip")
    await chat.press("See my result")
    await chat.press("Take it again")
    await chat.press("Skip")

    async def settle(transaction: Transaction) -> dict[str, Table]:
        store, now = Store(transaction), int(MONDAY.timestamp())
        member = (await store.members.find_or_create(chat.person, now, "")).id
        template = core.packs.first.templates[0]
        day = MONDAY.date()
        plan = Plan(
            id="plan", pack=core.packs.first.id, pack_version=core.packs.first.version,
            start=template.start, role=template.role, hours=8, started_on=day, anchor_on=day,
            anchored_at=now, target_on=day + timedelta(weeks=30), state="active", paused_on=None,
            steps=tuple(PlanStep(step.id) for step in template.steps),
        )  # fmt: skip
        rule = Rule("rule", "slack", TENANT, user(0), 0, 540, "Europe/Berlin", next_at=now + 10**6)
        await store.plans.start(member, plan, now)
        await store.reminder_rules.save(member, rule, now)
        kept = await Store(transaction).privacy.export(member)
        return {
            table: (tuple(rows[0]), [tuple(row.values()) for row in rows])
            for table, rows in kept.items()
            if rows
        }

    return await core.database.transact(settle)


def copies(rows: dict[str, Table], first: int, last: int) -> Iterator[dict[str, Table]]:
    """The rows of members `first` to `last`, in portions."""
    old = _prefixes(rows)
    stamps = {
        table: (columns, [_stamp(row, old) for row in found])
        for table, (columns, found) in rows.items()
    }
    for begin in range(first, last, _CHUNK):
        numbers = range(begin, min(begin + _CHUNK, last))
        yield {
            table: (columns, [stamp(number) for number in numbers for stamp in found])
            for table, (columns, found) in stamps.items()
        }


def _prefixes(rows: dict[str, Table]) -> dict[object, str]:
    """What stands before the number of a member in place of each of the model's ids."""
    (_, (whole,)) = rows["members"]
    (columns, (run,)), (_, (talk,)) = rows["quiz_runs"], rows["sessions"]
    ids = {whole[0]: "member", run[columns.index("id")]: "run", talk[0]: "session"}
    ids |= {"plan": "plan", "rule": "rule"}
    return {user(0): "U", **{value: f"{kind}-" for value, kind in ids.items()}}


def _stamp(row: tuple[Any, ...], old: dict[object, str]) -> Callable[[int], tuple[Any, ...]]:
    """Makes the row of another member."""
    places = [(i, old[v]) for i, v in enumerate(row) if v in old]

    def stamp(number: int) -> tuple[Any, ...]:
        copied, digits = list(row), f"{number:07d}"
        for place, prefix in places:
            copied[place] = prefix + digits
        return tuple(copied)

    return stamp


async def fill_sqlite(path: Path, database: Database, core: Core, count: int) -> None:
    """Make the database hold `count` members; it must be new."""
    rows = await _cleared(database, core)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        for portion in copies(rows, 0, count):
            connection.execute("BEGIN")
            for table, (columns, values) in portion.items():
                marks = ", ".join("?" * len(columns))
                sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
                connection.executemany(sql, values)
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")


async def fill_postgres(url: str, database: Database, core: Core, count: int) -> None:
    """Make the database hold `count` members; it must be new. The server copies the rows itself."""
    rows = await _cleared(database, core)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            # The rows agree with each other: nobody needs to look millions of references up.
            await connection.execute("SET LOCAL session_replication_role = replica")
            # What is truncated and filled in one transaction need not go through the log.
            await connection.execute(f"TRUNCATE {', '.join(rows)} CASCADE")
            kinds = await _kinds(connection)
            async with _index_later(connection, "plan_steps"):
                for table, (columns, found) in rows.items():
                    insert = _insert(table, columns, found, kinds, _prefixes(rows))
                    for first in range(0, count, _CHUNK):
                        await connection.execute(insert, first, min(first + _CHUNK, count) - 1)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _kinds(connection: Any) -> dict[tuple[str, str], str]:
    """The type of each column of each table."""
    found = await connection.fetch(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
    )
    return {(row["table_name"], row["column_name"]): row["data_type"] for row in found}


@asynccontextmanager
async def _index_later(connection: Any, table: str) -> AsyncIterator[None]:
    """Build the index of the one table that holds most rows when all of them are there."""
    key = await connection.fetchrow(
        "SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
        " WHERE conrelid = $1::text::regclass AND contype = 'p'",
        table,
    )
    await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key['name']}")
    yield
    await connection.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {key['name']} {key['definition']}"
    )


def _insert(
    table: str,
    columns: tuple[str, ...],
    found: list[tuple[Any, ...]],
    kinds: dict[tuple[str, str], str],
    old: dict[object, str],
) -> str:
    """The statement that adds the rows of members number $1 to $2, one member after the other."""
    values = []
    for place, column in enumerate(columns):
        copied = [row[place] for row in found]
        listed = ", ".join(_literal(old.get(value, value)) for value in copied)
        # A column is stamped in all rows of a table or in none.
        stamp = " || lpad(number::text, 7, '0')" if copied[0] in old else ""
        values.append(f"unnest(ARRAY[{listed}]::{kinds[table, column]}[]){stamp}")
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
        " FROM generate_series($1::bigint, $2::bigint) AS number"
    )


def _literal(value: object) -> str:
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


async def _cleared(database: Database, core: Core) -> dict[str, Table]:
    """The rows to copy; the member that they came from is gone."""
    rows = await model(core)
    await database.transact(lambda tx: tx.run("DELETE FROM members"))
    return rows


def still(core_database: Database, pack: Any) -> Core:
    """A core whose clock stands where the members came to be."""
    return Core(core_database, Packs((pack,)), Clock(MONDAY))
