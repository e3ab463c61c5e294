"""How a member's plan begins and changes.

Every change is a function from the plan as it is to the plan as it would be, so that a preview is
the outlook of a plan that nobody has stored yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.content import Pack, RoleId, StartId, Step
from bot.outlook import Entry, look, rested_for, schedule_of
from bot.planner import DAYS_A_WEEK, MOST_HOURS, in_order, left_of
from bot.records import Plan, PlanStep, StepStatus
from bot.replan import Choice, replan


@dataclass(frozen=True, slots=True)
class WayOn:
    """One way on for a plan that is late: the plan as it would be; `why_not` if it cannot be."""

    choice: Choice
    plan: Plan
    dropped: tuple[str, ...]
    why_not: str


def new_plan(
    pack: Pack,
    plan_id: str,
    *,
    start: StartId,
    role: RoleId,
    hours: int,
    start_on: date,
    epoch: int,
    carried: Plan | None = None,
) -> Plan:
    """A plan from its beginning; what is done or skipped in `carried` and stands here too is kept.

    Its target is the finish that follows.
    """
    earlier = carried.steps if carried else ()
    kept = {step.id: step for step in earlier if step.status in ("done", "skipped")}
    template = pack.template(start, role)
    steps = tuple(kept.get(step.id, PlanStep(step.id)) for step in template.steps)
    plan = Plan(
        id=plan_id,
        start=start,
        role=role,
        hours=hours,
        started_on=start_on,
        anchor_on=start_on,
        anchored_at=_after_all(steps, epoch),
        target_on=start_on,
        state="active",
        paused_on=None,
        steps=steps,
    )
    return replace(plan, target_on=schedule_of(template, plan).finish)


def shared(pack: Pack, plan: Plan, role: RoleId) -> tuple[Entry, ...]:
    """The plan's settled steps that the plan to another role has as well."""
    other = pack.template(plan.start, role)
    template = pack.template(plan.start, plan.role)
    return tuple(
        Entry(step, record, None)
        for record in plan.steps
        if record.status in ("done", "skipped")
        and other.step(record.id)
        and (step := template.step(record.id))
    )


def mark(plan: Plan, step_id: str, status: StepStatus, epoch: int, reason: str = "") -> Plan:
    """The plan with the step as it shall be; the same plan if it is so already."""
    record = plan.step(step_id)
    if record is None or record.status == status:
        return plan
    marked = PlanStep(step_id, status, epoch, reason)
    return replace(plan, steps=tuple(marked if s is record else s for s in plan.steps))


def with_hours(pack: Pack, plan: Plan, hours: int, today: date, epoch: int) -> Plan:
    """What is left at another pace; the target becomes the finish that follows."""
    return _move(pack, _anchored(pack, plan, hours, today, epoch))


def pause(plan: Plan, today: date) -> Plan:
    return replace(plan, state="paused", paused_on=today) if plan.state == "active" else plan


def resume(plan: Plan, today: date) -> Plan:
    """Go on: every date of what is left, and the target, move by the days of the pause."""
    rested = timedelta(rested_for(plan, today))
    return replace(
        plan,
        state="active",
        paused_on=None,
        anchor_on=plan.anchor_on + rested,
        target_on=plan.target_on + rested,
    )


def ways_on(pack: Pack, plan: Plan, today: date, epoch: int) -> tuple[WayOn, WayOn, WayOn]:
    """Keep the date, move it, or cut scope, each as the plan that it makes."""
    day, left, _ = _remains(pack, plan, today)
    keep, _, cut = replan(left, plan.hours, day, plan.target_on)
    kept = _anchored(pack, plan, keep.hours_a_week, today, epoch)
    # Days are whole, so a finish may fall a day late where a step is under way.
    while (
        keep.possible
        and kept.hours < MOST_HOURS
        and look(pack, kept, today).schedule.finish > plan.target_on
    ):
        kept = _anchored(pack, plan, kept.hours + 1, today, epoch)
    less = plan
    for step_id in cut.dropped:
        less = mark(less, step_id, "dropped", epoch)
    less = _anchored(pack, less, plan.hours, today, epoch)
    finish = look(pack, less, today).schedule.finish
    return (
        WayOn("keep", kept, (), keep.why_not),
        WayOn("move", with_hours(pack, plan, plan.hours, today, epoch), (), ""),
        WayOn(
            "cut",
            replace(less, target_on=max(plan.target_on, finish)),
            cut.dropped,
            cut.why_not,
        ),
    )


def _anchored(pack: Pack, plan: Plan, hours: int, today: date, epoch: int) -> Plan:
    """What is left, scheduled anew from today (from its first day, if that is yet to come).

    A step that is under way keeps the hours that it has had: the anchor lies that much earlier.
    """
    day, _, had = _remains(pack, plan, today)
    return replace(
        plan,
        hours=hours,
        anchor_on=day - timedelta(DAYS_A_WEEK * had // hours),
        anchored_at=_after_all(plan.steps, epoch),
    )


def _remains(pack: Pack, plan: Plan, today: date) -> tuple[date, tuple[Step, ...], int]:
    """From when what is left would go on, its steps in order, and the hours the first has had."""
    template = pack.template(plan.start, plan.role)
    settled = {step.id for step in plan.steps if step.status != "todo"}
    known = {step.id for step in plan.steps}
    steps = [step for step in template.steps if step.id in known]
    left = in_order(left_of(schedule_of(template, plan), steps, settled, today))
    full = {step.id: step for step in steps}
    day = max(today, plan.anchor_on)
    if not left:
        return day, (), 0
    had = full[left[0].id].hours - left[0].hours
    return day, (left[0], *(full[step.id] for step in left[1:])), had


def _move(pack: Pack, plan: Plan) -> Plan:
    template = pack.template(plan.start, plan.role)
    return replace(plan, target_on=schedule_of(template, plan).finish)


def _after_all(steps: Iterable[PlanStep], epoch: int) -> int:
    """An instant for the anchor that is later than everything that is done, also just now."""
    return max((epoch, *((step.changed_at or 0) + 1 for step in steps if step.status == "done")))
