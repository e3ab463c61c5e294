"""Gateway events of a shard, as Discord sent them: the few that the bot has a use for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """The servers that a shard has as it connects, also those that are out of reach just now."""

    shard: int
    shards: int
    guilds: frozenset[str]

    def owns(self, guild: str) -> bool:
        """Whether it would be told of this server."""
        return (int(guild) >> 22) % self.shards == self.shard


class Listener(Protocol):
    """Who is told; none of it takes long or waits."""

    def interaction(self, payload: Json) -> None: ...

    def message(self, payload: Json) -> None:
        """Somebody wrote in direct messages."""

    def listed(self, listed: Listed) -> None:
        """A shard has begun a session."""

    def changed(self, guild: str, here: bool) -> None:
        """A server took the bot in, or threw it out."""


class Dispatch:
    """The events of one shard; `up` is called once Discord has taken it in.

    Of a server only its id is looked at. An event that cannot be read is dropped with a line in the
    log: raised into discord.py, it would end the connection for everybody.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._guilds: set[str] = set()
        self.up: Callable[[], None] = lambda: None
        taken: dict[str, Callable[[Json], None]] = {
            "READY": self._ready,
            "RESUMED": self._resumed,
            "GUILD_CREATE": self._guild_is_here,
            "GUILD_DELETE": self._guild_is_gone,
            "INTERACTION_CREATE": listener.interaction,
            "MESSAGE_CREATE": self._message,
        }
        self.parsers = {name: _guarded(name, take) for name, take in taken.items()}

    def _ready(self, data: Json) -> None:
        self.up()
        shard, shards = data.get("shard") or (0, 1)
        self._guilds = {str(guild["id"]) for guild in data["guilds"]}
        self._listener.listed(Listed(shard, shards, frozenset(self._guilds)))

    def _resumed(self, _: Json) -> None:
        self.up()

    def _guild_is_here(self, data: Json) -> None:
        """Also told of every server that READY named: those are not news."""
        if (guild := str(data["id"])) not in self._guilds:
            self._guilds.add(guild)
            self._listener.changed(guild, here=True)

    def _guild_is_gone(self, data: Json) -> None:
        if data.get("unavailable"):
            return  # out of reach: Discord's trouble, not a farewell
        self._guilds.discard(guild := str(data["id"]))
        self._listener.changed(guild, here=False)

    def _message(self, data: Json) -> None:
        if not data.get("guild_id"):
            self._listener.message(data)


def _guarded(name: str, take: Callable[[Json], None]) -> Callable[[Json], None]:
    def taking(data: Json) -> None:
        try:
            take(data)
        except Exception as error:  # noqa: BLE001 (whatever Discord may come to send)
            # Neither message nor traceback: they may quote what was typed.
            log.error("%s cannot be read (%s)", name, type(error).__name__)

    return taking
