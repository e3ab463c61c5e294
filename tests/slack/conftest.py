"""A Slack on loopback, and Crossroads beside it as a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.secrets import Secrets, what_was_said
from tests.slack.process import SECRET, Process

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


def socket_settings(slack: FakeSlack) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


def http_settings(slack: FakeSlack) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
    }


def oauth_settings(slack: FakeSlack) -> dict[str, str]:
    client_id, client_secret = slack.api.client
    return {
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_CLIENT_ID": client_id,
        "SLACK_CLIENT_SECRET": client_secret,
        "SLACK_API_URL": slack.api_url,
        "ENCRYPTION_KEYS": KEY,
    }


async def running(
    slack: FakeSlack,
    directory: Path,
    settings: dict[str, str],
    first: Callable[[], None] | None = None,
) -> Process:
    """The bot, started and reachable for the fake."""
    bot = Process(directory, settings, first=first)
    await bot.start()
    if "SLACK_APP_TOKEN" in settings:
        await slack.socket.connected(2)
    else:
        slack.deliver_to(f"{bot.url}/slack/events", SECRET)
    return bot


async def ended(bot: Process, slack: FakeSlack) -> None:
    """Kill the bot, and look for every secret that it was given in what it logged."""
    await bot.kill()
    world = slack.world
    addresses = [f"/respond/{name}" for name in world.response_urls]
    values = [*world.tokens, *world.triggers, *addresses, slack.app_token, SECRET, KEY]
    values += [*world.passed, *what_was_said(world.said)]
    Secrets({value: value for value in values}).assert_absent(bot.log)


@pytest.fixture
async def socket_bot(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Process]:
    bot = await running(slack, tmp_path, socket_settings(slack))
    yield bot
    await ended(bot, slack)


@pytest.fixture
async def http_bot(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Process]:
    bot = await running(slack, tmp_path, http_settings(slack))
    yield bot
    await ended(bot, slack)


@pytest.fixture
async def oauth_bot(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Process]:
    bot = await running(slack, tmp_path, oauth_settings(slack))
    yield bot
    await ended(bot, slack)


@pytest.fixture(params=["socket", "http"])
async def bot(
    slack: FakeSlack, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Process]:
    """The bot in each mode."""
    settings = socket_settings(slack) if request.param == "socket" else http_settings(slack)
    bot = await running(slack, tmp_path, settings)
    yield bot
    await ended(bot, slack)
