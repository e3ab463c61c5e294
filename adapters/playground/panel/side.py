"""The column on the left: who one is, which conversation one looks at, and what one can try."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from nicegui import html, ui
from nicegui.element import Element

from adapters.playground.chat import Chat
from adapters.playground.members import LOCALS, ROOM, Channel, Local
from adapters.playground.panel.moments import after_clock_change, next_reminder
from adapters.playground.widgets import choice, state, switch
from bot.calendar.clock import MovableClock


@dataclass(frozen=True, slots=True)
class Look:
    """What one browser looks at: a conversation, as a member; `everyones` shows what is private
    to others in the room too, to try what happens when one presses it.
    """

    member: Local
    channel: Channel = "room"
    everyones: bool = False


class Side:
    """Built once, so that a control that was pressed keeps the focus."""

    def __init__(self, chat: Chat, look: Look, go: Callable[[Look], None]) -> None:
        self._chat, self._look, self._go = chat, look, go
        self._members: dict[str, Element] = {}
        self._times: dict[str, ui.label] = {}
        self._channels: dict[Channel, Element] = {}
        with html.nav().classes("side").props('aria-label="Members and conversations"'):
            with html.div().classes("brand"):
                html.strong("Crossroads")
                html.span("Playground")
            html.h2("You are")
            for local in LOCALS:
                self._member(local)
            html.h2("Conversations")
            self._channel("room", "#", ROOM)
            self._channel("direct", "✉", "Direct messages")
            html.h2("Try")
            self._everyones = switch("Others’ private cards", self._see)
            self._closed = switch("Direct messages closed", self._close)
            self._clock = self._chat.core.clock
            if isinstance(self._clock, MovableClock):
                self._clock_buttons(self._clock)

    def draw(self, look: Look) -> None:
        self._look = look
        now = self._chat.core.clock()
        for local in LOCALS:
            state(self._members[local.id], "aria-pressed", local == look.member)
            city = local.zone.split("/")[1].replace("_", " ")
            self._times[local.id].text = f"{city}, {now.astimezone(local.tz):%H:%M}"
        if isinstance(self._clock, MovableClock):
            local_now = now.astimezone(look.member.tz)
            self._moved.text = f"{local_now:%a} {local_now.day} {local_now:%b %Y, %H:%M}"
        for channel, button in self._channels.items():
            state(button, "aria-pressed", channel == look.channel)
        state(self._everyones, "aria-checked", look.everyones)
        state(self._closed, "aria-checked", look.member.id in self._chat.closed)

    def tell(self, unread: bool) -> None:
        """Say whether there are direct messages that the member has not looked at."""
        self._unread.visible = unread

    def _clock_buttons(self, clock: MovableClock) -> None:
        """What moves the time: reminders come as they would then."""
        html.h2("Clock")
        self._moved = ui.label().classes("clock")
        for label, move in (
            ("To the next reminder", self._to_next_reminder),
            ("A week on", partial(self._ahead, timedelta(7))),
            ("Past the next clock change", self._past_change),
            ("Back to now", clock.reset),
        ):
            with choice(move):
                html.span(label).classes("label")

    async def _to_next_reminder(self) -> None:
        member = self._look.member
        if instant := await next_reminder(self._chat.core, member.person):
            self._move_to(instant)
        else:
            ui.notify(f"{member.name} has no reminder to come: /reminders sets one up.")

    def _ahead(self, span: timedelta) -> None:
        self._move_to(self._chat.core.clock() + span)

    def _past_change(self) -> None:
        member = self._look.member
        if instant := after_clock_change(member.zone, self._chat.core.clock()):
            self._move_to(instant)
        else:
            ui.notify(f"Where {member.name} lives, clocks do not change.")

    def _move_to(self, instant: datetime) -> None:
        if isinstance(self._clock, MovableClock):
            self._clock.move_to(instant)

    def _member(self, local: Local) -> None:
        button = choice(partial(self._be, local))
        with button:
            html.span(local.name[0]).classes(f"avatar of-{local.id}").props("aria-hidden=true")
            with html.span().classes("label"):
                html.span(local.name)
                with html.small():
                    self._times[local.id] = ui.label()
        self._members[local.id] = button

    def _channel(self, channel: Channel, sign: str, name: str) -> None:
        button = choice(partial(self._enter, channel))
        with button:
            html.span(sign).classes("sign").props("aria-hidden=true")
            html.span(name).classes("label")
            if channel == "direct":
                self._unread = ui.label("new").classes("unread")
        self._channels[channel] = button

    def _be(self, member: Local) -> None:
        self._go(replace(self._look, member=member))

    def _enter(self, channel: Channel) -> None:
        self._go(replace(self._look, channel=channel))

    def _see(self) -> None:
        self._go(replace(self._look, everyones=not self._look.everyones))

    def _close(self) -> None:
        self._chat.closed ^= {self._look.member.id}
        self.draw(self._look)
