"""How a member's plan begins and changes.

Every change is a function from the plan as it is to the plan as it would be, so that a preview is
the outlook of a plan that nobody has stored yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.pack.base import RoleId, StartId
from bot.pack.learning import Step
from bot.pack.model import Pack
from bot.planning.own_steps import template_of
from bot.planning.replan import Choice, replan
from bot.planning.schedule import FOURTEENTHS
from bot.planning.status import Remains, remains, resumed, schedule_of
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

    What is done, ticked or skipped in `carried` stays so. Steps that this plan does not have are
    kept too: they count for nothing, until the member switches back.
    """
    template = pack.template(start, role)
    kept = {step.id: _carried(step) for step in (carried.steps if carried else ())}
    own = tuple(_begun(step, kept.pop(step.id, PlanStep(step.id))) for step in template.steps)
    others = (
        replace(step, title="", hours=0)
        for step in kept.values()
        if step.status != "todo" or step.ticked
    )
    steps = (*own, *others)
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
        pauses=carried.pauses if carried else (),
    )
    return replace(plan, target_on=schedule_of(template, plan).finish)


def mark(plan: Plan, step_id: str, status: StepStatus, epoch: int, reason: str = "") -> Plan:
    """The plan with the step as it shall be; the same plan if it is so already."""
    record = plan.step(step_id)
    if record is None or record.status == status:
        return plan
    ticked = record.ticked
    if status == "todo" and ticked and ticked[-1][1] == record.changed_at:
        ticked = ticked[:-1]  # the step was done by its last part: that one is open again
    marked = replace(record, status=status, changed_at=epoch, reason=reason, ticked=ticked)
    return _with(plan, marked)


def tick(plan: Plan, step: Step, part: str, epoch: int, *, done: bool) -> Plan:
    """The plan with a part of an open step done, or open again; the step is done with its last."""
    record = plan.step(step.id)
    others = tuple(each for each in record.ticked if each[0] != part) if record else ()
    known = any(each.id == part for each in step.parts)
    if record is None or not known or record.status != "todo" or done != (others == record.ticked):
        return plan
    ticked = (*others, (part, epoch)) if done else others
    if done and {each.id for each in step.parts} <= {each for each, _ in ticked}:
        return _with(plan, replace(record, ticked=ticked, status="done", changed_at=epoch))
    return _with(plan, replace(record, ticked=ticked))


def with_hours(pack: Pack, plan: Plan, hours: Hours, today: date, epoch: int) -> Plan:
    """What is left at another pace; the target becomes the finish that follows."""
    paced = replace(_anchored(plan, _left(pack, plan, today), epoch), hours=hours)
    template = template_of(pack, plan)
    return replace(paced, target_on=remains(template, paced, today).finish)


def pause(plan: Plan, today: date) -> Plan:
    return replace(plan, state="paused", paused_on=today) if plan.state == "active" else plan


def resume(plan: Plan, today: date) -> Plan:
    """Every date of what is left, and the target, move by the days of the pause."""
    return resumed(plan, today)


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


def renewed(pack: Pack, plan: Plan, plan_id: str, today: date, epoch: int) -> Plan:
    """The plan with the steps that the pack has now; what is settled is kept."""
    fresh = new_plan(
        pack,
        plan_id,
        start=plan.start,
        role=plan.role,
        hours=plan.hours,
        start_on=max(today, plan.anchor_on),
        epoch=epoch,
        carried=plan,
    )
    return replace(fresh, started_on=plan.started_on)


def kept(pack: Pack, plan: Plan) -> Plan:
    """The plan with its own steps, of which the member has been asked for this version."""
    return replace(plan, pack_version=pack.version)


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
    left = _left(pack, plan, today)
    keep, move, cut = replan(left, plan.target_on)
    as_it_is = _anchored(plan, left, epoch)
    less = as_it_is
    for step_id in cut.dropped:
        less = mark(less, step_id, "dropped", epoch)
    return (
        WayOn("keep", replace(as_it_is, hours=keep.hours_a_week), (), keep.why_not),
        WayOn("move", replace(as_it_is, target_on=move.finish), (), move.why_not),
        WayOn(
            "cut",
            replace(less, target_on=max(plan.target_on, cut.finish)),
            cut.dropped,
            cut.why_not,
        ),
    )


def _left(pack: Pack, plan: Plan, today: date) -> Remains:
    return remains(template_of(pack, plan), plan, today)


def _anchored(plan: Plan, left: Remains, epoch: int) -> Plan:
    """What is left, scheduled anew. A step that is under way keeps the hours that it has had."""
    had = {
        step.id: int((step.hours - left.owed.get(step.id, step.hours)) * FOURTEENTHS)
        for step in left.steps
    }
    return replace(
        plan,
        anchor_on=left.schedule.start,
        anchored_at=_after_all(plan.steps, epoch),
        steps=tuple(
            replace(step, had=had[step.id]) if step.id in had else step for step in plan.steps
        ),
    )


def _carried(step: PlanStep) -> PlanStep:
    """A step in another plan: what was dropped there, to keep a date, is open here."""
    if step.status in ("done", "skipped"):
        return replace(step, had=0)
    return PlanStep(step.id, ticked=step.ticked)


def _begun(step: Step, record: PlanStep) -> PlanStep:
    """A step at a plan's beginning: its ticked parts have had their hours."""
    ticked = {part for part, _ in record.ticked}
    hours = sum(part.hours for part in step.parts if part.id in ticked)
    return replace(record, had=hours * FOURTEENTHS, title=step.title, hours=step.hours)


def _with(plan: Plan, marked: PlanStep) -> Plan:
    return replace(
        plan, steps=tuple(marked if step.id == marked.id else step for step in plan.steps)
    )


def _after_all(steps: Iterable[PlanStep], epoch: int) -> int:
    """An instant for the anchor that is later than everything that is done, also just now."""
    return max((epoch, *((step.changed_at or 0) + 1 for step in steps if step.status == "done")))
