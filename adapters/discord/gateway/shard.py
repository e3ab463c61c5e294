"""One shard's connection: made, listened to, made again in good time, and given up for a reason."""

import asyncio
import logging
from typing import NoReturn, TypeAlias

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from adapters.discord.gateway.budget import Budget
from adapters.discord.gateway.dispatch import Dispatch
from adapters.discord.gateway.pauses import Pauses, between
from adapters.discord.gateway.wire import Wire
from bot.config.settings import SettingError
from bot.telemetry import metrics

log = logging.getLogger(__name__)

Trouble: TypeAlias = Exception | str | None
UNKNOWN_SESSION = "Discord does not know the session any more"

READY_SECONDS = 20.0  # until Discord has taken the shard in
UNWANTED_SECONDS = 1.0, 5.0  # as Discord asks, before a session that follows an invalid one
TURNED_AWAY = 3  # so often, and the session is not worth taking up
_ELSEWHERE = 3  # failures at the address of a session before another is tried


class Shard:
    """Keeps one shard connected; `wire` and `dispatch` are its own, the budget is everybody's."""

    def __init__(self, id_: int, wire: Wire, dispatch: Dispatch, budget: Budget) -> None:
        self.id = id_
        self._wire, self._budget = wire, budget
        self._pauses, self._turned_away = Pauses(), 0
        self._met = self._resuming = False
        self._since: float | None = None
        self._ws: DiscordWebSocket | None = None
        dispatch.up = self._came_up

    @property
    def up(self) -> bool:
        """Whether Discord has taken the shard in: an open line is not enough."""
        return self._since is not None

    async def run(self) -> None:
        """Stay connected until cancelled; raises SettingError where no waiting would help."""
        self._wire.open()
        try:
            while True:
                trouble = await self._connection()
                await self._wire.hang_up()
                pause = self._pause(trouble)
                self._since = None
                if trouble:
                    log.warning("shard %d: %s; next try in %.1f s", self.id, _said(trouble), pause)
                await asyncio.sleep(pause)
        finally:
            self._since = None
            await self._wire.shut()

    async def _connection(self) -> Trouble:
        """Connect and listen to the end; what went wrong, unless Discord just wants it anew."""
        try:
            await self._listen(await self._connect())
        except ReconnectWebSocket as again:
            if not again.resume and (self._resuming or self.up):
                return UNKNOWN_SESSION
            return None if self.up else "Discord hung up"
        except discord.ConnectionClosed as closed:
            if blame := fatal(closed.code):
                raise blame from None
            return f"Discord closed the connection with {closed.code}"
        except (aiohttp.ClientError, OSError) as error:
            return error
        except Exception as error:
            log.exception("shard %d: discord.py stumbled; a new session is begun", self.id)
            self._ws = None
            return error

    async def _connect(self) -> DiscordWebSocket:
        if self._ws is None or self._ws.session_id is None or self._turned_away >= TURNED_AWAY:
            self._ws = None
            await self._budget.take(self.id, again=self._met or self._pauses.in_vain > 0)
        self._resuming = self._ws is not None
        self._ws = await self._wire.dial(self._ws, elsewhere=self._pauses.in_vain > _ELSEWHERE)
        self._turned_away += 1  # until it is taken in
        return self._ws

    async def _listen(self, ws: DiscordWebSocket) -> NoReturn:
        """Until it raises what ended the connection."""
        async with asyncio.timeout(READY_SECONDS):
            while not self.up:
                await ws.poll_event()
        while True:
            await ws.poll_event()

    def _came_up(self) -> None:
        if self._met:
            metrics.RECONNECTS.labels("discord").inc()
        self._met, self._turned_away = True, 0
        self._since = asyncio.get_running_loop().time()

    def _pause(self, trouble: Trouble) -> float:
        """Seconds until the next try; that a session is over is an answer, and no failure."""
        answered = trouble is UNKNOWN_SESSION and not self.up
        pause = 0.0 if answered else self._pauses.after(self._lasted())
        return max(pause, between(*UNWANTED_SECONDS)) if trouble is UNKNOWN_SESSION else pause

    def _lasted(self) -> float | None:
        """For how many seconds the shard was taken in; None if it was not."""
        return None if self._since is None else asyncio.get_running_loop().time() - self._since


def _said(trouble: Exception | str) -> str:
    if isinstance(trouble, str):
        return trouble
    detail = f" ({trouble.strerror})" if isinstance(trouble, OSError) and trouble.strerror else ""
    return f"Discord is out of reach, {type(trouble).__name__}{detail}"


def fatal(code: int) -> SettingError | None:
    """What only a person can mend, by the code with which Discord closed the connection."""
    match code:
        case 4004:
            return SettingError("DISCORD_TOKEN", "Discord no longer takes it; make a new one")
        case 4010:
            return SettingError(
                "DISCORD_SHARD_IDS",
                "Discord knows no such shard; number them from 0, all below DISCORD_SHARD_COUNT",
            )
        case 4011:
            return SettingError("DISCORD_SHARD_COUNT", "Discord wants more shards than that")
        case 4012:
            return SettingError(
                "discord.py",
                "Discord no longer speaks to this version of it; update Crossroads",
            )
        case 4013 | 4014:
            return SettingError(
                "DISCORD_TOKEN",
                f"Discord refuses to tell this application of servers and direct messages ({code});"
                " see what the portal says of it, page Bot",
            )
        case _:
            return None
