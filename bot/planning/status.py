"""How a member's plan stands on a day: what is done, what is left and when, what is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.pack.learning import Step, Template
from bot.pack.model import Pack
from bot.planning.schedule import Agenda, Schedule, Slot, forecast, schedule, this_week, total_hours
from bot.records import Plan, PlanStep


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


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """A plan on a day: its steps in their order, what is due, and when it will be finished.

    A paused plan is seen as it was on the day of the pause, and its dates move as long as it rests.
    """

    plan: Plan
    template: Template
    entries: tuple[Entry, ...]
    schedule: Schedule
    agenda: Agenda
    finish: date
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
    def left(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.open)

    @property
    def behind_by(self) -> int:
        """Days from the target to the forecast finish; negative where that is earlier."""
        return (self.finish - self.plan.target_on).days if self.left else 0

    @property
    def behind(self) -> bool:
        return bool(self.agenda.overdue) or self.behind_by > 0


def hours_of(entries: Iterable[Entry]) -> int:
    return total_hours(entry.step for entry in entries)


def status_of(pack: Pack, plan: Plan, today: date) -> PlanStatus:
    template = pack.template(plan.start, plan.role)
    dated = schedule_of(template, plan)
    slots = {slot.step: slot for slot in dated.slots}
    # A step that a newer pack no longer has is passed over.
    entries = tuple(
        Entry(step, record, slots.get(step.id))
        for record in plan.steps
        if (step := template.step(record.id))
    )
    day = plan.paused_on or today
    settled = {entry.step.id for entry in entries if not entry.open}
    finish = forecast(dated, settled, day) + timedelta(rested_for(plan, today))
    return PlanStatus(plan, template, entries, dated, this_week(dated, settled, day), finish, today)


def schedule_of(template: Template, plan: Plan) -> Schedule:
    """What was left when the plan was anchored, on the calendar."""
    steps = [
        _shorter(step, record.had)
        for record in plan.steps
        if _scheduled(plan, record) and (step := template.step(record.id))
    ]
    return schedule(steps, plan.hours, plan.anchor_on)


def _shorter(step: Step, had: int) -> Step:
    return step.model_copy(update={"hours": max(1, step.hours - had)}) if had else step


def _scheduled(plan: Plan, record: PlanStep) -> bool:
    if record.status == "done":
        return (record.changed_at or 0) >= plan.anchored_at
    return record.status == "todo"


def rested_for(plan: Plan, today: date) -> int:
    """For how many days of the plan it has been paused."""
    if plan.paused_on is None:
        return 0
    return max(0, (today - max(plan.paused_on, plan.anchor_on)).days)
