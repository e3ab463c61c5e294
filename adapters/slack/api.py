"""Calls of Slack's Web API: each with the tenant's token, each failure named for what it means."""

import json
import logging
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.calls import CallError, LimitedError, UncertainError, UnreachedError
from adapters.shared.http_client import proxy_for
from bot.store.database import Transaction, UnavailableError
from bot.telemetry import metrics

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

LOOKED_SECONDS = 1.0  # so long an answer takes whose transaction has looked
TIMEOUT = aiohttp.ClientTimeout(total=10)
_BROKEN = (aiohttp.ClientError, TimeoutError, OSError)
_TAKE_JSON = ("chat.", "views.", "conversations.open")  # the others want a form
DEAD = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)


class NoTokenError(CallError):
    """The tenant is off: no request was made."""


class DeadTokenError(CallError):
    """Slack no longer takes the token; the tenant is off from now on."""


class RefusedError(CallError):
    """Slack understood and refuses; `error` is its code."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot in one workspace or organisation."""

    token: str
    user: str = ""
    id: str = ""


class Tokens(Protocol):
    """Who the bot is in which tenant."""

    async def bot(self, tenant: str) -> Bot | None:
        """None where the tenant is off, whichever process noticed, or never installed the bot.

        What `look` has read within the last moment holds.
        """
        ...

    async def look(self, transaction: Transaction, tenant: str) -> None:
        """Read whether the tenant is on in a transaction that is open anyway."""
        ...

    async def recent(self, tenant: str) -> Bot | None:
        """The same, perhaps a minute old: enough to greet with, not to make a call with."""
        ...

    async def token_died(self, tenant: str, token: str) -> None:
        """Switch the tenant off, unless a new install has brought another token."""
        ...

    async def uninstalled(self, tenant: str, at: int) -> None:
        """Switch the tenant off, unless it was installed after `at` (epoch seconds)."""
        ...


class Api:
    """One HTTP session for every workspace."""

    def __init__(self, tokens: Tokens, base_url: str) -> None:
        self.tokens = tokens
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._session

    @property
    def client(self) -> AsyncWebClient:
        """Slack's own client, without a token. It must not repeat a call by itself: a connection
        that is reset after Slack accepted a message would bring that message twice.
        """
        if self._client is None:
            self._client = AsyncWebClient(
                base_url=self._base_url, session=self.session, retry_handlers=[]
            )
            self._client.proxy = proxy_for(self._base_url)  # its own choice forgets NO_PROXY
        return self._client

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, tenant: str, method: str, **arguments: Any) -> Json:
        """One request; raises CallError."""
        bot = await self._bot(tenant)
        try:
            return await request(self.client, method, bot.token, arguments)
        except RefusedError as refusal:
            if refusal.error not in DEAD:
                raise
            log.warning("tenant %s: its token is dead: %s", tenant, refusal.error)
            try:
                await self.tokens.token_died(tenant, bot.token)
            except UnavailableError as error:
                log.warning("tenant %s: it could not be switched off: %s", tenant, error)
            raise DeadTokenError(refusal.error) from refusal

    async def respond(self, tenant: str, url: str, payload: Json) -> None:
        """One use of a `response_url`, which needs no token, but a tenant that is on."""
        await self._bot(tenant)
        try:
            async with self.session.post(url, json=payload, proxy=proxy_for(url)) as response:
                if response.status == 200:
                    _accepted(await response.text())
                    return
                if response.status == 429:
                    raise _limited(response.headers.get("Retry-After"))
                if response.status >= 500:
                    raise UncertainError(f"status {response.status}")
                raise RefusedError((await response.text())[:100])
        except _BROKEN as error:
            raise _ended(error) from error

    async def _bot(self, tenant: str) -> Bot:
        bot = await self.tokens.bot(tenant)
        if bot is None:
            raise NoTokenError(tenant)
        return bot


async def request(client: AsyncWebClient, method: str, token: str | None, arguments: Json) -> Json:
    """One request of the Web API; raises LimitedError, RefusedError and the like."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    as_json = method.startswith(_TAKE_JSON)
    try:
        response = await client.api_call(
            method,
            headers=headers,
            json=arguments if as_json else None,
            data=arguments if not as_json else None,
        )
    except SlackApiError as error:
        raise named(error) from error
    except _BROKEN as error:
        raise _ended(error) from error
    data = response.data
    return data if isinstance(data, dict) else {}


async def works(client: AsyncWebClient, token: str) -> bool | None:
    """Whether Slack still takes the token; None where it cannot be asked just now."""
    try:
        await request(client, "auth.test", token, {})
    except RefusedError as refusal:
        return refusal.error not in DEAD
    except CallError:
        return None
    return True


def _accepted(said: str) -> None:
    """RefusedError where a `response_url` says no in an answer of status 200."""
    try:
        answer = json.loads(said)
    except ValueError:
        return  # "ok", in so many letters
    if isinstance(answer, dict) and answer.get("ok") is False:
        raise RefusedError(str(answer.get("error") or "refused"))


def _ended(error: Exception) -> CallError:
    """A connection that did not come about, or one that broke."""
    unreached = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientHttpProxyError)
    return (UnreachedError if unreached else UncertainError)(type(error).__name__)


def named(error: SlackApiError) -> CallError:
    response = error.response
    status = getattr(response, "status_code", getattr(response, "status", 0))
    data = getattr(response, "data", None)
    if status == 429:
        return _limited(response.headers.get("Retry-After"))
    if status >= 500 or not isinstance(data, dict) or "error" not in data:
        return UncertainError(f"status {status}")
    return RefusedError(str(data["error"]))


def _limited(retry_after: str | None) -> LimitedError:
    seconds = _seconds(retry_after)
    metrics.waited("slack", seconds)
    return LimitedError(seconds)


def _seconds(retry_after: str | None) -> float:
    try:
        return max(float(retry_after or 1), 0.1)
    except ValueError:
        return 1.0
