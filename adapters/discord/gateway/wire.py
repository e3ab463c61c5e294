"""The websocket to the gateway, which is all of discord.py that is used (heartbeat, resuming).

It keeps no server, channel, member or message, and parses nothing into objects: what a
description holds that discord.py cannot read would end the connection for everybody.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

import aiohttp
import discord
import yarl
from discord.gateway import DiscordClientWebSocketResponse, DiscordWebSocket

from adapters.discord.api import AGENT
from adapters.shared.http_client import proxy_for

Json: TypeAlias = dict[str, Any]
Parsers: TypeAlias = Mapping[str, Callable[[Json], None]]

# The bot has no voice: nobody needs to be told at every start that it would not work.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

# Neither is privileged: a direct message comes with its text, what is said in servers never comes.
INTENTS = discord.Intents(guilds=True, dm_messages=True)
CONNECT_SECONDS = 10.0  # to the first word of the gateway
_CLOSE_SECONDS = 2.0
_KEEPS_SESSION = 4000


class Wire(discord.Client):
    """One shard's way to the gateway, as discord.py's websocket asks it of a client."""

    def __init__(self, token: str, gateway: str, shard: int, shards: int, parsers: Parsers) -> None:
        super().__init__(
            intents=INTENTS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._gateway, self._shard = gateway, shard
        self._connection.shard_count = shards
        self._connection.parsers = cast("dict[str, Callable[[Any], None]]", parsers)
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.http.token = token
        self.http.ws_connect = self._connect  # type: ignore[method-assign]

    def open(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            ws_response_class=DiscordClientWebSocketResponse,
            headers={"User-Agent": AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def shut(self) -> None:
        """Close for good, so that Discord ends the session too."""
        await self.hang_up(1000)
        await self._session.close()

    async def hang_up(self, code: int = _KEEPS_SESSION) -> None:
        if self._socket is not None and not self._socket.closed:
            await self._socket.close(code=code)
        if self.ws is not None and (alive := self.ws._keep_alive):  # noqa: SLF001
            alive.stop()  # a thread, which discord.py ends only where it noticed the end itself

    async def dial(self, known: DiscordWebSocket | None, *, elsewhere: bool) -> DiscordWebSocket:
        """Connect and take the session of `known` up again, or begin one where it has none.

        `elsewhere`: not at the address that Discord gave for this session, which may be down.
        """
        resume = known is not None and known.session_id is not None
        main = yarl.URL(self._gateway)
        dialling = DiscordWebSocket.from_client(
            self,
            gateway=known.gateway if known and resume and not elsewhere else main,
            shard_id=self._shard,
            session=known.session_id if known else None,
            sequence=known.sequence if known else None,
            resume=resume,
        )
        self.ws = await asyncio.wait_for(dialling, CONNECT_SECONDS)
        return self.ws

    async def _connect(self, url: str, **_: Any) -> aiohttp.ClientWebSocketResponse:
        self._socket = await self._session.ws_connect(
            url,
            proxy=proxy_for(url),
            max_msg_size=0,
            autoclose=False,
            timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS),
        )
        return self._socket

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for nothing: the budget has been asked before anybody connected."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell nobody: the parsers do."""
