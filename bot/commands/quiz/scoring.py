"""Scores of a quiz: answers in, points for each role and a verdict out, and what would flip it.

A recommendation needs evidence: half of the questions for any verdict, most of them for a clear
one, several answers that agree, and a lead that does not hang on the strongest of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil
from typing import Literal, TypeAlias

from bot.pack.base import RoleId
from bot.pack.model import Pack
from bot.pack.quiz import Question, Quiz

Kind: TypeAlias = Literal["clear", "leaning", "close", "torn", "cold", "little"]
Answers: TypeAlias = Mapping[str, int]
"""Question id -> the option's place in the question, or NEITHER. What is missing was skipped."""

NEITHER = -1
"""Nothing for anybody, and yet an answer."""
STRONGEST = 2
"""What an option can give to a role at most."""
WEIGHED_MOST = 3
"""How many answers for each role a verdict names."""
ENOUGH = 0.5
"""The share of the questions that must be answered for any verdict."""
MOST = 0.7
"""The share of the questions that must be answered for a clear one."""
SEVERAL = 3
"""How many answers must speak for a role; one more where fewer than MOST are answered."""
_TORN = 2  # strong answers on each side


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one answer gives to each role, `weight` times; `option` is its place, or NEITHER."""

    question: str
    option: int
    points: Mapping[RoleId, int]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result, with everything that it follows from.

    `points` has every role, the pack's order where they tie. `possible` is what a role would get if
    every question, also a skipped one, spoke for it alone. `answered` of `asked` questions were.
    """

    kind: Kind
    role: RoleId | None
    points: Mapping[RoleId, int]
    possible: int
    answered: int
    asked: int
    contributions: tuple[Contribution, ...]
    skipped: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """As it is kept: "leaning-ai", "close"."""
        return f"{self.kind}-{self.role}" if self.role else self.kind

    @property
    def ranked(self) -> tuple[RoleId, ...]:
        """The roles, most points first."""
        return tuple(sorted(self.points, key=self.points.__getitem__, reverse=True))

    def weighed_most(self, role: RoleId) -> tuple[Contribution, ...]:
        """The answers that gave most to a role, more than to any other."""
        spoke = [one for one in self.contributions if _ahead(one.points, role) > 0]
        spoke.sort(key=lambda one: _ahead(one.points, role), reverse=True)
        return tuple(spoke[:WEIGHED_MOST])


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer to a question; `old` is None where it was skipped."""

    question: str
    old: int | None
    new: int


@dataclass(frozen=True, slots=True)
class Flip:
    """The fewest other answers that bring another verdict, and that verdict."""

    changes: tuple[Change, ...]
    to: Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not what it was in an earlier run; None where it was skipped."""

    question: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Scale:
    """What answers are judged by: the quiz, its roles, and the question that matters most."""

    quiz: Quiz
    roles: tuple[RoleId, ...]
    matters: str | None = None

    def weight(self, question: Question) -> int:
        return self.quiz.matters_factor if question.id == self.matters else 1


def scale_of(pack: Pack, matters: str | None = None) -> Scale:
    return Scale(pack.quiz, tuple(role.id for role in pack.roles), matters)


def enough(quiz: Quiz) -> int:
    """How many answers any verdict needs."""
    return ceil(ENOUGH * len(quiz.questions))


def judge(scale: Scale, answers: Answers) -> Verdict:
    """The verdict on the answers; the question that matters most counts several times.

    Answers to questions that the quiz does not ask (any more) count for nothing.
    """
    questions = scale.quiz.questions
    given = tuple(_contribution(scale, q, answers[q.id]) for q in questions if q.id in answers)
    points = {role: sum(one.points[role] for one in given) for role in scale.roles}
    possible = STRONGEST * sum(scale.weight(question) for question in questions)
    kind, role = _outcome(scale, given, points, possible)
    return Verdict(
        kind=kind,
        role=role,
        points=points,
        possible=possible,
        answered=len(given),
        asked=len(questions),
        contributions=given,
        skipped=tuple(q.id for q in questions if q.id not in answers),
    )


def to_no_role(scale: Scale, answers: Answers) -> Flip | None:
    """The fewest other answers that take a recommendation away; None where there is none.

    Where one is enough it is the mildest that does. Skipping is no other answer.
    """
    verdict = judge(scale, answers)
    if verdict.role is None:
        return None
    rivals = [role for role in scale.roles if role != verdict.role]
    found = _fewest(scale, answers, lambda to: to.role != verdict.role, rivals)
    if found is None or len(found.changes) > 1:
        return found
    single = _mildest(scale, answers, verdict.role)
    return single or found


def to_role(scale: Scale, answers: Answers, role: RoleId) -> Flip | None:
    """The fewest other answers that make it this role; None where nothing would."""
    return _fewest(scale, answers, lambda to: to.role == role, [role])


def other_weights(scale: Scale, answers: Answers) -> Iterator[tuple[str, Verdict]]:
    """The questions that would bring another verdict if they mattered most."""
    before = judge(scale, answers).outcome
    for question in scale.quiz.questions:
        if question.id != scale.matters:
            to = judge(replace(scale, matters=question.id), answers)
            if to.outcome != before:
                yield question.id, to


