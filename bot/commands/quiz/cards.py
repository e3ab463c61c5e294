"""Cards of a quiz: a question, all answers, too few of them, and the welcome back."""

from bot.chat.actions import Back, Finish, Pick, Resume, Skip, StartOver
from bot.chat.limits import LABEL, cut
from bot.chat.parts import Button, Buttons, Fact, Facts, Menu, Option, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import text
from bot.commands.cards import opening, rows_of
from bot.commands.context import Context
from bot.commands.quiz.state import (
    NOBODY,
    Asking,
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
            *asked(pack, field),
            *_controls(context, asking),
        ),
    )


def _controls(context: Context, asking: Asking) -> tuple[Part, ...]:
    field, chosen = asking.field, asking.given.values.get(asking.field)
    choices = choosable(context.pack, asking.given, field)
    ways = _navigation(context, asking)
    if field == "matters":
        if not choices:
            said = text("You skipped every question, so there is nothing to weigh.")
            return (Prose(text=said), Buttons(buttons=ways))
        held = chosen if any(choice.value == chosen for choice in choices) else None
        pick = Pick(context.ticket, field)
        menu = Menu(action=pick, placeholder="Choose one", options=choices, selected=held)
        return (menu, Buttons(buttons=ways))
    buttons = [
        Button(
            label=choice.label,
            action=Pick(context.ticket, field, choice.value),
            style="primary" if choice.value == chosen else "plain",
        )
        for choice in choices
    ]
    # “Neither” is no letter of the scale: it stands with the ways on.
    apart = 1 if context.pack.quiz.question(field) else 0
    scale, rest = buttons[: len(buttons) - apart], buttons[len(buttons) - apart :]
    return (*rows_of(scale), Buttons(buttons=(*rest, *ways)))


def choosable(pack: Pack, given: Given, field: str) -> tuple[Option, ...]:
    """What can be answered now: only a question that has an answer can matter most."""
    choices = options(pack, field)
    if field != "matters":
        return choices
    skipped = given.skipped(pack.quiz)
    return tuple(choice for choice in choices if choice.value not in skipped)


def _navigation(context: Context, asking: Asking) -> tuple[Button, ...]:
    skip = Button(label="Skip", action=Skip(context.ticket, asking.field))
    if asking.then != "next":
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
    if value is None:
        return "skipped"
    question = pack.quiz.question(field)
    if question and value != NOBODY:
        return question.options[int(value)].text
    return next((o.label for o in options(pack, field) if o.value == value), "skipped")


def too_little_card(context: Context, given: Given) -> Message:
    """Under half of the questions are answered: no role, and the open ones one press away."""
    quiz, ticket = context.pack.quiz, context.ticket
    skipped = given.skipped(quiz)
    to_skipped = Pick(ticket, "skipped", skipped[0])
    answered = len(quiz.questions) - len(skipped)
    counted = f"You answered {answered} of {len(quiz.questions)}; I need at least half of them."
    return Message(
        title="Too little to go by",
        parts=(
            Prose(text=quiz.little_text),
            Prose(text=text(counted)),
            Buttons(
                buttons=(
                    Button(label="Answer the open ones", action=to_skipped, style="primary"),
                    Button(label="All my answers", action=Back(ticket)),
                    opening("compare", fork=context.pack.id),
                )
            ),
        ),
    )


def welcome_back(context: Context, state: Asking | Reviewing) -> Message:
    where = place(context.pack, state.field) if isinstance(state, Asking) else "your answers"
    resume = Button(label="Carry on", action=Resume(context.ticket), style="primary")
    return Message(
        title="You have an unfinished quiz",
        parts=(
            Prose(text=text(f"You were at: {where}. Everything you answered is still here.")),
            Buttons(buttons=(resume, Button(label="Start over", action=StartOver(context.ticket)))),
        ),
    )
