"""What tests of the command line stand on: a directory of their own, and a database in it."""

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot import platforms
from bot.chat.event import Person
from bot.ops.doctor import examine
from bot.store.database import Transaction
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import migrate, migrations
from tests.configured import FIELDS

ANA = Person(platform="slack", tenant="T1", user="U1", zone="Europe/Berlin")
BO = Person(platform="slack", tenant="T1", user="U2")
NEWEST = migrations()[-1][0]


@pytest.fixture
def own_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logging_as_it_was: None) -> None:
    for name in FIELDS:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def members(own_directory: None) -> Path:
    """A database with two members in it, at the usual place."""
    path = Path("crossroads.db")
    asyncio.run(_meet(path))
    return path


async def _met(transaction: Transaction, person: Person, member: str) -> None:
    await Store(transaction).members.find_or_create(person, 100, member)


async def _meet(path: Path) -> None:
    database = await SQLiteDatabase.open(path)
    try:
        await migrate(database)
        for number, person in enumerate((ANA, BO)):
            await database.transact(partial(_met, person=person, member=f"m{number}"))
    finally:
        await database.close()


async def forget(path: Path, member: str) -> None:
    database = await SQLiteDatabase.open(path)
    try:
        await database.transact(lambda tx: Store(tx).privacy.forget(member, 10**9))
    finally:
        await database.close()


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT COUNT(*) FROM members").fetchone()[0])


@pytest.fixture
def damaged(members: Path) -> Path:
    """Most of the pages behind the schema hold nothing that SQLite would write."""
    with members.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (members.stat().st_size - 4096))
    return members


async def examined() -> tuple[bool, str]:
    """Whether the doctor is content, and what it said."""
    lines: list[str] = []
    return await examine(platforms.load, platforms.look, lines.append), "\n".join(lines)
