"""The ways on for a plan that is late: keep the date, move it, or cut scope, each previewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bot.content import Step
from bot.planner import (
    DAYS_A_WEEK,
    LEAST_HOURS,
    MOST_HOURS,
    Schedule,
    in_order,
    remaining,
    schedule,
    total_hours,
)

Choice: TypeAlias = Literal["keep", "move", "cut"]


@dataclass(frozen=True, slots=True)
class Replan:
    """One way on, previewed; where it is not possible, `why_not` says so in a sentence.

    A cut that is possible may still finish after the target: then it dropped all that it could.
    """

    choice: Choice
    hours_a_week: int
    finish: date
    dropped: tuple[str, ...]
    schedule: Schedule
    possible: bool = True
    why_not: str = ""


def replan(
    left: Sequence[Step], hours_a_week: int, today: date, target: date
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


def cut_scope(left: Sequence[Step], hours_a_week: int, today: date, target: date) -> Replan:
    """Without as many optional steps as it takes, from the end; a step that is needed stays."""
    budget = hours_a_week * max(0, (target - today).days + 1) // DAYS_A_WEEK
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

    From the end; what others build on only when those go too. Of the steps that went first, those
    come back that fit after all: a big one after them may have made the room.
    """
    dropped: list[Step] = []
    hours = total_hours(ordered)
    for step in reversed(ordered):
        kept = (other for other in ordered if other not in dropped)
        if hours > budget and step.optional and not any(step.id in other.after for other in kept):
            dropped.insert(0, step)
            hours -= step.hours
    for step in tuple(dropped):
        out = {other.id for other in dropped}
        if hours + step.hours <= budget and out.isdisjoint(step.after):
            dropped.remove(step)
            hours += step.hours
    return tuple(step.id for step in dropped)
