"""A process whose surroundings are not there yet: what it waits for, and that it ends when told."""

import asyncio
import socket
import sqlite3
import stat
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.forks import ROOT
from tests.fakes.slack import FakeSlack
from tests.slack.process import SECRET, Process, free_port

pytestmark = pytest.mark.usefixtures("no_cover")

PATIENCE = 20.0


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake


def on_discord(discord: FakeDiscord, **more: str) -> dict[str, str]:
    return {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, **more}


async def until(look: Callable[[], Awaitable[bool]], process: Process, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await look():
        assert time.monotonic() < deadline, f"{what} never came; the log:\n{process.log}"
        await asyncio.sleep(0.02)


async def readyz(process: Process, *, says: str, no_more: str = "") -> None:
    """Wait until /readyz gives this reason, and does not give the other one any more."""

    async def look() -> bool:
        try:
            async with session.get(f"{process.url}/readyz") as answer:
                said = await answer.text()
                return answer.status == 503 and says in said and not (no_more and no_more in said)
        except aiohttp.ClientError:
            return False

    async with aiohttp.ClientSession() as session:
        await until(look, process, f"“{says}” from /readyz")


async def test_slack_out_of_reach_keeps_nobody_from_discord(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": nowhere}
    process = Process(tmp_path, on_discord(discord, LOG_LEVEL="INFO", **slack))
    await process.start(ready=False)
    await discord.ready()
    await discord.world.until(lambda: discord.world.commands, "the commands")
    alice = discord.person("Alice", discord.add_guild())
    await alice.command("/quiz")
    assert "Question 1 of" in alice.last.text
    await readyz(process, says="slack: ")
    began = time.monotonic()
    assert await process.stop() == 0
    assert time.monotonic() - began < PATIENCE  # 25 seconds are promised
    assert "Traceback" not in process.log


async def test_discord_out_of_reach_keeps_nobody_from_slack(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        settings = {
            "DISCORD_TOKEN": "t",
            "DISCORD_API_URL": f"http://127.0.0.1:{free_port()}",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.api_url,
        }

        process = Process(tmp_path, settings)
        slack.deliver_to(f"{process.url}/slack/events", SECRET)
        await process.start(ready=False)
        await readyz(process, says="discord: ", no_more="slack: ")
        alice = slack.person("alice")
        await alice.command("/quiz")
        assert "Question 1 of" in alice.last.text
        assert await process.stop() == 0


async def test_a_database_that_is_locked_at_the_start_is_waited_for(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    file = tmp_path / "crossroads.db"
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    process = Process(tmp_path, on_discord(discord, LOG_LEVEL="INFO"))
    await process.start(ready=False)
    await readyz(process, says="database: database is locked")
    lock.execute("ROLLBACK")
    lock.close()
    await process.ready()
    assert process.log.count("waiting for the database: database is locked") == 1
    assert "the database is there" in process.log
    assert stat.S_IMODE(file.stat().st_mode) == 0o600  # as nobody else may read it
    await process.kill()


async def test_a_server_that_is_down_is_waited_for_and_a_stop_is_heard_meanwhile(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    nowhere = f"postgresql://u:s3cr3t@127.0.0.1:{free_port()}/c"
    process = Process(tmp_path, on_discord(discord, DATABASE_URL=nowhere))
    await process.start(ready=False)
    await readyz(process, says="database: cannot reach the server")
    assert await process.stop() == 0
    assert "s3cr3t" not in process.log
    assert discord.world.commands == []  # nobody was served


async def test_a_server_that_hangs_holds_up_no_stop(discord: FakeDiscord, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/c"
        process = Process(tmp_path, on_discord(discord, DATABASE_URL=url))
        await process.start(ready=False)
        await readyz(process, says="database: ")
        began = time.monotonic()
        assert await process.stop() == 0
        assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"DISCORD_TOKEN": "wrong"}, "DISCORD_TOKEN: Discord refuses it"),
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN: Slack refuses it (invalid_auth)"),
        ({"HOST": "203.0.113.9"}, "HOST: this machine does not have that address"),
        ({"DATABASE_URL": "sqlite:///no/such/directory/c.db"}, "DATABASE_URL: cannot open"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
async def test_a_wrong_setting_is_the_only_line(
    discord: FakeDiscord, tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    async with FakeSlack() as slack:
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            **on_discord(discord, LOG_LEVEL="INFO"),
            **wrong,
        }
        process = Process(tmp_path, settings)
        await process.start(ready=False)
        assert await process.ended() == 2
    (line,) = process.log.splitlines()
    assert line.startswith(f"crossroads: {said}")


STUCK = """
import asyncio, sys, time
import bot.run, bot.ops.serving
from bot.__main__ import main

serve, bot.run._GONE_SECONDS = bot.ops.serving.server, 0.5

async def stuck(*given):
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)
    return await serve(*given)

bot.ops.serving.server = stuck
sys.exit(main(["run", "discord"]))
"""


async def test_a_thread_that_never_comes_back_does_not_keep_the_process(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    """The look-up of a name holds one for as long as it likes, and Python waits for its threads."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STUCK), cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PORT": str(port), **on_discord(discord)},
    )  # fmt: skip
    await discord.ready()
    process.terminate()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_a_stop_is_heard_while_the_program_is_still_being_loaded(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    """From when the command is read on, which is long before the first line of the log."""
    process = Process(tmp_path, on_discord(discord), fresh=True)
    process.settings["PYTHONVERBOSE"] = "1"  # it tells what it imports
    await process.start(ready=False)

    async def loading() -> bool:
        return "bot/run.py" in process.log

    await until(loading, process, "the import of bot.run")
    assert await process.stop() == 0
