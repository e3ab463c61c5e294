"""The token of a single workspace, from the environment."""

import asyncio
import logging
import math
import time
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.calls import LimitedError, UncertainError, UnreachedError
from adapters.slack.api import DEAD, LOOKED_SECONDS, Bot, RefusedError, request, works
from bot.store.database import Database, Transaction, UnavailableError
from bot.store.facade import Store

log = logging.getLogger(__name__)


NEVER = DEAD | {"not_allowed_token_type"}


class BadTokenError(Exception):
    """Slack does not take the token that the environment holds."""


class OneWorkspace:
    """The workspace (or organisation) that `SLACK_BOT_TOKEN` belongs to."""

    def __init__(self, token: str, database: Database) -> None:
        self._token = token
        self._database = database
        self.tenant = ""
        self._client: AsyncWebClient | None = None
        self._bot: Bot | None = None
        self._elsewhere_off = False
        self._looked = -math.inf

    async def connect(self, client: AsyncWebClient) -> None:
        """Ask Slack whose token it is, until it answers; BadTokenError where it is nobody's."""
        self._client, pause = client, 0.5
        while True:
            try:
                await self._came_up(await request(client, "auth.test", self._token, {}))
                return
            except RefusedError as refusal:
                if refusal.error in NEVER:
                    raise BadTokenError(refusal.error) from refusal
                log.warning("auth.test: %s", refusal.error)
            except LimitedError as limited:
                pause = limited.seconds
            except (UnreachedError, UncertainError) as error:
                log.warning("Slack cannot be reached (%s), trying again", error)
            except UnavailableError as error:
                log.warning("Slack waits for the database (%s)", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 15)

    async def _came_up(self, who: dict[str, Any]) -> None:
        org_wide = who.get("is_enterprise_install") and who.get("enterprise_id")
        tenant = str(org_wide or who["team_id"])
        await self._switch(tenant, "active")
        self.tenant = tenant
        self._bot = Bot(self._token, str(who["user_id"]), str(who.get("bot_id", "")))

    async def bot(self, tenant: str) -> Bot | None:
        if not self.tenant:  # whose the token is will be known: nobody is turned off for that
            raise UnreachedError("Slack has not been reached yet")
        if tenant != self.tenant or self._bot is None:
            return None
        if time.monotonic() - self._looked < LOOKED_SECONDS:
            return await self.recent(tenant)
        try:
            await self._database.transact(lambda tx: self._read(tx, tenant))
        except UnavailableError as error:
            log.warning("whether tenant %s is on is as before: %s", tenant, error)
        return await self.recent(tenant)

    async def look(self, transaction: Transaction, tenant: str) -> None:
        if tenant == self.tenant:
            await self._read(transaction, tenant)
            self._looked = time.monotonic()

    async def _read(self, transaction: Transaction, tenant: str) -> None:
        self._elsewhere_off = await Store(transaction).tenants.state("slack", tenant) != "active"

    async def recent(self, tenant: str) -> Bot | None:
        return self._bot if tenant == self.tenant and self.on else None

    @property
    def on(self) -> bool:
        return self._bot is not None and not self._elsewhere_off

    async def token_died(self, tenant: str, token: str) -> None:
        if tenant == self.tenant and self._bot is not None and token == self._bot.token:
            await self._off()

    async def uninstalled(self, tenant: str, at: int) -> None:  # noqa: ARG002 (Slack is asked)
        """Slack repeats its news for minutes, and the app may have been installed again since: the
        token itself is tried. Where that cannot be done, the next call will show.
        """
        if tenant != self.tenant or self._bot is None or self._client is None:
            return
        working = await works(self._client, self._bot.token)
        if working is None:
            log.warning("tenant %s: Slack cannot be asked whether it is still installed", tenant)
        elif not working:
            await self._off()

    async def _off(self) -> None:
        self._bot = None
        log.warning("tenant %s is off: install the app again and restart", self.tenant)
        await self._switch(self.tenant, "removed")

    async def _switch(self, tenant: str, state: str) -> None:
        now = int(time.time())
        await self._database.transact(lambda tx: Store(tx).tenants.set("slack", tenant, state, now))
