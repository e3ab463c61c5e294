"""The panel beside the chat: the neutral card, what arrived, the store, each platform's payload."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from nicegui import background_tasks, html, ui
from nicegui.element import Element

from adapters.playground.chat import Chat
from adapters.playground.components import JsonView
from adapters.playground.members import Local
from adapters.playground.panel.stored import ledger, stored
from adapters.playground.transcript import neutral
from adapters.playground.widgets import icon, state
from bot.adapter import Renderer
from bot.chat.event import Platform
from bot.chat.form import Form
from bot.chat.reply import Message

_ABOUT = {
    "reply": "The card as the core answers it, before any platform has a say.",
    "event": "The last interaction of this member: what arrived, and the whole reply.",
    "stored": "What the store holds of this member now.",
    "reminders": "What became of each reminder of this member, the latest first.",
    "slack": "The card as Slack gets it, in Block Kit.",
    "discord": "The card as Discord gets it, in Components V2.",
}
_NOTHING = "Nothing yet: type a command or press a button."


class Inspector:
    """Follows the latest card of a member, or the one whose { } was pressed."""

    def __init__(self, chat: Chat, renderers: Mapping[Platform, Renderer]) -> None:
        self.open = False
        self._chat = chat
        self._renderers = renderers
        self._tabs = [tab for tab in _ABOUT if tab not in ("slack", "discord")] + list(renderers)
        self._tab = "reply"
        self._card: Message | Form | None = None
        self._member: Local | None = None

    def build(self, close: Callable[[], None]) -> None:
        with html.aside().classes("inspector").props('aria-label="Inspector"'):
            with html.header().classes("top"):
                html.h2("Inspector")
                icon("✕", "Close the inspector").on("click", close)
            with html.div().classes("tabs").props('role="group" aria-label="What to inspect"'):
                self._buttons = {tab: self._button(tab) for tab in self._tabs}
            self._about = ui.label().classes("about")
            self._view = JsonView()

    def _button(self, tab: str) -> Element:
        button = html.button(tab.title()).classes("tab").props("type=button")
        button.on("click", partial(self._choose, tab))
        return cast("Element", button)

    def _choose(self, tab: str) -> None:
        self._tab = tab
        self._draw()

    def follow(self, card: Message | Form | None) -> None:
        """Show this card from now on."""
        self._card = card or self._card
        self._draw()

    def look(self, member: Local, card: Message | Form | None) -> None:
        """Show the records of `member`, and `card`."""
        self._member, self._card = member, card
        self._draw()

    def toggle(self) -> None:
        self.open = not self.open
        self._draw()

    def _draw(self) -> None:
        if not self.open:
            return
        for tab, button in self._buttons.items():
            state(button, "aria-pressed", tab == self._tab)
        self._about.text = _ABOUT.get(self._tab, "")
        background_tasks.create(self._fill(), name="inspector")

    async def _fill(self) -> None:
        shown = await self._content()
        text = json.dumps(shown, ensure_ascii=False, indent=2, default=str) if shown else _NOTHING
        self._view.props["text"] = text

    async def _content(self) -> Any:
        match self._tab:
            case "reply":
                return self._card and neutral(self._card)
            case "event":
                return self._exchange()
            case "stored":
                return await stored(self._chat.core, self._member.person) if self._member else None
            case "reminders":
                return await ledger(self._chat.core, self._member.person) if self._member else None
            case tab:
                return self._payload(tab)

    def _exchange(self) -> Any:
        last = self._chat.last.get(self._member.id) if self._member else None
        return last and {"event": neutral(last.event), "reply": neutral(last.reply)}

    def _payload(self, platform: str) -> Any:
        renderer = next((r for name, r in self._renderers.items() if name == platform), None)
        return renderer(self._card) if renderer and self._card else None
