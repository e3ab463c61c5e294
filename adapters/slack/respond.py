"""Responses: shown on the card that was pressed, in a modal, an ephemeral or a direct message."""

import json
import logging
from dataclasses import dataclass, replace
from typing import Any

from adapters.shared.calls import CallError, UncertainError, patiently
from adapters.slack import render
from adapters.slack.api import Api, DeadTokenError, NoTokenError
from adapters.slack.charts.refusing import Charts, unknown_block
from bot.chat.event import reader
from bot.chat.form import Form
from bot.chat.reply import Message
from bot.commands.cards import note

log = logging.getLogger(__name__)

QUIET_LINKS = {"unfurl_links": False, "unfurl_media": False}
LOST = (DeadTokenError, NoTokenError)
SETTLED = (*LOST, UncertainError)  # nothing goes out any more, or it may be there already
UNOPENED = note(
    "The form didn’t open",
    "Slack did not open it in time, and nothing was changed. Please press the button again.",
).model_copy(update={"placement": "new"})
NOT_SHARED = note(
    "Not shared",
    "Slack did not let me post here, so nobody else has seen the card. Whoever looks after this"
    " channel can let me in: /invite @Crossroads.",
)


class UnplacedError(CallError):
    """There is no place where it could be shown."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What a payload offers to answer on; every part of it may be missing.

    `view` is the modal that shows the card, `card` says that the response URL is a card's, `thread`
    is the one that was written or pressed in.
    """

    tenant: str
    user: str
    channel: str = ""
    response_url: str = ""
    trigger: str = ""
    view: str = ""
    card: bool = False
    thread: str = ""

    @classmethod
    @reader
    def of(cls, body: dict[str, Any], tenant: str, user: str) -> "Surface":
        """The surface of a command, an interaction, a shortcut or a submission."""
        view = body.get("view") or {}
        if body.get("type") == "view_submission":
            return cls._remembered(view, tenant, user)
        container = body.get("container") or {}
        channel = (body.get("channel") or {}).get("id", "") or body.get("channel_id", "")
        return cls(
            tenant=tenant,
            user=user,
            channel=channel,
            response_url=body.get("response_url", ""),
            trigger=body.get("trigger_id", ""),
            view=view.get("id", "") if view.get("type") == "modal" else "",
            card=bool(body.get("message") or container.get("message_ts")),
            thread=_thread(container),
        )

    @classmethod
    def _remembered(cls, view: dict[str, Any], tenant: str, user: str) -> "Surface":
        """Where the form that is sent in was opened from."""
        kept = json.loads(view.get("private_metadata") or "{}")
        channel, url, thread = (kept.get(name, "") for name in ("channel", "url", "thread"))
        if not all(isinstance(part, str) for part in (channel, url, thread)):
            raise TypeError("an address that is no text")
        return cls(
            tenant=tenant,
            user=user,
            channel=channel,
            response_url=url,
            view=view["id"] if kept.get("modal") else "",
            card=bool(kept.get("card")),
            thread=thread,
        )

    def metadata(self) -> str:
        """What a form must remember to find its way back here; Slack carries it, signed."""
        if self.view or not (self.response_url or self.channel):
            return json.dumps({"modal": True})
        kept = {"url": self.response_url, "channel": self.channel, "card": self.card}
        return json.dumps({**kept, "thread": self.thread} if self.thread else kept)


def _thread(container: dict[str, Any]) -> str:
    """The thread that a card stands in; "" where the card is what the thread hangs on."""
    thread: str = container.get("thread_ts") or ""
    return thread if thread != container.get("message_ts") else ""


