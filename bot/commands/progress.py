"""`/progress`: how far a plan is, how steadily it goes, when it ends, and past quiz results."""

from bot.calendar.dates import say_date
from bot.chat.actions import OpenResult
from bot.chat.parts import Button, Buttons, Fact, Facts, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, text
from bot.commands.cards import note, ways
from bot.commands.context import Desk
from bot.commands.conversation import Turn, show
from bot.commands.plan.card import meter
from bot.commands.quiz import result
from bot.commands.quiz.scoring import judge
from bot.commands.wording import count, span, standing
from bot.planning.schedule import streak
from bot.planning.status import Outlook, hours_of, look
from bot.records import Run

_RESULTS = 5


def command(desk: Desk) -> Turn:
    if desk.plan is None:
        return show(_without_plan(desk))
    seen = look(desk.pack, desk.plan, desk.today)
    return show(
        Message(
            title="Your progress",
            accent=desk.plan.role,
            parts=(
                meter(seen),
                Prose(text=text(standing(seen))),
                Facts(rows=_facts(desk, seen)),
                *_results(desk),
                ways("plan", "reminders", "compare"),
            ),
        )
    )


def _without_plan(desk: Desk) -> Message:
    if not desk.runs:
        return note(
            "Nothing to show yet",
            "Once you have a plan, this is where you see how far you are. The quiz is a good"
            " beginning; or make a plan straight away.",
            "quiz",
            "plan",
        )
    return Message(
        title="Your progress",
        parts=(
            Prose(text=text("You have no plan at the moment. These are your quiz results:")),
            *_results(desk),
            ways("plan", "quiz"),
        ),
    )


def _facts(desk: Desk, seen: Outlook) -> tuple[Fact, ...]:
    role = desk.pack.role(seen.plan.role).name
    done, left = hours_of(seen.done), hours_of(seen.left)
    return (
        Fact(
            label="Towards", value=(f"{role}, since {say_date(seen.plan.started_on, desk.today)}",)
        ),
        Fact(label="Done", value=(f"{count(len(seen.done), 'step')}, about {done} hours",)),
        Fact(label="Left", value=(f"{count(len(seen.left), 'step')}, about {left} hours",)),
        Fact(label="Weeks in a row", value=(_streak(desk, seen),)),
        *_dates(seen),
    )


def _streak(desk: Desk, seen: Outlook) -> str:
    done = (step for step in seen.plan.steps if step.status == "done")
    days = [desk.day_of(step.changed_at) for step in done if step.changed_at]
    weeks = streak(days, desk.today)
    if not weeks:
        return "none yet: one step done this week begins the row"
    return f"{count(weeks, 'week')} with something done"


def _dates(seen: Outlook) -> tuple[Fact, ...]:
    if not seen.left:
        return ()
    today, target = seen.today, seen.plan.target_on
    by = seen.behind_by
    compared = f"{span(abs(by))} {'later' if by > 0 else 'earlier'}" if by else "as planned"
    return (
        Fact(label="Planned finish", value=(say_date(target, today),)),
        Fact(
            label="Expected finish",
            value=(Bold(text=say_date(seen.finish, today)), f", {compared}"),
        ),
    )


def _results(desk: Desk) -> tuple[Part, ...]:
    """The latest quiz results, each a button that opens it."""
    if not desk.runs:
        return ()
    heading = Prose(text=(Bold(text="Your quiz results"),))
    buttons = (
        Button(label=_result(desk, run), action=OpenResult(run.id)) for run in desk.runs[:_RESULTS]
    )
    return (heading, *(Buttons(buttons=(button,)) for button in buttons))


def _result(desk: Desk, run: Run) -> str:
    outcome = judge(desk.pack.quiz, run.answers, run.matters).outcome
    day = say_date(desk.day_of(run.finished_at), desk.today)
    return f"{day}: {result.title(desk.pack, outcome)}"
