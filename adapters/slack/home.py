"""The Home tab: the member's dashboard, drawn again whenever their progress changes elsewhere."""

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator

from adapters.shared.calls import CallError, patiently
from adapters.slack import render
from adapters.slack.api import Api
from bot.chat.event import Command, Event, Place
from bot.chat.parts import Buttons, Menu, Meter, Note, Part, Prose
from bot.chat.reply import Message, Reply
from bot.chat.text import text
from bot.chat.wire import pack
from bot.commands.cards import ways
from bot.commands.catalog import LISTED

log = logging.getLogger(__name__)

MOST = 10_000


class Home:
    """Knows who has the Home tab open, and what it shows them."""

    def __init__(self, api: Api, glance: Callable[[Event], Awaitable[Reply]]) -> None:
        self._api, self._glance = api, glance
        self._shown: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._due: set[tuple[str, str]] = set()
        self._drawing: set[tuple[str, str]] = set()

    def opened(self, event: Event) -> bool:
        """The member looks at the tab: whether a refresh is wanted, and not under way already.

        Slack's clients can report one look many times over.
        """
        key = (event.person.tenant, event.person.user)
        if key in self._drawing:
            return False
        self._shown[key] = ""  # drawn in any case: what the client has may be older
        self._shown.move_to_end(key)
        if len(self._shown) > MOST:
            self._shown.popitem(last=False)
        return self.falls_due(event)

    def falls_due(self, event: Event) -> bool:
        """Something happened: whether a refresh is wanted, and not waiting already."""
        key = (event.person.tenant, event.person.user)
        if key not in self._shown or key in self._due:
            return False
        self._due.add(key)
        return True

    async def refresh(self, event: Event) -> None:
        """Draw the tab again for a member who has seen it, if it changed."""
        key = (event.person.tenant, event.person.user)
        self._due.discard(key)
        self._drawing.add(key)
        try:
            await self._draw(event)
        finally:
            self._drawing.discard(key)

    async def _draw(self, event: Event) -> None:
        person = event.person
        view = render.home(dashboard(*await self._cards(event)))
        digest = hashlib.sha256(json.dumps(view).encode()).hexdigest()
        key = (person.tenant, person.user)
        if self._shown.get(key) == digest:
            return
        try:
            await patiently(
                lambda: self._api.call(
                    person.tenant, "views.publish", user_id=person.user, view=view
                ),
                repeatable=True,
            )
            if key in self._shown:  # else others have looked since, and it was dropped
                self._shown[key] = digest
        except CallError as error:
            log.warning("the Home tab of a member was not drawn: %s", error)

    async def _cards(self, event: Event) -> list[Message]:
        """Progress, and before it the week where there is a plan: without one, `/plan` would begin
        to set one up.
        """
        progress = await self._ask(event, "progress")
        if not any(isinstance(part, Meter) for part in progress.parts):
            return [progress]
        said_by_the_week = (Meter, Prose)
        rest = tuple(part for part in progress.parts if not isinstance(part, said_by_the_week))
        return [await self._ask(event, "plan"), progress.model_copy(update={"parts": rest})]

    async def _ask(self, event: Event, command: str) -> Message:
        place = Place(tenant=event.person.tenant, channel="", direct=True)
        asked = {"place": place, "input": Command(name=command)}
        shown = (await self._glance(event.model_copy(update=asked))).show
        return shown if isinstance(shown, Message) else Message(title=shown.title)


def dashboard(*cards: Message) -> list[Message]:
    """The cards, and the ways into every command; what can be pressed is there once."""
    hint = Note(text=text("You can also type a command in any channel, or write to me."))
    pressable: set[str] = set()
    return [
        card.model_copy(update={"parts": tuple(_fresh(card.parts, pressable))})
        for card in (*cards, Message(title="Where to?", parts=(ways(*LISTED), hint)))
    ]


def _fresh(parts: tuple[Part, ...], pressable: set[str]) -> Iterator[Part]:
    """The parts without the controls that another card has already; Slack refuses a repeated id."""
    for part in parts:
        match part:
            case Buttons():
                fresh = tuple(b for b in part.buttons if pack(b.action) not in pressable)
                pressable |= {pack(button.action) for button in fresh}
                if fresh:
                    yield Buttons(buttons=fresh)
            case Menu() if pack(part.action) in pressable:
                pass
            case Menu():
                pressable.add(pack(part.action))
                yield part
            case _:
                yield part
