"""What a turn needs of a member's records, and what it leaves there: within one transaction."""

from dataclasses import replace
from typing import Any, assert_never

from bot.commands.context import Desk
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


async def laid(store: Store, desk: Desk, needs: frozenset[str]) -> Desk:
    """The desk with what the flow needs of the member's records."""
    if not needs:
        return desk
    member = desk.member.id
    return replace(
        desk,
        plan=await store.plan(member) if "plan" in needs else None,
        runs=await store.runs(member) if "runs" in needs else (),
        rule=await store.rule(member) if "rule" in needs else None,
        deliveries=await store.deliveries(member) if "deliveries" in needs else (),
        kept=await store.kept(member) if "kept" in needs else {},
    )


async def keep(
    store: Store, desk: Desk, turn: Turn, talk: Conversation[Any] | None, session: Session | None
) -> None:
    """Write down where the conversation stands and what the turn changes."""
    if talk and turn.over and session:
        await store.end_session(session.id)
    elif talk and turn.state is not None:
        ticket, state = desk.ticket, turn.state.model_dump_json()
        after = Session(ticket.session, desk.member.id, talk.kind, ticket.turn, talk.version, state)
        if session is None:
            await store.begin_session(after, desk.epoch)
        elif not await store.advance_session(after, desk.epoch):
            raise UnavailableError("another event moved the conversation on meanwhile")
    await _write(store, desk, turn.changes)


async def _write(store: Store, desk: Desk, changes: tuple[Change, ...]) -> None:
    for change in changes:
        match change:
            case SaveRun(run):
                await store.save_run(desk.member.id, run)
            case StartPlan(plan):
                await store.start_plan(desk.member.id, plan, desk.epoch)
            case UpdatePlan(plan):
                await store.update_plan(plan, desk.epoch)
            case UpdateStep(plan_id, step):
                await store.mark_step(plan_id, step)
            case SaveRule(rule):
                await store.save_rule(desk.member.id, rule, desk.epoch)
            case SetZone(zone):
                await store.set_zone(desk.member.id, zone)
                await store.look_again(desk.member.id, desk.epoch)
            case SnoozeDelivery(delivery, new_id, day, due_at):
                await store.snooze(new_id, delivery, day, due_at)
            case CancelWaiting(reason):
                await store.cancel_waiting(desk.member.id, reason, desk.epoch)
            case Forget():
                await store.forget(desk.member.id, desk.epoch)
            case _:
                assert_never(change)
