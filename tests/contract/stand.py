"""What a platform lends the contract suite: how its payloads are shown, pressed and judged."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.chat.event import Event
from bot.chat.form import Form
from bot.chat.reply import Message

Shown = Any
"""A payload of the platform, as its `render.payload` made it."""


@dataclass(frozen=True)
class Control:
    """A button or a menu, as it stands in a payload; `options` are values by label."""

    id: str
    label: str = ""
    options: dict[str, str] = field(default_factory=dict)


class Stand(Protocol):
    """One platform: the real renderer and parser, the limits of its fake."""

    name: str

    def show(self, card: Message | Form) -> Shown: ...

    def controls(self, shown: Shown) -> list[Control]: ...

    def press(self, control: Control, *, shared: bool = False) -> Event | None:
        """The event that the platform's own payload of this press becomes."""
        ...

    def choose(self, control: Control, value: str) -> Event | None: ...

    def submit(self, shown: Shown, values: dict[str, str]) -> Event | None: ...

    def words(self, shown: Shown) -> str:
        """Everything in the payload that a member reads, as it is sent."""
        ...

    def problems(self, shown: Shown) -> list[str]:
        """What the platform would refuse in this payload."""
        ...

    def alarms(self, shown: Shown) -> list[str]:
        """What in this payload would ping somebody or everybody."""
        ...
