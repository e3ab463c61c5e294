"""Registration of the application commands: put right where Discord has others than the bot's."""

import asyncio
import logging
from typing import Any, TypeAlias

from adapters.discord.api import RefusedError, Rest
from adapters.discord.commands.tree import tree
from adapters.shared.calls import CallError, LimitedError
from bot.pack.packs import Packs

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

ENTRY_POINT = 4
_DEFAULTS: Json = {"type": 1, "required": False, "autocomplete": False, "options": []}
_IN_NO_ORDER = {"contexts", "integration_types"}
_KEPT = (
    "id", "type", "name", "name_localizations", "description", "description_localizations",
    "handler", "contexts", "integration_types", "default_member_permissions", "nsfw",
)  # fmt: skip
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0


class Registry:
    """Keeps trying; `refused` is what Discord said where it would not have the commands."""

    def __init__(self, rest: Rest, packs: Packs) -> None:
        self._rest, self._commands = rest, tree(packs)
        self.refused: str | None = None

    async def settle(self, application: str) -> None:
        """Return once Discord has the bot's commands."""
        pause = FIRST_PAUSE
        while True:
            wait = pause = min(pause * 2, LONGEST_PAUSE)
            try:
                await self._settle(f"/applications/{application}/commands")
            except LimitedError as error:
                wait = error.seconds
            except RefusedError as error:
                self.refused = f"Discord refuses the commands ({error})"
                log.error("%s; next try in %.0f s", self.refused, wait)
            except CallError as error:
                log.warning("the commands are not looked at yet (%s)", error)
            else:
                self.refused = None
                return
            await asyncio.sleep(wait)

    async def _settle(self, path: str) -> None:
        has = await self._rest.call("GET", path) or []
        if not differences(has, self._commands):
            return
        wanted = [*self._commands, *(_kept(command) for command in has if _is_entry_point(command))]
        await self._rest.call("PUT", path, wanted)
        log.info("Discord has been told of %d commands", len(self._commands))


def differences(has: list[Json], commands: list[Json]) -> list[str]:
    """The names of the commands that Discord lacks, has otherwise, or has beside the bot's own.

    An app with Activities has a command that opens them, its entry point: Discord made it, and
    refuses a list without it.
    """
    wanted = {command["name"]: command for command in commands}
    found = {str(command.get("name")): command for command in has if not _is_entry_point(command)}
    return sorted(
        name
        for name in wanted.keys() | found.keys()
        if name not in wanted or name not in found or not _agrees(wanted[name], found[name])
    )


def _is_entry_point(command: Json) -> bool:
    return command.get("type") == ENTRY_POINT


def _kept(command: Json) -> Json:
    return {key: command[key] for key in _KEPT if command.get(key) is not None}


def _agrees(wanted: Json, found: Json) -> bool:
    """Whether what the bot says of a command, or of an option, is what Discord has."""
    keys = wanted.keys() | (found.keys() & _DEFAULTS.keys())
    return all(
        _same(key, wanted.get(key, _DEFAULTS.get(key)), found.get(key, _DEFAULTS.get(key)))
        for key in keys
    )


def _same(key: str, wanted: Any, found: Any) -> bool:
    if key == "options":
        mine, theirs = wanted or [], found or []
        return len(mine) == len(theirs) and all(map(_agrees, mine, theirs))
    if key in _IN_NO_ORDER:
        return sorted(wanted) == sorted(found or [])
    return bool(wanted == found)
