"""The arithmetic of plans: steps and hours a week in, dated weeks out.

Weeks count from the plan's first day, whatever weekday that is. Hours are spent at an even pace,
one step after the other in the plan's order, and a step is due by the end of the week in which its
hours run out. A step that needs calendar time (`at_least_weeks`) gets no more of a week than that
leaves it; what is over goes to the steps behind it that do not build on it, and where there are
none, the week is not full and the end date is as late as the calendar makes it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import ceil
from types import MappingProxyType
from typing import Literal, TypeAlias

from bot.pack.learning import Step, Timeline
from bot.records import Hours, Pause

LEAST_HOURS, MOST_HOURS = 1, 60
"""Hours a week that a plan can have, in halves."""
DAYS_A_WEEK = 7
FOURTEENTHS = 14
"""Of an hour: the finest share of a day that a pace in half hours a week makes."""

Owed: TypeAlias = Mapping[str, Fraction]
"""The hours that steps still take, by their ids: those that are missing take all of theirs."""

_IN_FULL: Owed = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a plan, counted from its first, on which a step has so many hours each."""

    since: Fraction
    until: Fraction
    hours_a_day: Fraction

    def hours(self, since: Fraction | int, until: Fraction | int) -> Fraction:
        """Those that lie between two days."""
        days = min(self.until, Fraction(until)) - max(self.since, Fraction(since))
        return max(days, Fraction(0)) * self.hours_a_day


