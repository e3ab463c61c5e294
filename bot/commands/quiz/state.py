"""Where a quiz stands, which fields it asks, and what can be answered to each."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bot.chat.limits import LABEL, cut
from bot.chat.parts import Option, Prose
from bot.chat.text import Text
from bot.commands.conversation import State
from bot.memo import of_pack
from bot.pack.model import Pack, Question, Quiz

_LEANS = (-2, -1, 0, 1, 2)
EXTRAS = ("matters", "start", "hours", "draw")


class Given(State):
    """What was answered so far, by field: a lean for a question, else the value picked.

    A field that is missing was not reached, one that is None was skipped.
    """

    values: dict[str, str | None] = Field(default_factory=dict)

    def put(self, field: str, value: str | None) -> "Given":
        return Given(values={**self.values, field: value})

    def leans(self, quiz: Quiz) -> dict[str, int]:
        """Return the answers to the scored questions."""
        found = ((q.id, self.values.get(q.id)) for q in quiz.questions)
        return {question: int(value) for question, value in found if value is not None}


class Asking(State):
    """The question `field` is on the card; `reviewing` says that the review comes next."""

    step: Literal["asking"] = "asking"
    field: str
    given: Given = Given()
    reviewing: bool = False


class Reviewing(State):
    """All answers are on the card."""

    step: Literal["reviewing"] = "reviewing"
    given: Given


class Finished(State):
    """The result `run` has been kept."""

    step: Literal["finished"] = "finished"
    run: str


QuizState: TypeAlias = Annotated[Asking | Reviewing | Finished, Field(discriminator="step")]


@of_pack
def fields(pack: Pack) -> tuple[str, ...]:
    return (*(question.id for question in pack.quiz.questions), *EXTRAS)


@of_pack
def options(pack: Pack, field: str) -> tuple[Option, ...]:
    """What can be answered to a field, in the order of the card."""
    quiz = pack.quiz
    match field:
        case "matters":
            return tuple(Option(value=q.id, label=cut(q.about, LABEL)) for q in quiz.questions)
        case "start":
            return tuple(Option(value=start.id, label=start.label) for start in quiz.starts)
        case "hours":
            return tuple(Option(value=str(hours), label=f"{hours} h") for hours in quiz.hours)
        case "draw":
            return tuple(Option(value=draw.id, label=draw.label) for draw in quiz.draws)
        case _:
            question = quiz.question(field)
            return _scale(question) if question else ()


def _scale(question: Question) -> tuple[Option, ...]:
    scale = [
        Option(value=str(lean), label=label)
        for lean, label in zip(_LEANS, question.options, strict=True)
    ]
    return tuple(reversed(scale)) if question.reversed else tuple(scale)


@of_pack
def asked(pack: Pack, field: str) -> Prose:
    return Prose(text=_asked(pack, field))


def _asked(pack: Pack, field: str) -> Text:
    quiz = pack.quiz
    match field:
        case "matters":
            return quiz.matters_text
        case "start":
            return quiz.start_text
        case "hours":
            return quiz.hours_text
        case "draw":
            return quiz.draw_text
        case _:
            question = quiz.question(field)
            return question.text if question else ()


@of_pack
def about(pack: Pack, field: str) -> str:
    names = {
        "matters": "What matters most",
        "start": "Where you start",
        "hours": "Hours a week",
        "draw": "What draws you",
    }
    question = pack.quiz.question(field)
    return question.about[0].upper() + question.about[1:] if question else names[field]


@of_pack
def place(pack: Pack, field: str) -> str:
    scored = len(pack.quiz.questions)
    at = fields(pack).index(field)
    if at < scored:
        return f"Question {at + 1} of {scored}"
    return f"About you, {at - scored + 1} of {len(EXTRAS)}"
