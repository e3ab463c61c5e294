"""The gateway client: logs in, and keeps every shard of this process connected."""

import asyncio
import logging
from typing import Any, TypeAlias

from adapters.discord.api import RefusedError, Rest
from adapters.discord.gateway.budget import Budget
from adapters.discord.gateway.dispatch import Dispatch, Listener
from adapters.discord.gateway.shard import Shard
from adapters.discord.gateway.wire import Wire
from adapters.discord.settings import Settings
from adapters.shared.calls import CallError, LimitedError
from bot.config.settings import SettingError

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0


class Gateway:
    """All shards; `listener` is told what they hear."""

    def __init__(self, settings: Settings, token: str, rest: Rest, listener: Listener) -> None:
        self._settings, self._token, self._rest, self._listener = settings, token, rest, listener
        self._budget = Budget(lambda: rest.call("GET", "/gateway/bot"))
        self._shards: list[Shard] = []
        self._trouble = "connecting"

    async def login(self) -> str:
        """Wait until Discord knows the bot; the id of its application. Raises SettingError."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._log_in()
            except CallError as error:
                if isinstance(error, RefusedError) and error.status == 401:
                    advice = "Discord refuses it; copy it again from the portal"
                    raise SettingError("DISCORD_TOKEN", advice) from None
                self._trouble = f"Discord is out of reach ({error})"
                wait = max(pause, error.seconds if isinstance(error, LimitedError) else 0.0)
            except (LookupError, TypeError, ValueError) as error:
                self._trouble = f"Discord's answer cannot be read ({type(error).__name__})"
                wait = pause
            log.warning("%s; next try in %.0f s", self._trouble, wait)
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _log_in(self) -> str:
        await self._rest.call("GET", "/users/@me")
        application = await self._rest.call("GET", "/applications/@me")
        id_ = str(application["id"])
        self._plan(await self._budget.look())
        if why := deaf(application):
            log.error("%s", why)
        return id_

    def _plan(self, said: Json) -> None:
        settings = self._settings
        shards = settings.discord_shard_count or int(said["shards"])
        url = settings.discord_gateway_url or str(said["url"])
        for id_ in settings.discord_shard_ids or range(shards):
            dispatch = Dispatch(self._listener)
            wire = Wire(self._token, url, id_, shards, dispatch.parsers)
            self._shards.append(Shard(id_, wire, dispatch, self._budget))

    async def run(self) -> None:
        """Keep the shards connected until cancelled; raises SettingError."""
        running = [asyncio.create_task(shard.run()) for shard in self._shards]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in running:
                task.cancel()
            ended = await asyncio.gather(*running, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    def unready(self) -> str | None:
        if not self._shards:
            return self._trouble
        down = [shard.id for shard in self._shards if not shard.up]
        return f"shards {down} are not connected" if down else None


def deaf(application: Json) -> str | None:
    """Why nothing that members press or type would arrive over the gateway, if it would not."""
    if not application.get("interactions_endpoint_url"):
        return None
    return (
        "no command arrives here: the portal has an interactions endpoint URL;"
        " clear it (General Information) and start again"
    )
