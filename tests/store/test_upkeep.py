"""A member can be shown and forgotten whole, over both drivers."""

import re
from datetime import date
from pathlib import Path

from bot.chat.event import Person
from bot.records import Recall, Rule, Trial, Tried
from bot.store.database import Database
from bot.store.facade import Store
from bot.store.privacy import OF_A_MEMBER
from bot.store.queue.deliveries import NewDelivery
from tests.store.schema import tables
from tests.store.test_store import ANA, BO, PLAN, QUIZ, RUN, meet, on

DAY = 24 * 60 * 60
# Settings of the bot, tenants, what came once: no column of these tells of a member.
OF_NOBODY = {
    *("settings", "tenants", "shares", "send_lanes", "installs", "oauth_states"),
    *("tombstones",),  # a digest, which says by itself why it stays
}


async def settle_in(database: Database, person: Person = ANA, member: str = "m1") -> None:
    """A member of whom every table holds something."""
    await meet(database, person, member)
    await on(database, lambda s: s.conversations.begin, QUIZ, 100)
    await on(database, lambda s: s.quiz_runs.save, member, RUN)
    await on(database, lambda s: s.plans.start, member, PLAN, 100)
    recall = Recall(
        "ai-vs-ml", "ai-rag-docs", date(2026, 11, 23), 100, "good", 2.5, 4.0, 1, date(2026, 11, 25)
    )
    await on(database, lambda s: s.practice.save, member, recall)
    await on(database, lambda s: s.practice.set_interview, member, "ai-vs-ml", date(2026, 12, 1))
    trial = Trial("trial", "ai-vs-ml", "software", date(2026, 11, 23))
    await on(database, lambda s: s.tasters.begin, member, trial, 100)
    tried = Tried("ai-first-call", "ai", date(2026, 11, 24), "so-so", "yes")
    await on(database, lambda s: s.tasters.rate, "trial", tried)
    rule = Rule("rule", "slack", "T1", "U1", 0, 540, "Europe/Berlin", next_at=500)
    await on(database, lambda s: s.reminder_rules.save, member, rule, 100)
    new = NewDelivery("delivery", rule, date(2026, 11, 23), 500, 500)
    await database.transact(lambda tx: Store(tx).deliveries.enqueue([new], 100))


async def kept(database: Database, member: str = "m1") -> dict[str, int]:
    exported = await database.transact(lambda tx: Store(tx).privacy.export(member))
    return {table: len(rows) for table, rows in exported.items() if rows}


async def forget(database: Database, member: str, now: int) -> None:
    await database.transact(lambda tx: Store(tx).privacy.forget(member, now))


async def rows_in(database: Database, table: str) -> int:
    rows = await database.transact(lambda tx: tx.fetch(f"SELECT COUNT(*) AS n FROM {table}"))
    return int(rows[0]["n"])


async def tombstones(database: Database) -> dict[str, int]:
    return await database.transact(lambda tx: Store(tx).privacy.tombstones("", 10))


def test_no_table_that_hangs_on_a_member_is_left_out() -> None:
    """Whoever adds a table must say how its rows are shown to the member."""
    hanging, before, there = {"members"}, set[str](), tables()
    while hanging != before:
        before = set(hanging)
        for table, columns in there.items():
            if set(re.findall(r"REFERENCES (\w+)", columns)) & hanging:
                hanging.add(table)
    assert set(OF_A_MEMBER) == hanging
    assert set(there) - hanging == OF_NOBODY, "a new table: whose rows are they?"
    for table in OF_NOBODY:
        assert not re.search(r"\b(member|user)", there[table]), table


async def test_the_documentation_of_the_export_names_every_column(database: Database) -> None:
    page = (Path(__file__).parents[2] / "docs" / "data-export.md").read_text("utf-8")
    described = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))
    assert set(described) == set(OF_A_MEMBER)
    for table, description in described.items():
        columns = await columns_of(database, table)
        assert {name for name in columns if f"`{name}`" not in description} == set(), table


async def columns_of(database: Database, table: str) -> set[str]:
    """The columns of a table, also of an empty one."""
    rows = await database.transact(
        lambda tx: tx.fetch(f"SELECT one.* FROM (SELECT 1) AS n LEFT JOIN {table} one ON 1 = 1")
    )
    return set(rows[0])


async def test_all_that_is_kept_of_a_member_is_found_and_nothing_of_others(
    database: Database,
) -> None:
    await settle_in(database)
    await meet(database, BO, "m2")
    assert await kept(database) == dict.fromkeys(OF_A_MEMBER, 1) | {"plan_steps": 3}
    assert await kept(database, "m2") == {"members": 1, "identities": 1}


async def test_a_member_who_is_forgotten_leaves_a_digest(database: Database) -> None:
    await settle_in(database)
    await meet(database, BO, "m2")
    await forget(database, "m1", 500)
    for table in set(OF_A_MEMBER) - {"members", "identities"}:
        assert await rows_in(database, table) == 0
    assert await kept(database) == {}
    assert await kept(database, "m2") != {}
    left = await tombstones(database)
    assert list(left.values()) == [500]
    assert not any(part in mark for mark in left for part in ("U1", "T1", "slack"))


async def test_a_workspace_that_removed_the_bot_is_purged_in_portions(database: Database) -> None:
    for number in range(5):
        person = Person(platform="slack", tenant="T1", user=f"U{number}")
        await meet(database, person, f"m{number}")
    await meet(database, BO, "bo")
    await on(database, lambda s: s.tenants.set, "slack", "T1", "removed", 1000)

    async def purge(before: int) -> int:
        return await database.transact(lambda tx: Store(tx).tenants.purge(before, 2))

    assert await purge(1000) == 0
    rounds = 0
    while await purge(1001):
        rounds += 1
    assert rounds == 3
    counts = await database.transact(lambda tx: Store(tx).overview.counts(100 + 40 * DAY))
    assert counts["members"] == 1


async def test_a_workspace_that_came_back_is_not_purged(database: Database) -> None:
    await settle_in(database)
    await on(database, lambda s: s.tenants.set, "slack", "T1", "removed", 10)
    await on(database, lambda s: s.tenants.set, "slack", "T1", "active", 20)
    assert await database.transact(lambda tx: Store(tx).tenants.purge(10**9, 2)) == 0
    assert await kept(database) != {}


async def test_what_came_once_is_forgotten_after_a_time(database: Database) -> None:
    await on(database, lambda s: s.marks.first, "old", 10)
    await on(database, lambda s: s.marks.first, "new", 30)
    await database.transact(lambda tx: Store(tx).marks.purge(20))
    assert await on(database, lambda s: s.marks.first, "old", 40)
    assert not await on(database, lambda s: s.marks.first, "new", 40)


async def test_the_counts_tell_who_is_there_and_what_they_did(database: Database) -> None:
    await settle_in(database)
    counts = await database.transact(lambda tx: Store(tx).overview.counts(200))
    assert counts == {
        "members": 1,
        "members seen in the last 30 days": 1,
        "quizzes finished": 1,
        "plans under way": 1,
        "steps done": 0,
        "reminders set up": 1,
        "reminders sent": 0,
    }
    assert (await database.transact(lambda tx: Store(tx).overview.counts(100 + 31 * DAY)))[
        "members seen in the last 30 days"
    ] == 0


async def test_nothing_is_due_where_there_are_no_reminders(database: Database) -> None:
    assert await database.transact(lambda tx: Store(tx).overview.oldest_due(10**9)) is None
