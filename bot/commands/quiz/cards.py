"""The cards of a quiz: a question, all answers, and the welcome back."""

from itertools import islice

from bot.chat.actions import Back, Finish, OpenResult, Pick, Resume, Skip, StartOver
from bot.chat.limits import BUTTONS_A_ROW, LABEL, cut
from bot.chat.parts import Button, Buttons, Fact, Facts, Menu, Option, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import text
from bot.commands.context import Context
from bot.commands.quiz.state import (
    EXTRAS,
    Asking,
    Finished,
    Given,
    Reviewing,
    about,
    asked,
    fields,
    options,
    place,
)
from bot.pack.model import Pack


def question_card(context: Context, asking: Asking) -> Message:
    pack, field = context.pack, asking.field
    intro: tuple[Part, ...] = ()
    if field == fields(pack)[0] and not asking.given.values:
        intro = (Prose(text=pack.quiz.intro),)
    return Message(
        title=place(pack, field),
        parts=(
            *intro,
            asked(pack, field),
            *_controls(context, asking),
            Buttons(buttons=_navigation(context, asking)),
        ),
    )


def _controls(context: Context, asking: Asking) -> tuple[Part, ...]:
    field, chosen = asking.field, asking.given.values.get(asking.field)
    choices = options(context.pack, field)
    if field == "matters":
        pick = Pick(context.ticket, field)
        menu = Menu(action=pick, placeholder="Choose one", options=choices, selected=chosen)
        return (menu,)
    buttons = (
        Button(
            label=choice.label,
            action=Pick(context.ticket, field, choice.value),
            style="primary" if choice.value == chosen else "plain",
        )
        for choice in choices
    )
    # Labels of a scale are sentences: one a row reads well on a phone, and keeps their order.
    width = BUTTONS_A_ROW if field in EXTRAS else 1
    rows: list[Part] = []
    while row := tuple(islice(buttons, width)):
        rows.append(Buttons(buttons=row))
    return tuple(rows)


def _navigation(context: Context, asking: Asking) -> tuple[Button, ...]:
    skip = Button(label="Skip", action=Skip(context.ticket, asking.field))
    if asking.reviewing:
        return (Button(label="Back to all answers", action=Back(context.ticket)), skip)
    if asking.field == fields(context.pack)[0]:
        return (skip,)
    return (Button(label="← Back", action=Back(context.ticket)), skip)


def review_card(context: Context, given: Given, said: str = "") -> Message:
    pack, ticket = context.pack, context.ticket
    asked = fields(pack)
    rows = tuple(Fact(label=about(pack, f), value=(_label(pack, f, given),)) for f in asked)
    change = Menu(
        action=Pick(ticket, "change"),
        placeholder="Change an answer",
        options=tuple(Option(value=f, label=cut(about(pack, f), LABEL)) for f in asked),
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


def welcome_back(context: Context, state: Asking | Reviewing) -> Message:
    where = place(context.pack, state.field) if isinstance(state, Asking) else "your answers"
    resume = Button(label="Go on", action=Resume(context.ticket), style="primary")
    return Message(
        title="You have a quiz open",
        parts=(
            Prose(text=text(f"You were at: {where}. Everything you answered is kept.")),
            Buttons(buttons=(resume, Button(label="Start over", action=StartOver(context.ticket)))),
        ),
    )


def again_card(context: Context, state: Finished) -> Message:
    buttons = [Button(label="Take it again", action=StartOver(context.ticket), style="primary")]
    if any(run.id == state.run for run in context.runs):
        buttons.append(Button(label="Show my result", action=OpenResult(state.run)))
    return Message(
        title="You have taken the quiz",
        parts=(
            Prose(text=text("Your results are kept, and the next one says what has changed.")),
            Buttons(buttons=tuple(buttons)),
        ),
    )
