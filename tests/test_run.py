"""The composition root, in this process: it serves, and ends when it is told to or must."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.config.settings import Configuration, SettingError
from bot.run import run
from bot.store.migrate import SchemaError
from tests.configured import configured
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.slack.process import SECRET, free_port


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture(autouse=True)
def garbage_as_it_was() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


def settings(slack: FakeSlack, directory: Path, **more: Any) -> Configuration:
    return configured(
        **{
            "database_url": f"sqlite:///{directory / 'crossroads.db'}",
            "slack_bot_token": slack.bot_token,
            "slack_signing_secret": SECRET,
            "slack_api_url": slack.api_url,
            "port": free_port(),
            **more,
        },
    )


async def ready(running: "asyncio.Task[None]", port: int) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            assert not running.done(), running.exception()
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)


async def test_it_serves_until_sigterm(slack: FakeSlack, tmp_path: Path) -> None:
    given = settings(slack, tmp_path)
    running = asyncio.create_task(run(given, ()))
    await ready(running, given.shared.port)
    slack.deliver_to(f"http://127.0.0.1:{given.shared.port}/slack/events", SECRET)
    alice = slack.person("alice")
    await alice.command("/quiz")
    assert gc.get_freeze_count() > 100_000  # nobody waits for a collector that walks all that
    assert "Question 1 of 13" in alice.last.text
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 20)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"http://127.0.0.1:{given.shared.port}/healthz")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_loop_that_knows_no_signals_is_stopped_all_the_same(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """As asyncio's loop on Windows, where they are the interpreter's to hear."""

    def unknown(*_: object) -> None:
        raise NotImplementedError

    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", unknown)
    given = settings(slack, tmp_path)
    running = asyncio.create_task(run(given, ()))
    try:
        await ready(running, given.shared.port)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(running, 20)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


async def test_two_platforms_run_in_one_process_and_one_can_end_both(
    slack: FakeSlack, tmp_path: Path
) -> None:
    async with FakeDiscord() as discord:
        more = {"discord_token": discord.token, "discord_api_url": discord.api_url}
        given = settings(slack, tmp_path, **more)
        running = asyncio.create_task(run(given, ()))
        await ready(running, given.shared.port)
        await discord.revoke_token()
        with pytest.raises(SettingError, match="DISCORD_TOKEN"):
            await asyncio.wait_for(running, 20)


async def test_a_token_that_slack_refuses_ends_the_start(slack: FakeSlack, tmp_path: Path) -> None:
    given = settings(slack, tmp_path, slack_bot_token="xoxb-wrong")
    with pytest.raises(SettingError, match=r"^SLACK_BOT_TOKEN: Slack refuses it \(invalid_auth\)"):
        await asyncio.wait_for(run(given, ("slack",)), 20)


@pytest.mark.postgres
async def test_a_shared_database_is_not_migrated_by_whoever_comes_first(
    slack: FakeSlack, tmp_path: Path, postgres_url: str
) -> None:
    given = settings(slack, tmp_path, database_url=postgres_url)
    with pytest.raises(SchemaError, match="run `python -m bot migrate` first"):
        await run(given, ("slack",))
