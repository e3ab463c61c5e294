"""The connection: discord.py's client, told to remember as little as it can."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.rest import root
from bot import metrics
from bot.config import SettingError, Settings

log = logging.getLogger(__name__)

# The bot has no voice: nobody needs to be told at every start that it would not work.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

Json: TypeAlias = dict[str, Any]
LOGIN_SECONDS = 60.0
TRIES_AT_ONCE = 2  # beside one for each shard
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0


@dataclass(frozen=True, slots=True)
class Listed:
    """The servers that a shard has as it connects, also those that are out of reach just now."""

    shard: int
    shards: int
    guilds: frozenset[str]

    def owns(self, guild: str) -> bool:
        """Whether it would be told of this server."""
        return (int(guild) >> 22) % self.shards == self.shard


class Client(discord.AutoShardedClient):
    """Hands interactions on as Discord sent them, and says when a server comes or goes.

    No view, no command tree: an interaction is routed by what its custom_id says, so that the
    buttons of a message work after any restart, and no message is remembered.
    """

    def __init__(
        self,
        settings: Settings,
        take: Callable[[Json], Awaitable[None]],
        guild: Callable[[str, bool], None],
        listed: Callable[[Listed], None],
        connecting: Callable[[str], None],
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_count=settings.discord_shard_count,
        )
        self.shard_ids = list(settings.discord_shard_ids) or None
        self._gateway_url = settings.discord_gateway_url
        self._take, self._guild, self._connecting = take, guild, connecting
        self._met: set[int] = set()
        self._up: set[int] = set()
        self._in_vain = 0
        # Only READY tells the servers of a shard as they are now: discord.py adds them to those
        # that it knew before, and has no event that hands them on.
        parsers = self._connection.parsers
        self._listed, self._parse_ready = listed, parsers["READY"]
        parsers["READY"] = self._on_ready
        Route.BASE = root(settings.discord_api_url)
        # At DEBUG discord.py logs whole payloads: what members type, and tokens to answer them.
        library = logging.getLogger("discord")
        library.setLevel(max(library.getEffectiveLevel(), logging.INFO))

    async def setup_hook(self) -> None:
        """Learn the gateway: discord.py asks for it only if it must also ask how many shards."""
        shards, url, _ = await self.http.get_bot_gateway()
        self.shard_count = self.shard_count or shards
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway_url or url)
        self._pace_connections()
        self._connecting(str(self.application_id))

    def _pace_connections(self) -> None:
        """Wait longer from one to the next that leads to nothing: discord.py takes a session up
        again at once, however often Discord hangs up on it.
        """
        connect = self.http.ws_connect

        async def paced(url: str, **options: Any) -> Any:
            self._in_vain += 1
            if (over := self._in_vain - len(self.shards) - TRIES_AT_ONCE) > 0:
                await asyncio.sleep(min(FIRST_PAUSE * 2**over, LONGEST_PAUSE))
            return await connect(url, **options)

        self.http.ws_connect = paced  # type: ignore[method-assign]

    def _on_ready(self, data: Json) -> None:
        shard, shards = data["shard"]
        self._listed(Listed(shard, shards, frozenset(guild["id"] for guild in data["guilds"])))
        self._parse_ready(data)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._take(raw(interaction))

    async def on_shard_connect(self, shard: int) -> None:
        self._came_up(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        self._came_up(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        self._up.discard(shard)

    def _came_up(self, shard: int) -> None:
        if shard in self._met:
            metrics.RECONNECTS.labels("discord").inc()
        self._in_vain = 0
        self._met.add(shard)
        self._up.add(shard)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._guild(str(guild.id), True)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._guild(str(guild.id), False)

    def unready(self) -> str | None:
        if not self.shards:
            return "connecting"
        # An open line is not enough: Discord may close it before it takes the session up.
        down = [
            id_ for id_, shard in self.shards.items() if shard.is_closed() or id_ not in self._up
        ]
        return f"shards {down} are not connected" if down else None


def raw(interaction: discord.Interaction) -> Json:
    """Give back what Discord sent, as far as the parser reads it."""
    payload: Json = {
        "id": str(interaction.id),
        "type": interaction.type.value,
        "token": interaction.token,
        "application_id": str(interaction.application_id),
        "data": interaction.data or {},
        "user": {"id": str(interaction.user.id)},
        "locale": str(interaction.locale.value),
        "guild_id": str(interaction.guild_id) if interaction.guild_id else None,
        "channel_id": str(interaction.channel_id or ""),
        "context": _context(interaction),
    }
    if interaction.message is not None:
        payload["message"] = {"flags": interaction.message.flags.value}
    return payload


def _context(interaction: discord.Interaction) -> int | None:
    context = interaction.context
    flags = (context.guild, context.dm_channel, context.private_channel)
    return flags.index(True) if True in flags else None


def fatal(error: Exception) -> SettingError | None:
    """The setting that is to blame where no waiting would mend it."""
    if isinstance(error, discord.LoginFailure):
        return SettingError("DISCORD_TOKEN", "Discord refuses it; copy it again from the portal")
    match getattr(error, "code", None) if isinstance(error, discord.ConnectionClosed) else None:
        case 4004:
            return SettingError("DISCORD_TOKEN", "Discord no longer takes it; make a new one")
        case 4010 | 4011:
            return SettingError("DISCORD_SHARD_COUNT", "Discord wants more shards than that")
        case _:
            return None
