"""The arithmetic of the decision: what counts, what is left out, and what would flip it."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.commands.quiz.scoring import Change, Contribution, Difference, difference, flip, judge
from bot.pack.model import Question, Quiz, Thresholds

LEANS = st.integers(-2, 2)


def make_question(number: int) -> Question:
    return Question(
        id=f"q{number}",
        about=f"subject {number}",
        text=(),
        options=("--", "-", "0", "+", "++"),
        ai_reason="",
        ml_reason="",
    )


QUESTIONS = tuple(make_question(number) for number in range(1, 11))
QUIZ = Quiz.model_validate(
    {
        "questions": QUESTIONS,
        "starts": [{"id": start, "label": start} for start in ("zero", "software", "data")],
        "draws": [{"id": draw, "label": draw} for draw in ("pay", "curiosity")],
        "trials": [{"role": role, "title": role, "tasks": ["try"]} for role in ("ai", "ml")],
        "hours": [5, 10],
        "thresholds": {"leaning": 0.15, "clear": 0.5},
        **dict.fromkeys(
            ("intro", "matters_text", "start_text", "hours_text", "draw_text"), "words"
        ),
        **dict.fromkeys(("close_text", "convergence"), "words"),
    }
)


def make_quiz(questions: int = 8, leaning: float = 0.15, clear: float = 0.5) -> Quiz:
    """A quiz of any length, also shorter than a pack's, so that all its answers can be tried."""
    thresholds = Thresholds(leaning=leaning, clear=clear)
    return QUIZ.model_copy(update={"questions": QUESTIONS[:questions], "thresholds": thresholds})


@st.composite
def runs(draw: st.DrawFn, most: int = 10) -> tuple[Quiz, dict[str, int], str | None]:
    """A quiz, the answers to some of its questions, and what matters most."""
    leaning, clear = sorted((draw(st.integers(1, 99)), draw(st.integers(1, 99))))
    quiz = make_quiz(draw(st.integers(1, most)), leaning / 100, clear / 100)
    ids = [question.id for question in quiz.questions]
    answers = draw(st.dictionaries(st.sampled_from(ids), LEANS))
    return quiz, answers, draw(st.none() | st.sampled_from(ids))


def swapped(answers: Mapping[str, int]) -> dict[str, int]:
    return {question: -lean for question, lean in answers.items()}


OTHER = {
    "clear-ai": "clear-ml",
    "leaning-ai": "leaning-ml",
    "close": "close",
    "leaning-ml": "leaning-ai",
    "clear-ml": "clear-ai",
}


def test_a_member_who_likes_products_is_pointed_at_ai() -> None:
    quiz = make_quiz()
    verdict = judge(quiz, {"q1": 2, "q2": 1, "q3": -1, "q5": 2, "q6": 2}, matters="q2")

    assert (verdict.outcome, verdict.role) == ("leaning-ai", "ai")
    assert (verdict.ai, verdict.ml, verdict.possible) == (8, 1, 18)
    assert verdict.margin == pytest.approx(7 / 18)
    assert verdict.certainty == pytest.approx(6 / 9)
    assert verdict.skipped == ("q4", "q7", "q8")
    assert verdict.contributions[1] == Contribution("q2", lean=1, ai=2, ml=0)


def test_the_three_that_weighed_most_come_heaviest_first_and_then_as_asked() -> None:
    verdict = judge(make_quiz(), {"q8": 2, "q2": 1, "q1": 2, "q4": 1, "q5": -1, "q6": 0}, "q4")

    assert [weighed.question for weighed in verdict.for_ai] == ["q1", "q4", "q8"]
    assert [weighed.question for weighed in verdict.for_ml] == ["q5"]


def test_nobody_is_told_anything_who_answered_nothing() -> None:
    verdict = judge(make_quiz(), {}, matters="q1")

    assert (verdict.outcome, verdict.role, verdict.certainty) == ("close", None, 0)
    assert verdict.for_ai == verdict.for_ml == verdict.contributions == ()


def test_an_answer_to_a_question_that_left_the_quiz_counts_for_nothing() -> None:
    quiz = make_quiz()
    assert judge(quiz, {"q1": 1, "gone": -2}, "gone") == judge(quiz, {"q1": 1})


@pytest.mark.parametrize("lean", [-3, 3, 100])
def test_an_answer_off_the_scale_is_refused(lean: int) -> None:
    with pytest.raises(ValueError, match=f"q1 leans {lean}"):
        judge(make_quiz(), {"q1": lean})


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"q1": 2}, "close"),
        ({"q1": 2, "q2": 1}, "leaning-ai"),
        ({"q1": 2, "q2": 2, "q3": 2, "q4": 2, "q5": 1}, "leaning-ai"),
        ({"q1": 2, "q2": 2, "q3": 2, "q4": 2, "q5": 2}, "clear-ai"),
    ],
)
def test_a_threshold_is_reached_exactly_at_its_decimal(
    answers: dict[str, int], outcome: str
) -> None:
    assert judge(make_quiz(10), answers).outcome == outcome


@given(runs())
def test_thresholds_are_respected(run: tuple[Quiz, dict[str, int], str | None]) -> None:
    quiz, answers, matters = run
    verdict = judge(quiz, answers, matters)
    share = abs(verdict.ai - verdict.ml) * 100 / verdict.possible
    clear, leaning = (round(100 * t) for t in (quiz.thresholds.clear, quiz.thresholds.leaning))

    assert -1 <= verdict.margin <= 1
    assert 0 <= verdict.certainty <= 1
    assert verdict.outcome.startswith("clear") == (share >= clear)
    assert (verdict.outcome == "close") == (share < leaning)
    assert verdict.role == (None if share < leaning else "ai" if verdict.ai > verdict.ml else "ml")


