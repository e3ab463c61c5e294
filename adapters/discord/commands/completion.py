"""Autocomplete: the choices that are offered while an option of a command is typed."""

from datetime import datetime
from typing import Any, TypeAlias

from bot.chat.limits import cut
from bot.commands.routes import suggestions
from bot.pack.packs import Packs

Json: TypeAlias = dict[str, Any]

CHOICES = 25
CHOICE = 100


def choices(command: str, typed: str, packs: Packs, now: datetime) -> list[Json]:
    """What fits what was typed so far; whatever else is typed can be sent all the same."""
    return [
        {"name": cut(one.name, CHOICE), "value": cut(one.value, CHOICE)}
        for one in suggestions(command, packs, typed, now)[:CHOICES]
    ]
