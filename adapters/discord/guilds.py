"""Servers that have the bot: told as they come and go, and all over again at every connection."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from itertools import count
from typing import Any, Literal, TypeAlias

from adapters.discord.gateway.dispatch import Listed
from adapters.discord.parse import TENANT
from bot.core.handle import Core
from bot.store.database import Transaction, UnavailableError
from bot.store.facade import Store

log = logging.getLogger(__name__)

State: TypeAlias = Literal["active", "removed"]
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
_AT_ONCE = 200  # servers a transaction: on SQLite everybody else waits for it


class Guilds:
    """Writes down who has the bot, as soon as it can: what is dropped here stays wrong for days.

    `spawn` begins work that the adapter's end waits for; `pause` waits so many seconds and says
    whether there is still time.
    """

    def __init__(
        self,
        core: Core,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        pause: Callable[[float], Awaitable[bool]],
    ) -> None:
        self._core, self._spawn, self._pause = core, spawn, pause
        self._in_turn = asyncio.Lock()  # what Discord said last is what stays

    def logged_in(self) -> None:
        """Discord takes the token: all of it is on, also where the one before was refused."""
        self._spawn(self._settle(lambda: self._write({TENANT: "active"})))

    def changed(self, guild: str, here: bool) -> None:
        """A server took the bot in, or threw it out."""
        state: State = "active" if here else "removed"
        self._spawn(self._settle(lambda: self._write({guild: state})))

    def listed(self, listed: Listed) -> None:
        """A shard connected: what happened while nobody listened shows in its list."""
        self._spawn(self._settle(lambda: self._compare(listed)))

    async def _settle(self, write: Callable[[], Awaitable[None]]) -> None:
        async with self._in_turn:
            for again in count():
                try:
                    await write()
                    break
                except UnavailableError as error:
                    log.warning("servers are not marked yet: %s", error)
                if not await self._pause(min(FIRST_PAUSE * (again + 1), LONGEST_PAUSE)):
                    break

    async def _compare(self, listed: Listed) -> None:
        known = await self._core.database.transact(lambda tx: Store(tx).tenants.states("discord"))
        await self._write(corrections(listed, known))

    async def _write(self, states: dict[str, State]) -> None:
        now, guilds = int(self._core.clock().timestamp()), list(states.items())
        for first in range(0, len(guilds), _AT_ONCE):

            async def mark(
                tx: Transaction, portion: list[tuple[str, State]] = guilds[first : first + _AT_ONCE]
            ) -> None:
                for guild, state in portion:
                    await Store(tx).tenants.set("discord", guild, state, now)

            await self._core.database.transact(mark)


def corrections(listed: Listed, known: dict[str, str]) -> dict[str, State]:
    """What is wrong in the records, given what a shard lists; other shards' servers are theirs."""
    states: dict[str, State] = {
        guild: "active" for guild in sorted(listed.guilds) if known.get(guild) != "active"
    }
    for guild, state in known.items():
        # All of Discord has a row of its own, whose name is no number: members are of no server.
        believed = state == "active" and guild.isdigit() and listed.owns(guild)
        if believed and guild not in listed.guilds:
            states[guild] = "removed"
    return states
