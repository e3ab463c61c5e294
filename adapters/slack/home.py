"""The Home tab: the member's dashboard, drawn again whenever their progress changes elsewhere."""

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from adapters.slack import render
from adapters.slack.api import Api, CallError, patiently
from bot.event import Command, Event, Place
from bot.reply import Button, Buttons, Message, Note, Reply
from bot.text import text
from bot.wire import Open, Section

log = logging.getLogger(__name__)

WAYS: tuple[tuple[Section, str], ...] = (
    ("compare", "Compare the roles"),
    ("quiz", "Take the quiz"),
    ("plan", "My plan"),
    ("progress", "My progress"),
    ("reminders", "Reminders"),
)
MOST = 10_000


class Home:
    """Knows who has the Home tab open, and what it shows them."""

    def __init__(self, api: Api, handle: Callable[[Event], Awaitable[Reply]]) -> None:
        self._api, self._handle = api, handle
        self._shown: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def opened(self, event: Event) -> None:
        """The member looks at the tab: draw it in any case."""
        self._shown[(event.person.tenant, event.person.user)] = ""
        if len(self._shown) > MOST:
            self._shown.popitem(last=False)
        await self._draw(event)

    async def refresh(self, event: Event) -> None:
        """Something happened: draw the tab again for a member who has seen it, if it changed."""
        if (event.person.tenant, event.person.user) in self._shown:
            await self._draw(event)

    async def _draw(self, event: Event) -> None:
        person = event.person
        place = Place(tenant=person.tenant, channel="", direct=True)
        asked = event.model_copy(update={"place": place, "input": Command(name="progress")})
        reply = await self._handle(asked)
        if not isinstance(reply.show, Message):
            return
        view = render.home([*dashboard(reply.show)])
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
            self._shown[key] = digest
        except CallError as error:
            log.warning("the Home tab of a member was not drawn: %s", error)


def dashboard(progress: Message) -> list[Message]:
    """Where the member stands, and the ways into everything that the card does not open itself."""
    there = {action.section for action in progress.actions() if isinstance(action, Open)}
    ways = tuple(
        Button(label=label, action=Open(section)) for section, label in WAYS if section not in there
    )
    hint = Note(text=text("You can also type a command in any channel, or write to me."))
    parts = (Buttons(buttons=ways), hint) if ways else (hint,)
    return [progress, Message(title="Where to?", parts=parts)]
