"""`/progress`: how far a plan is, how steadily it goes, when it ends, and past quiz results."""

from bot.calendar.dates import say_date
from bot.chat.actions import Open, OpenResult
from bot.chat.event import Command
from bot.chat.parts import Button, Buttons, Fact, Facts, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, text
from bot.commands import forks
from bot.commands.cards import accent_of, note, small_print, ways
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.plan.card import meter
from bot.commands.practice.choosing import deck_of
from bot.commands.quiz.verdict import title
from bot.commands.wording import count, span, standing
from bot.pack.base import RoleId
from bot.planning.schedule import streak
from bot.planning.status import PlanStatus, excused_weeks, status_of
from bot.records import Run

_RESULTS = 5
_SAFE = (
    "You also have a plan or results of a fork that isn’t here at the moment. Nothing of it is"
    " lost: it will be back when that content is."
)


def command(context: Context, asked: Command) -> Turn:
    return show(of_all(context) if not asked.text and _of_several(context) else card(context))


def _of_several(context: Context) -> bool:
    """Whether the member has something in another pack than the one that is shown."""
    return bool(_owners(context) - {context.pack.id})


def _owners(context: Context) -> set[str]:
    return {plan.pack for plan in context.plans} | {run.pack for run in context.all_runs}


def of_all(context: Context) -> Message:
    """How far each plan is, of every fork; what belongs to none that runs is said to be safe."""
    parts: list[Part] = []
    for pack in context.packs:
        here = forks.of(context, pack)
        if here.plan is None and not here.runs:
            continue
        parts += [Prose(text=(Bold(text=pack.title),)), *_in_short(here)]
    if any(context.packs.get(owner) is None for owner in _owners(context)):
        parts.append(small_print(_SAFE))
    return Message(title="Your progress", parts=(*parts, ways("plan", "reminders", "compare")))


def _in_short(context: Context) -> tuple[Part, ...]:
    more = Button(label=f"More: {context.pack.name}", action=Open("progress", context.pack.id))
    if context.plan is None:
        title_ = title(context.pack, context.runs[0].outcome)
        said = text(f"No plan. Your latest result: {title_}.")
        return (Prose(text=said), Buttons(buttons=(more,)))
    status = status_of(context.pack, context.plan, context.today)
    return (meter(status), Prose(text=text(standing(status))), Buttons(buttons=(more,)))


def card(context: Context) -> Message:
    if context.plan is None:
        return _without_plan(context)
    status = status_of(context.pack, context.plan, context.today)
    return Message(
        title="Your progress",
        accent=accent_of(context.pack, context.plan.role),
        parts=(
            meter(status),
            Prose(text=text(standing(status))),
            Facts(rows=_facts(context, status)),
            *_practice(context, context.plan.role),
            *_results(context),
            ways("plan", "reminders", "compare"),
        ),
    )


def _without_plan(context: Context) -> Message:
    if not context.runs:
        return note(
            "Nothing to show yet",
            "Once you have a plan, you’ll see here how far you’ve got. The quiz is a good start, or"
            " make a plan straight away.",
            "quiz",
            "plan",
        )
    return Message(
        title="Your progress",
        parts=(
            Prose(text=text("You have no plan at the moment. These are your quiz results:")),
            *_results(context),
            ways("plan", "quiz"),
        ),
    )


def _facts(context: Context, status: PlanStatus) -> tuple[Fact, ...]:
    role = context.pack.role(status.plan.role).name
    done, left = status.hours_done, status.hours_left
    return (
        Fact(
            label="Towards",
            value=(f"{role}, since {say_date(status.plan.started_on, context.today)}",),
        ),
        Fact(label="Done", value=(f"{count(len(status.done), 'step')}, about {done} hours",)),
        Fact(label="Left", value=(f"{count(len(status.left), 'step')}, about {left} hours",)),
        Fact(label="Weeks in a row", value=(_streak(context, status),)),
        *_dates(status),
    )


def _practice(context: Context, role: RoleId) -> tuple[Part, ...]:
    """How many questions of each kind of interview went well, where any was practised."""
    deck = deck_of(context, role)
    if deck is None or not deck.begun:
        return ()
    firm = ((kind.label, deck.firm(kind.id)) for kind in deck.practice.kinds)
    rows = tuple(Fact(label=label, value=(f"{good} of {of}",)) for label, (good, of) in firm)
    return (Facts(title="Interview questions that went well", rows=rows),)


def _streak(context: Context, status: PlanStatus) -> str:
    """Weeks in a row with a step or a part done; before the first is due, what begins them."""
    steps = status.plan.steps
    done = [step.changed_at for step in steps if step.status == "done" and step.changed_at]
    ticked = [at for step in steps for _, at in step.ticked]
    days = [context.day_of(at) for at in (*done, *ticked)]
    if weeks := streak(days, context.today, excused_weeks(status)):
        return f"{count(weeks, 'week')} with something done"
    if status.left and not status.agenda.overdue:
        first = status.entries_of((*status.agenda.now, *status.agenda.upcoming))[0]
        return f"Starts with “{(first.part or first.step).title}”"
    return "No streak yet: finish a step this week to start one"


def _dates(status: PlanStatus) -> tuple[Fact, ...]:
    if not status.left:
        return ()
    today, target = status.today, status.target
    by = status.behind_by
    compared = f"{span(abs(by))} {'later' if by > 0 else 'earlier'}" if by else "as planned"
    return (
        Fact(label="Planned finish", value=(say_date(target, today),)),
        Fact(
            label="Expected finish",
            value=(Bold(text=say_date(status.finish, today)), f", {compared}"),
        ),
    )


def _results(context: Context) -> tuple[Part, ...]:
    """The latest quiz results, each a button that opens it."""
    if not context.runs:
        return ()
    heading = Prose(text=(Bold(text="Your quiz results"),))
    buttons = (
        Button(label=_result(context, run), action=OpenResult(run.id))
        for run in context.runs[:_RESULTS]
    )
    return (heading, *(Buttons(buttons=(button,)) for button in buttons))


def _result(context: Context, run: Run) -> str:
    day = say_date(context.day_of(run.finished_at), context.today)
    return f"{day}: {title(context.pack, run.outcome)}"
