"""The arithmetic of the decision, for two to four roles: evidence, verdicts, what flips them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.commands.quiz.scoring import (
    MOST,
    NEITHER,
    SEVERAL,
    Change,
    Contribution,
    Difference,
    Flip,
    Scale,
    Verdict,
    difference,
    judge,
    to_no_role,
    to_role,
)
from bot.pack.load import default_pack_path, load
from bot.pack.quiz import Quiz
from tests.packs import make_quiz, roles_of, towards_each

Case: TypeAlias = tuple[Scale, dict[str, int]]

AI_ML = load(default_pack_path())
FIVE = 5
"""Options of a question in the short form, from one pole to the other."""


def short(questions: int = 10, leaning: float = 0.33, clear: float = 0.5) -> Scale:
    """A quiz of two roles, red to blue, in the short form."""
    data = make_quiz(("red", "blue"), [[{}] * FIVE] * questions, leaning, clear)
    for question in data["questions"]:
        question["options"] = [option["text"] for option in question["options"]]
    return Scale(Quiz.model_validate({**data, "poles": ["red", "blue"]}), ("red", "blue"))


def several(count: int, questions: int = 6) -> Scale:
    roles = roles_of(count)
    gives = [towards_each(roles)] * questions
    return Scale(Quiz.model_validate(make_quiz(roles, gives, 0.33, 0.5)), roles)


@st.composite
def cases(draw: st.DrawFn, most: int = 8, *, decided: bool = False) -> Case:
    """A quiz with two to four roles and any options, the answers to some of it, and a weight.

    Somebody who is `decided` mostly takes the option that is best for one of the roles.
    """
    roles = roles_of(draw(st.integers(2, 4)))
    option = st.fixed_dictionaries({role: st.integers(0, 2) for role in roles})
    question = st.lists(option, min_size=1, max_size=3).map(towards_each(roles)[:2].__add__)
    gives = draw(st.lists(question, min_size=3 if decided else 2, max_size=most))
    leaning, clear = sorted((draw(st.integers(5, 60)), draw(st.integers(5, 60))))
    quiz = Quiz.model_validate(make_quiz(roles, gives, leaning / 100, clear / 100))
    ids = [question.id for question in quiz.questions]
    answers = {}
    for asked in quiz.questions:
        chance = draw(st.integers(0, 9))
        if decided and chance < 8:
            answers[asked.id] = 0  # the one that gives to the first role alone
        elif chance:
            answers[asked.id] = draw(st.integers(NEITHER, len(asked.options) - 1))
    return Scale(quiz, roles, draw(st.none() | st.sampled_from(ids))), answers


def test_a_member_who_likes_blue_is_pointed_at_it_and_sees_why() -> None:
    scale = replace(short(8), matters="q2")
    verdict = judge(scale, {"q1": 4, "q2": 3, "q3": 1, "q5": 4, "q6": 4, "q7": 3})

    assert (verdict.outcome, verdict.role) == ("leaning-blue", "blue")
    assert verdict.points == {"red": 1, "blue": 9}
    assert (verdict.possible, verdict.answered, verdict.asked) == (18, 6, 8)
    assert verdict.skipped == ("q4", "q8")
    assert verdict.contributions[1] == Contribution("q2", 3, {"red": 0, "blue": 2}, weight=2)
    assert [one.question for one in verdict.weighed_most("blue")] == ["q1", "q2", "q5"]
    assert [one.question for one in verdict.weighed_most("red")] == ["q3"]


@pytest.mark.parametrize(
    ("places", "outcome"),
    [
        ([4] * 10, "clear-blue"),
        ([0] * 10, "clear-red"),
        ([4] * 6 + [None] * 4, "leaning-blue"),
        ([4] * 4 + [None] * 6, "little"),
        ([None] * 10, "little"),
        ([NEITHER] * 6 + [4] * 4, "cold"),
        ([2] * 10, "close"),
        ([4, 4, 4, 0, 0, 0, 2, 2, 2, 2], "torn"),
        ([4] * 2 + [2] * 8, "close"),
        ([4] * 4 + [2] * 6, "leaning-blue"),
    ],
)
def test_each_kind_of_verdict(places: list[int | None], outcome: str) -> None:
    assert judge(short(), _answers(places)).outcome == outcome


def test_one_answer_never_makes_a_recommendation_however_much_it_matters() -> None:
    scale = short()
    for question in scale.quiz.questions:
        weighed = replace(scale, matters=question.id)
        answers = {q.id: 2 for q in scale.quiz.questions} | {question.id: 4}
        assert judge(weighed, answers).role is None


def test_a_strong_answer_is_no_stronger_for_counting_twice() -> None:
    mild = _answers([3, 3, 1, 1, 2, 2, 2, 2, 2, 2])
    assert judge(replace(short(), matters="q1"), mild).kind == "close"


def test_an_answer_to_a_question_that_left_the_quiz_counts_for_nothing() -> None:
    scale = short()
    assert judge(scale, {"q1": 1, "gone": 4}) == judge(replace(scale, matters="gone"), {"q1": 1})


@pytest.mark.parametrize("place", [-2, 5, 100])
def test_an_option_that_there_is_not_is_refused(place: int) -> None:
    with pytest.raises(ValueError, match=f"q1 has no option {place}"):
        judge(short(), {"q1": place})


@given(cases(decided=True))
def test_a_recommendation_rests_on_evidence(case: Case) -> None:
    scale, answers = case
    verdict = judge(scale, answers)
    assume(verdict.role)
    assert verdict.role

    assert 2 * verdict.answered >= verdict.asked
    assert verdict.kind == "leaning" or verdict.answered >= MOST * verdict.asked
    others = [role for role in scale.roles if role != verdict.role]
    rival = max(others, key=verdict.points.__getitem__)
    agree = [c for c in verdict.contributions if c.points[verdict.role] > c.points[rival]]
    assert len(agree) >= SEVERAL
    lead = verdict.points[verdict.role] - verdict.points[rival]
    assert lead / verdict.possible >= scale.quiz.thresholds.leaning
    assert verdict.ranked[0] == verdict.role


@given(cases(), st.randoms())
def test_permuting_the_roles_permutes_the_verdict(case: Case, random: Random) -> None:
    scale, answers = case
    renamed = dict(zip(scale.roles, random.sample(scale.roles, len(scale.roles)), strict=True))
    questions = [
        question.model_copy(
            update={
                "options": tuple(
                    option.model_copy(
                        update={"gives": {renamed[r]: p for r, p in option.gives.items()}}
                    )
                    for option in question.options
                )
            }
        )
        for question in scale.quiz.questions
    ]
    quiz = scale.quiz.model_copy(update={"questions": tuple(questions)})
    here, there = judge(scale, answers), judge(replace(scale, quiz=quiz), answers)

    assert {renamed[role]: points for role, points in here.points.items()} == there.points
    assert (there.role, there.kind == "torn") == (
        renamed[here.role] if here.role else None,
        here.kind == "torn",
    ) or _tied(here.points)


@given(cases(decided=True), st.data())
def test_an_answer_that_gives_more_to_a_role_alone_never_hurts_it(
    case: Case, data: st.DataObject
) -> None:
    scale, answers = case
    before = judge(scale, answers)
    assume(before.role)
    question = data.draw(st.sampled_from(scale.quiz.questions))
    assume(answers.get(question.id, NEITHER) != NEITHER)
    old = question.options[answers[question.id]].gives
    better = [
        at
        for at, option in enumerate(question.options)
        if option.gives.get(before.role or "", 0) >= old.get(before.role or "", 0)
        and all(
            option.gives.get(role, 0) <= old.get(role, 0)
            for role in scale.roles
            if role != before.role
        )
    ]
    after = judge(scale, answers | {question.id: data.draw(st.sampled_from(better))})

    assert after.points[before.role or ""] >= before.points[before.role or ""]
    assert after.ranked[0] == before.role


@given(cases(), st.randoms())
def test_the_order_of_the_answers_does_not_matter(case: Case, random: Random) -> None:
    scale, answers = case
    shuffled = list(answers.items())
    random.shuffle(shuffled)

    assert judge(scale, dict(shuffled)) == judge(scale, answers)
    assert to_no_role(scale, dict(shuffled)) == to_no_role(scale, answers)


@settings(deadline=None)
@given(cases(most=6, decided=True), st.data())
def test_what_would_flip_it_flips_it(case: Case, data: st.DataObject) -> None:
    scale, answers = case
    verdict = judge(scale, answers)
    role = data.draw(st.sampled_from(scale.roles))
    flips: list[tuple[Flip | None, Callable[[Verdict], bool]]] = [
        (to_no_role(scale, answers), lambda to: to.role != verdict.role),
        (to_role(scale, answers, role), lambda to: to.role == role),
    ]
    for found, reached in flips:
        if found is not None:
            changed = answers | {change.question: change.new for change in found.changes}
            assert reached(judge(scale, changed))
            assert judge(scale, changed) == found.to
            assert all(c.old == answers.get(c.question) != c.new for c in found.changes)


@settings(deadline=None)
@given(cases(most=4, decided=True))
def test_nothing_smaller_takes_a_recommendation_away(case: Case) -> None:
    scale, answers = case
    role = judge(scale, answers).role
    assume(role)
    found = to_no_role(scale, answers)
    sizes = [
        sum(answers.get(question) != place for question, place in changed.items())
        for changed in _every_change(scale, answers)
        if judge(scale, answers | changed).role != role
    ]

    assert found is not None
    assert len(found.changes) == min(sizes)


def test_a_thin_lean_names_the_mildest_answer_that_would_end_it() -> None:
    answers = _answers([4] * 3 + [3] + [2] * 6)
    found = to_no_role(short(), answers)

    assert judge(short(), answers).outcome == "leaning-blue"
    assert found is not None
    assert found.changes == (Change("q4", 3, 2),) or found.changes == (Change("q1", 4, 3),)
    assert found.to.outcome == "close"


def test_what_has_changed_since_is_told_in_the_order_of_the_quiz() -> None:
    quiz = short(4).quiz
    old, new = {"q1": 4, "q2": 0, "gone": 1}, {"q3": 2, "q2": 1, "q1": 4}
    assert difference(quiz, old, new) == (Difference("q2", 0, 1), Difference("q3", None, 2))


@pytest.mark.parametrize("seed", range(3))
def test_random_answers_seldom_get_a_recommendation(seed: int) -> None:
    """At most 30 of 100, with four questions skipped at most 10; each may matter most."""
    random, roles = Random(seed), tuple(role.id for role in AI_ML.roles)
    questions = AI_ML.quiz.questions
    full, skipped = 0, 0
    for _ in range(2000):
        answers = {q.id: random.randrange(len(q.options)) for q in questions}
        scale = Scale(AI_ML.quiz, roles, random.choice([None, *answers]))
        full += judge(scale, answers).role is not None
        rest = dict(random.sample(sorted(answers.items()), len(questions) - 4))
        skipped += judge(replace(scale, matters=None), rest).role is not None
    assert full <= 0.30 * 2000
    assert skipped <= 0.10 * 2000


@pytest.mark.parametrize(("pole", "near"), [(0, 1), (4, 3)])
def test_a_member_with_a_clear_preference_keeps_theirs(pole: int, near: int) -> None:
    """Whoever takes the same side in all questions, now strongly and now mildly, is told so."""
    random, roles = Random(pole), tuple(role.id for role in AI_ML.roles)
    [side] = [
        role for role, points in AI_ML.quiz.questions[0].options[pole].gives.items() if points
    ]
    for _ in range(2000):
        answers = {q.id: random.choice((pole, pole, near)) for q in AI_ML.quiz.questions}
        one_off = random.choice(sorted(answers))
        answers[one_off] = random.choice((NEITHER, 2, 4 - near))
        assert judge(Scale(AI_ML.quiz, roles, None), answers).role == side


def _answers(places: Sequence[int | None]) -> dict[str, int]:
    return {f"q{at}": place for at, place in enumerate(places, 1) if place is not None}


def _tied(points: Mapping[str, int]) -> bool:
    return len(set(points.values())) < len(points)


def _every_change(scale: Scale, answers: Mapping[str, int]) -> Iterator[dict[str, int]]:
    ids = [question.id for question in scale.quiz.questions]
    places = [range(len(question.options)) for question in scale.quiz.questions]
    olds = [answers.get(question) for question in ids]
    for chosen in product(*([*each, None] for each in places)):
        yield {
            question: place
            for question, place, old in zip(ids, chosen, olds, strict=True)
            if place is not None and place != old
        }
