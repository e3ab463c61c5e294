"""What a person reads: blocks as text, the controls on a card, and how Slack shows mrkdwn."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.slack import limits
from tests.fakes.slack.world import Json, Message, View

_TOKEN = re.compile(r"<([^<>]+)>")


def shown(text: Json) -> str:
    """A text object as it looks: tokens resolved, entities decoded."""
    if text["type"] == "plain_text":
        return str(text["text"])
    return html.unescape(_TOKEN.sub(_resolved, text["text"]))


def _resolved(match: re.Match[str]) -> str:
    body, _, label = match[1].partition("|")
    if body.startswith("!date^"):
        return label
    if body[0] in "!@#":
        return f"[notifies {body}]"
    return label or body


@dataclass(frozen=True)
class Control:
    """Something to press or fill: the element, the block it stands in, and its label."""

    block_id: str
    element: Json
    label: str

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def key(self) -> tuple[str, str]:
        return self.block_id, self.action_id

    @property
    def options(self) -> list[str]:
        return [shown(option["text"]) for option in self.element.get("options", [])]


def controls(blocks: list[Json]) -> Iterator[Control]:
    for index, block in enumerate(blocks):
        block_id = block.get("block_id") or f"auto{index}"
        if block["type"] == "input":
            yield Control(block_id, block["element"], shown(block["label"]))
        accessory = block.get("accessory")
        for element in block.get("elements", []) + ([accessory] if accessory else []):
            if "action_id" in element:
                label = (
                    element.get("text") or element.get("placeholder") or {"type": "", "text": ""}
                )
                yield Control(block_id, element, shown(label) if label["text"] else "")


@dataclass(frozen=True)
class Card:
    """One thing on a person's screen: a message, a modal or the Home tab."""

    source: Message | View

    @property
    def blocks(self) -> list[Json]:
        return self.source.blocks

    @property
    def text(self) -> str:
        """Everything to read on it, line by line."""
        if isinstance(self.source, Message) and not self.blocks:
            return shown({"type": "mrkdwn", "text": self.source.text})
        lines = [shown(text) for text in limits.texts(self.blocks)]
        if isinstance(self.source, View) and "title" in self.source.payload:
            lines.insert(0, shown(self.source.payload["title"]))
        return "\n".join(lines)

    @property
    def controls(self) -> list[Control]:
        return list(controls(self.blocks))

    @property
    def buttons(self) -> list[str]:
        return [c.label for c in self.controls if c.element["type"] == "button"]

    @property
    def errors(self) -> dict[str, str]:
        """What the modal says under its fields, by label."""
        if isinstance(self.source, Message):
            return {}
        labels = {control.block_id: control.label for control in self.controls}
        return {labels[block]: error for block, error in self.source.errors.items()}

    def control(self, label: str, *kinds: str) -> Control:
        for control in self.controls:
            if control.label == label and (not kinds or control.element["type"] in kinds):
                return control
        raise AssertionError(
            f"nothing is labelled {label!r}; there is {[c.label for c in self.controls]}"
        )
