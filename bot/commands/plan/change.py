"""Changing a plan: every change is previewed, or asked about, and taken or left.

```mermaid
stateDiagram-v2
    [*] --> Pacing: hours
    [*] --> Catching: catch up
    [*] --> Proposed: pause, resume, switch, start over, stop, one way to catch up
    [*] --> Switching: switch, where there are several other roles
    Switching --> Proposed: a role
    Pacing --> Proposed: a number of hours
    Catching --> Proposed: keep the date, move it, leave steps out
    Proposed --> Pacing: back
    Proposed --> Catching: back
    Proposed --> Proposed: what was previewed has changed meanwhile
    Proposed --> Settled: confirm, cancel
    Pacing --> Settled: cancel
    Catching --> Settled: cancel
```
"""

from dataclasses import replace
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field, TypeAdapter

from bot.chat.actions import Back, Cancel, ChangePlan, Confirm, OpenForm, Pick, PlanChange
from bot.chat.reply import Message
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Filled, State, Step, Turn, show
from bot.commands.effects import StartPlan, UpdatePlan
from bot.commands.inputs import NotUnderstoodError, read_hours
from bot.commands.plan import card as plan_card
from bot.commands.plan import catch_up, questions, renewal
from bot.commands.plan import preview as plan_preview
from bot.commands.plan.proposal import Proposal, changes, promise, propose
from bot.pack.base import RoleId
from bot.planning import changes as plans
from bot.planning.replan import Choice
from bot.planning.status import status_of
from bot.records import Plan

_KEPT = "Your plan keeps the steps that it has."
_RENEWED = "Your plan has the new steps now. What you’ve done stays done."


class Pacing(State):
    """How many hours a week is asked."""

    step: Literal["pacing"] = "pacing"
    plan: str


class Catching(State):
    """The ways on for a plan that is late are on the card."""

    step: Literal["catching"] = "catching"
    plan: str


class Switching(State):
    """Which of several other roles is asked."""

    step: Literal["switching"] = "switching"
    plan: str


class Proposed(State):
    """A change is previewed; `promise` is what the preview said."""

    step: Literal["proposed"] = "proposed"
    plan: str
    proposal: Proposal
    promise: str


class Settled(State):
    """The change has been taken, or left."""

    step: Literal["settled"] = "settled"
    plan: str


ChangeState: TypeAlias = Annotated[
    Pacing | Catching | Switching | Proposed | Settled, Field(discriminator="step")
]


def begin(context: Context, action: ChangePlan) -> Turn:
    """A change was asked for: ask what it needs, or preview it."""
    plan = plan_card.yours(context, action.plan)
    if plan is None:
        return show(plan_card.not_current(context))
    if said := _pointless(context, plan, action.change):
        return show(plan_card.card(context, plan, said))
    match action.change:
        case "choose":
            return show(questions.choices(context, plan))
        case "hours":
            return show(questions.pace(context, plan), Pacing(plan=plan.id))
        case "replan":
            return show(questions.ways(context, plan), Catching(plan=plan.id))
        case "keep" | "move" | "cut" as way:
            return _way(context, plan, way)
        case "switch":
            return _switch(context, plan)
        case "renew" | "stay" as choice:
            return _renewed(context, plan, choice)
        case "pause" | "resume" | "restart" | "remove":
            return preview(context, plan, Proposal(change=action.change))
        case _:
            assert_never(action.change)


def _pointless(context: Context, plan: Plan, change: PlanChange) -> str:
    """Why a change would change nothing; empty if it would."""
    left = bool(status_of(context.pack, plan, context.today).left)
    match change:
        case "pause" if plan.state == "paused":
            return "Your plan is paused already."
        case "resume" if plan.state == "active":
            return "Your plan isn’t paused: there’s nothing to resume."
        case "hours" | "replan" | "keep" | "move" | "cut" if plan.state == "paused":
            return "Your plan is paused. Resume it first, then change it."
        case "hours" | "pause" | "replan" | "keep" | "move" | "cut" if not left:
            return "There’s nothing left to do in your plan, so there are no dates to change."
        case _:
            return ""


def set_hours(context: Context, plan: Plan, typed: str) -> Turn:
    """`/plan hours 6`: preview it; where that cannot be read, ask."""
    if said := _pointless(context, plan, "hours"):
        return show(plan_card.card(context, plan, said))
    try:
        hours = read_hours(typed)
    except NotUnderstoodError as error:
        return show(questions.pace(context, plan, str(error)), Pacing(plan=plan.id))
    if hours == plan.hours:
        already = f"Your plan is set to {hours} hours a week already."
        return show(questions.pace(context, plan, already), Pacing(plan=plan.id))
    return preview(context, plan, Proposal(change="hours", hours=hours))


def preview(context: Context, plan: Plan, proposal: Proposal, said: str = "") -> Turn:
    after = propose(context, plan, proposal)
    state = Proposed(plan=plan.id, proposal=proposal, promise=promise(after))
    return show(plan_preview.card(context, plan, after, proposal, said), state)


