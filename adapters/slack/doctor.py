"""`doctor` on Slack: looks at the tokens, their scopes, the keys that seal others' tokens."""

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

import aiohttp
from cryptography.fernet import Fernet

from adapters.shared.http_client import found_proxy, proxy_for
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import Settings
from bot.adapter import Finding
from bot.pack.packs import Packs

Json: TypeAlias = dict[str, Any]
TIMEOUT = aiohttp.ClientTimeout(total=10)
MANIFEST = "`python -m bot slack manifest` prints what the app needs; then install it again"


async def look(
    settings: Settings, dated: Callable[[str], None], _packs: Packs | None
) -> AsyncIterator[Finding]:
    yield found_proxy("Slack", settings.slack_api_url)
    try:
        proxy = proxy_for(settings.slack_api_url)
        async with aiohttp.ClientSession(timeout=TIMEOUT, proxy=proxy) as session:
            if settings.slack_bot_token:
                token = settings.slack_bot_token.get_secret_value()
                url = f"{settings.slack_api_url}auth.test"
                async with session.post(url, headers=_bearer(token)) as answer:
                    dated(answer.headers.get("Date", ""))
                    said, scopes = await _read(answer), answer.headers.get("X-OAuth-Scopes")
                yield _bot(said)
                if said.get("ok") and scopes is not None:
                    yield _scopes({scope.strip() for scope in scopes.split(",")})
            if settings.slack_app_token:
                token = settings.slack_app_token.get_secret_value()
                url = f"{settings.slack_api_url}apps.connections.open"
                async with session.post(url, headers=_bearer(token)) as answer:
                    yield _socket(await _read(answer))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        advice = f"cannot be reached ({type(error).__name__}): check the network, SLACK_API_URL"
        yield Finding("slack", advice, stops=True)
    if settings.slack_client_id:
        yield _keys(settings)
    if settings.slack_signing_secret:
        yield Finding("slack http", "at /slack/events; Slack's first request proves the secret")


def _bot(said: Json) -> Finding:
    if not said.get("ok"):
        advice = f"SLACK_BOT_TOKEN: Slack refuses it ({_error(said)}): install the app again"
        return Finding("slack", advice, stops=True)
    return Finding("slack", f"is {said.get('user')} in {said.get('team')}")


def _scopes(found: set[str]) -> Finding:
    if missing := sorted(set(SCOPES) - found):
        return Finding("scopes", f"{', '.join(missing)} missing: {MANIFEST}", stops=True)
    return Finding("scopes", "all there")


def _socket(said: Json) -> Finding:
    if said.get("ok"):
        return Finding("socket", "can be opened")
    advice = f"SLACK_APP_TOKEN: Slack refuses it ({_error(said)}): it needs connections:write"
    if said.get("error") == "ratelimited":
        return Finding("socket", "asked too often just now: try again in a minute")
    return Finding("socket", f"{advice}, and Socket Mode must be on", stops=True)


def _keys(settings: Settings) -> Finding:
    try:
        for key in settings.encryption_keys:
            Fernet(key.get_secret_value())
    except ValueError:
        advice = "ENCRYPTION_KEYS: each must be 32 bytes in URL-safe base64, with commas between"
        return Finding("keys", advice, stops=True)
    return Finding("keys", f"{len(settings.encryption_keys)}, the first one seals new tokens")


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _error(said: Json) -> str:
    return str(said.get("error", "no answer that can be read"))


async def _read(answer: aiohttp.ClientResponse) -> Json:
    try:
        said = await answer.json()
    except (aiohttp.ContentTypeError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
