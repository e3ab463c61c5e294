"""The Home tab: the member's dashboard, drawn again whenever their progress changes elsewhere."""

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from adapters.shared.calls import CallError, patiently
from adapters.slack import render
from adapters.slack.api import Api
from bot.chat.event import Event, Person
from bot.chat.reply import Message

log = logging.getLogger(__name__)

MOST = 10_000

Dashboard: TypeAlias = Callable[[Person], Awaitable[tuple[Message, ...]]]


class Home:
    """Knows who has the Home tab open, and what it shows them."""

    def __init__(self, api: Api, dashboard: Dashboard) -> None:
        self._api, self._dashboard = api, dashboard
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
        view = render.home(await self._dashboard(person))
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
