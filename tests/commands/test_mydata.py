"""A member sees what is kept of them, takes it along, and has it deleted."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.actions import Ticket
from bot.chat.event import Person, Place
from bot.chat.parts import Listing
from bot.chat.reply import Message
from bot.commands import mydata
from bot.commands.context import Context
from bot.core.handle import Core
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.records import Member
from bot.store.drivers.sqlite import SQLiteDatabase
from tests.stories import MONDAY, Chat, labels, rows

TABLES = ("members", "identities", "sessions", "quiz_runs", "plans", "plan_steps")
HOSTILE = "```<!channel> @everyone & <b>"


@pytest.fixture
def ana(core: Core) -> Chat:
    return Chat(core, "ana-on-slack", platform="slack", tenant="T1", zone="Europe/Berlin")


async def finish_the_quiz(chat: Chat) -> None:
    await chat.command("/quiz")
    while "See my result" not in labels(chat.card):
        await chat.press("A" if "A" in labels(chat.card) else "Skip")
    await chat.press("See my result")


def listing(card: Message) -> str:
    return next(part.text for part in card.parts if isinstance(part, Listing))


async def whole_export(chat: Chat) -> dict[str, list[dict[str, object]]]:
    """What a member gets who copies part after part."""
    await chat.command("/crossroads mydata export")
    tables: dict[str, list[dict[str, object]]] = {}
    parts = 0
    while True:
        document = json.loads(listing(chat.card))
        parts += 1
        assert document.pop("part") == parts
        of = document.pop("parts")
        assert document.pop("exported_at") == "2026-11-23T08:00:00+00:00"
        for table, found in document.items():
            tables.setdefault(table, []).extend(found)
        if parts == of:
            return tables
        await chat.press("Next part")


def counted(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as database:
        return {
            table: database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
            for table in TABLES
        }


async def test_whoever_asks_is_told_what_is_kept(ana: Chat) -> None:
    await finish_the_quiz(ana)
    await ana.command("/crossroads mydata")
    assert ana.card.title == "What I know about you"
    assert "Slack account" in ana.said
    assert "Europe/Berlin" in ana.said
    assert rows(ana.card)["Quiz results"] == "1"
    assert rows(ana.card)["Plans"] == "0"
    assert ana.card.audience == "asker"


async def test_the_export_is_complete_and_the_members_alone(
    ana: Chat, core: Core, tmp_path: Path
) -> None:
    await finish_the_quiz(ana)
    await finish_the_quiz(Chat(core, "bo", platform="slack", tenant="T1"))
    exported = await whole_export(ana)
    (account,) = exported["identities"]
    assert account["user_id"] == "ana-on-slack"
    assert account["member_id"] == exported["members"][0]["id"]
    assert len(exported["quiz_runs"][0]["answers"]) == 9  # type: ignore[arg-type]
    in_all = counted(tmp_path / "crossroads.db")
    assert {table: len(found) * 2 for table, found in exported.items() if found} == {
        table: number for table, number in in_all.items() if number
    }


async def test_the_parts_can_be_turned_both_ways(ana: Chat) -> None:
    for _ in range(14):
        await finish_the_quiz(ana)
    await ana.command("/crossroads mydata")
    await ana.press("Export as JSON")
    first = ana.said
    assert "Previous part" not in labels(ana.card)
    await ana.press("Next part")
    assert ana.said != first
    await ana.press("Previous part")
    assert ana.said == first
    await ana.press("Back")
    assert ana.card.title == "What I know about you"


async def test_deletion_asks_first_and_no_means_no(ana: Chat, tmp_path: Path) -> None:
    await finish_the_quiz(ana)
    before = counted(tmp_path / "crossroads.db")
    await ana.command("/crossroads mydata")
    await ana.press("Delete everything…")
    assert "can’t undo it" in ana.said
    await ana.press("No, keep everything")
    assert ana.card.title == "Nothing was deleted"
    assert counted(tmp_path / "crossroads.db") == before


async def test_deletion_is_complete_and_gives_a_receipt(
    ana: Chat, core: Core, database: SQLiteDatabase, tmp_path: Path
) -> None:
    await finish_the_quiz(ana)
    bo = Chat(core, "bo")
    await bo.command("/quiz")
    await ana.command("/crossroads mydata delete")
    question = ana.card
    await ana.press("Yes, delete everything")
    assert ana.card.title == "Everything is deleted"
    assert rows(ana.card)["Deleted at"] == "2026-11-23 08:00 UTC"
    assert len(rows(ana.card)["Receipt"]) == 16
    assert rows(ana.card)["Quiz results"] == "1"
    left = counted(tmp_path / "crossroads.db")
    assert left == dict.fromkeys(TABLES, 0) | {"members": 1, "identities": 1, "sessions": 1}
    with closing(sqlite3.connect(tmp_path / "crossroads.db")) as whole:
        assert not [line for line in whole.iterdump() if "ana-on-slack" in line]
    await ana.press("Yes, delete everything", on=question)  # twice, or delivered again
    assert ana.card.title == "That conversation is over"
    await bo.press("Skip")
    assert bo.card.title == "Question 2 of 13"


async def test_somebody_elses_question_deletes_nothing(ana: Chat, core: Core) -> None:
    await finish_the_quiz(ana)
    await ana.command("/crossroads mydata delete")
    bo = Chat(core, "bo")
    await bo.press("Yes, delete everything", on=ana.card)
    assert bo.card.title == "That’s somebody else’s card"
    await ana.command("/crossroads mydata")
    assert rows(ana.card)["Quiz results"] == "1"


async def test_asking_twice_leaves_one_question_open(ana: Chat) -> None:
    await ana.command("/crossroads mydata delete")
    old = ana.card
    await ana.command("/crossroads mydata delete")
    await ana.press("Yes, delete everything", on=old)
    assert ana.card.title == "Delete everything?"
    await ana.press("Yes, delete everything")
    assert ana.card.title == "Everything is deleted"


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "plan_id", "reason", "state", "turn"]),
            st.one_of(st.none(), st.integers(), st.text(max_size=900), st.just(HOSTILE * 50)),
            min_size=1,
        ),
        max_size=4,
    )
)
def test_any_rows_come_out_whole_and_harmless(pack: Pack, found: list[dict[str, object]]) -> None:
    found = [row | {"state": "x"} for row in found]
    context = Context(
        packs=Packs((pack,)),
        pack=pack,
        now=MONDAY,
        person=Person(platform="slack", tenant="T1", user="U1"),
        place=Place(tenant="T1", channel="C1"),
        member=Member("m1", "UTC", False, 0),
        ticket=Ticket("s", 1),
        new_id=lambda: "id",
        kept={"rows": found},
    )
    documents = mydata.exported(context)
    rebuilt: list[dict[str, object]] = []
    for number in range(len(documents)):
        shown = mydata.export(context, number).reply.show
        assert isinstance(shown, Message)
        text = listing(shown)
        assert not set("`<>&") & set(text)
        for row in json.loads(text).get("rows", []):
            pieces = [name for name in row if ", piece " in name]
            if pieces:
                column = pieces[0].partition(", piece ")[0]
                rebuilt[-1][column] = f"{rebuilt[-1].get(column, '')}{row[pieces[0]]}"
            else:
                rebuilt.append(row)
    assert rebuilt == found