def advance(state: ChangeState, step: Step, context: Context) -> Turn:
    plan = plan_card.yours(context, state.plan)
    if plan is None:
        return show(plan_card.not_current(context), Settled(plan=state.plan))
    match (state, step):
        case (Settled(), _):
            return show(plan_card.card(context, plan), state)
        case (_, Cancel()):
            return show(
                plan_card.card(context, plan, "Nothing was changed."), Settled(plan=plan.id)
            )
        case (Pacing(), Pick(_, "hours", value)):
            return set_hours(context, plan, value)
        case (Pacing(), OpenForm(_, "hours")):
            return show(questions.hours_form(context, plan))
        case (Pacing(), Filled("hours", values)):
            return _typed_hours(context, plan, values.get("hours", ""))
        case (Catching(), Pick(_, "way", "keep" | "move" | "cut" as way)):
            return _way(context, plan, way)
        case (Proposed(proposal=Proposal(change="hours")), Back()):
            return show(questions.pace(context, plan), Pacing(plan=plan.id))
        case (Proposed(proposal=Proposal(change="replan")), Back()):
            return show(questions.ways(context, plan), Catching(plan=plan.id))
        case (Switching(), Pick(_, "role", role)) if role in _others(context, plan):
            return preview(context, plan, Proposal(change="switch", role=role))
        case (Proposed(), Confirm()):
            return _take(context, plan, state)
        case (Pacing() | Catching() | Switching() | Proposed(), _):
            return show(current(state, context), state)
        case _:
            assert_never(state)


def current(state: ChangeState, context: Context) -> Message:
    plan = plan_card.yours(context, state.plan)
    if plan is None:
        return plan_card.not_current(context)
    match state:
        case Pacing():
            return questions.pace(context, plan)
        case Catching():
            return questions.ways(context, plan)
        case Switching():
            return questions.roles(context, plan)
        case Proposed():
            after = propose(context, plan, state.proposal)
            return plan_preview.card(context, plan, after, state.proposal)
        case Settled():
            return plan_card.card(context, plan)
        case _:
            assert_never(state)


def _renewed(context: Context, plan: Plan, choice: Literal["renew", "stay"]) -> Turn:
    """Take the steps that the content has now, or go on with one's own; nothing else moves."""
    if not renewal.pending(context, plan):
        return show(plan_card.card(context, plan, "Your plan has the latest steps already."))
    if choice == "stay":
        after = plans.kept(context.pack, plan)
        return show(plan_card.card(context, after, _KEPT), None, UpdatePlan(after))
    after = plans.renewed(context.pack, plan, context.new_id(), context.today, context.epoch)
    return show(plan_card.card(context, after, _RENEWED), None, StartPlan(after))


def _others(context: Context, plan: Plan) -> tuple[RoleId, ...]:
    return tuple(role.id for role in context.pack.other_roles(plan.role))


def _switch(context: Context, plan: Plan) -> Turn:
    """Preview the move to the other role; where there are several, ask which."""
    others = _others(context, plan)
    if len(others) > 1:
        return show(questions.roles(context, plan), Switching(plan=plan.id))
    return preview(context, plan, Proposal(change="switch", role=others[0]))


def _way(context: Context, plan: Plan, choice: Choice) -> Turn:
    """Preview a way on; where it cannot be taken, or has been, say so."""
    way = next(way for way in catch_up.ways_on(context, plan) if way.choice == choice)
    if way.why_not:
        return show(questions.ways(context, plan), Catching(plan=plan.id))
    if replace(way.plan, anchored_at=plan.anchored_at) == plan:
        said = "Your plan has these dates already, so nothing was changed."
        return show(plan_card.card(context, plan, said), Settled(plan=plan.id))
    return preview(context, plan, Proposal(change="replan", way=choice))


def _typed_hours(context: Context, plan: Plan, typed: str) -> Turn:
    try:
        read_hours(typed)
    except NotUnderstoodError as error:
        return show(questions.hours_form(context, plan, typed, str(error)))
    return set_hours(context, plan, typed)


def _take(context: Context, plan: Plan, state: Proposed) -> Turn:
    """Do what was previewed; where it would be something else by now, preview that first."""
    after = propose(context, plan, state.proposal)
    if promise(after) != state.promise:
        return preview(
            context, plan, state.proposal, "Your plan has changed since then: please look again."
        )
    if state.proposal.change == "remove":
        return show(plan_preview.removed(), Settled(plan=plan.id), *changes(plan, after))
    said = plan_preview.taken(context, after, state.proposal)
    return show(plan_card.card(context, after, said), Settled(plan=after.id), *changes(plan, after))


CONVERSATION: Conversation[ChangeState] = Conversation(
    kind="change",
    section="plan",
    states=TypeAdapter(ChangeState),
    advance=advance,
    current=current,
    needs=frozenset({"plan"}),
)
