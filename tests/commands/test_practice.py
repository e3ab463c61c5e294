"""Members practise for interviews, and questions come back when they are due."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.actions import Open
from bot.chat.form import Form
from bot.chat.parts import Meter
from bot.chat.reply import Message
from bot.core.handle import Core
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.planning.repetition import rated
from bot.records import Rating as Grade
from bot.records import Recall
from bot.store.database import Row, Transaction
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from tests.commands.test_plan_setup import start
from tests.commands.test_quiz import ML, take
from tests.packs import changed, make_pack
from tests.stories import MONDAY, Chat, Clock, labels, rows

NEW_A_DAY = 5
GRADES: tuple[Grade, ...] = ("again", "hard", "good", "easy")
ratings = st.sampled_from(GRADES)


async def practise(chat: Chat, rating: str) -> Message:
    """Look at the answer to the question that is shown, and rate one's own."""
    await chat.press("Show a good answer")
    await chat.press(rating)
    return chat.card


async def recalls(database: SQLiteDatabase) -> dict[str, Recall]:
    """What is kept of the only member, by question."""
    rows = await database.transact(lambda tx: tx.fetch("SELECT id FROM members"))
    member = str(rows[0]["id"])
    found = await database.transact(lambda tx: Store(tx).practice.recalls(member))
    return {one.question: one for one in found}


def strong(card: Message) -> dict[str, float]:
    return {p.label.partition(":")[0]: p.done for p in card.parts if isinstance(p, Meter)}


