"""What a turn needs of a member's records, and what it leaves there: within one transaction."""

from dataclasses import replace
from typing import Any, assert_never

from bot.commands.context import Context
from bot.commands.conversation import Conversation, Turn
from bot.commands.effects import (
    CancelWaiting,
    Change,
    Forget,
    SaveRule,
    SaveRun,
    SetZone,
    SnoozeDelivery,
    StartPlan,
    UpdatePlan,
    UpdateStep,
)
from bot.records import Session
from bot.store.database import UnavailableError
from bot.store.facade import Store


async def load(store: Store, context: Context, needs: frozenset[str]) -> Context:
    """The context with what the flow needs of the member's records."""
    if not needs:
        return context
    member = context.member.id
    return replace(
        context,
        plan=await store.plan(member) if "plan" in needs else None,
        runs=await store.runs(member) if "runs" in needs else (),
        rule=await store.rule(member) if "rule" in needs else None,
        deliveries=await store.deliveries(member) if "deliveries" in needs else (),
        kept=await store.kept(member) if "kept" in needs else {},
    )


async def save(
    store: Store,
    context: Context,
    turn: Turn,
    conversation: Conversation[Any] | None,
    session: Session | None,
) -> None:
    """Write down where the conversation stands and what the turn changes."""
    if conversation and turn.over and session:
        await store.end_session(session.id)
    elif conversation and turn.state is not None:
        ticket, state = context.ticket, turn.state.model_dump_json()
        after = Session(
            ticket.session,
            context.member.id,
            conversation.kind,
            ticket.turn,
            conversation.version,
            state,
        )
        if session is None:
            await store.begin_session(after, context.epoch)
        elif not await store.advance_session(after, context.epoch):
            raise UnavailableError("another event moved the conversation on meanwhile")
    await _write(store, context, turn.changes)


async def _write(store: Store, context: Context, changes: tuple[Change, ...]) -> None:
    for change in changes:
        match change:
            case SaveRun(run):
                await store.save_run(context.member.id, run)
            case StartPlan(plan):
                await store.start_plan(context.member.id, plan, context.epoch)
            case UpdatePlan(plan):
                await store.update_plan(plan, context.epoch)
            case UpdateStep(plan_id, step):
                await store.mark_step(plan_id, step)
            case SaveRule(rule):
                await store.save_rule(context.member.id, rule, context.epoch)
            case SetZone(zone):
                await store.set_zone(context.member.id, zone)
                await store.look_again(context.member.id, context.epoch)
            case SnoozeDelivery(delivery, new_id, day, due_at):
                await store.snooze(new_id, delivery, day, due_at)
            case CancelWaiting(reason):
                await store.cancel_waiting(context.member.id, reason, context.epoch)
            case Forget():
                await store.forget(context.member.id, context.epoch)
            case _:
                assert_never(change)
