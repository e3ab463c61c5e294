"""`doctor` on Discord: looks at the token, the connection to be made, the commands."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from adapters.discord.api import AGENT, root
from adapters.discord.commands.registry import differences
from adapters.discord.commands.tree import tree
from adapters.discord.gateway.client import deaf
from adapters.discord.settings import Settings
from adapters.shared.http_client import found_proxy, proxy_for
from bot.adapter import Finding
from bot.pack.packs import Packs

TIMEOUT = aiohttp.ClientTimeout(total=10)


async def look(
    settings: Settings, dated: Callable[[str], None], packs: Packs | None
) -> AsyncIterator[Finding]:
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    headers = {"Authorization": f"Bot {token}", "User-Agent": AGENT}
    url = root(settings.discord_api_url)
    yield found_proxy("Discord", url)
    try:
        async with aiohttp.ClientSession(
            headers=headers, timeout=TIMEOUT, proxy=proxy_for(url)
        ) as session:
            async with session.get(f"{url}/users/@me") as answer:
                dated(answer.headers.get("Date", ""))
                yield _bot(answer.status, await _read(answer))
                if answer.status != 200:
                    return
            async with session.get(f"{url}/gateway/bot") as answer:
                yield _gateway(answer.status, await _read(answer), settings.discord_shard_count)
            async with session.get(f"{url}/applications/@me") as answer:
                application = await _read(answer) or {}
            if why := deaf(application):
                yield Finding("gateway", why, stops=True)
            async with session.get(
                f"{url}/applications/{application.get('id')}/commands"
            ) as answer:
                yield _commands(answer.status, await _read(answer), packs)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        advice = f"cannot be reached ({type(error).__name__}): check the network, DISCORD_API_URL"
        yield Finding("discord", advice, stops=True)


def _bot(status: int, said: Any) -> Finding:
    if status == 401:
        advice = "DISCORD_TOKEN: Discord refuses it: copy it again from the portal, page Bot"
        return Finding("discord", advice, stops=True)
    if status != 200:
        return Finding("discord", f"answers with status {status}: try again later", stops=True)
    name = said.get("username") if isinstance(said, dict) else "somebody"
    return Finding("discord", f"logs in as {name}; no privileged intent is needed")


def _gateway(status: int, said: Any, shards: int | None) -> Finding:
    if status != 200 or not isinstance(said, dict):
        return Finding("gateway", f"answers with status {status}: try again later", stops=True)
    wanted, left = said.get("shards", 1), said.get("session_start_limit", {}).get("remaining")
    if left == 0:
        return Finding("gateway", "no connection is left for today: wait for tomorrow", stops=True)
    if shards is not None and shards < wanted:
        advice = f"DISCORD_SHARD_COUNT: Discord recommends {wanted} shards"
        return Finding("gateway", advice)
    return Finding("gateway", f"{wanted} shards, {left} connections left for today")


def _commands(status: int, has: Any, packs: Packs | None) -> Finding:
    if status != 200 or not isinstance(has, list):
        return Finding("commands", f"cannot be looked at (status {status}): try again later", True)
    if not has:
        return Finding("commands", "none yet: the bot registers them as it starts")
    if packs is None:
        return Finding("commands", "not compared: the content cannot be used", stops=True)
    commands = tree(packs)
    if wrong := differences(has, commands):
        named = ", ".join(f"/{name}" for name in wrong)
        return Finding("commands", f"not as they should be: {named}; the next start puts it right")
    return Finding("commands", f"{len(commands)}, as they should be")


async def _read(answer: aiohttp.ClientResponse) -> Any:
    try:
        return await answer.json()
    except (aiohttp.ContentTypeError, ValueError):
        return None
