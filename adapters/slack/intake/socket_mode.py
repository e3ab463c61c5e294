"""Socket Mode: two connections, each watched and made anew when it wedges."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.http_client import proxy_for
from adapters.slack.api import DEAD, RefusedError, named
from bot.config.settings import SettingError
from bot.telemetry import metrics
from bot.telemetry.logs import begin_request

log = logging.getLogger(__name__)

CONNECTIONS = 2  # Slack refreshes each every few hours: the other one is there meanwhile
PING_SECONDS = 6.0  # half of it for the answer: a busy machine must not look like a dead line
LOOK_SECONDS = 0.5
AWAY_SECONDS = 8.0
PAUSE_SECONDS = 1.0
CLOSE_SECONDS = 3.0
# What waiting does not mend: the setting is another token, or its app or workspace is shut out.
FINAL = DEAD | {
    "forbidden_team",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "team_disabled",
    "user_removed_from_team",
}


class _Client(SocketModeClient):
    """Slack's client, which says so when the app token is refused instead of asking for ever, and
    takes the proxy that is meant for its socket.
    """

    refused: Callable[[Exception], None]

    async def issue_new_wss_url(self) -> str:
        try:
            url = await super().issue_new_wss_url()
        except SlackApiError as error:
            why = named(error)
            if isinstance(why, RefusedError) and why.error in FINAL:  # then that is the one line
                self.refused(SettingError("SLACK_APP_TOKEN", _refusal(why.error)))
            else:
                log.warning("Slack opens no socket: %s", why)
            raise
        self.proxy = proxy_for(url)
        return url


def _refusal(code: str) -> str:
    must = "it must be an app-level token (xapp-…) with the scope connections:write"
    wrong = {"not_allowed_token_type", "missing_scope", "invalid_auth", "no_permission"}
    return f"Slack refuses it ({code})" + (f"; {must}" if code in wrong else "")


class Sockets:
    """Keeps the connections up and takes what comes in over them through the Bolt app."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: Callable[[], AsyncWebClient],
        fail: Callable[[Exception], None],
    ) -> None:
        self._app, self._app_token, self._client, self._fail = app, app_token, client, fail
        self._keepers: list[asyncio.Task[None]] = []
        self._met: set[int] = set()
        self._connected: set[int] = set()
        self._answering: set[asyncio.Task[Any] | None] = set()
        self._stopping = False

    async def start(self) -> None:
        self._keepers = [asyncio.create_task(self._keep(n)) for n in range(CONNECTIONS)]

    async def stop(self) -> None:
        """Take nothing more, answer what came in, close."""
        self._stopping = True
        if running := {task for task in self._answering if task is not None}:
            await asyncio.wait(running)
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    def unready(self) -> str | None:
        return None if self._connected else "no socket is connected"

    async def _keep(self, number: int) -> None:
        """One connection, for ever. When a fresh ticket is refused, slack_sdk's client tries that
        one again and again; a new client asks for a new one.
        """
        while True:
            client = self._new_client()
            connecting = asyncio.create_task(_connect(client))
            try:
                await self._watch(client, number)
            finally:
                self._connected.discard(number)
                connecting.cancel()
                await _close(client)
            log.warning("socket %d was away for %.0f s: connecting anew", number, AWAY_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _watch(self, client: SocketModeClient, number: int) -> None:
        """Return once the connection has been away for too long."""
        seen = time.monotonic()
        while time.monotonic() - seen < AWAY_SECONDS:
            if await client.is_connected():
                seen = time.monotonic()
                self._came_up(number)
            else:
                self._connected.discard(number)
            await asyncio.sleep(LOOK_SECONDS)

    def _came_up(self, number: int) -> None:
        if number in self._met and number not in self._connected:
            metrics.RECONNECTS.labels("slack").inc()
        self._met.add(number)
        self._connected.add(number)

    def _new_client(self) -> SocketModeClient:
        # Its log names the address of the socket, ticket and all: only the watchdog speaks.
        quiet = logging.getLogger("slack_sdk.socket_mode.quiet")
        quiet.setLevel(logging.CRITICAL + 1)
        client = _Client(
            self._app_token, logger=quiet, web_client=self._client(), ping_interval=PING_SECONDS
        )
        client.refused = self._fail
        client.socket_mode_request_listeners.append(self._take)  # type: ignore[arg-type]
        return client

    async def _take(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        if self._stopping:
            return  # not acknowledged: Slack gives it to another connection
        begin_request()
        task = asyncio.current_task()
        self._answering.add(task)
        try:
            started = time.time()
            response = await run_async_bolt_app(self._app, request)
            await send_async_response(client, request, response, started)
        except Exception:
            log.exception("an envelope was not acknowledged")
        finally:
            self._answering.discard(task)


async def _connect(client: SocketModeClient) -> None:
    try:
        await client.connect()  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 (whatever it is, the watchdog begins again)
        log.warning("a socket failed to connect: %s", type(error).__name__)


async def _close(client: SocketModeClient) -> None:
    with contextlib.suppress(Exception):  # a line that is half open answers no closing handshake
        await asyncio.wait_for(client.close(), CLOSE_SECONDS)  # type: ignore[no-untyped-call]
    await client.aiohttp_client_session.close()
