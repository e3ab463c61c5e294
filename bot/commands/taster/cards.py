"""The cards of a taster under way: how to begin, a week's tasks, the two questions, the end."""

from bot.calendar.dates import say_date
from bot.chat.actions import Again, BeginTaster, ChangeTaster, Flew, Open, OpenTaster, RateTask
from bot.chat.limits import LABEL, cut
from bot.chat.parts import Button, Buttons, Note, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, join, text
from bot.commands.cards import accent_of, note, opening, rows_of, small_print
from bot.commands.context import Context
from bot.commands.plan.choices import next_monday
from bot.commands.taster import comparing
from bot.commands.wording import count, listed
from bot.pack.base import StartId
from bot.pack.learning import Tasting
from bot.pack.model import Pack
from bot.planning.tasting import TasterWeek, offered
from bot.records import Trial, Tried

FLEW: dict[Flew, str] = {"yes": "Yes, it flew", "so-so": "So-so", "no": "No, it dragged"}
AGAIN: dict[Again, str] = {"yes": "Yes, gladly", "no": "No, thanks"}
_FLEW_SAID: dict[Flew, str] = {"yes": "time flew", "so-so": "time was so-so", "no": "time dragged"}
_AGAIN_SAID: dict[Again, str] = {
    "yes": "you’d do it again tomorrow",
    "no": "you wouldn’t do it again tomorrow",
}


def no_tasks(pack: Pack) -> Message:
    said = f"“{pack.title}” has no tasks to try yet. The quiz is a good place to start."
    return note("No taster here yet", said, "quiz", "compare")


def starts_card(context: Context) -> Message:
    """Asks where the member starts from."""
    pack = context.pack
    starts = [each for each in pack.starts if offered(pack, each.id)]
    buttons = [
        Button(label=cut(each.label, LABEL), action=BeginTaster(pack.id, each.id))
        for each in starts
    ]
    lines = [text("• ", Bold(text=each.label), f": {each.description}") for each in starts]
    return Message(
        title="Where do you start from?",
        parts=(
            Prose(text=text("The tasks fit what you already know, and ask for nothing more.")),
            Prose(text=join("\n", lines)),
            *rows_of(buttons),
        ),
    )


def days_card(context: Context, start: StartId) -> Message:
    """What it will be, and when it shall begin."""
    pack, today = context.pack, context.today
    monday = next_monday(today)
    those = offered(pack, start)
    names = [pack.role(taster.role).name for taster, _ in those]
    minutes = [task.minutes for _, tasks in those for task in tasks]
    first, second = "Start today", "Next Monday"
    if context.zone_known:
        first, second = f"{first}, {say_date(today, today)}", f"{second}, {say_date(monday, today)}"
    said = (
        f"One week in each role: {listed(names)}. Each week has five short tasks of {min(minutes)}"
        f" to {max(minutes)} minutes. After each, two taps say whether time flew and whether you’d"
        " do it again tomorrow. At the end your weeks stand side by side with your quiz result."
    )
    return Message(
        title="Try a week of each",
        parts=(
            Prose(text=text(said)),
            Prose(text=text("If you miss a week, it moves. You can stop at any time.")),
            Note(text=text(f"The tasks are for: {pack.start(start).label}.")),
            Buttons(
                buttons=(
                    Button(
                        label=first,
                        action=BeginTaster(pack.id, start, today.isoformat()),
                        style="primary",
                    ),
                    Button(label=second, action=BeginTaster(pack.id, start, monday.isoformat())),
                    *_other_start(context),
                )
            ),
        ),
    )


def _other_start(context: Context) -> tuple[Button, ...]:
    if len(context.pack.starts) == 1:
        return ()
    return (Button(label="I start from elsewhere", action=BeginTaster(context.pack.id)),)


def week_card(context: Context, trial: Trial, those: tuple[TasterWeek, ...], at: int) -> Message:
    """A week's tasks, with a button for each that is not done."""
    week = those[at]
    parts: list[Part] = [Prose(text=text(_when(context, those, at)))]
    for number, task in enumerate(week.tasks, 1):
        parts += _task(trial, task, number, week.tried.get(task.id))
    if not context.zone_known:
        parts.append(small_print("Days are in UTC. /reminders with your city changes that."))
    return Message(
        title=week.taster.title,
        accent=accent_of(context.pack, week.taster.role),
        parts=(*parts, _ways(trial, those, at)),
    )


