"""The decision framework of a pack: questions, options and what they give to each role."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from bot.chat.text import Markup
from bot.pack.base import Frozen, Id, RoleId, StartId


class Answer(Frozen):
    """One option of a question: `gives` says how much it speaks for each role, from 0 to 2."""

    text: str
    gives: dict[RoleId, Annotated[int, Field(ge=0, le=2)]] = Field(default_factory=dict)


class Question(Frozen):
    """A scored question. `reversed` shows its options the other way round, so that a role does not
    always stand on the same side. `about` names it in a list ("mathematics or product"); `topic` is
    where to read more.
    """

    id: Id
    about: str
    text: Markup
    options: tuple[Answer, ...] = Field(min_length=2, max_length=6)
    reversed: bool = False
    topic: Id | None = None


class Start(Frozen):
    """Where a member may stand today."""

    id: StartId
    label: str
    description: str


class DrawChoice(Frozen):
    """What draws a member, and what a result says to it: `says_for` a role that came out, else
    `says`.
    """

    id: Id
    label: str
    description: str = ""
    says: Markup
    says_for: dict[RoleId, Markup] = Field(default_factory=dict)


class Thresholds(Frozen):
    """Shares of the greatest possible lead (0 to 1) from which a result is leaning, and clear."""

    leaning: float = Field(gt=0, lt=1)
    clear: float = Field(gt=0, lt=1)


SHORT = 5
"""Options of a question in the short form: from one pole over “either” to the other."""


class Quiz(Frozen):
    """The framework: scored questions, then what matters most, the start, hours and the draw.

    `poles` are two roles, for questions in the short form: five texts that run from the first pole
    to the second, and are read as answers that give 2 and 1 points to it, 1 to each, 1 and 2.
    """

    intro: Markup
    poles: tuple[RoleId, RoleId] | None = None
    questions: tuple[Question, ...] = Field(min_length=1, max_length=12)
    matters_text: Markup
    start_text: Markup
    hours_text: Markup
    hours: tuple[int, ...] = Field(min_length=2, max_length=20)
    draw_text: Markup
    draws: tuple[DrawChoice, ...] = Field(min_length=1, max_length=10)
    thresholds: Thresholds
    matters_factor: int = Field(default=2, ge=2)
    close_text: Markup
    torn_text: Markup
    cold_text: Markup
    little_text: Markup
    convergence: Markup = ()

    @model_validator(mode="before")
    @classmethod
    def _spelt_out(cls, data: Any) -> Any:
        """Spell the short form out."""
        poles = data.get("poles") if isinstance(data, Mapping) else None
        if not (isinstance(poles, list | tuple) and len(poles) == 2):
            return data
        questions = [_spelt_out(question, *poles) for question in data.get("questions") or ()]
        return {**data, "questions": questions}

    def question(self, question_id: str) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)


def _spelt_out(question: Any, one: str, other: str) -> Any:
    options = question.get("options") if isinstance(question, Mapping) else None
    if not isinstance(options, list):
        return question
    given: tuple[dict[str, int], ...] = ({},) * len(options)
    if len(options) == SHORT:
        given = ({one: 2}, {one: 1}, {one: 1, other: 1}, {other: 1}, {other: 2})
    spelt = [
        {"text": option, "gives": gives} if isinstance(option, str) else option
        for option, gives in zip(options, given, strict=True)
    ]
    return {**question, "options": spelt}
