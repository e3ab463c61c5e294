"""The cards of practice: the overview, a question, and what a good answer contains."""

from collections.abc import Sequence
from datetime import date

from bot.calendar.dates import say_date
from bot.chat.actions import Finish, Pick, Skip
from bot.chat.parts import Button, Buttons, Meter, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands.cards import accent_of, note, small_print, ways
from bot.commands.context import Context
from bot.commands.practice.choosing import Deck
from bot.commands.practice.interview import date_button, of_interview
from bot.commands.wording import alternatives, count, listed
from bot.pack.base import RoleId
from bot.pack.learning import Exercise
from bot.pack.model import Pack, Role
from bot.planning.repetition import rated
from bot.planning.status import Entry, status_of
from bot.records import Rating

RATINGS: tuple[Rating, ...] = ("again", "hard", "good", "easy")


def no_questions(pack: Pack) -> Message:
    return note(
        "No practice here yet",
        f"“{pack.title}” doesn’t have interview questions yet. Its plans say where to find some:",
        "plan",
        "compare",
    )


def roles_card(context: Context) -> Message:
    """For which role?"""
    buttons = tuple(
        Button(label=role.name, action=Pick(context.ticket, "role", role.id))
        for role in practised(context.pack)
    )
    return Message(
        title="Interview practice",
        parts=(
            Prose(text=text("Which role’s interviews would you like to practise for?")),
            Buttons(buttons=buttons),
        ),
    )


def practised(pack: Pack) -> tuple[Role, ...]:
    """The roles that the pack has questions for."""
    return tuple(pack.role(practice.role) for practice in pack.practice)


def overview(context: Context, deck: Deck) -> Message:
    """What is due, how firm the member is by kind of interview, and what can be done."""
    role = deck.practice.role
    return Message(
        title=f"Interview practice: {context.pack.role(role).name}",
        accent=accent_of(context.pack, role),
        parts=(
            Prose(text=text(Bold(text=_waiting(deck)), *of_interview(context))),
            Prose(text=text("Rated good or easy, by kind of interview:")),
            *strength(deck),
            Buttons(
                buttons=(
                    *begin_buttons(context, deck),
                    date_button(context),
                    *_other_roles(context, role),
                )
            ),
            ways("plan", "progress", fork=context.pack.id),
            small_print(
                "Answer aloud or in your head. I keep how you rated a question, never an answer."
            ),
        ),
    )


def _waiting(deck: Deck) -> str:
    waiting = []
    if due := len(deck.due):
        waiting.append(f"{count(due, 'question')} {'is' if due == 1 else 'are'} due")
    if fresh := len(deck.fresh):
        new = count(fresh, "new one" if due else "new question")
        waiting.append(f"{new} {'waits' if fresh == 1 else 'wait'} for you")
    if waiting:
        return f"{listed(waiting)}."
    if deck.next_on is None:
        return "There’s nothing to practise today."
    return f"That’s all for today. The next question comes on {say_date(deck.next_on, deck.today)}."


def strength(deck: Deck) -> tuple[Meter, ...]:
    """How many questions of each kind were last rated good or easy."""
    meters = []
    for kind in deck.practice.kinds:
        firm, total = deck.firm(kind.id)
        if total:
            meters.append(Meter(done=firm, total=total, label=f"{kind.label}: {firm} of {total}"))
    return tuple(meters)


def begin_buttons(context: Context, deck: Deck) -> tuple[Button, ...]:
    ticket = context.ticket
    now = Button(label="Practise now", action=Pick(ticket, "begin", "practice"), style="primary")
    mock = Button(label="Mock interview, 30 minutes", action=Pick(ticket, "begin", "mock"))
    return (*((now,) if deck.next(()) else ()), mock)


def _other_roles(context: Context, role: RoleId) -> tuple[Button, ...]:
    return tuple(
        Button(label=f"Switch to {other.name}", action=Pick(context.ticket, "role", other.id))
        for other in practised(context.pack)
        if other.id != role
    )


def question_card(context: Context, deck: Deck, exercise: Exercise) -> Message:
    """A question, before its answer is shown."""
    ticket = context.ticket
    known = deck.recalls.get(exercise.id)
    before = f"You rated it {known.rating} last time." if known else "This one is new."
    left = ((len(deck.due), "due"), (len(deck.fresh), "new"))
    today = ", ".join(f"{number} {what}" for number, what in left if number)
    return Message(
        title=_kind(deck, exercise),
        accent=accent_of(context.pack, deck.practice.role),
        parts=(
            Prose(text=text(exercise.question)),
            Prose(text=text("Answer aloud or in your head, then compare.")),
            Buttons(
                buttons=(
                    Button(
                        label="Show a good answer", action=Pick(ticket, "show"), style="primary"
                    ),
                    Button(label="Another question", action=Skip(ticket, "question")),
                    Button(label="Enough for now", action=Finish(ticket)),
                )
            ),
            small_print(f"{before} Today: {today}."),
        ),
    )


def answer_card(context: Context, deck: Deck, exercise: Exercise) -> Message:
    """What a good answer contains, and four buttons to rate the member's own."""
    return Message(
        title=_kind(deck, exercise),
        accent=accent_of(context.pack, deck.practice.role),
        parts=(
            *rubric(context, exercise),
            Prose(text=text("How did your answer go?")),
            rating_buttons(context),
            Buttons(buttons=(Button(label="Enough for now", action=Finish(context.ticket)),)),
            small_print(_returns(context, deck, exercise)),
        ),
    )


def rubric(context: Context, exercise: Exercise) -> tuple[Part, ...]:
    """The question, good points, slips, and the steps of the plan that it belongs to."""
    taught = [f"“{entry.step.title}”" for entry in steps_of(context, [exercise])]
    return (
        Prose(text=text(exercise.question)),
        Prose(text=text(Bold(text="A good answer"), "\n", _bullets(exercise.good))),
        Prose(text=text(Bold(text="Common slips"), "\n", _bullets(exercise.slips))),
        *((small_print(f"In your plan: {listed(taught)}."),) if taught else ()),
    )


def rating_buttons(context: Context) -> Buttons:
    return Buttons(
        buttons=tuple(
            Button(label=rating.capitalize(), action=Pick(context.ticket, "rate", rating))
            for rating in RATINGS
        )
    )


def steps_of(context: Context, exercises: Sequence[Exercise]) -> list[Entry]:
    """The steps of the member's plan that the questions belong to, in the plan's order."""
    if context.plan is None:
        return []
    wanted = {step for exercise in exercises for step in exercise.steps}
    entries = status_of(context.pack, context.plan, context.today).entries
    return [entry for entry in entries if entry.step.id in wanted]


def _returns(context: Context, deck: Deck, exercise: Exercise) -> str:
    """When the question comes again after each rating."""
    known, pack, interview = deck.recalls.get(exercise.id), context.pack.id, context.interview
    by_day: dict[date, list[str]] = {}
    for rating in RATINGS:
        after = rated(known, pack, exercise.id, rating, context.now, deck.today, interview)
        by_day.setdefault(after.due_on, []).append(rating)
    days = [f"{say_date(day, deck.today)} ({listed(ratings)})" for day, ratings in by_day.items()]
    return f"It comes back on {alternatives(days)}."


def _kind(deck: Deck, exercise: Exercise) -> str:
    return next(kind.label for kind in deck.practice.kinds if kind.id == exercise.kind)


def _bullets(points: Sequence[Text]) -> Text:
    return join("\n", [text("• ", point) for point in points])
