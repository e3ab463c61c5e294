"""A mock interview: half an hour, a mix of kinds, and a result with what to learn next."""

from bot.chat.actions import Finish, OpenStep, Pick
from bot.chat.parts import Button, Buttons, Fact, Facts, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, join, text
from bot.commands.cards import accent_of, opening, small_print
from bot.commands.context import Context
from bot.commands.practice.cards import begin_buttons, rating_buttons, rubric, steps_of
from bot.commands.practice.choosing import FIRM, Deck
from bot.commands.practice.state import Mocked, Mocking
from bot.commands.wording import brief, count
from bot.pack.learning import Exercise
from bot.planning.status import Entry

MINUTES = 30
_TO_LEARN = 3
"""Steps that a result names."""


def begin(context: Context, deck: Deck) -> Mocking:
    questions = deck.mock(context.new_id())
    return Mocking(role=deck.practice.role, began_at=context.epoch, questions=questions)


def ended(context: Context, mocking: Mocking) -> Mocked:
    return Mocked(
        role=mocking.role,
        minutes=max(1, round((context.epoch - mocking.began_at) / 60)),
        questions=mocking.questions[: len(mocking.ratings)],
        ratings=mocking.ratings,
    )


def card(context: Context, mocking: Mocking, exercise: Exercise) -> Message:
    """The question that it is at, or what a good answer to it contains."""
    number, total = mocking.questions.index(exercise.id) + 1, len(mocking.questions)
    show = Button(label="Show a good answer", action=Pick(context.ticket, "show"), style="primary")
    asked: tuple[Part, ...] = (
        Prose(text=text(exercise.question)),
        Prose(text=text("Answer aloud, as you would there.")),
        Buttons(buttons=(show, Button(label="End it here", action=Finish(context.ticket)))),
    )
    answered: tuple[Part, ...] = (
        *rubric(context, exercise),
        Prose(text=text("How did your answer go?")),
        rating_buttons(context),
        Buttons(buttons=(Button(label="End it here", action=Finish(context.ticket)),)),
    )
    return Message(
        title=f"Mock interview: question {number} of {total}",
        accent=accent_of(context.pack, mocking.role),
        parts=(*(answered if mocking.shown else asked), small_print(_time(context, mocking))),
    )


def _time(context: Context, mocking: Mocking) -> str:
    left = MINUTES - (context.epoch - mocking.began_at) // 60
    if left <= 0:
        return f"The {MINUTES} minutes are over. Answer the rest if you like, or end it here."
    each = max(1, left // (len(mocking.questions) - len(mocking.ratings)))
    return f"{count(left, 'minute')} left: about {each} for each question."


def result(context: Context, deck: Deck, mocked: Mocked) -> Message:
    """How it went by kind, and the steps to learn next."""
    given = [
        (exercise, rating)
        for question, rating in zip(mocked.questions, mocked.ratings, strict=True)
        if (exercise := deck.exercise(question))
    ]
    rows = []
    for kind in deck.practice.kinds:
        if those := [rating for exercise, rating in given if exercise.kind == kind.id]:
            firm = sum(rating in FIRM for rating in those)
            rows.append(Fact(label=kind.label, value=(f"{firm} of {len(those)}",)))
    firm = sum(rating in FIRM for _, rating in given)
    weak = [exercise for exercise, rating in given if rating not in FIRM]
    return Message(
        title=f"Mock interview: {firm} of {len(given)} good or easy",
        accent=accent_of(context.pack, mocked.role),
        parts=(
            *((Facts(title="Good or easy, by kind", rows=tuple(rows)),) if rows else ()),
            *_next(context, weak),
            Buttons(buttons=(*begin_buttons(context, deck), opening("plan", fork=context.pack.id))),
            small_print(_took(mocked, weak)),
        ),
    )


def _took(mocked: Mocked, weak: list[Exercise]) -> str:
    took = f"It took {count(mocked.minutes, 'minute')}."
    return f"{took} What went badly comes back soon in your practice." if weak else took


def _next(context: Context, weak: list[Exercise]) -> tuple[Part, ...]:
    if not weak:
        return (Prose(text=text("Every answer would do. Let a few days pass before the next.")),)
    plan, open_steps = context.plan, _open(steps_of(context, weak))
    if plan and open_steps:
        lines = join("\n", [text("• ", entry.step.title) for entry in open_steps])
        buttons = tuple(
            Button(label=brief(entry.step.title), action=OpenStep(plan.id, entry.step.id))
            for entry in open_steps
        )
        heading = Bold(text="What to learn next in your plan")
        return (Prose(text=text(heading, "\n", lines)), Buttons(buttons=buttons))
    lines = join("\n", [text("• ", exercise.question) for exercise in weak])
    return (Prose(text=text(Bold(text="What to look at again"), "\n", lines)),)


def _open(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.record.status == "todo"][:_TO_LEARN]
