"""The one door: takes an event, moves the member's conversation on, keeps it, answers."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from bot.calendar.clock import utc_now
from bot.calendar.zones import zone_of
from bot.chat.actions import Ticket, TurnAction
from bot.chat.event import Choice, Command, Event, Garbled, Person, Press
from bot.chat.form import Form
from bot.chat.reply import Message, Reply
from bot.commands import cards
from bot.commands.cards import noted
from bot.commands.context import Context
from bot.commands.conversation import Filled
from bot.commands.said.meaning import meaning
from bot.commands.wording import say_rest
from bot.core.rate_limit import Pace
from bot.core.unit_of_work import Work, load, load_step, save
from bot.pack.model import Pack
from bot.store.database import Database, Transaction, UnavailableError
from bot.store.facade import Store
from bot.telemetry import logs, metrics

log = logging.getLogger(__name__)


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
        """Load, advance, save, answer."""
        store = Store(transaction)
        context = await self._context(store, event)
        work: Work | Message
        match meaning(event.input):
            case None:
                work = cards.unreadable()
            case TurnAction() | Filled() as step:
                work = await load_step(store, context, step)
            case asked:
                work = await load(store, context, asked)
        if isinstance(work, Message):
            return await _told(store, context, Reply(show=work))
        turn = work.advance()
        await save(store, work, turn)
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
    return reply.model_copy(update={"show": noted(reply.show, sentence)})


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