def difference(quiz: Quiz, old: Answers, new: Answers) -> tuple[Difference, ...]:
    """Which answers are not what they were in an earlier run, in the quiz's order."""
    return tuple(
        Difference(question.id, old.get(question.id), new.get(question.id))
        for question in quiz.questions
        if old.get(question.id) != new.get(question.id)
    )


def parse_outcome(outcome: str) -> tuple[str, RoleId | None]:
    """A kept outcome as its kind and its role."""
    kind, _, role = outcome.partition("-")
    return kind, role or None


def _contribution(scale: Scale, question: Question, option: int) -> Contribution:
    if not NEITHER <= option < len(question.options):
        raise ValueError(f"{question.id} has no option {option}")
    gives = {} if option == NEITHER else question.options[option].gives
    weight = scale.weight(question)
    points = {role: gives.get(role, 0) * weight for role in scale.roles}
    return Contribution(question.id, option, points, weight)


def _outcome(
    scale: Scale, given: Sequence[Contribution], points: Mapping[RoleId, int], possible: int
) -> tuple[Kind, RoleId | None]:
    asked = len(scale.quiz.questions)
    if len(given) < ENOUGH * asked:
        return "little", None
    if 2 * sum(one.option == NEITHER for one in given) > len(given):
        return "cold", None
    role = max(scale.roles, key=points.__getitem__)
    lead = _ahead(points, role)
    rival = max((r for r in scale.roles if r != role), key=points.__getitem__)
    leads = [one.points[role] - one.points[rival] for one in given]
    most = len(given) >= MOST * asked
    thresholds = scale.quiz.thresholds
    agreeing = sum(one > 0 for one in leads)
    rests = min((_without(points, one, role) for one in given), default=0)
    if agreeing >= SEVERAL + (not most) and rests * 2 >= thresholds.leaning * possible:
        # Plain division on purpose: it rounds as the thresholds were rounded when they were read
        # from decimals.
        share = lead / possible
        if share >= thresholds.clear and most:
            return "clear", role
        if share >= thresholds.leaning:
            return "leaning", role
    return ("torn" if _torn(given, role, rival) else "close"), None


def _torn(given: Iterable[Contribution], one: RoleId, other: RoleId) -> bool:
    # An answer is no stronger for counting twice.
    leads = [(answer.points[one] - answer.points[other]) / answer.weight for answer in given]
    strong = (sum(lead >= STRONGEST for lead in leads), sum(lead <= -STRONGEST for lead in leads))
    return min(strong) >= _TORN


def _without(points: Mapping[RoleId, int], answer: Contribution, role: RoleId) -> int:
    """By how much the role would lead if this answer had not been given."""
    left = {name: points[name] - answer.points[name] for name in points}
    return _ahead(left, role)


def _ahead(points: Mapping[RoleId, int], role: RoleId) -> int:
    """By how much a role leads the best of the others."""
    return points[role] - max(other for name, other in points.items() if name != role)


def _fewest(
    scale: Scale,
    answers: Answers,
    reached: Callable[[Verdict], bool],
    towards: Sequence[RoleId],
) -> Flip | None:
    """The fewest changes after which `reached` holds, each to the option that is best for one of
    the roles `towards`. What ties goes to the questions asked first.

    Twelve questions at most: every choice of so many of them is looked at.
    """
    ways = [_strongest(scale, answers, role) for role in towards]
    for count in range(1, max(map(len, ways), default=0) + 1):
        for way in ways:
            for chosen in combinations(way, count):
                changed = {**answers, **{change.question: change.new for change in chosen}}
                if reached(to := judge(scale, changed)):
                    return Flip(chosen, to)
    return None


def _strongest(scale: Scale, answers: Answers, role: RoleId) -> list[Change]:
    """For each question the answer that does most for a role, where that is another one."""
    changes = []
    for question in scale.quiz.questions:
        places = range(len(question.options))
        best = max(places, key=lambda at: _of(question, at, role, scale.roles))
        if best != answers.get(question.id):
            changes.append(Change(question.id, answers.get(question.id), best))
    return changes


def _mildest(scale: Scale, answers: Answers, role: RoleId) -> Flip | None:
    """The one answer that takes the role away and says least against it."""
    found: list[tuple[int, int, Flip]] = []
    for number, question in enumerate(scale.quiz.questions):
        old = answers.get(question.id)
        for at in range(len(question.options)):
            if at != old:
                to = judge(scale, {**answers, question.id: at})
                if to.role != role:
                    said = _of(question, at, role, scale.roles)
                    flip = Flip((Change(question.id, old, at),), to)
                    found.append((-said * scale.weight(question), number, flip))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _of(question: Question, at: int, role: RoleId, roles: Iterable[RoleId]) -> int:
    gives = question.options[at].gives
    return _ahead({name: gives.get(name, 0) for name in roles}, role)
