"""`/quiz`: the decision framework, a question a card.

```mermaid
stateDiagram-v2
    [*] --> Asking: /quiz
    Asking --> Asking: answer, skip, back
    Asking --> Reviewing: after the last question
    Reviewing --> Asking: change an answer
    Asking --> Reviewing: a changed answer
    Reviewing --> Finished: see my result
    Finished --> Asking: take it again
    Asking --> Asking: /quiz again, then resume or start over
```
"""

from itertools import islice
from typing import Annotated, Literal, TypeAlias, assert_never, cast

from pydantic import Field, TypeAdapter

from bot.content import Pack, Question, Quiz, StartId
from bot.flows import result
from bot.flows.turn import (
    Conversation,
    Desk,
    SaveRun,
    State,
    Step,
    Turn,
    show,
)
from bot.framework import judge
from bot.limits import BUTTONS_A_ROW, LABEL, cut
from bot.records import Run
from bot.reply import Button, Buttons, Fact, Facts, Menu, Message, Option, Part, Prose
from bot.text import Text, text
from bot.wire import (
    Back,
    Finish,
    OpenResult,
    Pick,
    Resume,
    Review,
    Skip,
    StartOver,
)

_LEANS = (-2, -1, 0, 1, 2)
_EXTRAS = ("matters", "start", "hours", "draw")


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


def command(desk: Desk, state: QuizState | None) -> Turn:
    """`/quiz`: begin; or, where one is open, offer to go on; or, after one, to take it again."""
    match state:
        case None:
            return _ask(desk, Asking(field=_fields(desk.pack)[0]))
        case Asking() | Reviewing():
            return show(_welcome_back(desk, state), state)
        case Finished():
            return show(_again(desk, state), state)
        case _:
            assert_never(state)


def advance(state: QuizState, step: Step, desk: Desk) -> Turn:
    match (state, step):
        case (_, StartOver()):
            return _ask(desk, Asking(field=_fields(desk.pack)[0]))
        case (Finished(), _):
            return show(current(state, desk))
        case (Asking() | Reviewing(), Resume()):
            return show(current(state, desk), state)
        case (Asking() as asking, Pick(_, field, value)):
            return _answer(desk, asking, field, value)
        case (Asking() as asking, Skip(_, field)):
            return _take(desk, asking, field, None)
        case (Asking(reviewing=True) as asking, Back() | Review()):
            return _review(desk, asking.given)
        case (Asking() as asking, Back()):
            return _ask(desk, asking.model_copy(update={"field": _before(desk.pack, asking)}))
        case (Reviewing(), Pick(_, "change", field)) if field in _fields(desk.pack):
            return _ask(desk, Asking(field=field, given=state.given, reviewing=True))
        case (Reviewing(), Back()):
            return _ask(desk, Asking(field=_fields(desk.pack)[-1], given=state.given))
        case (Reviewing(), Finish()):
            return _finish(desk, state.given)
        case (Asking() | Reviewing(), _):
            return show(current(state, desk), state)
        case _:
            assert_never(state)


def current(state: QuizState, desk: Desk) -> Message:
    match state:
        case Asking():
            return _question_card(desk, state)
        case Reviewing():
            return _review_card(desk, state.given)
        case Finished():
            return result.find(desk, state.run) or _again(desk, state)
        case _:
            assert_never(state)


def _fields(pack: Pack) -> tuple[str, ...]:
    return (*(question.id for question in pack.quiz.questions), *_EXTRAS)


def _before(pack: Pack, asking: Asking) -> str:
    fields = _fields(pack)
    return fields[max(0, fields.index(asking.field) - 1)]


def _ask(desk: Desk, asking: Asking) -> Turn:
    return show(_question_card(desk, asking), asking)


def _review(desk: Desk, given: Given) -> Turn:
    return show(_review_card(desk, given), Reviewing(given=given))


def _answer(desk: Desk, asking: Asking, field: str, value: str) -> Turn:
    if value not in {option.value for option in options(desk.pack, field)}:
        return show(_question_card(desk, asking), asking)
    return _take(desk, asking, field, value)


def _take(desk: Desk, asking: Asking, field: str, value: str | None) -> Turn:
    """Keep an answer, or a skip, and go on to what comes next."""
    fields = _fields(desk.pack)
    if field not in fields:
        return show(_question_card(desk, asking), asking)
    given = asking.given.put(field, value)
    rest = fields[fields.index(field) + 1 :]
    if asking.reviewing or not rest:
        return _review(desk, given)
    return _ask(desk, Asking(field=rest[0], given=given))


def _finish(desk: Desk, given: Given) -> Turn:
    leans = given.leans(desk.pack.quiz)
    if not leans:
        card = _review_card(desk, given, "Answer at least one question: there is nothing to go by.")
        return show(card, Reviewing(given=given))
    run = _run(desk, given, leans)
    card = result.card(desk, run, desk.runs[0] if desk.runs else None)
    return show(card, Finished(run=run.id), SaveRun(run))


