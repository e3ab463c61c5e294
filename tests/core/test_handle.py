"""The one door: whatever comes through it gets the right answer or a kind sentence."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from bot.calendar.clock import utc_now
from bot.chat.actions import Fill, Open, OpenForm, Pick, Resume, ShareTopic, Ticket
from bot.chat.event import Choice, Press, Submission
from bot.chat.reply import Message
from bot.core.handle import Core, random_id
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.records import Member
from bot.store.database import T, Transaction, UnavailableError
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from tests.stories import Chat, Clock, labels


class BrokenDatabase:
    """A database on which every transaction ends in an error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        raise self._error

    async def close(self) -> None:
        """Nothing to close."""


async def test_somebody_elses_card_changes_nothing_and_leads_to_ones_own(core: Core) -> None:
    ana, ben = Chat(core, "ana"), Chat(core, "ben")
    theirs = await ana.command("/quiz")
    assert isinstance(theirs, Message)
    await ben.press("Skip", on=theirs, shared=True)
    assert ben.card.title == "That’s somebody else’s card"
    assert ben.card.placement == "new"
    await ben.press("Take the quiz")
    assert ben.card.title == "Question 1 of 13"
    await ana.press("Skip", on=theirs)
    assert ana.card.title == "Question 2 of 13"


async def test_two_workspaces_may_have_the_same_user_id(core: Core) -> None:
    here, there = Chat(core, "U1", tenant="T1"), Chat(core, "U1", tenant="T2")
    theirs = await here.command("/quiz")
    assert isinstance(theirs, Message)
    await there.press("Skip", on=theirs)
    assert there.card.title == "That’s somebody else’s card"


async def test_a_button_that_nothing_reads_gets_a_kind_answer(core: Core) -> None:
    ana = Chat(core)
    await ana.garbled()
    assert ana.card.title == "I can’t read that button"


async def test_a_way_to_a_page_that_there_is_none_of_gets_a_kind_answer(core: Core) -> None:
    ana = Chat(core)
    await ana.act(Open("horoscope"))
    assert ana.card.title == "I can’t read that button"


@pytest.mark.parametrize(
    "arrived",
    [
        Press(action=Resume(Ticket("nowhere", 1))),
        Choice(action=Pick(Ticket("nowhere", 1), "matters"), value="x"),
        Submission(action=Fill(Ticket("nowhere", 1), "start"), values={}),
    ],
)
async def test_a_card_of_an_ended_conversation_gets_a_kind_answer(
    core: Core, arrived: Press | Choice | Submission
) -> None:
    ana = Chat(core)
    await ana.send(arrived)
    assert ana.card.title == "That conversation is over"


@pytest.mark.parametrize(
    "arrived",
    [
        Choice(action=ShareTopic("pay", "x"), value="pay"),
        Submission(action=ShareTopic("pay", "x"), values={"a": "b"}),
    ],
)
async def test_an_action_in_the_wrong_place_gets_a_kind_answer(
    core: Core, arrived: Choice | Submission
) -> None:
    ana = Chat(core)
    await ana.send(arrived)
    assert ana.card.title == "I can’t read that button"


async def test_a_form_pressed_like_a_button_gets_a_kind_answer(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    ticket = next(a.ticket for a in ana.card.actions() if isinstance(a, Pick))
    await ana.act(Fill(ticket, "start"))
    assert ana.card.title == "I can’t read that button"
    await ana.act(OpenForm(ticket, "start"))
    assert ana.card.title == "Question 1 of 13"


async def test_a_conversation_stored_by_another_version_is_over(
    core: Core, database: SQLiteDatabase
) -> None:
    ana = Chat(core)
    card = await ana.command("/quiz")
    assert isinstance(card, Message)
    for damage in ("version = 99", 'version = 1, state = \'{"step": "gone"}\''):
        await database.transact(lambda tx, set_=damage: tx.run(f"UPDATE sessions SET {set_}"))  # type: ignore[misc]
        await ana.press("Skip", on=card)
        assert ana.card.title == "That conversation is over"
    await ana.command("/quiz")
    assert ana.card.title == "Question 1 of 13"


async def test_a_database_that_is_busy_or_full_asks_to_try_again(pack: Pack) -> None:
    ana = Chat(Core(BrokenDatabase(UnavailableError("disk full")), Packs((pack,))))
    await ana.command("/quiz")
    assert "nothing was changed" in ana.said
    assert ana.card.title == "Please try that again"


async def test_a_defect_gets_a_reference_and_no_traceback(
    pack: Pack, caplog: pytest.LogCaptureFixture
) -> None:
    ana = Chat(Core(BrokenDatabase(RuntimeError("boom")), Packs((pack,))))
    with caplog.at_level(logging.ERROR):
        await ana.command("/quiz")
    assert "reference" in ana.said
    assert "boom" not in ana.said
    reference = ana.said.rpartition("reference ")[2].rstrip(".")
    assert reference in caplog.text


async def test_the_platforms_zone_is_followed_until_the_member_chooses(
    core: Core, database: SQLiteDatabase
) -> None:
    async def found(chat: Chat) -> Member:
        return await database.transact(
            lambda tx: Store(tx).members.find_or_create(chat.person, 0, "unused")
        )

    async def zone(chat: Chat) -> str:
        return (await found(chat)).zone

    berlin, tokyo = Chat(core, zone="Europe/Berlin"), Chat(core, zone="Asia/Tokyo")
    await berlin.command("/crossroads")
    assert await zone(berlin) == "Europe/Berlin"
    await tokyo.command("/crossroads")
    assert await zone(tokyo) == "Asia/Tokyo"
    member = await found(tokyo)
    await database.transact(lambda tx: Store(tx).members.set_zone(member.id, "America/Lima", 0))
    await berlin.command("/crossroads")
    assert await zone(berlin) == "America/Lima"


async def test_a_zone_that_nobody_knows_is_left_out(core: Core) -> None:
    ana = Chat(core, zone="Middle/Earth")
    assert ana.person.zone is None
    await ana.command("/plan")
    assert "went wrong" not in ana.said


async def test_the_same_press_twice_at_once_counts_once(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    skip = next(each for each in ana.card.actions() if type(each).__name__ == "Skip")
    replies = await asyncio.gather(*(ana.deliver(Press(action=skip)) for _ in range(5)))
    assert {reply.show.title for reply in replies} == {"Question 2 of 13"}


async def test_a_cancelled_delivery_still_counts_and_blocks_nobody(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    skip = next(each for each in ana.card.actions() if type(each).__name__ == "Skip")
    delivery = asyncio.create_task(ana.deliver(Press(action=skip)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    delivery.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivery
    await ana.command("/quiz")
    assert "Question 2 of 13" in ana.said


async def test_people_who_arrive_at_once_each_get_their_own(core: Core) -> None:
    chats = [Chat(core, f"user{number}") for number in range(20)]
    await asyncio.gather(*(chat.command("/quiz") for chat in chats))
    await asyncio.gather(*(chat.press("Skip") for chat in chats))
    assert all(chat.card.title == "Question 2 of 13" for chat in chats)
    assert all("← Back" in labels(chat.card) for chat in chats)


def test_ids_are_random_and_can_be_packed() -> None:
    ids = {random_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == 16 for each in ids)


def test_the_clock_is_utc() -> None:
    assert utc_now().utcoffset() == Clock().now.utcoffset()
