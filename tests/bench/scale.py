"""A quiz press and `/progress` with 1 000 and with 100 000 members, on SQLite and PostgreSQL.

`--members N` takes another number for the large database, `--only sqlite` or `postgres` one driver.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bot.chat.actions import Back, Skip, Ticket
from bot.chat.event import Command, Event, Input, Person, Place, Press
from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.model import Pack
from bot.store.database import Database, Row, T, Transaction
from bot.store.drivers.postgres import PostgresDatabase
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate
from tests import postgres
from tests.bench import _members

SMALL, LARGE = 1_000, 100_000
ROUNDS, WARM_UP = 3_000, 500
PLACE = Place(tenant=_members.TENANT, channel="C1")


class Watched:
    """A database that remembers each statement with values to explain it by."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.statements: dict[str, dict[str, object]] = {}

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        return await self._database.transact(
            lambda tx: work(_Heard(tx, self)), alone=alone, patient=patient
        )

    async def close(self) -> None:
        await self._database.close()


class _Heard:
    def __init__(self, transaction: Transaction, watched: Watched) -> None:
        self._transaction, self._watched = transaction, watched
        self.tables = transaction.tables

    async def fetch(self, sql: str, /, **values: object) -> Any:
        self._watched.statements[sql] = values
        return await self._transaction.fetch(sql, **values)

    async def run(self, sql: str, /, **values: object) -> Any:
        self._watched.statements[sql] = values
        return await self._transaction.run(sql, **values)

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, object]], /) -> None:
        await self._transaction.run_many(sql, rows)


class Community:
    """A database with `size` members, of whom any may press."""

    def __init__(self, database: Database, pack: Pack, size: int) -> None:
        self.watched = Watched(database)
        self.core, self.plain = (
            _members.still(self.watched, pack),
            _members.still(database, pack),
        )
        self.size = size
        self._turns: dict[int, int] = {}
        self._draw = random.Random(size)

    async def press(self, core: Core) -> float:
        """Seconds of one press in a quiz: skip the second question, or go back to it."""
        number = self._draw.randrange(self.size)
        turn = self._turns.get(number, self.first_turn)
        ticket = Ticket(_members.session(number), turn)
        self._turns[number] = turn + 1
        ahead = (turn - self.first_turn) % 2 == 0
        field = core.packs.first.quiz.questions[1].id
        return await self._timed(
            core, number, Press(action=Skip(ticket, field) if ahead else Back(ticket))
        )

    async def progress(self, core: Core) -> float:
        return await self._timed(core, self._draw.randrange(self.size), Command(name="progress"))

    async def _timed(self, core: Core, number: int, arrived: Input) -> float:
        person = Person(platform="slack", tenant=_members.TENANT, user=_members.user(number))
        event = Event(id="1", person=person, place=PLACE, input=arrived)
        began = time.perf_counter()
        reply = await core.handle(event)
        took = time.perf_counter() - began
        assert "again" not in reply.show.title.lower(), reply.show.title
        assert "over" not in reply.show.title, reply.show.title
        return took

    first_turn = 0


async def compare(
    small: Community, large: Community, what: str, write: Callable[[str], object]
) -> None:
    """Press in turns here and there, so that the machine's moods strike both alike."""
    times: dict[int, list[float]] = {small.size: [], large.size: []}
    for number in range(WARM_UP + ROUNDS):
        for community in (small, large):
            act = community.press if what == "quiz press" else community.progress
            took = await act(community.plain)
            if number >= WARM_UP:
                times[community.size].append(took)
    few, many = (_figures(times[one.size]) for one in (small, large))
    ratios = [b / a for a, b in zip(few, many, strict=True)]
    write(
        f"  {what:11} p50 {few[0]:6.2f} → {many[0]:6.2f} ms ({ratios[0]:.2f} ×),"
        f" p99 {few[1]:6.2f} → {many[1]:6.2f} ms ({ratios[1]:.2f} ×)"
    )


def _figures(times: list[float]) -> tuple[float, float]:
    return median(times) * 1000, quantiles(times, n=100)[98] * 1000


async def scans(community: Community, explain: str, sign: str) -> list[str]:
    """Statements of a press and of `/progress` that read a whole table."""
    await community.press(community.core)
    await community.progress(community.core)
    found = []
    for sql, values in list(community.watched.statements.items()):
        rows: list[Row] = list(
            await community.plain.database.transact(
                lambda tx, sql=sql, values=values: tx.fetch(f"{explain} {sql}", **values)  # type: ignore[misc]
            )
        )
        found += [
            f"{sql[:60]}…: {row}" for row in rows if any(sign in str(v) for v in row.values())
        ]
    return found


async def on_sqlite(pack: Pack, sizes: tuple[int, int], write: Callable[[str], object]) -> None:
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        communities = []
        for size in sizes:
            path = directory / f"{size}.db"
            database = await SQLiteDatabase.open(path)
            stack.push_async_callback(database.close)
            await migrate(database)
            began = time.perf_counter()
            await _members.fill_sqlite(path, database, _members.still(database, pack), size)
            write(_filled(size, began, path.stat().st_size))
            communities.append(Community(database, pack, size))
        os.sync()  # or the first presses wait until all those members are on disk
        await _measure(communities, "EXPLAIN QUERY PLAN", "SCAN ", write)


async def on_postgres(pack: Pack, sizes: tuple[int, int], write: Callable[[str], object]) -> None:
    with postgres.running() as server:
        async with AsyncExitStack() as stack:
            communities = []
            for size in sizes:
                url = await server.create()
                database = await PostgresDatabase.open(url)
                stack.push_async_callback(database.close)
                await migrate(database)
                began = time.perf_counter()
                await _members.fill_postgres(url, database, _members.still(database, pack), size)
                (row,) = await database.transact(
                    lambda tx: tx.fetch("SELECT pg_database_size(current_database()) AS bytes")
                )
                write(_filled(size, began, int(row["bytes"])))
                communities.append(Community(database, pack, size))
            await _measure(communities, "EXPLAIN", "Seq Scan", write)


def _filled(size: int, began: float, in_all: int) -> str:
    took = time.perf_counter() - began
    return f"  {size:9,} members made in {took:.0f} s, {in_all / size:,.0f} bytes each"


async def _measure(
    communities: list[Community], explain: str, sign: str, write: Callable[[str], object]
) -> None:
    small, large = communities
    for community in communities:
        rows = await community.plain.database.transact(
            lambda tx: tx.fetch("SELECT turn FROM sessions LIMIT 1")
        )
        community.first_turn = int(rows[0]["turn"])
    for what in ("quiz press", "/progress"):
        await compare(small, large, what, write)
    found = await scans(large, explain, sign)
    write(
        "  no statement reads a whole table"
        if not found
        else "  full scans:\n   " + "\n   ".join(found)
    )


def main(write: Callable[[str], object] = print) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--members", type=int, default=LARGE)
    options.add_argument("--only", choices=("sqlite", "postgres"))
    given = options.parse_args()
    pack, sizes = load(default_pack_path()), (SMALL, given.members)
    drivers = {"sqlite": on_sqlite, "postgres": on_postgres}
    for name, drive in drivers.items():
        if given.only in (None, name):
            write(f"{name}, {sizes[0]:,} → {sizes[1]:,} members")
            asyncio.run(drive(pack, sizes, write))


if __name__ == "__main__":
    main()
