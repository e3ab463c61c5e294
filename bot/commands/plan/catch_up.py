"""The ways on for a plan that is late, as a card lists them: each with what it would change."""

from collections.abc import Iterable, Mapping

from bot.calendar.dates import say_date
from bot.chat.parts import Prose
from bot.chat.text import Bold, Text, join, text
from bot.commands.context import Context
from bot.commands.wording import count, listed, lower_first
from bot.planning import changes
from bot.planning.changes import WayOn
from bot.planning.replan import Choice
from bot.planning.status import hours_of, status_of
from bot.records import Plan

LABELS: Mapping[Choice, str] = {
    "keep": "Keep the date",
    "move": "Move the date",
    "cut": "Leave steps out",
}
_NAMED = 4  # steps left out that are named: more are counted


def ways_on(context: Context, plan: Plan) -> tuple[WayOn, ...]:
    return changes.ways_on(context.pack, plan, context.today, context.epoch)


def open_ways(ways: Iterable[WayOn]) -> tuple[Choice, ...]:
    """Those that can be taken: a button each."""
    return tuple(way.choice for way in ways if not way.why_not)


def listing(context: Context, plan: Plan, ways: Iterable[WayOn]) -> Prose:
    """A line a way; one that cannot be taken says why."""
    lines = (
        text("• ", Bold(text=LABELS[way.choice]), ": ", _line(context, plan, way)) for way in ways
    )
    return Prose(text=join("\n", lines))


def _line(context: Context, plan: Plan, way: WayOn) -> Text:
    if way.why_not:  # after a colon
        return text(lower_first(way.why_not))
    after = status_of(context.pack, way.plan, context.today)
    finish = say_date(after.finish, context.today)
    match way.choice:
        case "keep" if way.plan.hours == plan.hours:
            return text(
                f"{count(plan.hours, 'hour')} a week is still enough; open steps get new dates."
            )
        case "keep":
            more = f"{way.plan.hours} hours a week instead of {plan.hours}"
            return text(f"{more}, and you finish around {finish}.")
        case "move":
            return text(f"stay at {count(plan.hours, 'hour')} a week and finish around {finish}.")
        case "cut":
            out = [e for e in after.entries if e.step.id in way.dropped]
            names = [f"“{e.step.title}”" for e in out[:_NAMED]]
            if rest := len(out) - len(names):
                names.append(count(rest, "more step"))
            return text(f"without {listed(names)} ({hours_of(out)} h) you finish around {finish}.")
