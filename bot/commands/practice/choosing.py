"""Which questions come: those that are due, a few new ones a day, a mix for a mock interview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest
from zlib import crc32

from bot.commands.context import Context
from bot.pack.base import RoleId
from bot.pack.learning import Exercise, Practice
from bot.pack.model import Pack
from bot.records import Rating, Recall

NEW_A_DAY = 5
IN_A_MOCK = 6
FIRM: frozenset[Rating] = frozenset({"good", "easy"})
"""The ratings of an answer that would do in an interview."""


def practice_of(pack: Pack, role: RoleId) -> Practice | None:
    return next((practice for practice in pack.practice if practice.role == role), None)


@dataclass(frozen=True, slots=True)
class Deck:
    """A role's questions, and how well the member knows those that they have rated, by id."""

    practice: Practice
    recalls: dict[str, Recall]
    today: date

    @property
    def due(self) -> list[Exercise]:
        """What is due: longest first, and of one day what was reviewed longest ago."""
        known = ((self.recalls[one.id], one) for one in self._rated())
        ready = [(recall, one) for recall, one in known if recall.due_on <= self.today]
        ready.sort(key=lambda each: (each[0].due_on, each[0].reviewed_at))
        return [one for _, one in ready]

    @property
    def fresh(self) -> list[Exercise]:
        """New questions that there is room for today, a kind after the other."""
        begun = sum(self.recalls[one.id].begun_on == self.today for one in self._rated())
        order = mixed(self.practice, self.practice.questions)
        new = [one for one in order if one.id not in self.recalls]
        return new[: max(0, NEW_A_DAY - begun)]

    @property
    def begun(self) -> bool:
        """Whether any of its questions has been rated."""
        return bool(self._rated())

    @property
    def next_on(self) -> date | None:
        """When the next question is due, of those that have been rated."""
        return min((self.recalls[one.id].due_on for one in self._rated()), default=None)

    def exercise(self, question: str) -> Exercise | None:
        return next((one for one in self.practice.questions if one.id == question), None)

    def next(self, put_off: Sequence[str]) -> Exercise | None:
        """The question that comes now."""
        ready = (one for one in (*self.due, *self.fresh) if one.id not in put_off)
        return next(ready, None)

    def firm(self, kind: str) -> tuple[int, int]:
        """How many questions of a kind were last rated good or easy, and how many there are."""
        those = [one.id for one in self.practice.questions if one.kind == kind]
        firm = (self.recalls[one].rating in FIRM for one in those if one in self.recalls)
        return sum(firm), len(those)

    def mock(self, seed: str) -> tuple[str, ...]:
        """Questions for a mock interview: what is not firm yet before what is, else by lot."""

        def lot(one: Exercise) -> tuple[bool, int]:
            recall = self.recalls.get(one.id)
            return bool(recall and recall.rating in FIRM), crc32(f"{seed} {one.id}".encode())

        drawn = sorted(self.practice.questions, key=lot)
        return tuple(one.id for one in mixed(self.practice, drawn)[:IN_A_MOCK])

    def _rated(self) -> list[Exercise]:
        return [one for one in self.practice.questions if one.id in self.recalls]


def deck_of(context: Context, role: RoleId) -> Deck | None:
    """None where the pack has no questions for the role."""
    practice = practice_of(context.pack, role)
    if practice is None:
        return None
    known = {one.question: one for one in context.recalls if one.pack == context.pack.id}
    return Deck(practice, known, context.today)


def mixed(practice: Practice, exercises: Sequence[Exercise]) -> list[Exercise]:
    """The exercises, one of each kind in turn."""
    columns = [[one for one in exercises if one.kind == kind.id] for kind in practice.kinds]
    return [one for one in chain.from_iterable(zip_longest(*columns)) if one]