def _when(context: Context, those: tuple[TasterWeek, ...], at: int) -> str:
    week, today = those[at], context.today
    starts, ends = (say_date(day, today) for day in (week.starts, week.ends))
    said = f"Week {at + 1} of {len(those)}, {starts} to {ends}."
    if week.finished:
        following = those[at + 1] if at + 1 < len(those) else None
        if following is None:
            return f"{said} You’ve done all of it."
        on = say_date(following.starts, today)
        return f"{said} You’ve done all of it. The next week is from {on}; you can begin sooner."
    if week.moved:
        said += f" You hadn’t begun it, so it moved by {count(week.moved, 'week')}. That’s fine."
    return f"{said} Do the tasks in any order. When one is done, press the button below it."


def _task(trial: Trial, task: Tasting, number: int, tried: Tried | None) -> tuple[Part, ...]:
    heading = Bold(text=f"{number}. {task.title}")
    rating = RateTask(trial.id, task.id)
    if tried is None:
        return (
            Prose(text=text(heading, f" ({task.minutes} minutes)\n", task.do)),
            Buttons(buttons=(Button(label=f"{number} is done", action=rating),)),
        )
    said = f" ✓\nDone: {_FLEW_SAID[tried.flew]}, and {_AGAIN_SAID[tried.again]}."
    return (
        Prose(text=text(heading, said)),
        Buttons(buttons=(Button(label=f"Rate {number} again", action=rating),)),
    )


def _ways(trial: Trial, those: tuple[TasterWeek, ...], at: int) -> Buttons:
    others = tuple(
        Button(label=f"See week {place + 1}", action=OpenTaster(trial.id, place))
        for place in range(len(those))
        if place != at
    )
    if not trial.tasks:
        return Buttons(buttons=(*others, *_stop(trial)))
    compare = Button(label="Compare so far", action=ChangeTaster(trial.id, "compare"))
    return Buttons(buttons=(*others, compare, *_stop(trial)))


def _stop(trial: Trial) -> tuple[Button, ...]:
    if trial.state == "stopped":
        return (resume(trial),)
    return (Button(label="Stop the taster", action=ChangeTaster(trial.id, "stop")),)


def resume(trial: Trial) -> Button:
    return Button(label="Resume the taster", action=ChangeTaster(trial.id, "resume"))


def flew_card(trial: Trial, task: Tasting, at: int) -> Message:
    buttons = [
        Button(label=label, action=RateTask(trial.id, task.id, flew))
        for flew, label in FLEW.items()
    ]
    back = Button(label="← Not done yet", action=OpenTaster(trial.id, at))
    return Message(
        title="Did time fly?",
        parts=(
            Prose(text=text("While you did “", task.title, "”. There’s no right answer.")),
            Buttons(buttons=(*buttons, back)),
        ),
    )


def again_card(trial: Trial, task: Tasting, flew: Flew) -> Message:
    buttons = [
        Button(label=label, action=RateTask(trial.id, task.id, flew, again))
        for again, label in AGAIN.items()
    ]
    back = Button(label="← Did time fly?", action=RateTask(trial.id, task.id))
    return Message(
        title="Would you do it again tomorrow?",
        parts=(
            Prose(text=text("A task like “", task.title, "”, on an ordinary working day.")),
            Buttons(buttons=(*buttons, back)),
        ),
    )


def stopped(context: Context, trial: Trial, those: tuple[TasterWeek, ...]) -> Message:
    """That it is stopped: what was done stands, and it can be resumed."""
    said = "Stopped. What you rated is kept, and you can resume where you left off."
    ways: tuple[Button, ...] = (
        resume(trial),
        Button(label="Begin a new one", action=BeginTaster(context.pack.id)),
        opening("compare", fork=context.pack.id),
        Button(label="My plan", action=Open("plan", context.pack.id)),
    )
    return Message(
        title="Your taster is stopped",
        parts=(
            Prose(text=text(said)),
            *comparing.parts(context, those),
            Buttons(buttons=ways),
        ),
    )