async def test_a_question_its_answer_and_the_next_one(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/practice")
    assert labels(ana.card) == ["AI Engineer", "ML Engineer"]
    await ana.press("AI Engineer")
    practice = pack.practice[0]
    assert ana.card.title == practice.kinds[0].label
    assert "Design a RAG system" in ana.said
    assert "A good answer" not in ana.said
    await ana.press("Show a good answer")
    assert "• Clarify who asks what" in ana.said
    assert "• Never asking about scale, freshness or permissions." in ana.said
    assert labels(ana.card) == ["Again", "Hard", "Good", "Easy", "Enough for now"]
    when = "Tue 24 Nov (again and hard), Wed 25 Nov (good) or Tue 1 Dec (easy)"
    assert f"It comes back on {when}." in ana.said
    await ana.press("Good")
    assert "Rated good: that one comes back on Wed 25 Nov." in ana.said
    assert "Design a RAG system" not in ana.said
    assert ana.card.title == practice.kinds[1].label


async def test_the_role_is_that_of_the_plan_or_of_the_result(core: Core, pack: Pack) -> None:
    ana, bo = Chat(core, "ana"), Chat(core, "bo")
    await start(ana, role="ML Engineer")
    await take(bo, pack, [ML] * len(pack.quiz.questions))
    for member in (ana, bo):
        await member.command("/practice overview")
        assert member.card.title == "Interview practice: ML Engineer"
    await ana.press("Switch to AI Engineer")
    assert ana.card.title == "Interview practice: AI Engineer"
    await ana.press("Practise now")
    assert ana.card.title == pack.practice[0].kinds[0].label


async def test_the_answer_names_the_steps_of_the_plan_that_teach_it(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/practice")
    await ana.press("Show a good answer")
    assert "In your plan: “First RAG project” and “Rehearse" in ana.said


async def test_a_day_brings_a_few_new_ones_and_the_rest_waits(core: Core, clock: Clock) -> None:
    ana = Chat(core, zone="Pacific/Auckland")
    await ana.command("/practice ai")
    for _ in range(NEW_A_DAY):
        await practise(ana, "Again")
    assert "That’s all for today. The next question comes on Tue 24 Nov." in ana.said
    assert "Practise now" not in labels(ana.card)
    clock.forward(hours=3)  # 24 November begins in Auckland at 11:00 UTC
    await ana.command("/practice")
    assert "You rated it again last time. Today: 5 due, 5 new." in ana.said


async def test_another_question_comes_instead_and_this_one_some_other_time(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/practice ai")
    first = ana.said
    await ana.press("Another question")
    assert ana.said.splitlines()[1] != first.splitlines()[1]
    while "Another question" in labels(ana.card):
        await ana.press("Another question")
    assert "5 new questions wait for you." in ana.said
    await ana.press("Practise now")
    assert ana.said == first


async def test_a_card_that_was_answered_says_where_practice_is(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/practice ai")
    await ana.press("Show a good answer")
    old = ana.card
    await ana.press("Easy")
    shown = ana.card
    await ana.press("Again", on=old)
    assert "That card had been answered already" in ana.said
    assert shown.title == ana.card.title


async def test_questions_come_before_the_interview_and_later_without_it(
    core: Core, database: SQLiteDatabase
) -> None:
    ana = Chat(core)
    await ana.command("/practice ai")
    await practise(ana, "Easy")
    (known,) = (await recalls(database)).values()
    assert known.due_on == date(2026, 12, 1)
    await ana.command("/practice interview 27 Nov")
    assert "Noted: your interview is on Fri 27 Nov." in ana.said
    (known,) = (await recalls(database)).values()
    assert known.due_on == date(2026, 11, 26)
    await ana.press("Practise now")
    await practise(ana, "Easy")
    assert "Rated easy: that one comes back on Thu 26 Nov." in ana.said
    await ana.command("/practice interview none")
    assert {one.due_on for one in (await recalls(database)).values()} == {date(2026, 12, 1)}


async def test_the_interviews_date_is_asked_with_a_form_that_says_what_would_do(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/practice ai")
    await ana.press("Enough for now")
    await ana.press("Set the interview’s date")
    await ana.fill(interview="31 Feb")
    assert isinstance(ana.last, Form)
    assert "There is no 31 February" in ana.said
    assert ana.last.fields[0].value == "31 Feb"
    await ana.fill(interview="yesterday")
    assert isinstance(ana.last, Form)
    await ana.fill(interview="in 3 weeks")
    assert "Your interview is on Mon 14 Dec, in 3 weeks." in ana.said


async def test_a_mock_interview_mixes_kinds_and_says_what_to_learn_next(
    core: Core, clock: Clock, pack: Pack
) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/practice mock")
    given = ["Good", "Again", "Easy", "Hard", "Good", "Again"]
    for number, rating in enumerate(given, 1):
        assert ana.card.title == f"Mock interview: question {number} of 6"
        clock.forward(minutes=4)
        await practise(ana, rating)
    assert ana.card.title == "Mock interview: 3 of 6 good or easy"
    for kind in pack.practice[0].kinds:
        assert kind.label in ana.said
    assert "It took 24 minutes." in ana.said
    assert "What to learn next in your plan" in ana.said
    step = next(label for label in labels(ana.card) if label not in {"Mock interview", "My plan"})
    await ana.press(step)
    assert "You are done when" in ana.said
    await ana.command("/practice overview")
    assert sum(strong(ana.card).values()) == 3
    await ana.command("/progress")
    went_well = [rows(ana.card)[kind.label] for kind in pack.practice[0].kinds]
    assert sum(int(said.split(" of ")[0]) for said in went_well) == 3


async def test_a_mock_interview_goes_on_where_it_was_left_and_can_be_ended(
    core: Core, clock: Clock
) -> None:
    ana = Chat(core)
    await ana.command("/practice mock")
    await ana.press("ML Engineer")
    await practise(ana, "Good")
    await ana.command("/practice")
    assert ana.card.title == "Mock interview: question 2 of 6"
    clock.forward(minutes=31)
    await ana.press("Show a good answer")
    assert "The 30 minutes are over." in ana.said
    await ana.press("End it here")
    assert ana.card.title == "Mock interview: 1 of 1 good or easy"
    await ana.press("Mock interview, 30 minutes")
    await ana.press("End it here")
    assert "Ended before the first rating." in ana.said


@pytest.mark.parametrize("line", ["/practice ai", "/practice mock"])
async def test_a_question_that_has_left_the_pack_holds_nobody_up(
    database: SQLiteDatabase, clock: Clock, pack: Pack, line: str
) -> None:
    ana = Chat(Core(database, Packs((pack,)), clock))
    await ana.command(line)
    if line == "/practice mock":
        await ana.press("AI Engineer")
    await ana.press("Show a good answer")
    practice, other = pack.practice
    one = practice.questions[-1].model_copy(update={"id": "brand-new"})
    renewed = practice.model_copy(update={"questions": (one,)})
    again = Chat(Core(database, Packs((changed(pack, practice=(renewed, other)),)), clock))
    await again.command("/practice")
    assert again.card.title == "Interview practice: AI Engineer"
    await again.press("Practise now")
    await practise(again, "Good")
    assert "That’s all for today." in again.said


async def test_what_is_not_understood_after_the_command_says_what_would_be(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/practice sorting")
    assert "After /practice you can write mock" in ana.said


async def test_a_pack_without_questions_says_so(database: SQLiteDatabase, clock: Clock) -> None:
    ana = Chat(Core(database, Packs((make_pack(),)), clock))
    await ana.command("/practice")
    assert "doesn’t have interview questions yet" in ana.said
    await ana.act(Open("practice"))
    assert ana.card.title == "No practice here yet"


async def test_with_several_forks_it_asks_which_and_keeps_them_apart(
    database: SQLiteDatabase, clock: Clock, pack: Pack
) -> None:
    ana = Chat(Core(database, Packs((pack, make_pack())), clock))
    await ana.command("/practice")
    assert ana.card.title == "Which fork are you at?"
    await ana.press("Colours")
    assert ana.card.title == "No practice here yet"
    await ana.command("/practice ai-vs-ml mock")
    await ana.press("AI Engineer")
    assert ana.card.title == "Mock interview: question 1 of 6"
    await start_of(ana, pack)
    await ana.command("/practice")
    assert ana.card.title == "Mock interview: question 1 of 6"


async def start_of(chat: Chat, pack: Pack) -> None:
    """Start a plan of one of several forks."""
    await chat.command(f"/plan {pack.id}")
    for choice in ("AI Engineer", "Software engineer", "8 h", "Today", "Start this plan"):
        await chat.press(choice)


async def test_nothing_is_kept_but_ratings_and_all_of_it_goes(
    core: Core, database: SQLiteDatabase
) -> None:
    ana = Chat(core)
    await ana.command("/practice ai")
    await practise(ana, "Hard")
    await ana.command("/practice interview 1 Dec")
    await ana.command("/crossroads mydata")
    assert "Interview questions you’ve practised\n1" in ana.said
    await ana.command("/crossroads mydata delete")
    await ana.press("Yes, delete everything")
    for query in ("SELECT * FROM recalls", "SELECT * FROM interviews"):
        assert not await database.transact(partial(_rows, query))


async def _rows(query: str, transaction: Transaction) -> Sequence[Row]:
    return await transaction.fetch(query)


@given(st.lists(st.tuples(ratings, st.integers(0, 40)), max_size=8), st.integers(1, 400))
def test_nothing_is_due_after_an_interview_that_is_to_come(
    given_ratings: list[tuple[Grade, int]], until: int
) -> None:
    interview = MONDAY.date() + timedelta(until)
    known, now = None, MONDAY
    for rating, later in given_ratings:
        now += timedelta(later)
        today = now.date()
        known = rated(known, "p", "q", rating, now, today, interview)
        assert known.due_on > today
        if today < interview:
            assert known.due_on <= interview


def after_each(known: Recall | None, now: datetime) -> list[Recall]:
    return [rated(known, "p", "q", grade, now, now.date(), None) for grade in GRADES]


def test_a_new_question_comes_again_sooner_the_worse_it_went() -> None:
    again, hard, good, easy = (one.due_on for one in after_each(None, MONDAY))
    assert again <= hard < good < easy


@given(st.lists(st.tuples(ratings, st.integers(0, 40)), max_size=6))
def test_a_question_never_comes_later_for_a_worse_rating(
    before: list[tuple[Grade, int]],
) -> None:
    known, now = None, MONDAY
    for rating, later in before:
        now += timedelta(later)
        known = rated(known, "p", "q", rating, now, now.date(), None)
    after = after_each(known, now + timedelta(1))
    days, firmness = [one.due_on for one in after], [one.stability for one in after]
    assert days == sorted(days)
    assert firmness == sorted(firmness)
    assert firmness[0] < firmness[2] < firmness[3]


@given(st.lists(st.tuples(st.sampled_from(list(Rating)), st.integers(0, 60)), min_size=1))
def test_days_are_those_of_fsrs(reviews: list[tuple[Rating, int]]) -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, known, now = Card(card_id=1, due=MONDAY), None, MONDAY
    for grade, later in reviews:
        now += timedelta(later)
        card, _ = scheduler.review_card(card, grade, now)
        known = rated(known, "p", "q", GRADES[grade - 1], now, now.date(), None)
        assert known.due_on == card.due.date()
        assert known.stability == pytest.approx(card.stability)


def test_a_day_is_the_members_own() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    there = date(2026, 11, 24)
    assert rated(None, "p", "q", "good", late, there, None).due_on == date(2026, 11, 26)