@dataclass(frozen=True, slots=True)
class Slot:
    """When a step's turn is."""

    step: str
    first_week: int
    last_week: int
    starts: date
    ends: date
    hours: Fraction
    stretches: tuple[Stretch, ...]

    def spent(self, days: int) -> Fraction:
        """Its hours in the first so many days of the plan."""
        return sum((stretch.hours(0, days) for stretch in self.stretches), Fraction(0))

    @property
    def by_week(self) -> tuple[tuple[int, Fraction], ...]:
        """Its hours in each of its weeks, as (week, hours)."""
        ends = [week * DAYS_A_WEEK for week in range(self.first_week - 1, self.last_week + 1)]
        return tuple(
            (end // DAYS_A_WEEK, self.spent(end) - self.spent(end - DAYS_A_WEEK))
            for end in ends[1:]
        )


@dataclass(frozen=True)
class Schedule:
    slots: tuple[Slot, ...]
    start: date
    hours_a_week: Hours
    weeks: int
    finish: date
    pauses: tuple[Pause, ...] = ()

    @cached_property
    def by_step(self) -> Mapping[str, Slot]:
        return {slot.step: slot for slot in self.slots}

    def days_before(self, day: date) -> int:
        """How many days the plan has gone on before a day; pauses hold it still."""
        stood = sum(_overlap(pause, self.start, day) for pause in _apart(self.pauses))
        return (day - self.start).days - stood

    def week_of(self, day: date) -> int:
        """The plan's week on a day: 1 is the first, less is before it."""
        return self.days_before(day) // DAYS_A_WEEK + 1

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


def hours_left(slot: Slot, plan: Schedule, open_hours: int, today: date) -> Fraction:
    """The hours that an open step still takes, of the `open_hours` that nothing is ticked for.

    Nobody notes single hours, so a step is taken to have had those that the plan gave it up to
    yesterday, until its week is over. From then on it takes what the plan gives it in a week, for
    each week that it is late. In whole fourteenths of an hour: half an hour a week makes one a day.
    """
    if slot.ends < today:
        late = max(1, plan.week_of(today) - slot.last_week)
        takes = late * DAYS_A_WEEK * max(stretch.hours_a_day for stretch in slot.stretches)
    else:
        takes = slot.hours - slot.spent(max(0, plan.days_before(today)))
    return min(Fraction(open_hours), Fraction(int(takes * FOURTEENTHS), FOURTEENTHS))


def schedule(
    steps: Sequence[Step],
    hours_a_week: Hours,
    start: date,
    pauses: Iterable[Pause] = (),
    owed: Owed = _IN_FULL,
) -> Schedule:
    """Every step in its weeks, as the module says; `owed` are the hours of those begun before."""
    _check(hours_a_week)
    pauses = tuple(pauses)
    ordered = in_order(steps)
    stretches = _stretches(ordered, Fraction(hours_a_week) / DAYS_A_WEEK, owed)
    end = max((each[-1].until for each in stretches.values()), default=Fraction(0))
    finish = _calendar(start, max(1, ceil(end)) - 1, pauses)
    slots = tuple(_slot(step.id, stretches[step.id], start, pauses, finish) for step in ordered)
    return Schedule(slots, start, hours_a_week, ceil(end / DAYS_A_WEEK), finish, pauses)


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


def streak(done: Iterable[date], today: date, excused: Collection[date] = ()) -> int:
    """Weeks in a row, Monday to Sunday, with something done in each.

    The current week counts once something is done in it, and breaks nothing before that. A week
    whose Monday is `excused` breaks nothing either.
    """
    weeks = {monday(day) for day in done}
    if not weeks:
        return 0
    week, length = monday(today), int(monday(today) in weeks)
    week -= timedelta(DAYS_A_WEEK)
    while week in weeks or (week in excused and week > min(weeks)):
        length += week in weeks
        week -= timedelta(DAYS_A_WEEK)
    return length


def _check(hours_a_week: Hours) -> None:
    if not LEAST_HOURS <= hours_a_week <= MOST_HOURS:
        raise ValueError(f"{hours_a_week} hours a week: it must be {LEAST_HOURS} to {MOST_HOURS}")


def monday(day: date) -> date:
    """The first day of a date's week."""
    return day - timedelta(day.weekday())


def _stretches(
    ordered: Sequence[Step], hours_a_day: Fraction, owed: Owed
) -> dict[str, list[Stretch]]:
    """When each step has how many hours; one without any stands where its turn would be."""
    left = {step.id: owed.get(step.id, Fraction(step.hours)) for step in ordered}
    found: dict[str, list[Stretch]] = {step.id: [] for step in ordered}
    now = Fraction(0)
    while left:
        given = _shares([step for step in ordered if step.id in left], hours_a_day)
        lasts = min(left[step] / share for step, share in given.items())
        for step, share in given.items():
            before = found[step][-1] if found[step] else None
            goes_on = before and (before.until, before.hours_a_day) == (now, share)
            since = found[step].pop().since if goes_on else now
            found[step].append(Stretch(since, now + lasts, share))
            left[step] -= lasts * share
            if not left[step]:
                del left[step]
        now += lasts
    return found


def _shares(waiting: Sequence[Step], hours_a_day: Fraction) -> dict[str, Fraction]:
    """What the steps that are left get of a day: the first that can be done, then who is next."""
    unmet, given = {step.id for step in waiting}, dict[str, Fraction]()
    for step in waiting:
        if hours_a_day and unmet.isdisjoint(step.after):
            given[step.id] = min(hours_a_day, _most_a_day(step) or hours_a_day)
            hours_a_day -= given[step.id]
    return given


def _most_a_day(step: Step) -> Fraction | None:
    """How much of a step fits in a day, if the calendar binds it."""
    if step.at_least_weeks is None:
        return None
    return Fraction(step.hours, step.at_least_weeks * DAYS_A_WEEK)


def _slot(
    step: str,
    stretches: Sequence[Stretch],
    start: date,
    pauses: tuple[Pause, ...],
    finish: date,
) -> Slot:
    begins, ends = stretches[0].since, stretches[-1].until
    first = int(begins // DAYS_A_WEEK) + 1
    last = max(first, ceil(ends / DAYS_A_WEEK))
    if begins == ends and begins and not begins % DAYS_A_WEEK:
        first = last = int(begins // DAYS_A_WEEK)  # what takes nothing more ends with its week
    return Slot(
        step,
        first,
        last,
        _calendar(start, (first - 1) * DAYS_A_WEEK, pauses),
        min(_calendar(start, last * DAYS_A_WEEK - 1, pauses), finish),
        sum((stretch.hours(begins, ends) for stretch in stretches), Fraction(0)),
        tuple(stretches),
    )


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
