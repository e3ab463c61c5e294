"""`/taster`: set up with at most two questions, then rated a task at a time, stopped at any time.

Every card is made of standing actions: last week's card still takes a rating.
"""

from dataclasses import replace
from datetime import date, timedelta

from bot.chat.actions import BeginTaster, ChangeTaster, OpenTaster, RateTask, TasteFrom
from bot.chat.event import Command
from bot.chat.reply import Message
from bot.commands.cards import note, noted
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.effects import SaveTried, SetTaster, StartTaster
from bot.commands.taster import cards, comparing
from bot.pack.base import StartId
from bot.planning.tasting import TasterWeek, current, offered, over, weeks
from bot.records import Trial, Tried

_AHEAD = timedelta(60)
"""As far ahead as a taster can begin."""


def command(context: Context, _: Command) -> Turn:
    """`/taster`: where it stands, or how to begin one."""
    if context.trial and weeks(context.pack, context.trial, context.today):
        return show(_standing(context, context.trial))
    return _set_up(context, _known_start(context))


def taste_from(context: Context, action: TasteFrom) -> Turn:
    """From a quiz result: the one that is under way, or one for the start that was given there."""
    if context.trial and _under_way(context, context.trial):
        return show(_standing(context, context.trial))
    run = next((run for run in context.runs if run.id == action.run), None)
    return _set_up(context, run.start or "" if run else _known_start(context))


def begin(context: Context, action: BeginTaster) -> Turn:
    trial = context.trial
    if trial and _under_way(context, trial):
        said = "This one is under way. Stop it first if you’d like to begin another."
        return show(noted(_standing(context, trial), said))
    on = _day(action.on)
    if on is None or not _fits(context, action.start):
        return _set_up(context, action.start)
    started_on = min(max(on, context.today), context.today + _AHEAD)
    trial = Trial(context.new_id(), context.pack.id, action.start, started_on)
    after = replace(context, trials=(trial, *context.trials))
    return show(_standing(after, trial), None, StartTaster(trial))


def open_week(context: Context, action: OpenTaster) -> Turn:
    found = _find(context, action.taster)
    if found is None:
        return show(gone())
    trial, those = found
    if action.week >= len(those):
        return show(_standing(context, trial))
    return show(cards.week_card(context, trial, those, action.week))


def rate(context: Context, action: RateTask) -> Turn:
    """Ask the two questions one after the other, then keep the answers."""
    found = _find(context, action.taster)
    at = _week_of(found[1], action.task) if found else None
    if found is None or at is None:
        return show(gone())
    trial, those = found
    task = next(task for task in those[at].tasks if task.id == action.task)
    if not action.flew:
        return show(cards.flew_card(trial, task, at))
    if not action.again:
        return show(cards.again_card(trial, task, action.flew))
    role = those[at].taster.role
    known = those[at].tried.get(task.id)
    done_on = known.done_on if known else context.today
    tried = Tried(task.id, role, done_on, action.flew, action.again)
    after = _with(trial, tried)
    return show(_after(context, after, at), None, SaveTried(trial.id, tried))


def change(context: Context, action: ChangeTaster) -> Turn:
    found = _find(context, action.taster)
    if found is None:
        return show(gone())
    trial, those = found
    match action.change:
        case "compare":
            return show(comparing.card(context, trial, those))
        case "stop":
            stopped = replace(trial, state="stopped")
            return show(
                cards.stopped(context, stopped, those), None, SetTaster(trial.id, "stopped")
            )
        case "resume" if context.trial is not trial:
            said = "You’ve begun another since, so that one stays as it is."
            return show(noted(comparing.card(context, trial, those), said))
        case "resume":
            resumed = replace(trial, state="active")
            card = _standing(context, resumed)
            return show(card, None, SetTaster(trial.id, "active"))


def gone() -> Message:
    return note(
        "I don’t have that taster",
        "It was deleted, or its tasks have changed since. Nothing was changed now.",
        "taster",
    )


def _set_up(context: Context, start: StartId) -> Turn:
    """The card that asks for what is missing."""
    pack = context.pack
    if not any(offered(pack, each.id) for each in pack.starts):
        return show(cards.no_tasks(pack))
    if not _fits(context, start):
        return show(cards.starts_card(context))
    return show(cards.days_card(context, start))


def _fits(context: Context, start: str) -> bool:
    """Whether it is a start of the pack that there are tasks for."""
    known = {each.id for each in context.pack.starts}
    return start in known and bool(offered(context.pack, start))


def _known_start(context: Context) -> StartId:
    """The one of the latest result, or none."""
    return next((run.start for run in context.runs if run.start), "")


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _standing(context: Context, trial: Trial) -> Message:
    """The week that it is; the comparison once it is over."""
    those = weeks(context.pack, trial, context.today)
    if trial.state == "stopped":
        return cards.stopped(context, trial, those)
    if over(those, context.today):
        return comparing.card(context, trial, those)
    return cards.week_card(context, trial, those, current(those, context.today))


def _after(context: Context, trial: Trial, at: int) -> Message:
    """What follows a rating: the same week, or the comparison after the last."""
    those = weeks(context.pack, trial, context.today)
    if all(week.finished for week in those):
        return comparing.card(context, trial, those)
    return noted(cards.week_card(context, trial, those, at), "Noted, thank you.")


def _under_way(context: Context, trial: Trial) -> bool:
    those = weeks(context.pack, trial, context.today)
    return trial.state == "active" and not over(those, context.today)


def _find(context: Context, taster: str) -> tuple[Trial, tuple[TasterWeek, ...]] | None:
    trial = next((one for one in context.trials if one.id == taster), None)
    those = weeks(context.pack, trial, context.today) if trial else ()
    return (trial, those) if trial and those else None


def _week_of(those: tuple[TasterWeek, ...], task: str) -> int | None:
    places = (at for at, week in enumerate(those) if task in {each.id for each in week.tasks})
    return next(places, None)


def _with(trial: Trial, tried: Tried) -> Trial:
    others = tuple(one for one in trial.tasks if one.task != tried.task)
    return replace(trial, tasks=(*others, tried))