def _run(desk: Desk, given: Given, leans: dict[str, int]) -> Run:
    matters, hours = given.values.get("matters"), given.values.get("hours")
    return Run(
        id=desk.new_id(),
        pack=desk.pack.id,
        finished_at=desk.epoch,
        outcome=judge(desk.pack.quiz, leans, matters).outcome,
        answers=leans,
        matters=matters,
        start=cast("StartId | None", given.values.get("start")),
        hours=int(hours) if hours else None,
        draw=given.values.get("draw"),
    )


# What each field asks, and what can be answered


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


def _about(pack: Pack, field: str) -> str:
    names = {
        "matters": "What matters most",
        "start": "Where you start",
        "hours": "Hours a week",
        "draw": "What draws you",
    }
    question = pack.quiz.question(field)
    return question.about[0].upper() + question.about[1:] if question else names[field]


def _place(pack: Pack, field: str) -> str:
    scored = len(pack.quiz.questions)
    at = _fields(pack).index(field)
    if at < scored:
        return f"Question {at + 1} of {scored}"
    return f"About you, {at - scored + 1} of {len(_EXTRAS)}"


# Cards


def _question_card(desk: Desk, asking: Asking) -> Message:
    pack, field = desk.pack, asking.field
    intro: tuple[Part, ...] = ()
    if field == _fields(pack)[0] and not asking.given.values:
        intro = (Prose(text=pack.quiz.intro),)
    return Message(
        title=_place(pack, field),
        parts=(
            *intro,
            Prose(text=_asked(pack, field)),
            *_controls(desk, asking),
            Buttons(buttons=_navigation(desk, asking)),
        ),
    )


def _controls(desk: Desk, asking: Asking) -> tuple[Part, ...]:
    field, chosen = asking.field, asking.given.values.get(asking.field)
    choices = options(desk.pack, field)
    if field == "matters":
        pick = Pick(desk.ticket, field)
        menu = Menu(action=pick, placeholder="Choose one", options=choices, selected=chosen)
        return (menu,)
    buttons = (
        Button(
            label=choice.label,
            action=Pick(desk.ticket, field, choice.value),
            style="primary" if choice.value == chosen else "plain",
        )
        for choice in choices
    )
    # Labels of a scale are sentences: one a row reads well on a phone, and keeps their order.
    width = BUTTONS_A_ROW if field in _EXTRAS else 1
    rows: list[Part] = []
    while row := tuple(islice(buttons, width)):
        rows.append(Buttons(buttons=row))
    return tuple(rows)


def _navigation(desk: Desk, asking: Asking) -> tuple[Button, ...]:
    skip = Button(label="Skip", action=Skip(desk.ticket, asking.field))
    if asking.reviewing:
        return (Button(label="Back to all answers", action=Back(desk.ticket)), skip)
    if asking.field == _fields(desk.pack)[0]:
        return (skip,)
    return (Button(label="← Back", action=Back(desk.ticket)), skip)


def _review_card(desk: Desk, given: Given, said: str = "") -> Message:
    pack, ticket = desk.pack, desk.ticket
    fields = _fields(pack)
    rows = tuple(Fact(label=_about(pack, f), value=(_label(pack, f, given),)) for f in fields)
    change = Menu(
        action=Pick(ticket, "change"),
        placeholder="Change an answer",
        options=tuple(Option(value=f, label=cut(_about(pack, f), LABEL)) for f in fields),
    )
    finish = Button(label="See my result", action=Finish(ticket), style="primary")
    return Message(
        title="Your answers",
        parts=(
            *((Prose(text=text(said)),) if said else ()),
            Facts(rows=rows),
            change,
            Buttons(buttons=(finish, Button(label="← Back", action=Back(ticket)))),
        ),
    )


def _label(pack: Pack, field: str, given: Given) -> str:
    value = given.values.get(field)
    labels = {option.value: option.label for option in options(pack, field)}
    return labels.get(value, "skipped") if value is not None else "skipped"


def _welcome_back(desk: Desk, state: Asking | Reviewing) -> Message:
    where = _place(desk.pack, state.field) if isinstance(state, Asking) else "your answers"
    resume = Button(label="Go on", action=Resume(desk.ticket), style="primary")
    return Message(
        title="You have a quiz open",
        parts=(
            Prose(text=text(f"You were at: {where}. Everything you answered is kept.")),
            Buttons(buttons=(resume, Button(label="Start over", action=StartOver(desk.ticket)))),
        ),
    )


def _again(desk: Desk, state: Finished) -> Message:
    buttons = [Button(label="Take it again", action=StartOver(desk.ticket), style="primary")]
    if any(run.id == state.run for run in desk.runs):
        buttons.append(Button(label="Show my result", action=OpenResult(state.run)))
    return Message(
        title="You have taken the quiz",
        parts=(
            Prose(text=text("Your results are kept, and the next one says what has changed.")),
            Buttons(buttons=tuple(buttons)),
        ),
    )


CONVERSATION: Conversation[QuizState] = Conversation(
    kind="quiz",
    section="quiz",
    states=TypeAdapter(QuizState),
    advance=advance,
    current=current,
    needs=frozenset({"runs"}),
)
