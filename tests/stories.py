"""Conversations as tests: `chat.command("/quiz")`, `chat.press("Skip")`, `chat.last`."""

from datetime import UTC, datetime, timedelta
from itertools import count

from bot.chat.actions import Action
from bot.chat.event import (
    Choice,
    Command,
    Event,
    Garbled,
    Input,
    Person,
    Place,
    Platform,
    Press,
    Submission,
)
from bot.chat.form import Form
from bot.chat.parts import Button, Buttons, Menu
from bot.chat.reply import Message, Reply
from bot.chat.text import plain
from bot.chat.wire import pack, unpack
from bot.core.handle import Core

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""When stories begin, unless they say otherwise."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Chat:
    """One member's side of the conversation.

    Every press goes through the packed action, as it does on a platform. `last` is the card or form
    that the member saw last, `room` what the room saw.
    """

    def __init__(
        self,
        core: Core,
        user: str = "ana",
        *,
        platform: Platform = "playground",
        tenant: str = "local",
        zone: str | None = None,
        direct: bool = False,
    ) -> None:
        self.core = core
        self.person = Person(platform=platform, tenant=tenant, user=user, zone=zone)
        self.place = Place(tenant=tenant, channel="general", direct=direct)
        self.room: list[Message] = []
        self.last: Message | Form
        self._ids = count(1)

    async def command(self, line: str) -> Message | Form:
        """Send a slash command: "/compare pay"."""
        name, _, words = line.removeprefix("/").partition(" ")
        return await self.send(Command(name=name, text=words))

    async def press(
        self, label: str, *, on: Message | None = None, shared: bool = False
    ) -> Message | Form:
        """Press the button that says `label`, on the last card or on another one."""
        return await self.act(button(on or self.card, label).action, shared=shared)

    async def choose(
        self, label: str, *, on: Message | None = None, shared: bool = False
    ) -> Message | Form:
        """Take the option that says `label` from whichever menu has it."""
        action, value = option(on or self.card, label)
        return await self.send(Choice(action=unpack(pack(action)), value=value, shared=shared))

    async def fill(self, **values: str) -> Message | Form:
        """Send in the form, with what it held where nothing else is said."""
        assert isinstance(self.last, Form), self.last
        typed = {field.name: field.value or "" for field in self.last.fields} | values
        return await self.send(Submission(action=unpack(pack(self.last.action)), values=typed))

    async def act(self, action: Action, *, shared: bool = False) -> Message | Form:
        return await self.send(Press(action=unpack(pack(action)), shared=shared))

    async def garbled(self) -> Message | Form:
        return await self.send(Garbled())

    async def send(self, arrived: Input) -> Message | Form:
        reply = await self.deliver(arrived)
        self.last = reply.show
        if reply.post:
            self.room.append(reply.post)
        return self.last

    async def deliver(self, arrived: Input) -> Reply:
        event = Event(
            id=f"{self.person.user}-{next(self._ids)}",
            person=self.person,
            place=self.place,
            input=arrived,
        )
        return await self.core.handle(event)

    @property
    def card(self) -> Message:
        assert isinstance(self.last, Message), self.last
        return self.last

    @property
    def said(self) -> str:
        """Everything that the last card or form says."""
        return words(self.last)


def words(shown: Message | Form) -> str:
    """All that a card or form says, a line a string."""
    if isinstance(shown, Message):
        return "\n".join(shown.shown())
    lines = [shown.title, shown.submit, *shown.errors.values()]
    return "\n".join([*lines, *(field.label for field in shown.fields)])


def buttons(card: Message) -> list[Button]:
    return [b for part in card.parts if isinstance(part, Buttons) for b in part.buttons]


def labels(card: Message) -> list[str]:
    return [each.label for each in buttons(card)]


def button(card: Message, label: str) -> Button:
    """The button that says `label`, or else the only one that begins so."""
    exact = [each for each in buttons(card) if each.label == label]
    found = exact or [each for each in buttons(card) if each.label.startswith(label)]
    assert len(found) == 1, f"{label!r} is not one of {labels(card)}"
    return found[0]


def option(card: Message, label: str) -> tuple[Action, str]:
    menus = [part for part in card.parts if isinstance(part, Menu)]
    for menu in menus:
        for each in menu.options:
            if each.label == label:
                return menu.action, each.value
    raise AssertionError(f"{label!r} is not in {[[o.label for o in m.options] for m in menus]}")


def rows(card: Message) -> dict[str, str]:
    """The facts of a card, by label."""
    return {
        fact.label: plain(fact.value)
        for part in card.parts
        if part.kind == "facts"
        for fact in part.rows
    }
