"""The bot's token where there is one workspace, and its token comes from the environment."""

import asyncio
import logging
import time

from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.calls import LimitedError, UncertainError, UnreachedError
from adapters.slack.api import DEAD, Bot, RefusedError, request
from bot.store.database import Database, UnavailableError
from bot.store.facade import Store

log = logging.getLogger(__name__)


class BadTokenError(Exception):
    """Slack does not take the token that the environment holds."""


class OneWorkspace:
    """The workspace (or organisation) that `SLACK_BOT_TOKEN` belongs to."""

    def __init__(self, token: str, database: Database) -> None:
        self._token = token
        self._database = database
        self.tenant = ""
        self._bot: Bot | None = None
        self._elsewhere_off = False

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
        await self._switch("active")

    async def bot(self, tenant: str) -> Bot | None:
        if tenant != self.tenant or self._bot is None:
            return None
        try:
            state = await self._database.transact(lambda tx: Store(tx).tenant("slack", tenant))
            self._elsewhere_off = state != "active"
        except UnavailableError as error:
            log.warning("whether tenant %s is on is as before: %s", tenant, error)
        return await self.recent(tenant)

    async def recent(self, tenant: str) -> Bot | None:
        return self._bot if tenant == self.tenant and self.on else None

    @property
    def on(self) -> bool:
        return self._bot is not None and not self._elsewhere_off

    async def token_died(self, tenant: str, token: str) -> None:
        if tenant == self.tenant and self._bot is not None and token == self._bot.token:
            await self._off()

    async def uninstalled(self, tenant: str, at: int) -> None:  # noqa: ARG002 (one token, one install)
        if tenant == self.tenant:
            await self._off()

    async def _off(self) -> None:
        self._bot = None
        log.warning("tenant %s is off: install the app again and restart", self.tenant)
        await self._switch("removed")

    async def _switch(self, state: str) -> None:
        now = int(time.time())
        await self._database.transact(
            lambda tx: Store(tx).set_tenant("slack", self.tenant, state, now)
        )
