"""The reply to an event: a card or a form, and what the room sees besides."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from bot.chat import limits
from bot.chat.actions import Action
from bot.chat.base import Accent, Frozen, fits
from bot.chat.form import Form
from bot.chat.limits import length
from bot.chat.parts import (
    Buttons,
    Menu,
    Part,
    components_of,
    labels_of,
    size_of,
    texts_of,
)
from bot.chat.wire import pack


class Message(Frozen):
    """A card.

    `audience`: the asker alone (ephemeral, or a direct message) or the room.
    `placement`: "replace" updates the card that was pressed, "new" leaves it as it is.
    `accent` colours the card in a role's colour.
    """

    kind: Literal["message"] = "message"
    title: str
    parts: tuple[Part, ...] = ()
    audience: Literal["asker", "room"] = "asker"
    placement: Literal["replace", "new"] = "replace"
    accent: Accent | None = None

    def model_post_init(self, _: object, /) -> None:
        fits("a title", self.title, limits.TITLE)
        if (shown := length(self.title) + sum(map(size_of, self.parts))) > limits.SHOWN:
            raise ValueError(f"a message has {shown} characters, {limits.SHOWN} fit")
        if (components := 2 + sum(map(components_of, self.parts))) > limits.COMPONENTS:
            raise ValueError(f"{components} components, {limits.COMPONENTS} fit")
        packed = [pack(action) for action in self.actions()]
        if len(set(packed)) < len(packed):
            raise ValueError(f"two controls send the same action: {packed}")

    def shown(self) -> Iterator[str]:
        """Every string that a member reads, in order."""
        yield self.title
        for part in self.parts:
            yield from texts_of(part)
            yield from labels_of(part)

    def actions(self) -> Iterator[Action]:
        """Every action that a member can send from this card."""
        for part in self.parts:
            if isinstance(part, Buttons):
                yield from (button.action for button in part.buttons)
            elif isinstance(part, Menu):
                yield part.action


class Reply(Frozen):
    """The answer to one event: what the asker sees, and what the room sees besides, if anything."""

    show: Annotated[Message | Form, Field(discriminator="kind")]
    post: Message | None = None

    def model_post_init(self, _: object, /) -> None:
        if self.post is not None and self.post.audience != "room":
            raise ValueError("what is posted is for the room")
        if isinstance(self.show, Message) and self.show.audience != "asker":
            raise ValueError("what is shown is for the asker alone")
