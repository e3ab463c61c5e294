"""Where an answer is shown: the card that was pressed, a modal, an ephemeral, a direct message."""

import json
from dataclasses import dataclass
from typing import Any

from adapters.shared.calls import CallError, patiently
from adapters.slack import render
from adapters.slack.api import Api, DeadTokenError, NoTokenError
from bot.chat.form import Form
from bot.chat.reply import Message

QUIET_LINKS = {"unfurl_links": False, "unfurl_media": False}
LOST = (DeadTokenError, NoTokenError)


@dataclass(frozen=True, slots=True)
class Surface:
    """What a payload offers to answer on; every part of it may be missing.

    `view` is the modal that shows the card, `card` says that the response URL is a card's.
    """

    tenant: str
    user: str
    channel: str = ""
    response_url: str = ""
    trigger: str = ""
    view: str = ""
    card: bool = False

    @classmethod
    def of(cls, body: dict[str, Any], tenant: str, user: str) -> "Surface":
        """The surface of a command, an interaction, a shortcut or a submission."""
        view = body.get("view") or {}
        if body.get("type") == "view_submission":
            return cls._remembered(view, tenant, user)
        channel = (body.get("channel") or {}).get("id", "") or body.get("channel_id", "")
        return cls(
            tenant=tenant,
            user=user,
            channel=channel,
            response_url=body.get("response_url", ""),
            trigger=body.get("trigger_id", ""),
            view=view.get("id", "") if view.get("type") == "modal" else "",
            card=bool(body.get("message")) or bool(body.get("container", {}).get("message_ts")),
        )

    @classmethod
    def _remembered(cls, view: dict[str, Any], tenant: str, user: str) -> "Surface":
        """Where the form that is sent in was opened from."""
        try:
            kept = json.loads(view.get("private_metadata") or "{}")
        except ValueError:
            kept = {}
        return cls(
            tenant=tenant,
            user=user,
            channel=kept.get("channel", ""),
            response_url=kept.get("url", ""),
            view=view["id"] if kept.get("modal") else "",
            card=bool(kept.get("card")),
        )

    def metadata(self) -> str:
        """What a form must remember to find its way back here; Slack carries it, signed."""
        if self.view or not (self.response_url or self.channel):
            return json.dumps({"modal": True})
        return json.dumps({"url": self.response_url, "channel": self.channel, "card": self.card})


class Shower:
    """Puts answers on surfaces."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def show(self, surface: Surface, shown: Message | Form) -> None:
        """Show a card or open a form; raises CallError when no way is left."""
        if isinstance(shown, Form):
            await self._modal(surface, render.form_modal(shown, surface.metadata()))
        elif surface.view or not (surface.response_url or surface.channel):
            await self._modal(surface, render.card_modal(shown, surface.metadata()))
        else:
            await self._message(surface, shown)

    async def post(self, surface: Surface, card: Message) -> None:
        """Show a card to the whole room, once at most."""
        payload = render.message(card)
        if surface.response_url:
            public = {"response_type": "in_channel", "replace_original": False}
            await self._respond(surface, {**payload, **public}, repeatable=False)
        elif surface.channel:
            where = {"channel": surface.channel, **QUIET_LINKS}
            await self._call(surface, "chat.postMessage", **where, **payload)

    async def _message(self, surface: Surface, card: Message) -> None:
        replace = surface.card and card.placement == "replace"
        # A card stays what it is when it is replaced, ephemeral or not: naming a type would clash.
        private = (
            {"replace_original": True}
            if replace
            else {
                "response_type": "ephemeral",
                "replace_original": False,
            }
        )
        payload = render.message(card)
        try:
            if surface.response_url:
                await self._respond(surface, {**payload, **private}, repeatable=replace)
                return
        except LOST:
            raise
        except CallError:
            if not surface.channel:
                raise
            # The URL is used up or too old (a form that stood open for half an hour).
        if surface.channel.startswith("D"):
            where: dict[str, Any] = {"channel": surface.channel, **QUIET_LINKS}
            await self._call(surface, "chat.postMessage", **where, **payload)
        else:
            where = {"channel": surface.channel, "user": surface.user}
            await self._call(surface, "chat.postEphemeral", **where, **payload)

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
