"""Where a quiz stands, which fields it asks, and what can be answered to each."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bot.chat.limits import LABEL, cut
from bot.chat.parts import Option, Prose
from bot.chat.text import Bold, Text, join, text
from bot.commands.conversation import State
from bot.commands.quiz.scoring import NEITHER
from bot.commands.wording import upper_first
from bot.memo import of_pack
from bot.pack.model import Pack
from bot.pack.quiz import Answer, Question, Quiz

NOBODY = "neither"
"""The value of the answer that gives nothing to any role."""


class Given(State):
    """What was answered so far, by field: an option's place for a question, else the value picked.

    A field that is missing was not reached, one that is None was skipped.
    """

    values: dict[str, str | None] = Field(default_factory=dict)

    def put(self, field: str, value: str | None) -> "Given":
        return Given(values={**self.values, field: value})

    def answers(self, quiz: Quiz) -> dict[str, int]:
        """Return the answers to the scored questions, as they are judged."""
        found = ((q.id, self.values.get(q.id)) for q in quiz.questions)
        return {
            question: NEITHER if value == NOBODY else int(value)
            for question, value in found
            if value is not None
        }

    def skipped(self, quiz: Quiz) -> tuple[str, ...]:
        """Return the scored questions without an answer."""
        return tuple(q.id for q in quiz.questions if self.values.get(q.id) is None)


class Asking(State):
    """The question `field` is on the card; `then` says what follows its answer.

    That is the next field in their order, the review, or the next question that was skipped.
    """

    step: Literal["asking"] = "asking"
    field: str
    given: Given = Given()
    then: Literal["next", "review", "skipped"] = "next"


class Reviewing(State):
    """All answers are on the card; `little` where that card says that they are too few."""

    step: Literal["reviewing"] = "reviewing"
    given: Given
    little: bool = False


class Finished(State):
    """The result `run` has been kept."""

    step: Literal["finished"] = "finished"
    run: str


QuizState: TypeAlias = Annotated[Asking | Reviewing | Finished, Field(discriminator="step")]


def fields(pack: Pack) -> tuple[str, ...]:
    """What is asked, in its order: a start only where there are several."""
    start = ("start",) if len(pack.starts) > 1 else ()
    return (*(question.id for question in pack.quiz.questions), "matters", *start, "hours", "draw")


@of_pack
def options(pack: Pack, field: str) -> tuple[Option, ...]:
    """What can be answered to a field, in the order of the card."""
    quiz = pack.quiz
    match field:
        case "matters":
            return tuple(Option(value=q.id, label=cut(q.about, LABEL)) for q in quiz.questions)
        case "start":
            return tuple(Option(value=start.id, label=start.label) for start in pack.starts)
        case "hours":
            return tuple(Option(value=str(hours), label=f"{hours} h") for hours in quiz.hours)
        case "draw":
            return tuple(Option(value=draw.id, label=draw.label) for draw in quiz.draws)
        case _:
            question = quiz.question(field)
            if question is None:
                return ()
            neither = Option(value=NOBODY, label=nobody(pack))
            scale = (Option(value=str(at), label=letter) for letter, at, _ in lettered(question))
            return (*scale, neither)


def nobody(pack: Pack) -> str:
    """What the answer is called that gives nothing to any role."""
    return "Neither" if len(pack.roles) == 2 else "None of these"


def lettered(question: Question) -> tuple[tuple[str, int, Answer], ...]:
    """The options in the order of the card: its letter, its place in the pack, and the option."""
    placed = list(enumerate(question.options))
    if question.reversed:
        placed.reverse()
    return tuple((letter, *one) for letter, one in zip("ABCDEF", placed, strict=False))


@of_pack
def asked(pack: Pack, field: str) -> tuple[Prose, ...]:
    """The question, and what its answers mean where their buttons are too short to say it."""
    quiz = pack.quiz
    match field:
        case "matters":
            return (Prose(text=quiz.matters_text),)
        case "start":
            meant = [(start.label, start.description) for start in pack.starts]
            return (Prose(text=quiz.start_text), *_described(meant))
        case "hours":
            return (Prose(text=quiz.hours_text),)
        case "draw":
            meant = [(draw.label, draw.description) for draw in quiz.draws]
            return (Prose(text=quiz.draw_text), *_described(meant))
        case _:
            question = quiz.question(field)
            if question is None:
                return ()
            options_ = lettered(question)
            lines = [text(Bold(text=letter), f"  {answer.text}") for letter, _, answer in options_]
            return (Prose(text=text(*_emphasised(question.text))), Prose(text=join("\n", lines)))


def _emphasised(question: Text) -> Text:
    return tuple(Bold(text=piece) if isinstance(piece, str) else piece for piece in question)


def _described(meant: list[tuple[str, str]]) -> tuple[Prose, ...]:
    lines = [text("• ", Bold(text=label), f": {said}") for label, said in meant if said]
    return (Prose(text=join("\n", lines)),) if lines else ()


def about(pack: Pack, field: str) -> str:
    names = {
        "matters": "What matters most",
        "start": "Where you start",
        "hours": "Hours a week",
        "draw": "What draws you",
    }
    question = pack.quiz.question(field)
    return upper_first(question.about) if question else names[field]


def place(pack: Pack, field: str) -> str:
    """As "Question 3 of 13": one counter for all that is asked."""
    order = fields(pack)
    return f"Question {order.index(field) + 1} of {len(order)}"
