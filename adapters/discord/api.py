"""Calls to Discord's REST API, each tried once, with every way of failing told apart.

discord.py's own calls retry for up to half a minute and swallow what came between. A first response
has three seconds, and a reminder must know whether it may be sent again, so all go through here.
"""

import json
import logging
import math
import time
from collections.abc import Sequence
from typing import Any, TypeAlias

import aiohttp
from pydantic_core import to_json

from adapters.shared.calls import CallError, LimitedError, UncertainError, UnreachedError
from adapters.shared.http_client import proxy_for
from adapters.shared.pictures.png import Picture
from bot.telemetry import metrics

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

ROOT = "https://discord.com/api/v10"
AGENT = "DiscordBot (https://github.com/Rapptz/discord.py, 2) Crossroads"
TIMEOUT_SECONDS = 10.0
EDGE_SECONDS = 60.0  # of silence, where the edge wants some and does not say how much
LONGEST_SECONDS = 24 * 60 * 60.0


def root(url: str | None) -> str:
    """The API root; `…/api` alone would be a version that Discord has switched off."""
    given = (url or ROOT).rstrip("/")
    return f"{given}/v10" if given.endswith("/api") else given


class RefusedError(CallError):
    """Discord said no, and would say it again.

    `edge` says that it was no answer of Discord's own, but of the wall before it.
    """

    def __init__(self, status: int, code: int, message: str, *, edge: bool = False) -> None:
        super().__init__(f"{status}, code {code}: {message}")
        self.status, self.code, self.said, self.edge = status, code, message, edge


class Rest:
    """One session to one API root; `token_refused` is whether Discord's last word on it was no."""

    def __init__(self, url: str | None, token: str) -> None:
        self._root = root(url)
        self._proxy = proxy_for(self._root)
        self.token_refused = False
        self._token = token
        self._session: aiohttp.ClientSession | None = None
        self._silent_until = 0.0  # monotonic

    def open(self) -> None:
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(
            connector=connector, headers={"User-Agent": AGENT}, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        authorized: bool = True,
        seconds: float = TIMEOUT_SECONDS,
        files: Sequence[Picture] = (),
    ) -> Any:
        """Make one request and return its JSON, None where there is none; raises CallError.

        `files` are those that the body's `attachments` name, in their order.
        """
        if self._session is None or self._session.closed:
            raise UnreachedError("the session is closed")
        if (left := self._silent_until - time.monotonic()) > 0:
            raise LimitedError(left, edge=True)
        headers = {"Authorization": f"Bot {self._token}"} if authorized else {}
        if body is not None and not files:
            headers["Content-Type"] = "application/json"
        try:
            async with self._session.request(
                method,
                self._root + path,
                data=_form(body, files) if files else None if body is None else to_json(body),
                headers=headers,
                proxy=self._proxy,
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as response:
                if authorized:
                    self.token_refused = response.status == 401
                return _answer(response, await response.read())
        except LimitedError as error:
            if error.edge:
                self._fall_silent(error.seconds)
            raise
        except aiohttp.ClientConnectorError as error:
            raise UnreachedError(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise UncertainError(type(error).__name__) from None

    def _fall_silent(self, seconds: float) -> None:
        """Whoever goes on after such an answer is shut out for longer."""
        now = time.monotonic()
        if self._silent_until <= now:
            log.warning(
                "Discord's edge shuts this address out for %.0f s: no call is made", seconds
            )
        self._silent_until = max(self._silent_until, now + seconds)


def _form(body: object, files: Sequence[Picture]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("payload_json", to_json(body).decode(), content_type="application/json")
    for number, file in enumerate(files):
        form.add_field(
            f"files[{number}]", file.content, filename=file.name, content_type="image/png"
        )
    return form


def _answer(response: aiohttp.ClientResponse, raw: bytes) -> Any:
    data = _read(raw)
    if response.status < 300:
        return data
    edge, said = not isinstance(data, dict), data if isinstance(data, dict) else {}
    if response.status == 429:
        header = response.headers.get("Retry-After")
        seconds = _wait(said.get("retry_after"), header, EDGE_SECONDS if edge else 1.0)
        metrics.waited("discord", seconds)
        everywhere = said.get("global") is True or "X-RateLimit-Global" in response.headers
        raise LimitedError(seconds, everywhere=everywhere, edge=edge)
    if response.status >= 500:
        raise UncertainError(f"status {response.status}")
    code, message = said.get("code"), str(said.get("message", ""))
    # `errors` says where in the payload the fault lies, in the payload's keys, not its texts.
    detail = f"{message} {json.dumps(said['errors'])[:500]}" if "errors" in said else message
    raise RefusedError(response.status, code if isinstance(code, int) else 0, detail, edge=edge)


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def _wait(body: object, header: str | None, otherwise: float) -> float:
    """Seconds to wait: fractional in the body, whole or fractional in the header."""
    for value in (body, header):
        try:
            seconds = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
        if math.isfinite(seconds):
            return min(max(seconds, 0.0), LONGEST_SECONDS)
    return otherwise
