"""The two pages of an install: off to Slack, and back with a code."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.api import Api
from adapters.slack.installs import STATE_SECONDS, SealedInstalls, States
from adapters.slack.manifest import SCOPES
from bot.config import Settings

log = logging.getLogger(__name__)


class InstallPages:
    """`/slack/install` and `/slack/oauth_redirect`."""

    def __init__(self, settings: Settings, api: Api, installs: SealedInstalls) -> None:
        self._settings, self._api, self._installs = settings, api, installs
        self._made: AsyncOAuthFlow | None = None

    async def install(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self._flow.handle_installation)

    async def redirect(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self._flow.handle_callback)

    async def _answer(
        self, request: web.Request, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> web.StreamResponse:
        asked = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await handle(asked))

    @property
    def _flow(self) -> AsyncOAuthFlow:
        if self._made is None:
            secret = self._settings.slack_client_secret
            self._made = AsyncOAuthFlow(
                client=self._api.client,
                logger=log,
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
                    logger=log,
                ),
            )
        return self._made
