"""A change of a plan that is proposed: what was chosen, the plan it makes, and what to store."""

from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from bot.commands.context import Context
from bot.commands.conversation import State
from bot.commands.effects import Change, StartPlan, UpdatePlan, UpdateStep
from bot.pack.base import RoleId
from bot.planning import changes as plans
from bot.planning.replan import Choice
from bot.records import Hours, Plan

Kind: TypeAlias = Literal["hours", "pause", "resume", "replan", "switch", "restart", "remove"]


class Proposal(State):
    """A change, with what was chosen for it."""

    change: Kind
    hours: Hours | None = None
    way: Choice | None = None
    role: RoleId | None = None


def propose(context: Context, plan: Plan, proposal: Proposal) -> Plan:
    """The plan as it would be."""
    pack, today, epoch = context.pack, context.today, context.epoch
    match proposal.change:
        case "hours":
            return plans.with_hours(pack, plan, proposal.hours or plan.hours, today, epoch)
        case "pause":
            return plans.pause(plan, today)
        case "resume":
            return plans.resume(plan, today)
        case "replan":
            ways_on = plans.ways_on(pack, plan, today, epoch)
            return next(way.plan for way in ways_on if way.choice == (proposal.way or "move"))
        case "switch":
            return plans.switch(
                pack, plan, proposal.role or plan.role, context.new_id(), today, epoch
            )
        case "restart":
            return plans.restart(pack, plan, context.new_id(), today, epoch)
        case "remove":
            return plans.end(plan)
        case _:
            assert_never(proposal.change)


def promise(after: Plan) -> str:
    """What a preview says about a plan: its pace, its target and how many steps it leaves open."""
    left = sum(step.status == "todo" for step in after.steps)
    return f"{after.hours} {after.target_on} {left}"


def changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """What to store, so that the plan is as it is after."""
    if after.id != before.id:
        return (StartPlan(after),)
    marked = (step for step in after.steps if step != before.step(step.id))
    row = () if replace(after, steps=before.steps) == before else (UpdatePlan(after),)
    return (*row, *(UpdateStep(after.id, step) for step in marked))
