"""Skipping a step: the member says why, and it no longer counts.

```mermaid
stateDiagram-v2
    [*] --> Asking: not now, on a step
    Asking --> Settled: a reason, by a press or in the member's own words
    Asking --> Settled: keep it
```
"""

from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field, TypeAdapter

from bot.chat.actions import Cancel, OpenForm, Pick, SkipStep
from bot.chat.form import Form, TextField
from bot.chat.parts import Button, Buttons, Prose
from bot.chat.reply import Message
from bot.chat.text import text
from bot.commands.cards import accent_of, form_of, rows_of
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Filled, State, Step, Turn, show
from bot.commands.inputs import NotUnderstoodError, read_reason
from bot.commands.plan import card as plan_card
from bot.commands.plan.proposal import changes
from bot.commands.plan.steps import step_card
from bot.commands.wording import listed
from bot.planning import changes as plans
from bot.planning.status import status_of
from bot.records import Plan

REASONS = {
    "known": "I know this already",
    "later": "Not now",
    "unfit": "Not for me",
}


class Asking(State):
    """Why the step is to be skipped is on the card."""

    step: Literal["asking"] = "asking"
    plan: str
    skipped: str


class Settled(State):
    """The step has been skipped, or kept."""

    step: Literal["settled"] = "settled"
    plan: str
    skipped: str


SkipState: TypeAlias = Annotated[Asking | Settled, Field(discriminator="step")]


def begin(context: Context, action: SkipStep) -> Turn:
    plan = plan_card.yours(context, action.plan)
    if plan is None:
        return show(plan_card.not_current(context))
    entry = status_of(context.pack, plan, context.today).entry(action.step)
    if entry is None:
        return show(plan_card.no_such_step())
    if not entry.open:
        return show(_step(context, plan, action.step, "That step is done or skipped already."))
    return show(_why_card(context, plan, action.step), Asking(plan=plan.id, skipped=action.step))


def advance(state: SkipState, step: Step, context: Context) -> Turn:
    plan = plan_card.yours(context, state.plan)
    settled = Settled(plan=state.plan, skipped=state.skipped)
    if plan is None:
        return show(plan_card.not_current(context), settled)
    match (state, step):
        case (Asking(), Cancel()):
            return show(_step(context, plan, state.skipped, "It stays in your plan."), settled)
        case (Asking(), Pick(_, "reason", reason)) if reason in REASONS:
            return _skip(context, plan, settled, REASONS[reason])
        case (Asking(), OpenForm(_, "reason")):
            return show(_reason_form(context))
        case (Asking(), Filled("reason", values)):
            return _typed(context, plan, settled, values.get("reason", ""))
        case (Asking() | Settled(), _):
            return show(current(state, context), state)
        case _:
            assert_never(state)


def current(state: SkipState, context: Context) -> Message:
    plan = plan_card.yours(context, state.plan)
    if plan is None:
        return plan_card.not_current(context)
    match state:
        case Asking():
            return _why_card(context, plan, state.skipped)
        case Settled():
            return _step(context, plan, state.skipped)
        case _:
            assert_never(state)


def _skip(context: Context, plan: Plan, settled: Settled, reason: str) -> Turn:
    record = plan.step(settled.skipped)
    if record is None or record.status != "todo":
        return show(
            _step(context, plan, settled.skipped, "That step is done or skipped already."), settled
        )
    after = plans.mark(plan, settled.skipped, "skipped", context.epoch, reason)
    said = "Skipped: it no longer counts. You can put it back at any time."
    return show(_step(context, after, settled.skipped, said), settled, *changes(plan, after))


def _typed(context: Context, plan: Plan, settled: Settled, typed: str) -> Turn:
    try:
        reason = read_reason(typed)
    except NotUnderstoodError as error:
        return show(_reason_form(context, typed, str(error)))
    return _skip(context, plan, settled, reason)


def _step(context: Context, plan: Plan, step_id: str, said: str = "") -> Message:
    return step_card(context, plan, step_id, said) or plan_card.no_such_step()


def _why_card(context: Context, plan: Plan, step_id: str) -> Message:
    """Why a step is skipped: a press, or words of the member's own."""
    status = status_of(context.pack, plan, context.today)
    entry = status.entry(step_id)
    title = entry.step.title if entry else step_id
    built_on = [e.step.title for e in status.left if step_id in e.step.after]
    warning = f" {listed(built_on)} would build on it." if built_on else ""
    buttons = [
        Button(label=label, action=Pick(context.ticket, "reason", value))
        for value, label in REASONS.items()
    ]
    buttons.append(Button(label="In my own words…", action=OpenForm(context.ticket, "reason")))
    said = (
        f"It’ll no longer count in your plan, and the steps after it move up.{warning}"
        " You can put it back at any time. Why are you skipping it?"
    )
    return Message(
        title=f"Skip “{title}”?",
        accent=accent_of(context.pack, plan.role),
        parts=(
            Prose(text=text(said)),
            *rows_of(buttons),
            Buttons(buttons=(Button(label="Keep it", action=Cancel(context.ticket)),)),
        ),
    )


def _reason_form(context: Context, typed: str = "", error: str = "") -> Form:
    field = TextField(
        name="reason",
        label="Why are you skipping it?",
        hint="A few words for yourself: you’ll see them in your plan.",
        value=typed,
    )
    return form_of(context, "Skip a step", field, error)


CONVERSATION: Conversation[SkipState] = Conversation(
    kind="skip",
    section="plan",
    states=TypeAdapter(SkipState),
    advance=advance,
    current=current,
    needs=frozenset({"plan"}),
)
