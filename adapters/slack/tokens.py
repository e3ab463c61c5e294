"""The bot's token where there is one workspace, and its token comes from the environment."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import (
    DEAD,
    Bot,
    LimitedError,
    RefusedError,
    UncertainError,
    UnreachedError,
    request,
)

log = logging.getLogger(__name__)

Switch = Callable[[str, bool], Awaitable[None]]
"""Records that a tenant is on or off."""


class BadTokenError(Exception):
    """Slack does not take the token that the environment holds."""


class OneWorkspace:
    """The workspace (or organisation) that `SLACK_BOT_TOKEN` belongs to."""

    def __init__(self, token: str, switch: Switch) -> None:
        self._token = token
        self._switch = switch
        self.tenant = ""
        self._bot: Bot | None = None

    async def start(self, client: AsyncWebClient) -> None:
        """Ask Slack whose token it is, until it answers; BadTokenError where it is nobody's."""
        pause = 0.5
        while True:
            try:
                who = await request(client, "auth.test", self._token, {})
                break
            except RefusedError as refusal:
                if refusal.error in DEAD:
                    raise BadTokenError(refusal.error) from refusal
                log.warning("auth.test: %s", refusal.error)
            except LimitedError as limited:
                pause = limited.seconds
            except (UnreachedError, UncertainError) as error:
                log.warning("Slack cannot be reached (%s), trying again", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 15)
        org_wide = who.get("is_enterprise_install") and who.get("enterprise_id")
        self.tenant = str(org_wide or who["team_id"])
        self._bot = Bot(self._token, str(who["user_id"]), str(who.get("bot_id", "")))
        await self._switch(self.tenant, True)

    async def bot(self, tenant: str) -> Bot | None:
        return self._bot if tenant == self.tenant else None

    @property
    def on(self) -> bool:
        return self._bot is not None

    async def token_died(self, tenant: str, token: str) -> None:
        if tenant == self.tenant and self._bot is not None and token == self._bot.token:
            await self._off()

    async def uninstalled(self, tenant: str, at: int) -> None:  # noqa: ARG002 (one token, one install)
        if tenant == self.tenant:
            await self._off()

    async def _off(self) -> None:
        self._bot = None
        log.warning("tenant %s is off: install the app again and restart", self.tenant)
        await self._switch(self.tenant, False)