@given(runs())
def test_swapping_the_poles_swaps_the_verdict(run: tuple[Quiz, dict[str, int], str | None]) -> None:
    quiz, answers, matters = run
    there, here = judge(quiz, swapped(answers), matters), judge(quiz, answers, matters)

    assert (there.ai, there.ml, there.margin) == (here.ml, here.ai, -here.margin)
    assert there.outcome == OTHER[here.outcome]
    assert (there.role == here.role) == (here.role is None)
    assert [c.question for c in there.for_ai] == [c.question for c in here.for_ml]
    assert there.certainty == here.certainty


@given(runs(), st.data())
def test_moving_one_answer_towards_a_role_never_hurts_it(
    run: tuple[Quiz, dict[str, int], str | None], data: st.DataObject
) -> None:
    quiz, answers, matters = run
    assume(answers)
    question = data.draw(st.sampled_from(sorted(answers)))
    moved = answers | {question: data.draw(st.integers(answers[question], 2))}
    before, after = judge(quiz, answers, matters), judge(quiz, moved, matters)

    assert after.ai >= before.ai
    assert after.ml <= before.ml
    assert after.margin >= before.margin


@given(runs(), st.randoms())
def test_the_order_of_the_answers_does_not_matter(
    run: tuple[Quiz, dict[str, int], str | None], random: Random
) -> None:
    quiz, answers, matters = run
    shuffled = list(answers.items())
    random.shuffle(shuffled)

    assert judge(quiz, dict(shuffled), matters) == judge(quiz, answers, matters)
    assert flip(quiz, dict(shuffled), matters) == flip(quiz, answers, matters)


@given(runs(), st.data())
def test_skipping_lowers_the_certainty(
    run: tuple[Quiz, dict[str, int], str | None], data: st.DataObject
) -> None:
    quiz, answers, matters = run
    assume(answers)
    skipped = data.draw(st.sampled_from(sorted(answers)))
    rest = {question: lean for question, lean in answers.items() if question != skipped}
    verdict = judge(quiz, rest, matters)

    assert skipped in verdict.skipped
    assert verdict.certainty < judge(quiz, answers, matters).certainty


@given(runs())
def test_what_would_flip_it_flips_it(run: tuple[Quiz, dict[str, int], str | None]) -> None:
    quiz, answers, matters = run
    found = flip(quiz, answers, matters)
    after = judge(quiz, answers | {c.question: c.new for c in found.changes}, matters)

    assert after.outcome == found.to
    assert after.role not in {None, judge(quiz, answers, matters).role}
    assert all(change.old == answers.get(change.question) != change.new for change in found.changes)
    assert all(-2 <= change.new <= 2 for change in found.changes)


@given(runs(most=3))
def test_nothing_smaller_would_flip_it(run: tuple[Quiz, dict[str, int], str | None]) -> None:
    quiz, answers, matters = run
    role = judge(quiz, answers, matters).role
    sizes = [
        size(answers, changed)
        for changed in every_change(quiz, answers)
        if judge(quiz, answers | changed, matters).role not in {None, role}
    ]
    found = flip(quiz, answers, matters)

    assert size(answers, {c.question: c.new for c in found.changes}) == min(sizes)


def every_change(quiz: Quiz, answers: Mapping[str, int]) -> Iterator[dict[str, int]]:
    ids = [question.id for question in quiz.questions]
    for number in range(1, len(ids) + 1):
        for chosen in combinations(ids, number):
            for leans in product(range(-2, 3), repeat=number):
                changed = dict(zip(chosen, leans, strict=True))
                if all(answers.get(question) != lean for question, lean in changed.items()):
                    yield changed


def size(answers: Mapping[str, int], changed: Mapping[str, int]) -> tuple[int, int, int]:
    """What smallest means: answers changed, points moved, skipped ones among them."""
    points = sum(abs(lean - answers.get(question, 0)) for question, lean in changed.items())
    return len(changed), points, sum(question not in answers for question in changed)


def test_fewer_changes_go_before_fewer_points() -> None:
    quiz = make_quiz(3, leaning=0.25)
    heavy = flip(quiz, {"q1": 1, "q2": 1, "q3": 0}, matters="q2")
    assert (heavy.changes, heavy.to) == ((Change("q2", 1, -2),), "leaning-ml")

    even = flip(quiz, {"q1": 2, "q2": 0, "q3": 1})
    assert even.changes == (Change("q1", 2, -2), Change("q2", 0, -1))


def test_where_it_is_close_the_nearer_role_is_named() -> None:
    found = flip(make_quiz(), {"q1": -1, "q2": 0})
    assert (found.changes, found.to) == ((Change("q2", 0, -2),), "leaning-ml")


def test_with_nothing_answered_the_first_question_asked_would_tip_it() -> None:
    found = flip(make_quiz(), {}, matters="q3")

    assert found.changes == (Change("q3", None, 2),)
    assert found.to == "leaning-ai"


def test_an_answer_is_rather_changed_than_a_skipped_one_given() -> None:
    assert flip(make_quiz(4, leaning=0.2), {"q3": 0}).changes == (Change("q3", 0, 2),)


def test_what_changed_since_the_last_result_is_told_in_the_order_of_the_quiz() -> None:
    quiz = make_quiz()
    old, new = {"q4": 1, "q1": 2, "q2": 0}, {"q3": -1, "q2": 0, "q1": -2}

    assert difference(quiz, old, new) == (
        Difference("q1", 2, -2),
        Difference("q3", None, -1),
        Difference("q4", 1, None),
    )
    assert difference(quiz, new, new) == ()
