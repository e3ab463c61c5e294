"""Posts as values, and as JSON and back: what was said where, and who can see it."""

import json
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel

from adapters.playground.members import Channel
from bot.chat.reply import Message
from bot.chat.wire import pack, unpack

BOT = "crossroads"
PAGE = "page"

_ACTIONS = ("action", "reopen")


@dataclass(frozen=True, slots=True)
class Post:
    """One entry of a conversation: words (`said`) or a card.

    `author` is a member's id, BOT, or PAGE for a word about the page itself. `only` is the member
    who alone sees it, None for everybody. `by` is the member who brought a card, with the command
    `prompt`; `nonce` is the delivery that it came with. `at` is in epoch seconds.
    """

    id: str
    channel: Channel
    author: str
    at: int
    only: str | None = None
    by: str = ""
    prompt: str = ""
    said: str = ""
    card: Message | None = None
    nonce: str = ""


def visible(post: Post, member: str, channel: Channel, *, everyones: bool = False) -> bool:
    """Whether a member sees the post; `everyones` lets them look at others' cards in the room."""
    if post.channel != channel:
        return False
    return post.only in (None, member) or (everyones and channel == "room" and post.author == BOT)


def dump(post: Post) -> str:
    values = {field.name: getattr(post, field.name) for field in fields(post)}
    values["card"] = post.card and neutral(post.card)
    return json.dumps(values, ensure_ascii=False)


def load(stored: str) -> Post | None:
    """The post that `dump` was given; None where another version of the code wrote it."""
    try:
        values = json.loads(stored)
        card = values["card"] and Message.model_validate(_unpacked(values["card"]))
        return Post(**(values | {"card": card}))
    except (ValueError, TypeError, KeyError):
        return None


def neutral(value: Any) -> Any:
    """A model as JSON values, with every action packed: short to read, and readable again."""
    if isinstance(value, BaseModel):
        return {name: pack(inner) if name in _ACTIONS else neutral(inner) for name, inner in value}
    return [neutral(one) for one in value] if isinstance(value, tuple) else value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: unpack(inner) if name in _ACTIONS else _unpacked(inner)
            for name, inner in value.items()
        }
    return [_unpacked(one) for one in value] if isinstance(value, list) else value
