"""What Slack sends about a person's acts, for tests that deliver by hand: late, twice or forged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.fakes.slack.screen import Card, Control
from tests.fakes.slack.world import Json, Message, ResponseUrl, View, Workspace

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


class Payloads:
    """The payloads of one member of one workspace; each builds fresh ids, urls and triggers."""

    def __init__(self, slack: FakeSlack, workspace: Workspace, user: str) -> None:
        self.slack, self.workspace, self.user = slack, workspace, user

    @property
    def direct_channel(self) -> str:
        return self.slack.world.direct_channel(self.workspace.id, self.user)

    @property
    def key(self) -> tuple[str, str]:
        return self.workspace.id, self.user

    def command_payload(self, name: str, text: str = "", channel: str = "general") -> Json:
        self.slack.world.said.append(text)
        where = self.workspace.channels.get(channel, self.direct_channel)
        return {
            "token": "verification",
            "team_id": self.workspace.id,
            "team_domain": self.workspace.name,
            "enterprise_id": self.workspace.enterprise or "",
            "is_enterprise_install": json.dumps(self.workspace.org_wide),
            "channel_id": where,
            "channel_name": "directmessage" if where == self.direct_channel else channel,
            "user_id": self.user,
            "user_name": self.user.lower(),
            "command": name,
            "text": text,
            "api_app_id": "A1",
            "response_url": self._response_url(where, None),
            "trigger_id": self.slack.world.trigger(*self.key),
        }

    def press_payload(self, card: Card, control: Control, extra: Json | None = None) -> Json:
        self.slack.world.said.append(control.action_id)
        repeated = {"text", "value"} & set(control.element)
        action: Json = {
            "action_id": control.action_id,
            "block_id": control.block_id,
            "type": control.element["type"],
            "action_ts": self.slack.world.ts(),
            **{name: control.element[name] for name in repeated},
            **(extra or {}),
        }
        if extra:
            card.source.typed[control.key] = {"type": control.element["type"], **extra}
        return {
            "type": "block_actions",
            "trigger_id": self.slack.world.trigger(*self.key),
            "actions": [action],
            **self._who(),
            **self._where(card),
        }

    def submission_payload(self, view: View) -> Json:
        return {
            "type": "view_submission",
            "trigger_id": self.slack.world.trigger(*self.key),
            "view": self._view(view),
            "response_urls": [],
            **self._who(),
        }

    def _who(self) -> Json:
        enterprise = self.workspace.enterprise
        team: Json = {"id": self.workspace.id, "domain": self.workspace.name}
        if enterprise:
            team |= {"enterprise_id": enterprise, "enterprise_name": "Org"}
        return {
            "user": {
                "id": self.user,
                "username": self.user.lower(),
                "name": self.user.lower(),
                "team_id": self.workspace.id,
            },
            "team": None if self.workspace.org_wide and enterprise else team,
            "enterprise": {"id": enterprise, "name": "Org"} if enterprise else None,
            "is_enterprise_install": self.workspace.org_wide,
            "api_app_id": "A1",
            "token": "verification",
        }

    def _where(self, card: Card) -> Json:
        if isinstance(card.source, View):
            view = card.source
            container = {"type": "view", "view_id": view.id}
            return {"container": container, "view": self._view(view)}
        message = card.source
        names = {channel: name for name, channel in self.workspace.channels.items()}
        return {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": message.only_for is not None,
                **({"thread_ts": message.thread} if message.thread else {}),
            },
            "channel": {"id": message.channel, "name": names.get(message.channel, "directmessage")},
            "message": {"type": "message", "ts": message.ts, "text": message.text, "user": "UBOT"},
            "state": {"values": _state(message.typed)},
            "response_url": self._response_url(message.channel, message),
        }

    def _view(self, view: View) -> Json:
        return {
            **view.payload,
            "id": view.id,
            "team_id": self.workspace.id,
            "hash": view.hash,
            "state": {"values": _filled(Card(view), view)},
            "private_metadata": view.payload.get("private_metadata", ""),
            "callback_id": view.payload.get("callback_id", ""),
            "root_view_id": view.id,
            "app_installed_team_id": self.workspace.installed_as,
        }

    def _response_url(self, channel: str, message: Message | None) -> str:
        world = self.slack.world
        name = f"{self.workspace.id}-{world.number()}"
        world.response_urls[name] = ResponseUrl(
            self.workspace.id, self.user, channel, world.clock(), message
        )
        return f"{self.slack.base_url}/respond/{name}"


def _state(typed: dict[tuple[str, str], Json]) -> Json:
    values: Json = {}
    for (block, action), value in typed.items():
        values.setdefault(block, {})[action] = value
    return values


def _filled(card: Card, view: View) -> Json:
    """The state of a view: what was typed, else what the fields began with."""
    values = {}
    for control in card.controls:
        element = control.element
        start: Json = {"type": element["type"]}
        if element["type"] in {"plain_text_input", "number_input"}:
            start["value"] = element.get("initial_value")
        elif element["type"] in {"static_select", "radio_buttons"}:
            start["selected_option"] = element.get("initial_option")
        elif element["type"] in {"datepicker", "timepicker"}:
            kind = element["type"].removesuffix("picker")
            start[f"selected_{kind}"] = element.get(f"initial_{kind}")
        else:
            continue
        values[control.key] = start
    return _state({**values, **view.typed})
