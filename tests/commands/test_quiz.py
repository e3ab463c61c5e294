"""Members take the quiz: a question at a time, back and forth, left and resumed, and judged."""

import pytest

from bot.chat.actions import OpenPoints, OpenResult, Pick, PlanFrom
from bot.chat.parts import Menu
from bot.core.handle import Core
from bot.pack.model import Pack
from bot.records import Run
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from tests.stories import Chat, Clock, buttons, labels, rows

AI, ML = 2, -2


async def answer(chat: Chat, pack: Pack, leans: list[int | None]) -> None:
    """Answer the scored questions in order; None skips one."""
    for question, lean in zip(pack.quiz.questions, leans, strict=True):
        if lean is None:
            await chat.press("Skip")
        else:
            await chat.press(question.options[lean + 2])


async def about(
    chat: Chat, *, start: str = "Software engineer", draw: str = "Plain curiosity"
) -> None:
    await chat.press("Skip")
    await chat.press(start)
    await chat.press("5 h")
    await chat.press(draw)


async def take(chat: Chat, pack: Pack, leans: list[int | None], **more: str) -> None:
    """The whole quiz, up to its result."""
    await chat.command("/quiz")
    if "Take it again" in labels(chat.card):
        await chat.press("Take it again")
    await answer(chat, pack, leans)
    await about(chat, **more)
    await chat.press("See my result")


