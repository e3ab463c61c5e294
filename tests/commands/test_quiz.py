"""Members take the quiz: a question at a time, back and forth, left and resumed, and judged."""

from collections.abc import Sequence

import pytest

from bot.chat.actions import OpenPoints, OpenResult, Pick, PlanFrom
from bot.chat.parts import Menu
from bot.commands.quiz.scoring import NEITHER
from bot.commands.quiz.state import fields
from bot.core.handle import Core
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.records import Run
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from tests.packs import changed, label_of, make_pack
from tests.stories import Chat, Clock, buttons, labels, rows

ML, ML_MILD, EITHER, AI_MILD, AI = range(5)
SOFTWARE = ("Skip", "Software engineer", "5 h", "Plain curiosity")


async def answer(chat: Chat, pack: Pack, places: Sequence[int | None]) -> None:
    """Answer the scored questions in order; None skips one."""
    for question, place in enumerate(places):
        await chat.press(label_of(pack, question, place))


async def take(
    chat: Chat, pack: Pack, places: Sequence[int | None], about: tuple[str, ...] = SOFTWARE
) -> None:
    """The whole quiz, up to its result."""
    await chat.command("/quiz")
    await answer(chat, pack, places)
    for label in about:
        await chat.press(label)
    await chat.press("See my result")


async def test_the_whole_quiz_from_the_first_question_to_the_plan(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    assert ana.card.title == "Question 1 of 13"
    await answer(ana, pack, [AI] * 9)
    assert ana.card.title == "Question 10 of 13"
    await ana.choose("mathematics or product")
    assert "A data analyst who codes belongs here too" in ana.said
    for label in SOFTWARE[1:]:
        await ana.press(label)
    assert ana.card.title == "Your answers"
    assert rows(ana.card)["Where you start"] == "Software engineer"
    await ana.press("See my result")
    assert ana.card.title == "Clearly AI Engineer"
    assert ana.card.accent is not None
    assert ana.card.accent.light == pack.role("ai").accent.light
    assert "AI Engineer: 20 of 20 points\nML Engineer: 0 of 20 points" in ana.said
    assert any(isinstance(each.action, PlanFrom) for each in buttons(ana.card))


async def test_the_options_are_read_above_and_chosen_by_their_letters(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    question = pack.quiz.questions[0]
    assert labels(ana.card) == ["A", "B", "C", "D", "E", "Neither", "Skip"]
    for letter, option in zip("ABCDE", question.options, strict=True):
        assert f"{letter}  {option.text}" in ana.said
    await ana.press("A")
    turned = pack.quiz.questions[1]
    assert turned.reversed
    assert f"A  {turned.options[-1].text}" in ana.said


@pytest.mark.parametrize(
    ("places", "title", "said"),
    [
        ([AI] * 9, "Clearly AI Engineer", "other answers to make it"),
        ([ML] * 9, "Clearly ML Engineer", "this is firm"),
        ([AI] * 4 + [EITHER] * 5, "Leaning towards AI Engineer", "one other answer"),
        ([EITHER] * 9, "Too close to call", "Towards AI Engineer"),
        ([AI, ML] * 4 + [EITHER], "Torn between both", "strongly for both sides"),
        ([NEITHER] * 9, "Neither, for now", "Neither role seems to pull you"),
        ([AI] * 6 + [None] * 3, "Leaning towards AI Engineer", "a lean at most"),
    ],
)
async def test_each_kind_of_result(
    core: Core, pack: Pack, places: Sequence[int | None], title: str, said: str
) -> None:
    ana = Chat(core)
    await take(ana, pack, places)
    assert ana.card.title == title
    assert said in ana.said


async def test_whoever_is_left_cold_is_pushed_into_no_plan(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [NEITHER] * 9)
    assert not any(isinstance(each.action, PlanFrom) for each in buttons(ana.card))
    assert "How long it honestly takes" not in ana.said


async def test_a_thin_lean_says_that_one_answer_would_end_it(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * 3 + [EITHER] * 6)
    assert ana.card.title == "Leaning towards AI Engineer"
    assert "This is thin: one other answer would make it too close to call" in ana.said


async def test_reasons_are_the_members_own_words(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI_MILD] * 8 + [ML])
    chosen = pack.quiz.questions[0].options[AI_MILD].text
    assert f"• {chosen} (+1)" in ana.said
    assert f"• {pack.quiz.questions[8].options[ML].text} (+2)" in ana.said


async def test_too_few_answers_get_no_verdict_and_the_open_ones_are_one_press_away(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI, None, AI, None, None, None, AI, None, AI])
    assert ana.card.title == "Too little to go by"
    assert "You answered 4 of 9" in ana.said
    await ana.press("All my answers")
    assert ana.card.title == "Your answers"
    await ana.press("See my result")
    await ana.press("Answer the open ones")
    assert ana.card.title == "Question 2 of 13"
    await ana.press(label_of(pack, 1, AI))
    assert ana.card.title == "Question 4 of 13"
    await ana.press("Back to all answers")
    await ana.press("See my result")
    assert ana.card.title == "Leaning towards AI Engineer"


