"""The column on the left: who one is, which conversation one looks at, and what one can try."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from nicegui import html

from adapters.playground.chat import Chat
from adapters.playground.members import LOCALS, ROOM, Channel, Local
from adapters.playground.widgets import choice, switch


@dataclass(frozen=True, slots=True)
class Look:
    """What one browser looks at: a conversation, as a member; `everyones` shows what is private
    to others in the room too, to try what happens when one presses it.
    """

    member: Local
    channel: Channel = "room"
    everyones: bool = False


class Side:
    def __init__(self, chat: Chat, go: Callable[[Look], None]) -> None:
        self._chat, self._go = chat, go
        with html.nav().classes("side").props('aria-label="Members and conversations"'):
            self._box = html.div()

    def draw(self, look: Look) -> None:
        self._box.clear()
        with self._box:
            with html.div().classes("brand"):
                html.strong("Crossroads")
                html.span("Playground")
            html.h2("You are")
            for local in LOCALS:
                self._member(local, look)
            html.h2("Conversations")
            self._channel("room", "#", ROOM, look)
            self._channel("direct", "✉", "Direct messages", look)
            html.h2("Try")
            seeing = replace(look, everyones=not look.everyones)
            switch("Others’ private cards", look.everyones, partial(self._go, seeing))
            closed = look.member.id in self._chat.closed
            switch("Direct messages closed", closed, partial(self._close, look))

    def _member(self, local: Local, look: Look) -> None:
        to = replace(look, member=local)
        with choice(local == look.member, partial(self._go, to)):
            html.span(local.name[0]).classes(f"avatar of-{local.id}").props("aria-hidden=true")
            with html.span().classes("label"):
                html.span(local.name)
                city = local.zone.split("/")[1].replace("_", " ")
                html.small(f"{city}, {self._chat.core.clock().astimezone(local.tz):%H:%M}")

    def _channel(self, channel: Channel, sign: str, name: str, look: Look) -> None:
        to = replace(look, channel=channel)
        with choice(channel == look.channel, partial(self._go, to)):
            html.span(sign).classes("sign").props("aria-hidden=true")
            html.span(name).classes("label")

    def _close(self, look: Look) -> None:
        self._chat.closed ^= {look.member.id}
        self.draw(look)
