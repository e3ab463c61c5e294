"""The one door: takes an event, moves the member's conversation on, keeps it, answers."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_urlsafe
from typing import assert_never

from bot.calendar.clock import utc_now
from bot.calendar.zones import zone_of
from bot.chat.actions import Fill, Pick, Ticket, TurnAction
from bot.chat.event import Choice, Command, Event, Garbled, Person, Press, Submission
from bot.chat.form import Form
from bot.chat.parts import Note
from bot.chat.reply import Message, Reply
from bot.chat.text import text
from bot.commands import cards, routes
from bot.commands.context import Context
from bot.commands.conversation import Filled, Step, Turn, show
from bot.commands.routes import Route
from bot.commands.wording import say_rest
from bot.core.rate_limit import Pace
from bot.core.unit_of_work import load, save
from bot.pack.model import Pack
from bot.store.database import Database, Transaction, UnavailableError
from bot.store.facade import Store
from bot.telemetry import logs, metrics

log = logging.getLogger(__name__)

_MOVED_ON = "That card had been answered already: this is where you are."


def random_id() -> str:
    """Make a fresh id of 16 characters that can be packed into an action."""
    return token_urlsafe(12)


class Core:
    """Crossroads itself, for any platform.

    When `handle` returns, everything that the reply says is on disk.
    """

    def __init__(
        self,
        database: Database,
        pack: Pack,
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[], str] = random_id,
        pace: Pace | None = None,
    ) -> None:
        self.database = database
        self.pack = pack
        self.clock = clock
        self._new_id = new_id
        self._pace = pace or Pace(0)

    async def handle(self, event: Event) -> Reply:
        """Answer one event, in one transaction; never raises on account of what arrived."""
        with logs.request() as request:
            with metrics.interaction(event) as interaction:
                if self._pace.takes(event.person, time.monotonic()):
                    interaction.outcome, reply = await self._handled(event, request)
                else:
                    interaction.outcome, reply = "limited", Reply(show=cards.too_fast())
            log.info(
                "interaction",
                extra={
                    "platform": event.person.platform,
                    "command": metrics.command(event),
                    "outcome": interaction.outcome,
                    "ms": round(interaction.seconds * 1000, 1),
                },
            )
        return _placed(reply, event)

    async def glance(self, event: Event) -> Reply:
        """Answer what an adapter asks by itself, such as a dashboard: neither paced nor counted."""
        with logs.request() as request:
            _, reply = await self._handled(event, request)
        return _placed(reply, event)

    async def follow_zone(self, person: Person) -> None:
        """The platform says where somebody's clocks are, member or not; raises UnavailableError."""
        if person.zone is not None:
            now = int(self.clock().timestamp())
            await self.database.transact(lambda tx: Store(tx).follow_zone(person, now))

    async def _handled(self, event: Event, request: str) -> tuple[str, Reply]:
        """How it ended, and what to say."""
        try:
            reply = await self.database.transact(partial(self._answer, event=event))
        except UnavailableError as error:
            log.warning("the database is unavailable: %s", error)
            return "unavailable", Reply(show=cards.unavailable())
        except Exception:
            log.exception("request %s failed", request)
            return "failed", Reply(show=cards.broken(request))
        return "unreadable" if isinstance(event.input, Garbled) else "answered", reply

    async def _answer(self, transaction: Transaction, event: Event) -> Reply:
        store, context = Store(transaction), await self._context(Store(transaction), event)
        match event.input:
            case Press(action=action) if isinstance(action, TurnAction):
                turn = await self._step(store, context, action.ticket, action)
            case Choice(action=Pick(ticket, field), value=value):
                turn = await self._step(store, context, ticket, Pick(ticket, field, value))
            case Submission(action=Fill(ticket, form), values=values):
                turn = await self._step(store, context, ticket, Filled(form, values))
            case Command() | Press() | Choice() | Submission() as standing:
                route = routes.route(standing)
                turn = (
                    await self._open(store, context, route) if route else show(cards.unreadable())
                )
            case Garbled():
                turn = show(cards.unreadable())
            case _:
                assert_never(event.input)
        return await _told(store, context, turn.reply)

    async def _context(self, store: Store, event: Event) -> Context:
        now, person = self.clock(), event.person
        epoch = int(now.timestamp())
        member = await store.member(person, epoch, self._new_id())
        told = person.zone is not None and person.zone != member.zone and not member.zone_asked
        if told and await store.follow_zone(person, epoch):
            member = replace(member, zone=person.zone or member.zone)
        return Context(
            pack=self.pack,
            now=now,
            today=now.astimezone(zone_of(member.zone)).date(),
            person=person,
            place=event.place,
            member=member,
            ticket=Ticket(self._new_id(), 1),
            new_id=self._new_id,
        )

    async def _open(self, store: Store, context: Context, route: Route) -> Turn:
        """Take a command or a standing action; it may open a conversation, or take one up."""
        context = await load(store, context, route.needs)
        conversation = route.conversation
        session = (
            await store.open_session(context.member.id, conversation.kind) if conversation else None
        )
        state = (
            conversation.read(session.state, session.version) if conversation and session else None
        )
        if session:
            context = replace(context, ticket=Ticket(session.id, session.turn + 1))
        if route.once is not None and not await store.share_once(route.once, context.epoch):
            context = replace(context, repeated=True)
        turn = route.take(context, state)
        await save(store, context, turn, conversation, session)
        return turn

    async def _step(
        self, store: Store, context: Context, ticket: Ticket, step: Step | Fill
    ) -> Turn:
        """Move a conversation on by one turn, which is good once."""
        session = await store.session(ticket.session)
        conversation = routes.CONVERSATIONS.get(session.kind) if session else None
        if session is None or conversation is None:
            return show(cards.over())
        if session.member != context.member.id:
            return show(cards.not_yours(conversation.section))
        state = conversation.read(session.state, session.version)
        if state is None or isinstance(step, Fill):
            return show(cards.over())
        context = await load(store, context, conversation.needs)
        if ticket.turn != session.turn:
            context = replace(context, ticket=Ticket(session.id, session.turn))
            return show(_noted(conversation.current(state, context), _MOVED_ON))
        context = replace(context, ticket=Ticket(session.id, session.turn + 1))
        turn = conversation.advance(state, step, context)
        await save(store, context, turn, conversation, session)
        return turn


async def _told(store: Store, context: Context, reply: Reply) -> Reply:
    """Add that the member's reminder was paused without their doing, once."""
    if isinstance(reply.show, Form) or not context.member.untold:
        return reply
    rule = await store.news(context.member.id)
    if rule is None:  # what they did has settled it
        return reply
    why = say_rest(rule)
    if any(why in said for said in reply.show.shown()):
        return reply
    sentence = f"{why} /reminders switches it on again."
    return reply.model_copy(update={"show": _noted(reply.show, sentence)})


def _noted(card: Message | Form, sentence: str) -> Message | Form:
    if isinstance(card, Form):
        return card
    return card.model_copy(update={"parts": (Note(text=text(sentence)), *card.parts)})


def _placed(reply: Reply, event: Event) -> Reply:
    """Decide whether the answer takes the place of the card that was pressed.

    It does not after a command, nor on a card that the room sees or that is somebody else's.
    """
    if isinstance(reply.show, Form):
        return reply
    shared = isinstance(event.input, Press | Choice) and event.input.shared
    if shared or isinstance(event.input, Command):
        return reply.model_copy(update={"show": reply.show.model_copy(update={"placement": "new"})})
    return reply