async def test_back_shows_the_question_before_with_the_answer_marked(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await ana.press("E")
    assert ana.card.title == "Question 2 of 13"
    await ana.press("← Back")
    assert ana.card.title == "Question 1 of 13"
    assert [each.label for each in buttons(ana.card) if each.style == "primary"] == ["E"]
    assert "← Back" not in labels(ana.card)


async def test_an_answer_is_changed_from_the_review(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [AI] * 9)
    for label in SOFTWARE:
        await ana.press(label)
    question = pack.quiz.questions[3]
    name = question.about[0].upper() + question.about[1:]
    await ana.choose(name)
    assert ana.card.title == "Question 4 of 13"
    await ana.press("Back to all answers")
    assert rows(ana.card)[name] == question.options[AI].text
    await ana.choose(name)
    await ana.press(label_of(pack, 3, NEITHER))
    assert ana.card.title == "Your answers"
    assert rows(ana.card)[name] == "Neither"
    await ana.press("← Back")
    assert ana.card.title == "Question 13 of 13"


async def test_leaving_and_coming_back_resumes_or_starts_over(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await ana.press("B")
    await ana.command("/quiz")
    assert "You were at: Question 2 of 13" in ana.said
    await ana.press("Carry on")
    assert ana.card.title == "Question 2 of 13"
    await ana.command("/quiz")
    await ana.press("Start over")
    assert ana.card.title == "Question 1 of 13"
    assert all(each.style == "plain" for each in buttons(ana.card))


async def test_coming_back_to_the_review_says_so(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [EITHER] * 9)
    for label in SOFTWARE:
        await ana.press(label)
    await ana.command("/quiz")
    assert "You were at: your answers" in ana.said
    await ana.press("Carry on")
    assert ana.card.title == "Your answers"


async def test_a_double_press_counts_once_and_shows_where_one_is(core: Core) -> None:
    ana = Chat(core)
    first = await ana.command("/quiz")
    assert first.kind == "message"
    await ana.press("A", on=first)
    await ana.press("A", on=first)
    assert ana.card.title == "Question 2 of 13"
    assert "had been answered already" in ana.said
    await ana.press("C")
    assert ana.card.title == "Question 3 of 13"


async def test_every_draw_says_something(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    for draw in pack.quiz.draws:
        await take(ana, pack, [AI] * 9, (*SOFTWARE[:3], draw.label))
        said = draw.says_for.get("ai", draw.says)
        assert all(str(getattr(piece, "text", piece))[:40] in ana.said for piece in said[:1])


async def test_both_ways_are_told_with_the_hours_that_were_given(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [ML] * 9)
    assert "How long it honestly takes" in ana.said
    assert ana.said.count("weeks at 5 hours a week, we estimate") == 2
    assert "12–18 months" in ana.said


async def test_every_answers_points_are_kept_and_shown(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [AI, ML, EITHER, AI_MILD, ML_MILD, None, EITHER, NEITHER, EITHER])
    await ana.choose("mathematics or product")
    for label in SOFTWARE[1:]:
        await ana.press(label)
    await ana.press("See my result")
    await ana.press("Every answer’s points")
    points = rows(ana.card)
    assert "AI +4, ML +0" in points["Mathematics or product"]
    assert "AI +0, ML +2" in points["Knowing why it works or using it"]
    assert "Neither – AI +0, ML +0" in points["How you know it’s better"]
    assert points["A degree or a portfolio"] == "skipped"
    assert "“Mathematics or product” counts double" in ana.said
    assert "33% of the 20 possible points is a lean" in ana.said
    await ana.press("← My result")
    assert "What would" in ana.said


async def test_earlier_results_are_kept_and_the_next_says_what_changed(
    core: Core, pack: Pack, clock: Clock
) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * 9)
    clock.forward(days=30)
    await take(ana, pack, [ML, *[AI] * 7, None])
    assert "Since 23 Nov 2026 (Clearly AI Engineer)" in ana.said
    assert "no answer" in ana.said
    clock.forward(days=1)
    await take(ana, pack, [ML, *[AI] * 7, None])
    assert "you gave the same answers" in ana.said
    clock.forward(days=1)
    await take(ana, pack, [AI, *[ML] * 8])
    assert "and 4 more" in ana.said
    assert "That’s a swing from AI Engineer to ML Engineer" in ana.said


async def test_an_old_result_stays_as_it_was_shown_when_the_questions_change(
    core: Core, pack: Pack, clock: Clock
) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * 9)
    run = next(each.action.run for each in buttons(ana.card) if isinstance(each.action, PlanFrom))
    strict = pack.quiz.thresholds.model_copy(update={"leaning": 0.98, "clear": 0.99})
    quiz = pack.quiz.model_copy(update={"thresholds": strict, "questions": pack.quiz.questions[:8]})
    later = changed(pack, version=pack.version + 1, quiz=quiz)
    newer = Core(core.database, Packs((later,)), clock=clock)
    ben = Chat(newer)
    await ben.act(OpenResult(run))
    assert ben.card.title == "Clearly AI Engineer"
    assert "The questions have changed since" in ben.said
    await take(ben, later, [EITHER] * 8)
    assert "On 23 Nov 2026 it was: Clearly AI Engineer. The questions have changed" in ben.said


async def test_a_result_is_one_press_from_the_next_quiz(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * 9)
    await ana.press("Take it again")
    assert ana.card.title == "Question 1 of 13"


async def test_pressing_a_card_of_a_finished_quiz_shows_the_result(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    first = await ana.command("/quiz")
    assert first.kind == "message"
    await answer(ana, pack, [AI] * 9)
    for label in SOFTWARE:
        await ana.press(label)
    await ana.press("See my result")
    await ana.press("A", on=first)
    assert ana.card.title == "Clearly AI Engineer"


async def test_what_cannot_be_answered_leaves_the_question_open(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    pick = next(each.action for each in buttons(ana.card) if isinstance(each.action, Pick))
    for field, value in [("maths", "9"), ("nonsense", "1"), (pick.field, "7")]:
        action = next(each.action for each in buttons(ana.card) if isinstance(each.action, Pick))
        await ana.act(Pick(action.ticket, field, value))
        assert ana.card.title == "Question 1 of 13"


async def test_a_result_that_is_not_mine_is_not_shown(core: Core, pack: Pack) -> None:
    ana, ben = Chat(core, "ana"), Chat(core, "ben")
    await take(ana, pack, [AI] * 9)
    run = next(each.action.run for each in buttons(ana.card) if isinstance(each.action, PlanFrom))
    for action in (OpenResult(run), OpenPoints(run)):
        await ben.act(action)
        assert ben.card.title == "I do not have that result"


async def test_runs_are_stored_with_all_that_was_answered(
    core: Core, pack: Pack, database: SQLiteDatabase
) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI, NEITHER, *[EITHER] * 7], (*SOFTWARE[:3], "The pay"))

    async def read(transaction: object) -> tuple[Run, ...]:
        store = Store(transaction)  # type: ignore[arg-type]
        return await store.quiz_runs.latest(
            (await store.members.find_or_create(ana.person, 0, "x")).id
        )

    [run] = await database.transact(read)
    assert (run.pack, run.pack_version, run.outcome) == (pack.id, pack.version, "close")
    assert (run.start, run.hours, run.draw, run.matters) == ("software", 5, "pay", None)
    places = [run.answers[question.id] for question in pack.quiz.questions]
    assert places == [AI, NEITHER, *[EITHER] * 7]


async def test_what_matters_most_is_a_menu_of_what_was_answered(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [EITHER] * 8 + [None])
    [menu] = [part for part in ana.card.parts if isinstance(part, Menu)]
    assert [option.value for option in menu.options] == [q.id for q in pack.quiz.questions[:8]]


@pytest.mark.parametrize("count", [2, 3, 4])
async def test_a_whole_conversation_for_two_to_four_roles(core: Core, count: int) -> None:
    pack = make_pack(count)
    ana = Chat(Core(core.database, Packs((pack,)), clock=core.clock))
    assert "start" not in fields(pack)
    await take(ana, pack, [0] * 6, ("Skip", "5 h", "Curiosity"))
    assert ana.card.title == "Clearly Red Painter"
    others = [role.name for role in pack.roles[1:]]
    assert all(f"{name}: 0 of " in ana.said for name in others)
    await ana.press("Every answer’s points")
    assert "Red +2, Blue +0" in ana.said
    await ana.press("← My result")
    await ana.press("Make my plan")
    await ana.press("Today")
    await ana.press("Start this plan")
    assert ana.card.title == "Your plan to become a Red Painter"
    await ana.press("Change my plan")
    if count == 2:
        await ana.press("Switch to Blue Painter")
    else:
        await ana.press("Switch roles")
        assert ana.card.title == "Switch to which role?"
        assert labels(ana.card)[:-1] == others
        await ana.press("Blue Painter")
    assert ana.card.title == "Switch to Blue Painter?"
    await ana.press("Switch to Blue Painter")
    assert ana.card.title == "Your plan to become a Blue Painter"


async def test_a_fork_of_one_question_is_a_whole_conversation_too(core: Core) -> None:
    pack = make_pack(3, questions=1)
    ana = Chat(Core(core.database, pack, clock=core.clock))
    await take(ana, pack, [1], ("Skip", "5 h", "Curiosity"))
    assert ana.card.title == "Too close to call"
    await ana.press("Plan one of them")
    assert labels(ana.card)[:3] == [role.name for role in pack.roles]
