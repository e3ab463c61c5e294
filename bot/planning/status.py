"""How a member's plan stands on a day: what is done, what is left and when, what is late.

`remains` is the one answer to "when will I finish": the card, the reminder, every preview and every
way on read it, and a change that puts what is left on the calendar anew puts just that there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from bot.pack.learning import Portion, Step, Template
from bot.pack.model import Pack
from bot.planning.own_steps import template_of
from bot.planning.schedule import (
    DAYS_A_WEEK,
    FOURTEENTHS,
    Agenda,
    Owed,
    Schedule,
    Slot,
    hours_left,
    monday,
    schedule,
    this_week,
    total_hours,
)
from bot.records import Pause, Plan, PlanStep


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of a plan: what it asks for, where the member stands with it, and when its turn is."""

    step: Step
    record: PlanStep
    slot: Slot | None

    @property
    def open(self) -> bool:
        return self.record.status == "todo"

    @property
    def done(self) -> bool:
        return self.record.status == "done"

    @property
    def part(self) -> Portion | None:
        """The part that comes next in an open step that has any."""
        left = (part for part in self.step.parts if not self.ticked(part))
        return next(left, None) if self.open else None

    def ticked(self, part: Portion) -> bool:
        return self.done or any(part.id == ticked for ticked, _ in self.record.ticked)

    @property
    def hours_done(self) -> int:
        return self.step.hours - self.hours_open

    @property
    def hours_open(self) -> int:
        return 0 if self.done else _not_ticked(self.step, self.record)


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of a plan, put on the calendar from a day on: the forecast is its finish."""

    steps: tuple[Step, ...]
    owed: Owed
    schedule: Schedule

    @property
    def finish(self) -> date:
        return self.schedule.finish


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """A plan on a day: its steps in their order, what is due, and when it will be finished.

    A paused plan is seen as if it were resumed on that day. `target` is the finish that the member
    agreed to, later by the pause that is on.
    """

    plan: Plan
    template: Template
    entries: tuple[Entry, ...]
    schedule: Schedule
    agenda: Agenda
    finish: date
    target: date
    today: date

    def entry(self, step_id: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.step.id == step_id), None)

    def entries_of(self, slots: Iterable[Slot]) -> tuple[Entry, ...]:
        by_id = {entry.step.id: entry for entry in self.entries}
        return tuple(by_id[slot.step] for slot in slots)

    @property
    def counted(self) -> tuple[Entry, ...]:
        """The steps that the plan still consists of: those skipped or left out do not count."""
        return tuple(entry for entry in self.entries if entry.open or entry.done)

    @property
    def done(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.done)

    @property
    def hours_done(self) -> int:
        """The hours of the steps and parts that are done."""
        return sum(entry.hours_done for entry in self.counted)

    @property
    def hours_left(self) -> int:
        return sum(entry.hours_open for entry in self.left)

    @property
    def left(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.open)

    @property
    def behind_by(self) -> int:
        """Days from the target to the forecast finish; negative where that is earlier."""
        return (self.finish - self.target).days if self.left else 0

    @property
    def behind(self) -> bool:
        return bool(self.agenda.overdue) or self.behind_by > 0


def hours_of(entries: Iterable[Entry]) -> int:
    return total_hours(entry.step for entry in entries)


def excused_weeks(status: PlanStatus) -> frozenset[date]:
    """The Mondays of weeks that break no streak: the plan was paused, or nothing became due."""
    paused = {
        monday(pause.first + timedelta(days))
        for pause in status.schedule.pauses
        for days in range((pause.last - pause.first).days + 1)
    }
    due = {monday(slot.ends) for slot in status.schedule.slots}
    since = monday(status.schedule.start)
    weeks = range((status.today - since).days // DAYS_A_WEEK + 1)
    calm = {since + timedelta(week * DAYS_A_WEEK) for week in weeks} - due
    return frozenset(paused | calm)


def status_of(pack: Pack, plan: Plan, today: date) -> PlanStatus:
    template = template_of(pack, plan)
    seen = resumed(plan, today)
    dated = schedule_of(template, seen)
    # One without a title is of another role, kept for the day of switching back.
    entries = tuple(
        Entry(step, record, dated.by_step.get(step.id))
        for record in plan.steps
        if (step := template.step(record.id))
    )
    settled = {entry.step.id for entry in entries if not entry.open}
    agenda = this_week(dated, settled, today)
    finish = remains(template, seen, today).finish if len(settled) < len(entries) else today
    return PlanStatus(plan, template, entries, dated, agenda, finish, seen.target_on, today)


def remains(template: Template, plan: Plan, today: date) -> Remains:
    """What an active plan still takes, from today, or from its first day if that is yet to come."""
    dated = schedule_of(template, plan)
    left = [
        (record, step)
        for record in plan.steps
        if record.status == "todo" and (step := template.step(record.id))
    ]
    owed = {
        step.id: hours_left(dated.by_step[step.id], dated, _not_ticked(step, record), today)
        for record, step in left
    }
    steps = tuple(step for _, step in left)
    day = max(today, plan.anchor_on)
    return Remains(steps, owed, schedule(steps, plan.hours, day, owed=owed))


def schedule_of(template: Template, plan: Plan) -> Schedule:
    """What was left when the plan was anchored, on the calendar."""
    steps, owed = list[Step](), dict[str, Fraction]()
    for record in plan.steps:
        if _scheduled(plan, record) and (step := template.step(record.id)):
            steps.append(step)
            owed[step.id] = max(Fraction(0), step.hours - Fraction(record.had, FOURTEENTHS))
    return schedule(steps, plan.hours, plan.anchor_on, plan.pauses, owed)


def resumed(plan: Plan, today: date) -> Plan:
    """The plan going on today: what is left and the target have moved by the days of the pause."""
    if plan.paused_on is None:
        return plan
    pause = Pause(plan.paused_on, today - timedelta(1))
    from_ = max(pause.first, plan.anchor_on)
    return replace(
        plan,
        state="active",
        paused_on=None,
        pauses=(*plan.pauses, pause) if pause.first <= pause.last else plan.pauses,
        target_on=plan.target_on + max(timedelta(0), today - from_),
    )


def _not_ticked(step: Step, record: PlanStep) -> int:
    ticked = {part for part, _ in record.ticked}
    return step.hours - sum(part.hours for part in step.parts if part.id in ticked)


def _scheduled(plan: Plan, record: PlanStep) -> bool:
    if record.status == "done":
        return (record.changed_at or 0) >= plan.anchored_at
    return record.status == "todo"
