"""The arithmetic of plans: steps and hours a week in, dated weeks out.

Weeks count from the plan's first day, whatever weekday that is. Steps are due by the end of their
week; the finish falls on the day on which the hours run out at an even pace, so that
`finish = start + ceil(7 * hours / hours_a_week) - 1 day`, and a week cut short by a target date has
its share of the hours.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal

from bot.pack.learning import Step, Timeline
from bot.records import Hours

LEAST_HOURS, MOST_HOURS = 1, 60
"""Hours a week that a plan can have, in halves."""
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the plan stands still, the last one included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Slot:
    """When a step's turn is; `by_week` are its hours in each of its weeks, as (week, hours)."""

    step: str
    first_week: int
    last_week: int
    starts: date
    ends: date
    hours: int
    by_week: tuple[tuple[int, Hours], ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    slots: tuple[Slot, ...]
    start: date
    hours_a_week: Hours
    weeks: int
    finish: date
    pauses: tuple[Pause, ...] = ()

    def week_of(self, day: date) -> int:
        """The plan's week on a day: 1 is the first, less is before it. Pauses hold it still."""
        stood = sum(_overlap(pause, self.start, day) for pause in _apart(self.pauses))
        return ((day - self.start).days - stood) // DAYS_A_WEEK + 1

    def week_starts(self, week: int) -> date:
        return _calendar(self.start, (week - 1) * DAYS_A_WEEK, self.pauses)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is left of a schedule, seen from a day: late, for now, and for later."""

    overdue: tuple[Slot, ...]
    now: tuple[Slot, ...]
    upcoming: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Honest:
    """A plan's length in weeks against the time that such a move honestly takes.

    `by` is how many weeks it is shorter or longer; "unstated" is where nobody says how long.
    """

    verdict: Literal["shorter", "within", "longer", "unstated"]
    weeks: int
    by: int


def remaining(steps: Iterable[Step], settled: Collection[str]) -> tuple[Step, ...]:
    """The steps that are neither done nor skipped; what builds on those counts them as met."""
    return tuple(step for step in steps if step.id not in settled)


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Prerequisites first, else as they are given: the first step that is ready comes next."""
    waiting = list(steps)
    placed: list[Step] = []
    while waiting:
        unmet = {step.id for step in waiting}
        ready = next((step for step in waiting if unmet.isdisjoint(step.after)), None)
        if ready is None:
            raise ValueError(f"steps wait for one another: {', '.join(sorted(unmet))}")
        waiting.remove(ready)
        placed.append(ready)
    return tuple(placed)


def total_hours(steps: Iterable[Step]) -> int:
    return sum(step.hours for step in steps)


def left_of(
    plan: Schedule, steps: Iterable[Step], settled: Collection[str], today: date
) -> tuple[Step, ...]:
    """The open steps, each with the hours that it still takes.

    Nobody notes single hours, so a step whose weeks are on is taken to have had its hours up to
    last week. A late one loses that credit again, week by week, the last week first. A half hour
    that is left counts as one.
    """
    week = plan.week_of(today)
    owed = {slot.step: _owed(slot, week) for slot in plan.slots}
    return tuple(
        step.model_copy(update={"hours": ceil(owed.get(step.id, step.hours))})
        for step in remaining(steps, settled)
    )


def schedule(
    steps: Sequence[Step], hours_a_week: Hours, start: date, pauses: Iterable[Pause] = ()
) -> Schedule:
    """Every step in its weeks, one after the other, each week filled before the next begins."""
    _check(hours_a_week)
    pauses = tuple(pauses)
    finish = _finish(total_hours(steps), hours_a_week, start, pauses)
    slots: list[Slot] = []
    spent = 0
    for step in in_order(steps):
        by_week = _by_week(spent, step.hours, hours_a_week)
        first, last = by_week[0][0], by_week[-1][0]
        starts = _calendar(start, (first - 1) * DAYS_A_WEEK, pauses)
        ends = min(_calendar(start, last * DAYS_A_WEEK - 1, pauses), finish)
        slots.append(Slot(step.id, first, last, starts, ends, step.hours, by_week))
        spent += step.hours
    return Schedule(tuple(slots), start, hours_a_week, ceil(spent / hours_a_week), finish, pauses)


def this_week(plan: Schedule, settled: Collection[str], today: date) -> Agenda:
    """The open steps of a schedule, split by whether their weeks are over, on, or to come."""
    left = [slot for slot in plan.slots if slot.step not in settled]
    return Agenda(
        overdue=tuple(slot for slot in left if slot.ends < today),
        now=tuple(slot for slot in left if slot.starts <= today <= slot.ends),
        upcoming=tuple(slot for slot in left if slot.starts > today),
    )


def behind(plan: Schedule, settled: Collection[str], today: date) -> tuple[Slot, ...]:
    """The steps that were due before today and are still open."""
    return this_week(plan, settled, today).overdue


def forecast(plan: Schedule, settled: Collection[str], today: date) -> date:
    """When a plan will be finished at its pace, given what is settled; today if everything is.

    How many of this week's hours are spent is unknown. So this is the plan's own finish as long as
    that can still be: later if even all of this week's hours are too few, and earlier if none of
    them are needed.
    """
    week = max(1, plan.week_of(today))
    hours = sum(_owed(slot, week) for slot in plan.slots if slot.step not in settled)
    if not hours:
        return today
    earliest, latest = (
        _finish(hours, plan.hours_a_week, plan.week_starts(begin), plan.pauses)
        for begin in (week, week + 1)
    )
    return max(today, min(max(plan.finish, earliest), latest))


def against_honest(finish: date, start: date, timeline: Timeline) -> Honest:
    """How a plan compares with the honest timeline, in weeks; a week begun counts."""
    weeks = -(-((finish - start).days + 1) // DAYS_A_WEEK)
    least, most = timeline.least_weeks, timeline.most_weeks
    if least is not None and weeks < least:
        return Honest("shorter", weeks, least - weeks)
    if most is not None and weeks > most:
        return Honest("longer", weeks, weeks - most)
    if least is None and most is None:
        return Honest("unstated", weeks, 0)
    return Honest("within", weeks, 0)


def streak(done: Iterable[date], today: date) -> int:
    """Weeks in a row, Monday to Sunday, with a step done in each.

    The current week counts once something is done in it, and breaks nothing before that.
    """
    weeks = {_monday(day) for day in done}
    week = _monday(today)
    if week not in weeks:
        week -= timedelta(DAYS_A_WEEK)
    length = 0
    while week in weeks:
        length += 1
        week -= timedelta(DAYS_A_WEEK)
    return length


def _check(hours_a_week: Hours) -> None:
    if not LEAST_HOURS <= hours_a_week <= MOST_HOURS:
        raise ValueError(f"{hours_a_week} hours a week: it must be {LEAST_HOURS} to {MOST_HOURS}")


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _by_week(spent: int, hours: int, hours_a_week: Hours) -> tuple[tuple[int, Hours], ...]:
    """(week, hours) of a step that begins after so many hours of the plan."""
    first, last = int(spent // hours_a_week), ceil((spent + hours) / hours_a_week) - 1
    return tuple(
        (week + 1, min(spent + hours, (week + 1) * hours_a_week) - max(spent, week * hours_a_week))
        for week in range(first, last + 1)
    )


def _owed(slot: Slot, week: int) -> Hours:
    """The slot's hours from this week on; if it is over, as many weeks back as it is late."""
    since = min(week, 2 * slot.last_week + 1 - week)
    return sum(hours for number, hours in slot.by_week if number >= since)


def _finish(hours: Hours, hours_a_week: Hours, start: date, pauses: tuple[Pause, ...]) -> date:
    days = max(1, ceil(DAYS_A_WEEK * hours / hours_a_week))
    return _calendar(start, days - 1, pauses)


def _calendar(start: date, days: int, pauses: Iterable[Pause]) -> date:
    """The day so many days of the plan after its first one, stepping over the pauses."""
    day = start + timedelta(days)
    for pause in _apart(pauses):
        if pause.first <= day:
            day += timedelta(_overlap(pause, start, pause.last))
    return day


def _apart(pauses: Iterable[Pause]) -> list[Pause]:
    """The pauses in order, each without the days of those before it."""
    apart: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.first):
        first = max(pause.first, apart[-1].last + timedelta(1)) if apart else pause.first
        if first <= pause.last:
            apart.append(Pause(first, pause.last))
    return apart


def _overlap(pause: Pause, start: date, day: date) -> int:
    """How many days from `start` to `day` the pause takes."""
    return max(0, (min(pause.last, day) - max(pause.first, start)).days + 1)
