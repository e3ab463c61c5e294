"""The decision arithmetic: answers in, points for each role, a verdict and what would flip it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter
from typing import Literal, TypeAlias

from bot.pack.model import Question, Quiz, RoleId

Outcome: TypeAlias = Literal["clear-ai", "leaning-ai", "close", "leaning-ml", "clear-ml"]
Answers: TypeAlias = Mapping[str, int]
"""Question id -> lean, from -2 (the ML pole) to +2 (the AI pole). What is missing was skipped."""

STRONGEST = 2
"""The lean of a pole."""
WEIGHED_MOST = 3
"""How many answers on each side a verdict names."""

_ROLES: dict[Outcome, RoleId | None] = {
    "clear-ai": "ai",
    "leaning-ai": "ai",
    "close": None,
    "leaning-ml": "ml",
    "clear-ml": "ml",
}

_Side: TypeAlias = Literal[1, -1]
"""The direction of a role on the scale: 1 for AI, -1 for ML."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one answer gives to each role."""

    question: str
    lean: int
    ai: int
    ml: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result, with everything that it follows from.

    `possible` is what a role would get if every question, also a skipped one, spoke for it alone.
    `margin` is (ai - ml) / possible, so what was skipped pulls it towards 0.
    `certainty` is the share of the weight that was answered.
    """

    outcome: Outcome
    role: RoleId | None
    ai: int
    ml: int
    possible: int
    margin: float
    certainty: float
    contributions: tuple[Contribution, ...]
    for_ai: tuple[Contribution, ...]
    for_ml: tuple[Contribution, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer to a question; `old` is None where it was skipped."""

    question: str
    old: int | None
    new: int


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of answers that brings another role, and the outcome it leads to."""

    changes: tuple[Change, ...]
    to: Outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not what it was in an earlier run; None where it was skipped."""

    question: str
    old: int | None
    new: int | None


def judge(quiz: Quiz, answers: Answers, matters: str | None = None) -> Verdict:
    """The verdict on the answers; the question `matters` counts `quiz.matters_factor` times.

    Answers to questions that the quiz does not ask (any more) count for nothing.
    """
    answered = [question for question in quiz.questions if question.id in answers]
    contributions = tuple(
        _contribution(question.id, answers[question.id], _weight(quiz, question, matters))
        for question in answered
    )
    total = sum(_weight(quiz, question, matters) for question in quiz.questions)
    possible = STRONGEST * total
    ai = sum(contribution.ai for contribution in contributions)
    ml = sum(contribution.ml for contribution in contributions)
    outcome = _outcome(quiz, ai - ml, possible)
    return Verdict(
        outcome=outcome,
        role=_ROLES[outcome],
        ai=ai,
        ml=ml,
        possible=possible,
        margin=(ai - ml) / possible,
        certainty=sum(_weight(quiz, question, matters) for question in answered) / total,
        contributions=contributions,
        for_ai=_weighed_most(contributions, "ai"),
        for_ml=_weighed_most(contributions, "ml"),
        skipped=tuple(q.id for q in quiz.questions if q.id not in answers),
    )


def flip(quiz: Quiz, answers: Answers, matters: str | None = None) -> Flip:
    """The smallest change of answers that makes the recommended role another one.

    From a role that is the other role; from "close" it is the role that takes less. Smallest means:
    fewest answers changed, then fewest points moved on their scales, then fewest of them skipped
    questions (a skipped one counts as 0, and to answer it is a change like any other). What ties
    after that goes to the role that is ahead (AI if neither is), then to the questions asked first.

    There always is one: with every answer at a pole the margin is 1, and leaning starts below that.
    """
    verdict = judge(quiz, answers, matters)
    ahead_then_behind: tuple[_Side, ...] = (1, -1) if verdict.ai >= verdict.ml else (-1, 1)
    sides = ahead_then_behind[1:] if verdict.role else ahead_then_behind
    changes = min((_smallest(quiz, answers, matters, side) for side in sides), key=_size)
    changed = {**answers, **{change.question: change.new for change in changes}}
    return Flip(changes, judge(quiz, changed, matters).outcome)


