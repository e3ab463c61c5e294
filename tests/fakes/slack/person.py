"""A member at the keyboard: types, presses, fills in, and looks at the screen."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Literal

from tests.fakes.slack.delivery import Ack, Kind, NotAcknowledgedError
from tests.fakes.slack.payloads import Payloads
from tests.fakes.slack.screen import Card
from tests.fakes.slack.web_api import ApiError
from tests.fakes.slack.world import Json, Message, View, Workspace

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

SELECTS = ("static_select", "radio_buttons", "datepicker", "timepicker", "overflow")


class Person(Payloads):
    """One member of one workspace. Every act waits for its acknowledgement, and then until
    something changed on the person's screen (`quiet` acts wait for the acknowledgement alone).
    """

    def __init__(self, slack: FakeSlack, workspace: Workspace, user: str) -> None:
        super().__init__(slack, workspace, user)
        self.acks: list[Ack] = []
        self.failures: list[str] = []  # what Slack told the member about a silent bot

    # --- what is on the screen ---------------------------------------------------------------

    @property
    def messages(self) -> list[Card]:
        """Every message in sight, oldest first: rooms, own ephemerals, direct messages."""
        channels = {*self.workspace.channels.values(), self.direct_channel}
        return [
            Card(message)
            for message in self.slack.world.messages
            if message.team == self.workspace.id
            and message.channel in channels
            and message.only_for in {None, self.user}
            and not message.deleted
        ]

    @property
    def direct(self) -> list[Card]:
        return [card for card in self.messages if _message(card).channel == self.direct_channel]

    @property
    def modal(self) -> Card | None:
        stack = self.slack.world.modals[self.key]
        return Card(stack[-1]) if stack else None

    @property
    def home(self) -> Card | None:
        view = self.slack.world.homes.get(self.key)
        return Card(view) if view else None

    @property
    def last(self) -> Card:
        """What changed last on the screen; an open modal covers everything."""
        if modal := self.modal:
            return modal
        cards = [*self.messages, *([self.home] if self.home else [])]
        assert cards, f"{self.user} sees nothing"
        return max(cards, key=lambda card: card.source.revision)

    def _revision(self) -> int:
        sources = [card.source.revision for card in self.messages]
        stack = self.slack.world.modals[self.key]
        sources += [view.revision for view in stack] + [-len(stack)]
        return max([*sources, self.home.source.revision if self.home else 0], default=0)

    # --- what a person can do ------------------------------------------------------------------

    async def command(
        self, name: str, text: str = "", channel: str = "general", quiet: bool = False
    ) -> None:
        """A slash command; its acknowledgement may carry the answer."""
        payload = self.command_payload(name, text, channel)
        await self._act("slash_commands", payload, quiet)

    async def press(self, label: str, on: Card | None = None, quiet: bool = False) -> None:
        card = on or self.last
        payload = self.press_payload(card, card.control(label, "button"))
        await self._act("interactive", payload, quiet)

    async def choose(
        self, option: str, menu: str | None = None, on: Card | None = None, quiet: bool = False
    ) -> None:
        """Take an option of the menu with this placeholder (or of the one that offers it)."""
        card = on or self.last
        found = [
            control
            for control in card.controls
            if control.element["type"] in SELECTS
            and option in control.options
            and menu in {None, control.label}
        ]
        assert found, f"no menu offers {option!r}: {[c.options for c in card.controls]}"
        chosen = found[0].element["options"][found[0].options.index(option)]
        payload = self.press_payload(card, found[0], {"selected_option": chosen})
        await self._act("interactive", payload, quiet)

    def fill(self, label: str, value: str) -> None:
        """Type into a field, or take an option of a select, of the open modal."""
        assert self.modal, f"no modal is open for {self.user}"
        self.slack.world.said.append(value)
        control = self.modal.control(label)
        kind = control.element["type"]
        typed: Json = {"type": kind, "value": value or None}
        if kind in {"static_select", "radio_buttons"}:
            index = control.options.index(value)
            typed = {"type": kind, "selected_option": control.element["options"][index]}
        elif kind in {"datepicker", "timepicker"}:
            typed = {"type": kind, f"selected_{kind.removesuffix('picker')}": value}
        self.modal.source.typed[control.key] = typed

    async def submit(self, quiet: bool = False) -> None:
        assert self.modal, f"no modal is open for {self.user}"
        view = self.modal.source
        assert isinstance(view, View)
        assert "submit" in view.payload, "this modal has no submit button"
        payload = self.submission_payload(view)
        await self._act("interactive", payload, quiet, view)

    def close_modal(self) -> None:
        self.slack.world.modals[self.key].pop()

    async def mention(self, text: str, channel: str = "general", quiet: bool = False) -> None:
        """Name the bot in a channel that it is in."""
        said, ts = f"<@UBOT> {text}", self.slack.world.ts()
        self.slack.world.said.append(text)
        event = {
            "type": "app_mention",
            "channel": self.workspace.channels[channel],
            "user": self.user,
            "text": said,
            "ts": ts,
            "event_ts": ts,
            "team": self.workspace.id,
        }
        await self._act("events_api", self.slack.event_payload(self.workspace, event), quiet)

    async def say(self, text: str, quiet: bool = False, thread: Card | None = None) -> None:
        """A message to the bot in its direct messages, or in the thread of one."""
        self.slack.world.said.append(text)
        message = Message(
            self.workspace.id, self.direct_channel, self.slack.world.ts(), self.user, text, [],
            thread=_message(thread).ts if thread else None, revision=self.slack.world.number(),
        )  # fmt: skip
        self.slack.world.messages.append(message)
        event = {
            "type": "message",
            "channel": self.direct_channel,
            "channel_type": "im",
            "user": self.user,
            "text": text,
            "ts": message.ts,
            "event_ts": message.ts,
            "team": self.workspace.id,
        }
        if message.thread:
            event["thread_ts"] = message.thread
        await self._act("events_api", self.slack.event_payload(self.workspace, event), quiet)

    async def open_home(self, quiet: bool = False) -> None:
        event = {
            "type": "app_home_opened",
            "user": self.user,
            "channel": self.direct_channel,
            "tab": "home",
            "event_ts": self.slack.world.ts(),
        }
        await self._act("events_api", self.slack.event_payload(self.workspace, event), quiet)

    def moves_to(self, zone: str) -> None:
        """Change the zone of the profile; who asks for it is told, for nobody listens."""
        self.workspace.members[self.user]["tz"] = zone

    async def shortcut(self, callback_id: str, quiet: bool = False) -> None:
        payload = {
            "type": "shortcut",
            "callback_id": callback_id,
            "trigger_id": self.slack.world.trigger(*self.key),
            "action_ts": self.slack.world.ts(),
            **self._who(),
        }
        await self._act("interactive", payload, quiet)

    # --- delivery ------------------------------------------------------------------------------

    async def _act(self, kind: Kind, payload: Json, quiet: bool, view: View | None = None) -> None:
        before = self._revision()
        ack = await self.deliver(kind, payload, view)
        if ack is not None and not quiet:
            await self.sees_change(before)

    async def deliver(self, kind: Kind, payload: Json, view: View | None = None) -> Ack | None:
        """One delivery, its acknowledgement shown; None when the bot did not acknowledge."""
        try:
            ack = await self.slack.deliver(kind, payload)
        except NotAcknowledgedError as error:
            self.failures.append(f"operation_timeout: {error}")
            return None
        self.acks.append(ack)
        try:
            if kind == "slash_commands" and ack.payload:
                self._answered(ack.payload, payload["channel_id"])
            elif view is not None:
                self._submitted(ack.payload, view)
            elif ack.payload:
                raise ApiError("invalid_ack", f"{kind} takes no payload: {sorted(ack.payload)}")
        except ApiError as error:
            self.failures.append(f"{error.error}: {error.messages}")
            raise AssertionError(f"Slack refuses the acknowledgement: {error}") from error
        return ack

    def _answered(self, answer: Json, channel: str) -> None:
        if unknown := set(answer) - {"response_type", "text", "blocks"}:
            raise ApiError("invalid_payload", f"unknown fields {sorted(unknown)}")
        self.slack.api.check_message(answer)
        public = answer.get("response_type") == "in_channel"
        self.slack.api.post(self.workspace.id, channel, answer, None if public else self.user)

    def _submitted(self, answer: Json, view: View) -> None:
        """A modal closes unless the acknowledgement says what else shall be done."""
        stack = self.slack.world.modals[self.key]
        action: Literal["errors", "update", "push", "clear"] | None = answer.get("response_action")
        match action:
            case None:
                stack.remove(view)
            case "clear":
                stack.clear()
            case "errors":
                blocks = {b["block_id"] for b in view.blocks if b["type"] == "input"}
                if not answer.get("errors") or set(answer["errors"]) - blocks:
                    raise ApiError("invalid_errors", str(answer.get("errors")))
                view.errors = answer["errors"]
                view.revision = self.slack.world.number()
            case "update":
                payload = self.slack.api.check_view(answer)
                new = self.slack.api.new_view(*self.key, payload)
                new.id = view.id
                stack[stack.index(view)] = new
            case "push":
                stack.append(self.slack.api.new_view(*self.key, self.slack.api.check_view(answer)))

    async def sees_change(self, since: int, within: float = 5) -> None:
        deadline = time.monotonic() + within
        while self._revision() == since:
            assert time.monotonic() < deadline, f"nothing changed on {self.user}'s screen"
            await asyncio.sleep(0.002)

    async def sees(self, text: str, within: float = 5) -> None:
        """Wait until `text` stands somewhere on the screen."""
        deadline = time.monotonic() + within
        while not any(text in card.text for card in self._everything()):
            seen = "\n---\n".join(card.text for card in self._everything())
            assert time.monotonic() < deadline, f"{self.user} does not see {text!r} in:\n{seen}"
            await asyncio.sleep(0.005)

    def _everything(self) -> list[Card]:
        return [*self.messages, *filter(None, (self.modal, self.home))]


def _message(card: Card) -> Message:
    assert isinstance(card.source, Message)
    return card.source
