"""What `doctor` looks at on Discord: the token, the connection to be made, the intents."""

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

import aiohttp

from adapters.discord.rest import AGENT, root
from bot.config import Settings
from bot.doctor import Finding

Json: TypeAlias = dict[str, Any]
TIMEOUT = aiohttp.ClientTimeout(total=10)


async def look(settings: Settings, dated: Callable[[str], None]) -> AsyncIterator[Finding]:
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    headers = {"Authorization": f"Bot {token}", "User-Agent": AGENT}
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=TIMEOUT) as session:
            url = root(settings.discord_api_url)
            async with session.get(f"{url}/users/@me") as answer:
                dated(answer.headers.get("Date", ""))
                yield _bot(answer.status, await _read(answer))
                if answer.status != 200:
                    return
            async with session.get(f"{url}/gateway/bot") as answer:
                yield _gateway(answer.status, await _read(answer), settings.discord_shard_count)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        advice = f"cannot be reached ({type(error).__name__}): check the network, DISCORD_API_URL"
        yield Finding("discord", advice, stops=True)


def _bot(status: int, said: Json) -> Finding:
    if status == 401:
        advice = "DISCORD_TOKEN: Discord refuses it: copy it again from the portal, page Bot"
        return Finding("discord", advice, stops=True)
    if status != 200:
        return Finding("discord", f"answers with status {status}: try again later", stops=True)
    return Finding("discord", f"logs in as {said.get('username')}; no privileged intent is needed")


def _gateway(status: int, said: Json, shards: int | None) -> Finding:
    if status != 200:
        return Finding("gateway", f"answers with status {status}: try again later", stops=True)
    wanted, left = said.get("shards", 1), said.get("session_start_limit", {}).get("remaining")
    if left == 0:
        return Finding("gateway", "no connection is left for today: wait for tomorrow", stops=True)
    if shards is not None and shards < wanted:
        advice = f"DISCORD_SHARD_COUNT: Discord recommends {wanted} shards"
        return Finding("gateway", advice)
    return Finding("gateway", f"{wanted} shards, {left} connections left for today")


async def _read(answer: aiohttp.ClientResponse) -> Json:
    try:
        said = await answer.json()
    except (aiohttp.ContentTypeError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