def difference(quiz: Quiz, old: Answers, new: Answers) -> tuple[Difference, ...]:
    """Which answers are not what they were in an earlier run, in the quiz's order."""
    return tuple(
        Difference(question.id, old.get(question.id), new.get(question.id))
        for question in quiz.questions
        if old.get(question.id) != new.get(question.id)
    )


def _contribution(question: str, lean: int, weight: int) -> Contribution:
    if not -STRONGEST <= lean <= STRONGEST:
        raise ValueError(f"the answer to {question} leans {lean}: it must be within -2 and +2")
    return Contribution(question, lean, ai=max(0, lean) * weight, ml=max(0, -lean) * weight)


def _weight(quiz: Quiz, question: Question, matters: str | None) -> int:
    return quiz.matters_factor if question.id == matters else 1


def _outcome(quiz: Quiz, lead: int, possible: int) -> Outcome:
    # Plain division on purpose: it rounds as the thresholds were rounded when they were read from
    # decimals, so 3 of 20 reaches 0.15 exactly.
    share = abs(lead) / possible
    if share >= quiz.thresholds.clear:
        return "clear-ai" if lead > 0 else "clear-ml"
    if share >= quiz.thresholds.leaning:
        return "leaning-ai" if lead > 0 else "leaning-ml"
    return "close"


def _weighed_most(contributions: Iterable[Contribution], role: RoleId) -> tuple[Contribution, ...]:
    points = attrgetter(role)
    spoke = (contribution for contribution in contributions if points(contribution))
    return tuple(sorted(spoke, key=points, reverse=True)[:WEIGHED_MOST])


def _size(changes: tuple[Change, ...]) -> tuple[int, int, int]:
    points = sum(abs(change.new - (change.old or 0)) for change in changes)
    return len(changes), points, sum(change.old is None for change in changes)


@dataclass(frozen=True, slots=True)
class _Room:
    """How far one answer can still move towards a side, and what each point of that is worth."""

    question: str
    old: int | None
    points: int
    weight: int


def _smallest(quiz: Quiz, answers: Answers, matters: str | None, side: _Side) -> tuple[Change, ...]:
    """The smallest change that makes the outcome at least leaning towards a side."""
    now = judge(quiz, answers, matters)
    need = _leaning_from(quiz, now.possible) - side * (now.ai - now.ml)
    rooms = [
        _room(q.id, answers.get(q.id), _weight(quiz, q, matters), side) for q in quiz.questions
    ]
    worth = sorted((room.points * room.weight for room in rooms), reverse=True)
    fewest = next(n for n in range(1, len(worth) + 1) if sum(worth[:n]) >= need)
    # Ten questions at most: every choice of so many of them is looked at, in the quiz's order.
    enough = (
        chosen
        for chosen in combinations(rooms, fewest)
        if sum(room.points * room.weight for room in chosen) >= need
    )
    return min((_moves(chosen, need, side) for chosen in enough), key=_size)


def _room(question: str, old: int | None, weight: int, side: _Side) -> _Room:
    return _Room(question, old, STRONGEST - side * (old or 0), weight)


def _leaning_from(quiz: Quiz, possible: int) -> int:
    return next(
        lead for lead in range(1, possible + 1) if _outcome(quiz, lead, possible) != "close"
    )


def _moves(chosen: tuple[_Room, ...], need: int, side: _Side) -> tuple[Change, ...]:
    """As few points as make up the need: where a point is worth most first."""
    moved: dict[str, Change] = {}
    for room in sorted(chosen, key=attrgetter("weight"), reverse=True):
        points = min(room.points, -(-need // room.weight))
        moved[room.question] = Change(room.question, room.old, (room.old or 0) + side * points)
        need -= points * room.weight
    return tuple(moved[room.question] for room in chosen)
