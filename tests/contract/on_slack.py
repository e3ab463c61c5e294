"""Slack's stand in the contract suite."""

import re
from collections.abc import Iterator
from typing import Any

from adapters.slack import parse, render
from bot.chat.event import Event
from bot.chat.form import Form
from bot.chat.reply import Message
from tests.contract.stand import Control
from tests.fakes.slack.limits import problems_of_message, problems_of_view

Json = dict[str, Any]
MENTION = re.compile(r"<[@!#](?!date\^)[^>]*>")


class OnSlack:
    name = "slack"

    def show(self, card: Message | Form) -> Json:
        return render.payload(card)

    def controls(self, shown: Json) -> list[Control]:
        return [
            Control(
                element["action_id"],
                element.get("text", {}).get("text", ""),
                {o["text"]["text"]: o["value"] for o in element.get("options", [])},
            )
            for block in shown["blocks"]
            for element in [*block.get("elements", []), block.get("accessory", {})]
            if element.get("type") in ("button", "static_select")
        ]

    def press(self, control: Control, *, shared: bool = False) -> Event | None:
        return parse.interaction(
            _pressed({"type": "button", "action_id": control.id}, shared), "T1"
        )

    def choose(self, control: Control, value: str) -> Event | None:
        option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
        action = {"type": "static_select", "action_id": control.id, "selected_option": option}
        return parse.interaction(_pressed(action, shared=False), "T1")

    def submit(self, shown: Json, values: dict[str, str]) -> Event | None:
        state = {
            block["block_id"]: {block["element"]["action_id"]: _filled(block, values)}
            for block in shown["blocks"]
            if block["type"] == "input"
        }
        view = {**shown, "state": {"values": state}}
        return parse.submission({**_body(), "type": "view_submission", "view": view}, "T1")

    def words(self, shown: Json) -> str:
        return "\n".join(_texts(shown))

    def problems(self, shown: Json) -> list[str]:
        if shown.get("type") == "modal":
            return problems_of_view(shown)
        return problems_of_message(shown["text"], shown["blocks"])

    def alarms(self, shown: Json) -> list[str]:
        marked = [node["text"] for node in _nodes(shown) if node.get("type") == "mrkdwn"] + [
            str(shown.get("text", ""))
        ]
        return [found for text in marked for found in MENTION.findall(text)]


def _body() -> Json:
    return {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2"}


def _pressed(action: Json, shared: bool) -> Json:
    container = {"type": "message", "channel_id": "C1", "is_ephemeral": not shared}
    return {**_body(), "type": "block_actions", "channel": {"id": "C1"}, "container": container,
            "actions": [action]}  # fmt: skip


def _filled(block: Json, values: dict[str, str]) -> Json:
    value = values[block["block_id"]]
    if block["element"]["type"] == "static_select":
        return {"type": "static_select", "selected_option": {"value": value}}
    return {"type": "plain_text_input", "value": value}


def _nodes(node: object) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _nodes(child)


def _texts(shown: Json) -> Iterator[str]:
    for node in _nodes(shown):
        if isinstance(node.get("text"), str):
            yield node["text"]