class Responder:
    """Puts answers on surfaces."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.charts = Charts()

    async def show(self, surface: Surface, shown: Message | Form) -> None:
        """Show a card or open a form; raises CallError when no way is left.

        What cannot be shown where it was asked for comes as a direct message.
        """
        if isinstance(shown, Form):
            await self._open(surface, shown)
        else:
            await self._somewhere(surface, shown)

    async def post(self, surface: Surface, card: Message) -> None:
        """Show a card to the whole room, once at most; the card before it said that it was, and is
        put right where it was not.
        """
        try:
            await self.charts.send(
                surface.tenant, card, lambda payload: self._post(surface, payload)
            )
        except SETTLED:
            raise
        except CallError as error:
            log.warning("a card was not shared: %s", error)
            await self._somewhere(surface, NOT_SHARED)

    async def _open(self, surface: Surface, form: Form) -> None:
        try:
            await self._modal(surface, render.form_modal(form, surface.metadata()))
        except LOST:
            raise
        except CallError as error:  # an uncertain one too: a word too many is better than none
            log.warning("a form did not open: %s", error)
            await self._somewhere(replace(surface, view="", trigger=""), UNOPENED)

    async def _somewhere(self, surface: Surface, card: Message) -> None:
        """Where it was asked for, else as a direct message."""
        try:
            if surface.view or (surface.trigger and not (surface.response_url or surface.channel)):
                await self._modal(surface, render.card_modal(card, surface.metadata()))
            else:
                replaces = surface.card and card.placement == "replace"
                await self.charts.send(
                    surface.tenant,
                    card,
                    lambda payload: self._message(surface, payload, replaces=replaces),
                )
        except SETTLED:
            raise
        except CallError as error:
            log.warning("shown elsewhere than it was asked for: %s", error)
            where = {"channel": surface.user, **QUIET_LINKS}  # Slack opens the conversation
            await self._call(surface, "chat.postMessage", **where, **render.message(card))

    async def _post(self, surface: Surface, payload: dict[str, Any]) -> None:
        where = {"thread_ts": surface.thread} if surface.thread else {}
        if surface.response_url:
            public = {"response_type": "in_channel", "replace_original": False}
            message = {**payload, **public, **where}
            await self._respond(surface, message, repeatable=False)
        elif surface.channel:
            where |= {"channel": surface.channel}
            await self._call(surface, "chat.postMessage", **where, **QUIET_LINKS, **payload)
        else:
            raise UnplacedError("no channel to share a card with")

    async def _message(self, surface: Surface, payload: dict[str, Any], *, replaces: bool) -> None:
        thread = {"thread_ts": surface.thread} if surface.thread else {}
        # A card stays what it is when it is replaced, ephemeral or not: naming a type would clash.
        private = (
            {"replace_original": True}
            if replaces
            else {"response_type": "ephemeral", "replace_original": False, **thread}
        )
        try:
            if surface.response_url:
                await self._respond(surface, {**payload, **private}, repeatable=replaces)
                return
        except LOST:
            raise
        except CallError as error:
            if not surface.channel or unknown_block(error):
                raise
            # The URL is used up or too old (a form that stood open for half an hour).
        if not surface.channel:
            raise UnplacedError("no channel to answer in")
        where = {"channel": surface.channel, **thread}
        if surface.channel.startswith("D"):
            await self._call(surface, "chat.postMessage", **where, **QUIET_LINKS, **payload)
        else:
            await self._call(surface, "chat.postEphemeral", user=surface.user, **where, **payload)

    async def _modal(self, surface: Surface, view: dict[str, Any]) -> None:
        if surface.view:
            await self._call(surface, "views.update", view_id=surface.view, view=view)
        else:
            # A trigger lives for three seconds: waiting longer than that is of no use.
            await patiently(
                lambda: self._api.call(
                    surface.tenant, "views.open", trigger_id=surface.trigger, view=view
                ),
                repeatable=False,
                patience=2,
            )

    async def _respond(
        self, surface: Surface, payload: dict[str, Any], *, repeatable: bool
    ) -> None:
        await patiently(
            lambda: self._api.respond(surface.tenant, surface.response_url, payload),
            repeatable=repeatable,
        )

    async def _call(self, surface: Surface, method: str, **arguments: Any) -> None:
        await patiently(
            lambda: self._api.call(surface.tenant, method, **arguments),
            repeatable=method == "views.update",
        )
