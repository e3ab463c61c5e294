"""The application commands as Discord is told of them."""

from typing import Any, TypeAlias

from bot.commands.catalog import ENTRIES, Entry
from bot.commands.routes import COMMANDS

Json: TypeAlias = dict[str, Any]

STRING = 3
CHAT_INPUT = 1
EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}  # servers, DMs, user installs


def tree() -> list[Json]:
    return [_command(entry) for entry in ENTRIES]


def _command(entry: Entry) -> Json:
    command: Json = {
        "name": entry.name,
        "description": entry.summary,
        "type": CHAT_INPUT,
        **EVERYWHERE,
    }
    if entry.option is None:
        return command
    named = {"name": entry.option.name, "description": entry.option.what}
    completed = {"autocomplete": True} if COMMANDS[entry.name].complete else {}
    return {**command, "options": [{"type": STRING, **named, "required": False, **completed}]}
