"""A unit of work: what an event needs of the records, and what it leaves in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, assert_never

from bot.chat.actions import Ticket
from bot.chat.reply import Message
from bot.commands import cards
from bot.commands.cards import noted
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Step, Turn
from bot.commands.effects import (
    CancelWaiting,
    Change,
    Forget,
    SaveRecall,
    SaveRule,
    SaveRun,
    SaveTried,
    SetInterview,
    SetTaster,
    SetZone,
    SnoozeDelivery,
    StartPlan,
    StartTaster,
    UpdatePlan,
    UpdateStep,
)
from bot.commands.forks import gone, of, of_latest_plan, settled
from bot.commands.routes import CONVERSATIONS, handler_of
from bot.commands.said.meaning import Asked
from bot.records import Session
from bot.store.database import UnavailableError
from bot.store.facade import Store

_MOVED_ON = "That card had been answered already: this is where you are."


@dataclass(frozen=True, slots=True)
class Work:
    """An event with all that answering it takes: `advance` makes the turn, and reads nothing more.

    `conversation` is the one that may begin or move on, `session` where it stands.
    """

    context: Context
    advance: Callable[[], Turn]
    conversation: Conversation[Any] | None = None
    session: Session | None = None


async def load(store: Store, context: Context, asked: Asked) -> Work | Message:
    """For a command, a standing action or a word; it may open a conversation, or take one up."""
    handler = handler_of(asked)
    conversation, session = handler.conversation, None
    found = settled(await records(store, context, handler.needs), asked)
    if isinstance(found, Message):
        return found
    if handler_of(found[1]) is not handler:  # words that come to a command once the fork is known
        return await load(store, context, found[1])
    context, asked = found
    if conversation:
        pack = context.pack.id if conversation.of_fork else ""
        session = await store.conversations.find(context.member.id, conversation.kind, pack)
    if conversation and session:
        state = conversation.read(session.state, session.version)
        context = replace(context, state=state, ticket=Ticket(session.id, session.turn + 1))
    if handler.once and not await store.marks.first(handler.once(asked), context.epoch):
        context = replace(context, repeated=True)
    return Work(context, partial(handler.take, context, asked), conversation, session)


async def load_step(store: Store, context: Context, step: Step) -> Work | Message:
    """For a step of a conversation, which is good once; else a card that says why not."""
    ticket = step.ticket
    session = await store.conversations.get(ticket.session)
    conversation = CONVERSATIONS.get(session.kind) if session else None
    if session is None or conversation is None:
        return cards.over()
    if session.member != context.member.id:
        return cards.not_yours(conversation.section)
    state = conversation.read(session.state, session.version)
    if state is None:
        return cards.over()
    context = await records(store, context, conversation.needs)
    pack = context.packs.get(session.pack) if session.pack else None
    if session.pack and pack is None:
        return gone()
    context = of(context, pack) if pack else of_latest_plan(context)
    if ticket.turn != session.turn:
        context = replace(context, ticket=Ticket(session.id, session.turn))
        return noted(conversation.current(state, context), _MOVED_ON)
    context = replace(context, ticket=Ticket(session.id, session.turn + 1))
    advance = partial(conversation.advance, state, step, context)
    return Work(context, advance, conversation, session)


async def save(store: Store, work: Work, turn: Turn) -> None:
    """Write down where the conversation stands and what the turn changes."""
    context, conversation, session = work.context, work.conversation, work.session
    if conversation and turn.over and session:
        await store.conversations.end(session.id)
    elif conversation and turn.state is not None:
        ticket, state = context.ticket, turn.state.model_dump_json()
        after = Session(
            ticket.session,
            context.member.id,
            conversation.kind,
            ticket.turn,
            conversation.version,
            state,
            context.pack.id if conversation.of_fork else "",
        )
        if session is None:
            await store.conversations.begin(after, context.epoch)
        elif not await store.conversations.advance(after, context.epoch):
            raise UnavailableError("another event moved the conversation on meanwhile")
    await _write(store, context, turn.changes)


async def records(store: Store, context: Context, needs: frozenset[str]) -> Context:
    """The context with what the handler needs of the member's records."""
    if not needs:
        return context
    member = context.member.id
    return replace(
        context,
        plans=await store.plans.current(member) if "plan" in needs else (),
        all_runs=await store.quiz_runs.latest(member) if "runs" in needs else (),
        recalls=await store.practice.recalls(member) if "practice" in needs else (),
        interviews=await store.practice.interviews(member) if "practice" in needs else {},
        trials=await store.tasters.all(member) if "trials" in needs else (),
        rule=await store.reminder_rules.find(member) if "rule" in needs else None,
        deliveries=await store.deliveries.latest(member) if "deliveries" in needs else (),
        kept=await store.privacy.export(member) if "kept" in needs else {},
    )


async def _write(store: Store, context: Context, changes: tuple[Change, ...]) -> None:
    for change in changes:
        match change:
            case SaveRun(run):
                await store.quiz_runs.save(context.member.id, run)
            case StartPlan(plan):
                await store.plans.start(context.member.id, plan, context.epoch)
            case UpdatePlan(plan):
                await store.plans.update(plan, context.epoch)
            case UpdateStep(plan_id, step):
                await store.plans.update_step(plan_id, step)
            case SaveRule(rule):
                await store.reminder_rules.save(context.member.id, rule, context.epoch)
            case SetZone(zone):
                await store.members.set_zone(context.member.id, zone, context.epoch)
            case SnoozeDelivery(delivery, new_id, day, due_at):
                await store.deliveries.snooze(new_id, delivery, day, due_at)
            case CancelWaiting(reason):
                await store.deliveries.cancel(context.member.id, reason, context.epoch)
            case SaveRecall(recall):
                await store.practice.save(context.member.id, recall)
            case SetInterview(pack, day):
                await store.practice.set_interview(context.member.id, pack, day)
            case StartTaster() | SetTaster() | SaveTried():
                await _write_taster(store, context, change)
            case Forget():
                await store.privacy.forget(context.member.id, context.epoch)
            case _:
                assert_never(change)


async def _write_taster(
    store: Store, context: Context, change: StartTaster | SetTaster | SaveTried
) -> None:
    match change:
        case StartTaster(trial):
            await store.tasters.begin(context.member.id, trial, context.epoch)
        case SetTaster(taster, state):
            await store.tasters.set_state(taster, state)
        case SaveTried(taster, tried):
            await store.tasters.rate(taster, tried)
        case _:
            assert_never(change)
