"""How a member's plan begins and changes.

Every change is a function from the plan as it is to the plan as it would be, so that a preview is
the outlook of a plan that nobody has stored yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.pack.base import RoleId, StartId
from bot.pack.learning import Step
from bot.pack.model import Pack
from bot.planning.replan import Choice, replan
from bot.planning.schedule import left_of
from bot.planning.status import rested_for, schedule_of
from bot.records import Hours, Plan, PlanStep, StepStatus


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
    hours: Hours,
    start_on: date,
    epoch: int,
    carried: Plan | None = None,
) -> Plan:
    """A plan from its beginning, with the finish that follows for its target.

    What is done or skipped in `carried` stays so. Steps that this plan does not have are kept too:
    they count for nothing, until the member switches back.
    """
    earlier = carried.steps if carried else ()
    kept = {step.id: replace(step, had=0) for step in earlier if step.status in ("done", "skipped")}
    template = pack.template(start, role)
    own = tuple(kept.pop(step.id, PlanStep(step.id)) for step in template.steps)
    steps = (*own, *kept.values())
    plan = Plan(
        id=plan_id,
        pack=pack.id,
        pack_version=pack.version,
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


def mark(plan: Plan, step_id: str, status: StepStatus, epoch: int, reason: str = "") -> Plan:
    """The plan with the step as it shall be; the same plan if it is so already."""
    record = plan.step(step_id)
    if record is None or record.status == status:
        return plan
    marked = PlanStep(step_id, status, epoch, reason)
    return replace(plan, steps=tuple(marked if s is record else s for s in plan.steps))


def with_hours(pack: Pack, plan: Plan, hours: Hours, today: date, epoch: int) -> Plan:
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


def switch(pack: Pack, plan: Plan, role: RoleId, plan_id: str, today: date, epoch: int) -> Plan:
    """The plan to another role, from the same start at the same pace; what is settled is kept."""
    return new_plan(
        pack,
        plan_id,
        start=plan.start,
        role=role,
        hours=plan.hours,
        start_on=max(today, plan.started_on),
        epoch=epoch,
        carried=plan,
    )


def restart(pack: Pack, plan: Plan, plan_id: str, today: date, epoch: int) -> Plan:
    """The same plan from its first step."""
    return new_plan(
        pack,
        plan_id,
        start=plan.start,
        role=plan.role,
        hours=plan.hours,
        start_on=today,
        epoch=epoch,
    )


def end(plan: Plan) -> Plan:
    return replace(plan, state="ended", paused_on=None)


def ways_on(pack: Pack, plan: Plan, today: date, epoch: int) -> tuple[WayOn, WayOn, WayOn]:
    """Keep the date, move it, or cut scope, each as the plan that it makes."""
    day, left = _remains(pack, plan, today)
    keep, move, cut = replan(left, plan.hours, day, plan.target_on)
    less = _anchored(pack, plan, plan.hours, today, epoch)
    for step_id in cut.dropped:
        less = mark(less, step_id, "dropped", epoch)
    return (
        WayOn(
            "keep",
            _anchored(pack, plan, max(keep.hours_a_week, plan.hours), today, epoch),
            (),
            keep.why_not,
        ),
        WayOn("move", with_hours(pack, plan, move.hours_a_week, today, epoch), (), move.why_not),
        WayOn(
            "cut",
            replace(less, target_on=max(plan.target_on, cut.finish)),
            cut.dropped,
            cut.why_not,
        ),
    )


def _anchored(pack: Pack, plan: Plan, hours: Hours, today: date, epoch: int) -> Plan:
    """What is left, scheduled anew from today (from its first day, if that is yet to come).

    A step that is under way keeps the hours that it has had.
    """
    day, left = _remains(pack, plan, today)
    template = pack.template(plan.start, plan.role)
    owed = {step.id: step.hours for step in left}
    full = {step.id: step.hours for step in template.steps}
    return replace(
        plan,
        hours=hours,
        anchor_on=day,
        anchored_at=_after_all(plan.steps, epoch),
        steps=tuple(
            replace(step, had=full[step.id] - owed[step.id]) if step.id in owed else step
            for step in plan.steps
        ),
    )


def _remains(pack: Pack, plan: Plan, today: date) -> tuple[date, tuple[Step, ...]]:
    """From when what is left would go on, and the steps with the hours that they still take."""
    template = pack.template(plan.start, plan.role)
    settled = {step.id for step in plan.steps if step.status != "todo"}
    steps = [step for record in plan.steps if (step := template.step(record.id))]
    left = left_of(schedule_of(template, plan), steps, settled, today)
    return max(today, plan.anchor_on), left


def _move(pack: Pack, plan: Plan) -> Plan:
    template = pack.template(plan.start, plan.role)
    return replace(plan, target_on=schedule_of(template, plan).finish)


def _after_all(steps: Iterable[PlanStep], epoch: int) -> int:
    """An instant for the anchor that is later than everything that is done, also just now."""
    return max((epoch, *((step.changed_at or 0) + 1 for step in steps if step.status == "done")))
