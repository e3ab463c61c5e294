"""HTTP delivery: signed requests to the bot's `/slack/events`, as Slack sends them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.delivery import ACK_SECONDS, Ack, Kind, NotAcknowledgedError
from tests.fakes.slack.world import Json

FORM = "application/x-www-form-urlencoded"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return "v0=" + digest.hexdigest()


def encode(kind: Kind, payload: Json) -> tuple[str, bytes]:
    """The content type and body that Slack uses for this kind of payload."""
    match kind:
        case "slash_commands":
            return FORM, urlencode(payload).encode()
        case "interactive":
            return FORM, urlencode({"payload": json.dumps(payload)}).encode()
        case "events_api":
            return "application/json", json.dumps(payload).encode()


@dataclass
class HttpDelivery:
    """Posts to `url`; `session` is opened at first use and closed by the fake."""

    url: str
    secret: str
    _session: aiohttp.ClientSession | None = field(default=None, repr=False)

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def headers(self, body: bytes, content_type: str, age: float = 0) -> dict[str, str]:
        timestamp = str(int(time.time() - age))
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.secret, timestamp, body),
        }

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, envelope: str | None = None
    ) -> Ack:
        content_type, body = encode(kind, payload)
        headers = self.headers(body, content_type)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        started = time.perf_counter()
        try:
            status, text = await self.post(body, headers)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise NotAcknowledgedError(kind) from error
        seconds = time.perf_counter() - started
        if status != 200:
            raise NotAcknowledgedError(f"{kind}: {status} {text[:200]}")
        if not text:
            return Ack({}, seconds)
        return Ack(json.loads(text) if text.startswith("{") else {"text": text}, seconds)

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Any request at all, for forged and broken ones."""
        async with self.session.post(
            self.url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(ACK_SECONDS)
        ) as response:
            return response.status, await response.text()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
