"""How an action becomes a string of at most 100 characters, and back."""

import re
from dataclasses import fields
from functools import lru_cache
from typing import Annotated, Any, Final, TypeAlias, get_args

from pydantic import PlainSerializer, PlainValidator

from bot.chat import limits
from bot.chat.actions import KINDS, Action, Ticket, TurnAction

_FIELDS: Final = {
    kind: {f.name: f.type for f in fields(kind) if f.name != "ticket"} for kind in KINDS.values()
}
_WORDS = re.compile(r"[A-Za-z0-9_.+-]*(?::[A-Za-z0-9_.+-]*)*")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


class UnreadableError(ValueError):
    """The string is not one that `pack` made."""


@lru_cache(maxsize=4096)  # a card packs each of its actions more than once
def pack(action: Action) -> str:
    """`code:field:field…`, at most 100 ASCII characters; ValueError if a field does not fit."""
    words = [action.code]
    if isinstance(action, TurnAction):
        words += [action.ticket.session, str(action.ticket.turn)]
    words += [str(getattr(action, name)) for name in _FIELDS[type(action)]]
    packed = ":".join(words)
    if not _WORDS.fullmatch(packed) or packed.count(":") != len(words) - 1:
        raise ValueError(f"a field of {action} has a character that cannot be packed")
    if len(packed) > limits.ACTION:
        raise ValueError(f"{action} packs to {len(packed)} characters, {limits.ACTION} fit")
    return packed


def unpack(packed: str) -> Action:
    """The action that `pack` was given; UnreadableError for anything else."""
    code, *words = packed[: limits.ACTION + 1].split(":")
    kind = KINDS.get(code)
    if kind is None or len(packed) > limits.ACTION or not _WORDS.fullmatch(packed):
        raise UnreadableError(packed[: limits.ACTION])
    values: list[Any] = []
    if issubclass(kind, TurnAction):
        if len(words) < 2:
            raise UnreadableError(packed)
        values.append(Ticket(words.pop(0), _number(words.pop(0))))
    hints = _FIELDS[kind]
    # A card from before a field was there lacks it: it has the default, as the last ones do.
    missing = list(hints)[len(words) :]
    if len(words) > len(hints) or not all(hasattr(kind, name) for name in missing):
        raise UnreadableError(packed)
    values += map(_value, hints.values(), words)
    return kind(*values)


def _value(hint: Any, word: str) -> Any:
    if hint is int:
        return _number(word)
    if (allowed := get_args(hint)) and word not in allowed:
        raise UnreadableError(word)
    return word


def _number(word: str) -> int:
    if not _NUMBER.fullmatch(word):
        raise UnreadableError(word)
    return int(word)


def _action(value: object) -> Action:
    """An action as it is, or packed."""
    return value if isinstance(value, Action) else unpack(str(value))


PackedAction: TypeAlias = Annotated[
    Action, PlainValidator(_action), PlainSerializer(pack, when_used="json")
]
"""An action as a field of a model: in JSON it is packed, for as a record its kind would be lost."""
