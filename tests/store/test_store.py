"""What is written is what is read, over both drivers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import ParamSpec, TypeVar

from bot.chat.event import Person
from bot.records import Member, Plan, PlanStep, Run, Session
from bot.store.database import Database
from bot.store.facade import Store

P = ParamSpec("P")
T = TypeVar("T")

ANA = Person(platform="slack", tenant="T1", user="U1", zone="Europe/Berlin")
BO = Person(platform="discord", tenant="discord", user="7")
STEPS = (PlanStep("python"), PlanStep("llm-api"), PlanStep("evals"))
PLAN = Plan(
    id="plan-1",
    pack="ai-vs-ml",
    pack_version=2,
    start="software",
    role="ai",
    hours=8,
    started_on=date(2026, 11, 23),
    anchor_on=date(2026, 11, 23),
    anchored_at=1_000,
    target_on=date(2027, 3, 1),
    state="active",
    paused_on=None,
    steps=STEPS,
)
RUN = Run(
    "run-1", "ai-vs-ml", 2, 900, "clear-ai", {"maths": -1, "ship": 3}, "ship", "software", 8, None
)
QUIZ = Session(
    "talk-1", "m1", "quiz", 1, 1, '{"step": "asking", "said": "ünïcödé \\u0000 🙂"}', "ai-vs-ml"
)


async def on(
    database: Database,
    method: Callable[[Store], Callable[P, Awaitable[T]]],
    *values: P.args,
    **named: P.kwargs,
) -> T:
    """Call the method of the store that `method` picks, in a transaction of its own."""
    return await database.transact(lambda tx: method(Store(tx))(*values, **named))


async def meet(database: Database, person: Person = ANA, new_id: str = "m1") -> Member:
    return await on(database, lambda s: s.members.find_or_create, person, 100, new_id)


async def test_a_person_is_one_member_whenever_they_come(database: Database) -> None:
    first = await meet(database)
    again = await meet(database, new_id="other")
    assert first == again == Member("m1", "Europe/Berlin", zone_asked=False, created_at=100)
    assert (await meet(database, BO, "m2")).zone == "UTC"


async def test_a_person_who_comes_twice_at_once_is_one_member(database: Database) -> None:
    met = await asyncio.gather(*(meet(database, new_id=f"m{n}") for n in range(8)))
    assert len({member.id for member in met}) == 1


async def test_a_zone_that_was_chosen_is_kept_as_chosen(database: Database) -> None:
    await meet(database)
    await on(database, lambda s: s.members.set_zone, "m1", "Asia/Tokyo", 100)
    assert await meet(database) == Member("m1", "Asia/Tokyo", zone_asked=True, created_at=100)


async def test_an_older_word_about_the_zone_changes_nothing(database: Database) -> None:
    await meet(database)
    tokyo = ANA.model_copy(update={"zone": "Asia/Tokyo", "zone_at": 500})
    assert await on(database, lambda s: s.members.follow_zone, tokyo, 501)
    assert not await on(database, lambda s: s.members.follow_zone, tokyo, 501), (
        "nothing is written twice"
    )
    stale = ANA.model_copy(update={"zone_at": 499})
    assert not await on(database, lambda s: s.members.follow_zone, stale, 502)
    assert (await meet(database)).zone == "Asia/Tokyo"
    assert await on(database, lambda s: s.members.follow_zone, ANA, 503), (
        "without a time it is news"
    )
    assert (await meet(database)).zone == "Europe/Berlin"


async def test_a_conversation_moves_on_once_a_turn(database: Database) -> None:
    await meet(database)
    await on(database, lambda s: s.conversations.begin, QUIZ, 100)
    assert await on(database, lambda s: s.conversations.get, "talk-1") == QUIZ

    second = replace(QUIZ, turn=2, state="{}")
    assert await on(database, lambda s: s.conversations.advance, second, 101)
    assert not await on(database, lambda s: s.conversations.advance, second, 102)
    assert await on(database, lambda s: s.conversations.find, "m1", "quiz", "ai-vs-ml") == second
    assert await on(database, lambda s: s.conversations.find, "m1", "plan", "ai-vs-ml") is None


async def test_only_one_of_two_turns_at_once_is_taken(database: Database) -> None:
    await meet(database)
    await on(database, lambda s: s.conversations.begin, QUIZ, 100)
    turns = [replace(QUIZ, turn=2, state=f'{{"by": {n}}}') for n in range(6)]
    taken = await asyncio.gather(
        *(on(database, lambda s: s.conversations.advance, t, 101) for t in turns)
    )
    assert sum(taken) == 1
    kept = await on(database, lambda s: s.conversations.get, "talk-1")
    assert kept == turns[taken.index(True)]


async def test_a_new_conversation_takes_the_place_of_the_old_one(database: Database) -> None:
    await meet(database)
    await on(database, lambda s: s.conversations.begin, QUIZ, 100)
    await on(database, lambda s: s.conversations.begin, replace(QUIZ, id="talk-2"), 101)
    assert await on(database, lambda s: s.conversations.get, "talk-1") is None
    await on(database, lambda s: s.conversations.end, "talk-2")
    assert await on(database, lambda s: s.conversations.find, "m1", "quiz", "ai-vs-ml") is None


async def test_results_come_back_the_latest_first(database: Database) -> None:
    await meet(database)
    later = replace(RUN, id="run-2", finished_at=950, matters=None, start=None, hours=None)
    for run in (RUN, later):
        await on(database, lambda s: s.quiz_runs.save, "m1", run)
    assert await on(database, lambda s: s.quiz_runs.latest, "m1") == (later, RUN)
    assert await on(database, lambda s: s.quiz_runs.latest, "m1", limit=1) == (later,)
    assert await on(database, lambda s: s.quiz_runs.latest, "m2") == ()


async def test_a_plan_comes_back_with_its_steps_in_order(database: Database) -> None:
    await meet(database)
    assert await on(database, lambda s: s.plans.current, "m1") == ()
    await on(database, lambda s: s.plans.start, "m1", PLAN, 100)
    assert await on(database, lambda s: s.plans.current, "m1") == (PLAN,)


async def test_a_plan_and_its_steps_change(database: Database) -> None:
    await meet(database)
    await on(database, lambda s: s.plans.start, "m1", PLAN, 100)
    paused = replace(PLAN, hours=5, state="paused", paused_on=date(2026, 12, 1))
    done = PlanStep("llm-api", "done", changed_at=150)
    skipped = PlanStep("evals", "skipped", changed_at=160, reason="we’ve got these already")
    await on(database, lambda s: s.plans.update, paused, 170)
    for step in (done, skipped):
        await on(database, lambda s: s.plans.update_step, "plan-1", step)
    expected = replace(paused, steps=(STEPS[0], done, skipped))
    assert await on(database, lambda s: s.plans.current, "m1") == (expected,)


async def test_a_new_plan_ends_the_one_before(database: Database) -> None:
    await meet(database)
    other = replace(PLAN, id="plan-2", role="ml", steps=(PlanStep("maths"),))
    for plan in (PLAN, other):
        await on(database, lambda s: s.plans.start, "m1", plan, 100)
    assert await on(database, lambda s: s.plans.current, "m1") == (other,)
    await on(database, lambda s: s.plans.update, replace(other, state="ended"), 101)
    assert await on(database, lambda s: s.plans.current, "m1") == ()


async def test_each_pack_has_a_plan_and_a_conversation_of_its_own(database: Database) -> None:
    await meet(database)
    other = replace(PLAN, id="plan-2", pack="another")
    await on(database, lambda s: s.plans.start, "m1", PLAN, 100)
    await on(database, lambda s: s.plans.start, "m1", other, 101)
    assert await on(database, lambda s: s.plans.current, "m1") == (other, PLAN)
    elsewhere = replace(QUIZ, id="talk-2", pack="another")
    for session in (QUIZ, elsewhere):
        await on(database, lambda s: s.conversations.begin, session, 100)
    assert await on(database, lambda s: s.conversations.find, "m1", "quiz", "ai-vs-ml") == QUIZ
    assert await on(database, lambda s: s.conversations.find, "m1", "quiz", "another") == elsewhere


async def test_what_is_shared_once_is_shared_once(database: Database) -> None:
    shared = await asyncio.gather(
        *(on(database, lambda s: s.marks.first, "card-1", 100) for _ in range(5))
    )
    assert sum(shared) == 1
    assert await on(database, lambda s: s.marks.first, "card-2", 100)


async def test_a_setting_is_the_last_that_was_set(database: Database) -> None:
    assert await on(database, lambda s: s.settings.get, "tree") is None
    for value in ("one", "two"):
        await on(database, lambda s: s.settings.set, "tree", value)
    assert await on(database, lambda s: s.settings.get, "tree") == "two"


async def test_text_of_any_script_comes_back_as_it_went_in(database: Database) -> None:
    said = "Größe, 日本語, العربية, 👩‍👩‍👧, 'quoted' :named $1 ? %s ; --"
    await on(database, lambda s: s.settings.set, "said", said)
    assert await on(database, lambda s: s.settings.get, "said") == said
