"""Direct messages that members write, answered with a message in the same place."""

import logging
from typing import Any, TypeAlias

from adapters.discord import render
from adapters.discord.api import RefusedError, Rest
from adapters.discord.respond import UNSHOWABLE, form_card, persist
from adapters.discord.sender import short
from adapters.shared.calls import CallError
from adapters.shared.pictures.cards import illustrated
from bot.chat.event import Event
from bot.chat.form import Form
from bot.chat.reply import Message, Reply

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]


class DirectResponder:
    """Logs what Discord refuses, and raises nothing of it."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def answer(self, event: Event, reply: Reply) -> None:
        card = form_card(reply.show) if isinstance(reply.show, Form) else reply.show
        await self._say(event, card)
        if reply.post is not None:
            await self._say(event, reply.post, "post")

    async def apologise(self, event: Event) -> None:
        await self._say(event, UNSHOWABLE, "sorry")

    async def _say(self, event: Event, card: Message, which: str = "") -> None:
        # The member's message is the nonce of its answer: however often it is sent, it is one.
        nonce = {"nonce": short(f"{which}{event.id}"), "enforce_nonce": True}
        shown, files = await illustrated(card)
        body = {**render.message(shown), **nonce}
        path = f"/channels/{event.place.channel}/messages"
        try:
            await persist(lambda: self._rest.call("POST", path, body, files=files), repeatable=True)
        except RefusedError as error:
            log.error("message %s: Discord refused the answer: %s", event.id, error)
            if card is not UNSHOWABLE and error.status == 400:
                await self.apologise(event)
        except CallError as error:
            log.warning("message %s: gave up on an answer (%s)", event.id, error)
