"""The ways on for a plan that is late: keep the date, move it, or cut scope, each previewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bot.pack.learning import Step
from bot.planning.schedule import (
    DAYS_A_WEEK,
    LEAST_HOURS,
    MOST_HOURS,
    Schedule,
    in_order,
    remaining,
    schedule,
    total_hours,
)
from bot.records import Hours

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


def replan(
    left: Sequence[Step], hours_a_week: Hours, today: date, target: date
) -> tuple[Replan, Replan, Replan]:
    """The three ways on from today with the steps that are left: keep the date, move it, or cut."""
    moved = schedule(left, hours_a_week, today)
    return (
        keep_date(left, today, target),
        Replan("move", hours_a_week, moved.finish, (), moved),
        cut_scope(left, hours_a_week, today, target),
    )


def keep_date(left: Sequence[Step], today: date, target: date) -> Replan:
    """The fewest hours a week that still reach the target; at the most there are if none do."""
    days = (target - today).days + 1
    needed = max(LEAST_HOURS, -(-DAYS_A_WEEK * total_hours(left) // days)) if days > 0 else None
    hours = min(needed or MOST_HOURS, MOST_HOURS)
    kept = schedule(left, hours, today)
    if needed is None:
        why_not = "That date has passed."
    elif needed > MOST_HOURS:
        why_not = (
            f"That would take {needed} hours a week; {MOST_HOURS} is the most a plan can have."
        )
    else:
        why_not = ""
    return Replan("keep", hours, kept.finish, (), kept, not why_not, why_not)


def cut_scope(left: Sequence[Step], hours_a_week: Hours, today: date, target: date) -> Replan:
    """Without as many optional steps as it takes, from the end; a step that is needed stays."""
    budget = int(hours_a_week * max(0, (target - today).days + 1) // DAYS_A_WEEK)
    dropped = _to_drop(in_order(left), budget)
    cut = schedule(remaining(left, dropped), hours_a_week, today)
    why_not = ""
    if total_hours(left) <= budget:
        why_not = "Nothing has to go: the plan is on time."
    elif not dropped:
        why_not = "No step that is left can be dropped."
    return Replan("cut", hours_a_week, cut.finish, dropped, cut, not why_not, why_not)


def _to_drop(ordered: Sequence[Step], budget: int) -> tuple[str, ...]:
    """Optional steps to drop until the rest fits the budget of hours, in the plan's order.

    All that can go goes first: from the end, because a step that others build on can only go after
    those. Then comes back what fits, from the front, so that the end is cut.
    """
    kept, dropped = list(ordered), list[Step]()
    for step in reversed(ordered):
        if step.optional and not any(step.id in other.after for other in kept):
            kept.remove(step)
            dropped.insert(0, step)
    hours = total_hours(kept)
    for step in tuple(dropped):
        without = {other.id for other in dropped}
        if hours + step.hours <= budget and without.isdisjoint(step.after):
            dropped.remove(step)
            hours += step.hours
    return tuple(step.id for step in dropped)
