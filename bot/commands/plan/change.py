"""Changing a plan: every change is previewed, or asked about, and taken or left.

```mermaid
stateDiagram-v2
    [*] --> Pacing: hours
    [*] --> Catching: catch up
    [*] --> Proposed: pause, go on, switch, start again, stop, one way to catch up
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
from bot.commands.context import Desk
from bot.commands.conversation import Conversation, Filled, State, Step, Turn, show
from bot.commands.inputs import NotUnderstoodError, read_hours
from bot.commands.plan import card as plan_card
from bot.commands.plan import catch_up, questions
from bot.commands.plan import preview as plan_preview
from bot.commands.plan.proposal import Proposal, changes, promise, propose
from bot.planning.replan import Choice
from bot.planning.status import look
from bot.records import Plan


class Pacing(State):
    """How many hours a week is asked."""

    step: Literal["pacing"] = "pacing"
    plan: str


class Catching(State):
    """The ways on for a plan that is late are on the card."""

    step: Literal["catching"] = "catching"
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
    Pacing | Catching | Proposed | Settled, Field(discriminator="step")
]


def begin(desk: Desk, action: ChangePlan) -> Turn:
    """A change was asked for: ask what it needs, or preview it."""
    plan = plan_card.yours(desk, action.plan)
    if plan is None:
        return show(plan_card.not_current(desk))
    if said := _pointless(desk, plan, action.change):
        return show(plan_card.card(desk, plan, said))
    match action.change:
        case "choose":
            return show(questions.choices(desk, plan))
        case "hours":
            return show(questions.pace(desk, plan), Pacing(plan=plan.id))
        case "replan":
            return show(questions.ways(desk, plan), Catching(plan=plan.id))
        case "keep" | "move" | "cut" as way:
            return _way(desk, plan, way)
        case "pause" | "resume" | "switch" | "restart" | "remove":
            return preview(desk, plan, Proposal(change=action.change))
        case _:
            assert_never(action.change)


def _pointless(desk: Desk, plan: Plan, change: PlanChange) -> str:
    """Why a change would change nothing; empty if it would."""
    left = bool(look(desk.pack, plan, desk.today).left)
    match change:
        case "pause" if plan.state == "paused":
            return "Your plan is paused already."
        case "resume" if plan.state == "active":
            return "Your plan runs already: there is nothing to resume."
        case "hours" | "replan" | "keep" | "move" | "cut" if plan.state == "paused":
            return "Your plan is paused. Go on with it first, then change it."
        case "hours" | "pause" | "replan" | "keep" | "move" | "cut" if not left:
            return "There is nothing left to do in your plan, so there is nothing to move."
        case _:
            return ""


def set_hours(desk: Desk, plan: Plan, typed: str) -> Turn:
    """`/plan hours 6`: preview it; where that cannot be read, ask."""
    if said := _pointless(desk, plan, "hours"):
        return show(plan_card.card(desk, plan, said))
    try:
        hours = read_hours(typed)
    except NotUnderstoodError as error:
        return show(questions.pace(desk, plan, str(error)), Pacing(plan=plan.id))
    if hours == plan.hours:
        already = f"Your plan has {hours} hours a week already."
        return show(questions.pace(desk, plan, already), Pacing(plan=plan.id))
    return preview(desk, plan, Proposal(change="hours", hours=hours))


def preview(desk: Desk, plan: Plan, proposal: Proposal, said: str = "") -> Turn:
    after = propose(desk, plan, proposal)
    state = Proposed(plan=plan.id, proposal=proposal, promise=promise(after))
    return show(plan_preview.card(desk, plan, after, proposal, said), state)


def advance(state: ChangeState, step: Step, desk: Desk) -> Turn:
    plan = plan_card.yours(desk, state.plan)
    if plan is None:
        return show(plan_card.not_current(desk), Settled(plan=state.plan))
    match (state, step):
        case (Settled(), _):
            return show(plan_card.card(desk, plan), state)
        case (_, Cancel()):
            return show(plan_card.card(desk, plan, "Nothing was changed."), Settled(plan=plan.id))
        case (Pacing(), Pick(_, "hours", value)):
            return set_hours(desk, plan, value)
        case (Pacing(), OpenForm(_, "hours")):
            return show(questions.hours_form(desk, plan))
        case (Pacing(), Filled("hours", values)):
            return _typed_hours(desk, plan, values.get("hours", ""))
        case (Catching(), Pick(_, "way", "keep" | "move" | "cut" as way)):
            return _way(desk, plan, way)
        case (Proposed(proposal=Proposal(change="hours")), Back()):
            return show(questions.pace(desk, plan), Pacing(plan=plan.id))
        case (Proposed(proposal=Proposal(change="replan")), Back()):
            return show(questions.ways(desk, plan), Catching(plan=plan.id))
        case (Proposed(), Confirm()):
            return _take(desk, plan, state)
        case (Pacing() | Catching() | Proposed(), _):
            return show(current(state, desk), state)
        case _:
            assert_never(state)


def current(state: ChangeState, desk: Desk) -> Message:
    plan = plan_card.yours(desk, state.plan)
    if plan is None:
        return plan_card.not_current(desk)
    match state:
        case Pacing():
            return questions.pace(desk, plan)
        case Catching():
            return questions.ways(desk, plan)
        case Proposed():
            after = propose(desk, plan, state.proposal)
            return plan_preview.card(desk, plan, after, state.proposal)
        case Settled():
            return plan_card.card(desk, plan)
        case _:
            assert_never(state)


def _way(desk: Desk, plan: Plan, choice: Choice) -> Turn:
    """Preview a way on; where it cannot be taken, or has been, say so."""
    way = next(way for way in catch_up.ways_on(desk, plan) if way.choice == choice)
    if way.why_not:
        return show(questions.ways(desk, plan), Catching(plan=plan.id))
    if replace(way.plan, anchored_at=plan.anchored_at) == plan:
        said = "Your plan has these dates already, so nothing was changed."
        return show(plan_card.card(desk, plan, said), Settled(plan=plan.id))
    return preview(desk, plan, Proposal(change="replan", way=choice))


def _typed_hours(desk: Desk, plan: Plan, typed: str) -> Turn:
    try:
        read_hours(typed)
    except NotUnderstoodError as error:
        return show(questions.hours_form(desk, plan, typed, str(error)))
    return set_hours(desk, plan, typed)


def _take(desk: Desk, plan: Plan, state: Proposed) -> Turn:
    """Do what was previewed; where it would be something else by now, preview that first."""
    after = propose(desk, plan, state.proposal)
    if promise(after) != state.promise:
        return preview(desk, plan, state.proposal, "Your plan has moved on since: look again.")
    if state.proposal.change == "remove":
        return show(plan_preview.removed(), Settled(plan=plan.id), *changes(plan, after))
    said = plan_preview.taken(desk, after, state.proposal)
    return show(plan_card.card(desk, after, said), Settled(plan=after.id), *changes(plan, after))


CONVERSATION: Conversation[ChangeState] = Conversation(
    kind="change",
    section="plan",
    states=TypeAdapter(ChangeState),
    advance=advance,
    current=current,
    needs=frozenset({"plan"}),
)
