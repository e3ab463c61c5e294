"""Whoever deleted their data stays deleted whatever backup comes back, over both drivers."""

import hashlib
from collections.abc import Awaitable, Callable

import pytest

from bot.chat.event import Person
from bot.ops import erasure
from bot.ops.erasure import erase_again
from bot.store.database import Database, T, Transaction, UnavailableError
from bot.store.facade import Store
from tests.store.test_store import ANA, BO, meet
from tests.store.test_upkeep import forget, kept, settle_in, tombstones


def digest(person: Person) -> str:
    whose = f"{person.platform}\0{person.tenant}\0{person.user}"
    return hashlib.sha256(whose.encode()).hexdigest()


async def many(database: Database, count: int) -> list[Person]:
    people = [Person(platform="slack", tenant="T1", user=f"U{n:03d}") for n in range(count)]

    async def arrive(transaction: Transaction) -> None:
        for person in people:
            await Store(transaction).members.find_or_create(person, 100, f"of-{person.user}")

    await database.transact(arrive)
    return people


async def left(database: Database) -> int:
    return (await database.transact(lambda tx: Store(tx).overview.counts(100)))["members"]


class Strained:
    """A database that counts how much one statement reads, and that is away after so many turns."""

    def __init__(self, database: Database, turns: int = 10**9) -> None:
        self._database, self._turns = database, turns
        self.most = 0

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        assert patient, "no member waits for this"
        self._turns -= 1
        if self._turns < 0:
            raise UnavailableError("the machine is going down")
        outcome = await self._database.transact(work, alone=alone, patient=patient)
        if isinstance(outcome, list | dict):
            self.most = max(self.most, len(outcome))
        return outcome

    async def close(self) -> None:
        await self._database.close()


async def test_a_backup_does_not_bring_back_who_was_forgotten_after_it(
    database: Database,
) -> None:
    await settle_in(database)
    await meet(database, BO, "m2")
    assert await erase_again(database, {digest(ANA): 500}) == 1
    assert await kept(database) == {}
    assert await kept(database, "m2") != {}
    assert await tombstones(database) == {digest(ANA): 500}
    assert await erase_again(database, {digest(ANA): 500}) == 0


async def test_whoever_came_back_of_their_own_will_stays(database: Database) -> None:
    await settle_in(database)
    await forget(database, "m1", 50)
    await settle_in(database)  # at 100
    assert await erase_again(database, {}) == 0
    assert await kept(database) != {}


async def test_a_later_tombstone_counts(database: Database) -> None:
    await erase_again(database, {"x": 5})
    await erase_again(database, {"x": 9, "y": 1})
    await erase_again(database, {"x": 7})
    assert await tombstones(database) == {"x": 9, "y": 1}


async def test_a_big_community_is_looked_through_a_portion_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "PORTION", 7)
    monkeypatch.setattr(erasure, "KNOWN", 5)
    people = await many(database, 50)
    dead = {digest(person): 500 for person in people[::4]}
    strained = Strained(database)
    assert await erase_again(strained, dead) == len(dead) == 13
    assert await left(database) == 50 - 13
    assert strained.most == 7


async def test_what_was_broken_off_is_finished_by_the_next_run(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "PORTION", 7)
    people = await many(database, 50)
    dead = {digest(person): 500 for person in people[::4]}
    with pytest.raises(UnavailableError):
        await erase_again(Strained(database, turns=8), dead)
    remaining = await left(database)
    assert 50 - len(dead) < remaining < 50, "some are gone already, not all of them"
    assert await erase_again(database, {}) == remaining - (50 - len(dead))
    assert await left(database) == 50 - len(dead)