async def test_the_whole_quiz_from_the_first_question_to_the_plan(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    assert ana.card.title == "Question 1 of 9"
    await answer(ana, pack, [AI] * 9)
    assert ana.card.title == "About you, 1 of 4"
    await ana.choose("mathematics or product")
    await ana.press("Software engineer")
    await ana.press("5 h")
    await ana.press("Plain curiosity")
    assert ana.card.title == "Your answers"
    assert rows(ana.card)["Where you start"] == "Software engineer"
    await ana.press("See my result")
    assert ana.card.title == "Clearly AI Engineer"
    assert ana.card.accent == "ai"
    assert "AI Engineer 20, ML Engineer 0, of 20 points" in ana.said
    assert any(isinstance(each.action, PlanFrom) for each in buttons(ana.card))


@pytest.mark.parametrize(
    ("leans", "title"),
    [
        ([AI] * 9, "Clearly AI Engineer"),
        ([AI, AI, AI, 0, 0, 0, 0, 0, 0], "Leaning towards AI Engineer"),
        ([AI, ML, AI, ML, 0, 0, 0, 0, 0], "Too close to call"),
        ([ML, ML, ML, 0, 0, 0, 0, 0, 0], "Leaning towards ML Engineer"),
        ([ML] * 9, "Clearly ML Engineer"),
    ],
)
async def test_each_of_the_five_results(
    core: Core, pack: Pack, leans: list[int | None], title: str
) -> None:
    ana = Chat(core)
    await take(ana, pack, leans)
    assert ana.card.title == title
    assert "What would" in ana.said


async def test_back_shows_the_question_before_with_the_answer_marked(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    first = pack.quiz.questions[0].options[4]
    await ana.press(first)
    assert ana.card.title == "Question 2 of 9"
    await ana.press("← Back")
    assert ana.card.title == "Question 1 of 9"
    assert [each.label for each in buttons(ana.card) if each.style == "primary"] == [first]
    assert "← Back" not in labels(ana.card)


async def test_skipped_questions_lower_the_certainty_and_are_said_so(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI, AI, AI, AI, AI, None, None, None, None])
    assert "You skipped 4 of 9 questions" in ana.said
    assert "56%" in ana.said


async def test_a_quiz_without_a_single_answer_is_not_judged(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [None] * 9)
    assert ana.card.title == "Your answers"
    assert "Answer at least one question" in ana.said
    await ana.choose("Mathematics or product")
    await ana.press(pack.quiz.questions[0].options[0])
    await ana.press("See my result")
    assert "You skipped 8 of 9" in ana.said


async def test_an_answer_is_changed_from_the_review(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [AI] * 9)
    await about(ana)
    question = pack.quiz.questions[3]
    name = question.about[0].upper() + question.about[1:]
    await ana.choose(name)
    assert ana.card.title == "Question 4 of 9"
    await ana.press("Back to all answers")
    assert rows(ana.card)[name] == question.options[4]
    await ana.choose(name)
    await ana.press(question.options[0])
    assert ana.card.title == "Your answers"
    assert rows(ana.card)[name] == question.options[0]
    await ana.press("← Back")
    assert ana.card.title == "About you, 4 of 4"


async def test_leaving_and_coming_back_resumes_or_starts_over(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await ana.press(pack.quiz.questions[0].options[1])
    await ana.command("/quiz")
    assert "You were at: Question 2 of 9" in ana.said
    await ana.press("Go on")
    assert ana.card.title == "Question 2 of 9"
    await ana.command("/quiz")
    await ana.press("Start over")
    assert ana.card.title == "Question 1 of 9"
    assert all(each.style == "plain" for each in buttons(ana.card))


async def test_coming_back_to_the_review_says_so(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [0] * 9)
    await about(ana)
    await ana.command("/quiz")
    assert "You were at: your answers" in ana.said
    await ana.press("Go on")
    assert ana.card.title == "Your answers"


async def test_a_double_press_counts_once_and_shows_where_one_is(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    first = await ana.command("/quiz")
    assert first.kind == "message"
    label = pack.quiz.questions[0].options[0]
    await ana.press(label, on=first)
    await ana.press(label, on=first)
    assert ana.card.title == "Question 2 of 9"
    assert "had been answered already" in ana.said
    await ana.press(pack.quiz.questions[1].options[2])
    assert ana.card.title == "Question 3 of 9"


async def test_pay_as_the_main_draw_gets_a_plain_word_of_warning(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * 9, draw="The pay")
    assert "A word of warning" in ana.said
    await take(ana, pack, [AI] * 9)
    assert "A word of warning" not in ana.said


async def test_too_close_says_what_to_try_for_a_week_of_each(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [0] * 9)
    assert ana.card.accent is None
    for trial in pack.quiz.trials:
        assert trial.title in ana.said
    assert "What would tip it" in ana.said
    assert "To AI Engineer: " in ana.said
    assert "To ML Engineer: " in ana.said


async def test_the_timeline_is_that_of_where_the_member_starts(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [ML] * 9)
    assert "How long it honestly takes" in ana.said
    assert "12–18 months" in ana.said


async def test_every_answers_points_are_kept_and_shown(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [AI, ML, 0, 1, -1, None, 0, 0, 0])
    await ana.choose("mathematics or product")
    for label in ("Software engineer", "5 h", "The pay"):
        await ana.press(label)
    await ana.press("See my result")
    await ana.press("Every answer’s points")
    points = rows(ana.card)
    assert "AI +4, ML +0, counted 2 times" in points["Mathematics or product"]
    assert "AI +0, ML +2" in points["Why it works, or that it works"]
    assert points["Degree or portfolio"] == "skipped"
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
    assert "the same answers" in ana.said
    clock.forward(days=1)
    await take(ana, pack, [AI, *[ML] * 8])
    assert "and 4 more" in ana.said


async def test_after_a_result_the_quiz_can_be_taken_again_or_the_result_shown(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * 9)
    result = ana.card
    await ana.press("Take it again")
    assert ana.card.title == "You have taken the quiz"
    await ana.press("Show my result")
    assert ana.card.parts == result.parts


async def test_pressing_a_card_of_a_finished_quiz_shows_the_result(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    first = await ana.command("/quiz")
    assert first.kind == "message"
    await answer(ana, pack, [AI] * 9)
    await about(ana)
    await ana.press("See my result")
    await ana.press(pack.quiz.questions[0].options[0], on=first)
    assert ana.card.title == "Clearly AI Engineer"


async def test_what_cannot_be_answered_leaves_the_question_open(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    pick = next(each.action for each in buttons(ana.card) if isinstance(each.action, Pick))
    for field, value in [("maths", "9"), ("nonsense", "1"), (pick.field, "7")]:
        action = next(each.action for each in buttons(ana.card) if isinstance(each.action, Pick))
        await ana.act(Pick(action.ticket, field, value))
        assert ana.card.title == "Question 1 of 9"


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
    await take(ana, pack, [AI, *[0] * 8], draw="The pay")

    async def read(transaction: object) -> tuple[Run, ...]:
        store = Store(transaction)  # type: ignore[arg-type]
        return await store.runs((await store.member(ana.person, 0, "x")).id)

    [run] = await database.transact(read)
    assert (run.start, run.hours, run.draw, run.matters) == ("software", 5, "pay", None)
    assert run.answers[pack.quiz.questions[0].id] == AI
    assert len(run.answers) == 9


async def test_what_matters_most_is_a_menu_of_the_questions(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    await answer(ana, pack, [0] * 9)
    [menu] = [part for part in ana.card.parts if isinstance(part, Menu)]
    assert [option.value for option in menu.options] == [q.id for q in pack.quiz.questions]
