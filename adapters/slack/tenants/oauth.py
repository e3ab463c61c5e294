"""OAuth, the two pages of an install: off to Slack with a state, and back with a code."""

import logging
import re
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.api import Api
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import Settings
from adapters.slack.tenants.installs import SealedInstalls, epoch
from bot.store.database import Database, UnavailableError
from bot.store.facade import Store

log = logging.getLogger(__name__)

STATE_SECONDS = 600
_TEAM = re.compile(r"[TE][A-Z0-9]{1,20}")
_BOLTS = logging.getLogger("slack_bolt.oauth")


class States(AsyncOAuthStateStore):
    """The `state` of an install under way: good once, within ten minutes."""

    def __init__(self, database: Database, clock: Callable[[], int] = epoch) -> None:
        self.database, self._clock = database, clock

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_issue(self, *_: object, **__: object) -> str:
        state, now = secrets.token_urlsafe(24), self._clock()
        await self.database.transact(
            lambda t: Store(t).installs.issue_state(state, now, now + STATE_SECONDS)
        )
        return state

    async def async_consume(self, state: str) -> bool:
        now = self._clock()
        return await self.database.transact(lambda t: Store(t).installs.consume_state(state, now))


class InstallPages:
    """`/slack/install` and `/slack/oauth_redirect`."""

    def __init__(self, settings: Settings, api: Api, installs: SealedInstalls) -> None:
        self._settings, self._api, self._installs = settings, api, installs
        self._made: AsyncOAuthFlow | None = None

    async def install(self, request: web.Request) -> web.StreamResponse:
        """Off to Slack; `?team=` (an id, as Slack's own pages add it) chooses the workspace.

        Bolt puts it into Slack's address as it is, so nothing else is let through.
        """
        team = request.query.get("team")
        if team is not None and not _TEAM.fullmatch(team):
            said = (
                "That is no workspace’s id. Open this page without ?team=, and choose in Slack.\n"
            )
            return web.Response(status=400, text=said)
        query = f"team={team}" if team else ""
        return await self._answer(request, query, self._flow.handle_installation)

    async def redirect(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, request.query_string, self._flow.handle_callback)

    async def _answer(
        self,
        request: web.Request,
        query: str,
        handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]],
    ) -> web.StreamResponse:
        asked = AsyncBoltRequest(body="", query=query, headers=dict(request.headers))
        try:
            return await to_aiohttp_response(await handle(asked))
        except UnavailableError as error:
            log.warning("an install waits for the database: %s", error)
            return web.Response(status=503, text="Not now: please try again in a minute.\n")

    @property
    def _flow(self) -> AsyncOAuthFlow:
        if self._made is None:
            secret = self._settings.slack_client_secret
            self._made = AsyncOAuthFlow(
                client=self._api.client,
                logger=_BOLTS,
                settings=AsyncOAuthSettings(
                    client_id=self._settings.slack_client_id,
                    client_secret=secret.get_secret_value() if secret else None,
                    scopes=list(SCOPES),
                    install_path="/slack/install",
                    redirect_uri_path="/slack/oauth_redirect",
                    install_page_rendering_enabled=False,
                    installation_store=self._installs,
                    state_store=States(self._installs.database),
                    state_expiration_seconds=STATE_SECONDS,
                    logger=_BOLTS,
                ),
            )
        return self._made
