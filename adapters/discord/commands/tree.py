"""The application commands as Discord is told of them."""

from typing import Any, TypeAlias

from bot.commands.catalog import Entry, entries
from bot.commands.routes import completes
from bot.pack.packs import Packs

Json: TypeAlias = dict[str, Any]

STRING = 3
CHAT_INPUT = 1
EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}  # servers, DMs, user installs


def tree(packs: Packs) -> list[Json]:
    return [_command(entry, completed=completes(entry.name, packs)) for entry in entries(packs)]


def _command(entry: Entry, *, completed: bool) -> Json:
    command: Json = {
        "name": entry.name,
        "description": entry.summary,
        "type": CHAT_INPUT,
        **EVERYWHERE,
    }
    if entry.option is None:
        return command
    named = {"name": entry.option.name, "description": entry.option.what}
    offers = {"autocomplete": True} if completed else {}
    return {**command, "options": [{"type": STRING, **named, "required": False, **offers}]}
