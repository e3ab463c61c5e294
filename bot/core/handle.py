"""The one door: takes an event, moves the member's conversation on, keeps it, answers."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_urlsafe
from typing import TypeAlias

from bot.calendar.clock import utc_now
from bot.chat.actions import Ticket, TurnAction
from bot.chat.event import Choice, Command, Event, Garbled, Person, Place, Platform, Press
from bot.chat.form import Form
from bot.chat.reply import Message, Reply
from bot.commands import cards, dashboard
from bot.commands.cards import noted
from bot.commands.context import Context
from bot.commands.conversation import Filled
from bot.commands.forks import of_latest_plan
from bot.commands.said.meaning import meaning
from bot.commands.wording import say_rest
from bot.core.rate_limit import Pace
from bot.core.unit_of_work import Work, load, load_step, records, save
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.store.database import Database, T, Transaction, UnavailableError
from bot.store.facade import Store
from bot.telemetry import logs, metrics

log = logging.getLogger(__name__)

Beside: TypeAlias = Callable[[Transaction], Awaitable[None]]


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
        packs: Packs | Pack,
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[], str] = random_id,
        pace: Pace | None = None,
        closed_doors: Mapping[Platform, str] | None = None,
    ) -> None:
        """`closed_doors` is each platform's word on how to let direct messages in."""
        self.database = database
        self.packs = packs if isinstance(packs, Packs) else Packs((packs,))
        self.clock = clock
        self._new_id = new_id
        self._pace = pace or Pace(0)
        self._closed_doors = closed_doors or {}

    async def handle(self, event: Event, beside: Beside | None = None) -> Reply:
        """Answer one event, in one transaction; never raises on account of what arrived.

        `beside` is what the adapter reads in that transaction, instead of one of its own.
        """
        with logs.request() as request:
            with metrics.interaction(event) as interaction:
                if self._pace.takes(event.person, time.monotonic()):
                    work = partial(self._answer, event=event)
                    interaction.outcome, reply = await self._safely(work, beside, request)
                    if isinstance(event.input, Garbled) and isinstance(reply, Reply):
                        interaction.outcome = "unreadable"
                else:
                    interaction.outcome, reply = "limited", cards.too_fast()
            log.info(
                "interaction",
                extra={
                    "platform": event.person.platform,
                    "command": metrics.command(event),
                    "outcome": interaction.outcome,
                    "ms": round(interaction.seconds * 1000, 1),
                },
            )
        return _placed(reply if isinstance(reply, Reply) else Reply(show=reply), event)

    async def dashboard(self, person: Person, beside: Beside | None = None) -> tuple[Message, ...]:
        """What an adapter shows unasked, in one transaction too: neither paced nor counted."""
        work = partial(self._dashboard, person=person)
        with logs.request() as request:
            _, shown = await self._safely(work, beside, request)
        return (shown,) if isinstance(shown, Message) else shown

    async def follow_zone(self, person: Person) -> None:
        """The platform says where somebody's clocks are, member or not; raises UnavailableError."""
        if person.zone is not None:
            now = int(self.clock().timestamp())
            await self.database.transact(lambda tx: Store(tx).members.follow_zone(person, now))

    async def _safely(
        self, work: Callable[[Transaction], Awaitable[T]], beside: Beside | None, request: str
    ) -> tuple[str, T | Message]:
        """How it ended, and what to say."""

        async def all_of_it(transaction: Transaction) -> T:
            if beside:
                await beside(transaction)
            return await work(transaction)

        try:
            return "answered", await self.database.transact(all_of_it)
        except UnavailableError as error:
            log.warning("the database is unavailable: %s", error)
            return "unavailable", cards.unavailable()
        except Exception:
            log.exception("request %s failed", request)
            return "failed", cards.broken(request)

    async def _answer(self, transaction: Transaction, event: Event) -> Reply:
        """Load, advance, save, answer."""
        store = Store(transaction)
        context = await self._context(store, event.person, event.place)
        work: Work | Message
        match meaning(event.input):
            case None:
                work = cards.unreadable()
            case TurnAction() | Filled() as step:
                work = await load_step(store, context, step)
            case asked:
                work = await load(store, context, asked)
        if isinstance(work, Message):
            return await _reply_with_notice(store, context, Reply(show=work))
        turn = work.advance()
        await save(store, work, turn)
        return await _reply_with_notice(store, context, turn.reply)

    async def _dashboard(self, transaction: Transaction, person: Person) -> tuple[Message, ...]:
        store, place = Store(transaction), Place(tenant=person.tenant, channel="", direct=True)
        context = await self._context(store, person, place)
        first, *others = dashboard.dashboard(
            of_latest_plan(await records(store, context, dashboard.NEEDS))
        )
        return (await _with_notice(store, context, first), *others)

    async def _context(self, store: Store, person: Person, place: Place) -> Context:
        now = self.clock()
        epoch = int(now.timestamp())
        member = await store.members.find_or_create(person, epoch, self._new_id())
        told = person.zone is not None and person.zone != member.zone and not member.zone_asked
        if told and await store.members.follow_zone(person, epoch):
            member = replace(member, zone=person.zone or member.zone)
        return Context(
            packs=self.packs,
            pack=self.packs.first,
            now=now,
            person=person,
            place=place,
            member=member,
            ticket=Ticket(self._new_id(), 1),
            new_id=self._new_id,
            closed_door=self._closed_doors.get(person.platform, ""),
        )


async def _reply_with_notice(store: Store, context: Context, reply: Reply) -> Reply:
    if isinstance(reply.show, Form) or not context.member.notice_pending:
        return reply
    return reply.model_copy(update={"show": await _with_notice(store, context, reply.show)})


async def _with_notice(store: Store, context: Context, card: Message) -> Message:
    """Add that the member's reminder was paused without their doing, once."""
    if not context.member.notice_pending:
        return card
    rule = await store.reminder_rules.take_notice(context.member.id)
    if rule is None:  # what they did has settled it
        return card
    why = say_rest(rule, context.closed_door)
    if any(why in said for said in card.shown()):
        return card
    return noted(card, f"{why} /reminders switches it on again.")


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
