"""The ways on for a plan that is late: keep the date, move it, or cut scope, each previewed."""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bot.pack.learning import Step
from bot.planning.schedule import Schedule, in_order, remaining, schedule
from bot.planning.status import Remains
from bot.records import Hours

SUSTAINABLE_HOURS = 25
"""Hours a week above which nobody is told to keep a date; a plan that has more keeps its own."""

Choice: TypeAlias = Literal["keep", "move", "cut"]


@dataclass(frozen=True, slots=True)
class Replan:
    """One way on, previewed; where it is not possible, `why_not` says so in a sentence.

    A cut that is possible may still finish after the target: then it dropped all that it could.
    """

    choice: Choice
    hours_a_week: Hours
    finish: date
    dropped: tuple[str, ...]
    schedule: Schedule
    possible: bool = True
    why_not: str = ""


def replan(left: Remains, target: date) -> tuple[Replan, Replan, Replan]:
    """The three ways on with what is left: keep the date, move it, or cut."""
    move = Replan("move", left.schedule.hours_a_week, left.finish, (), left.schedule)
    return (keep_date(left, target), move, cut_scope(left, target))


def keep_date(left: Remains, target: date) -> Replan:
    """The fewest hours a week, in halves, that still reach the target, and never fewer than now."""
    now, start = left.schedule.hours_a_week, left.schedule.start
    most = max(now, SUSTAINABLE_HOURS)
    halves = range(int(2 * now), int(2 * most) + 1)
    at = bisect_left(halves, True, key=lambda half: _at(left, half).finish <= target)
    kept = _at(left, halves[min(at, len(halves) - 1)])
    why_not = ""
    if target < start:
        why_not = "That date has passed."
    elif kept.finish > target:
        why_not = f"That date no longer fits: even {most} hours a week would take longer."
    return Replan("keep", kept.hours_a_week, kept.finish, (), kept, not why_not, why_not)


def cut_scope(left: Remains, target: date) -> Replan:
    """Without as many optional steps as it takes, from the end; a step that is needed stays."""
    dropped = () if left.finish <= target else _to_drop(left, target)
    cut = _without(left, dropped)
    why_not = ""
    if left.finish <= target:
        why_not = "Nothing has to go: the plan is on time."
    elif not dropped:
        why_not = "No step that is left can be dropped."
    elif cut.finish >= left.finish:
        why_not, dropped, cut = "It would not bring your finish forward.", (), left.schedule
    return Replan("cut", cut.hours_a_week, cut.finish, dropped, cut, not why_not, why_not)


def _at(left: Remains, half_hours: int) -> Schedule:
    whole, half = divmod(half_hours, 2)
    hours = whole + 0.5 if half else whole
    return schedule(left.steps, hours, left.schedule.start, owed=left.owed)


def _without(left: Remains, dropped: Collection[str]) -> Schedule:
    kept, now = remaining(left.steps, dropped), left.schedule
    return schedule(kept, now.hours_a_week, now.start, owed=left.owed)


def _to_drop(left: Remains, target: date) -> tuple[str, ...]:
    """Optional steps to drop until the rest is done by the target, in the plan's order.

    All that can go goes first: from the end, because a step that others build on can only go after
    those. Then comes back what fits, from the front, so that the end is cut.
    """
    ordered = in_order(left.steps)
    kept, dropped = list(ordered), list[Step]()
    for step in reversed(ordered):
        if step.optional and not any(step.id in other.after for other in kept):
            kept.remove(step)
            dropped.insert(0, step)
    for step in tuple(dropped):
        without = {other.id for other in dropped} - {step.id}
        if without.isdisjoint(step.after) and _without(left, without).finish <= target:
            dropped.remove(step)
    return tuple(step.id for step in dropped)
