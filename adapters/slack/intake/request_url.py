"""The request URL: nothing but genuine, fresh and reasonably sized requests reach Bolt."""

import hashlib
import hmac
import logging
import re
import time
from collections.abc import Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.telemetry.logs import begin_request

log = logging.getLogger(__name__)

BODY = 512 * 1024
FRESH_SECONDS = 300
# What Bolt raises where a payload has another shape than Slack's: our own errors end in Front.
_STUMBLES = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_NUMBER = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class RequestUrl:
    """`/slack/events`: commands, interactions and events."""

    def __init__(
        self,
        app: Callable[[], AsyncApp | None],
        signing_secret: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._secret, self._clock = app, signing_secret, clock

    async def take(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        if body is None:
            return web.Response(status=413, text="too large\n")
        if not self._genuine(request, body):
            return web.Response(status=401, text="the signature does not fit\n")
        app = self._app()
        if app is None:
            return web.Response(status=503, text="not now\n")  # Slack sends an event again
        begin_request()
        try:
            bolt_request = AsyncBoltRequest(
                body=body.decode(),
                query=request.query_string,
                headers=dict(request.headers),
            )
            answer = await app.async_dispatch(bolt_request)
        except _STUMBLES as error:
            log.warning("a request cannot be read: %s", type(error).__name__)
            return web.Response(status=400, text="unreadable\n")
        return await to_aiohttp_response(answer)

    def _genuine(self, request: web.Request, body: bytes) -> bool:
        """Checked here, because Bolt answers 500 to a time that is no number and to a signature
        that is not ASCII.
        """
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (_NUMBER.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
            return False
        if abs(self._clock() - int(timestamp)) > FRESH_SECONDS:
            return False
        signed = b"v0:" + timestamp.encode() + b":" + body
        digest = hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest("v0=" + digest, signature)


async def _body(request: web.Request) -> bytes | None:
    """The body; None as soon as it is seen to be too large."""
    if (request.content_length or 0) > BODY:
        return None
    read = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        read += chunk
        if len(read) > BODY:
            return None
    return bytes(read)
