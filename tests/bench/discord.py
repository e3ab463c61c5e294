"""A press on Discord, from the interaction delivered to its first response.

Beside a bot as most tutorials write it, and beside one without libraries but aiohttp; each is a
process of its own, and Discord with its members another.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from tests.bench import _presses
from tests.bench._presses import CROSSROADS, FLOOR, TUTORIAL, Run
from tests.fakes.discord import FakeDiscord, Person
from tests.fakes.forks import ROOT

GUILDS = 1000
GIVES_UP_SECONDS = 3.0
SUBJECTS = {
    FLOOR: ("-m", "tests.bench.bots.discord_floor"),
    TUTORIAL: ("-m", "tests.bench.bots.discord_tutorial"),
    CROSSROADS: ("-m", "bot", "run", "discord"),
}


async def press(person: Person) -> float | None:
    """Answer the first question, then go back: each press is a turn that is committed."""
    card = person.last
    label = "← Back" if "← Back" in card.buttons else card.buttons[0]
    live = await person.press(label, on=card, wait=False)
    try:
        await person.discord.world.until(lambda: live.settled, "an answer", GIVES_UP_SECONDS)
    except AssertionError:
        return None
    return live.answered_after


@asynccontextmanager
async def running(discord: FakeDiscord, name: str, directory: str) -> AsyncIterator[psutil.Process]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway.url,
        "PORT": "0",
        "LOG_LEVEL": "ERROR",
        "MEMBER_EVENTS_A_MINUTE": "0",  # one member presses more often here than anybody could
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, *SUBJECTS[name], cwd=directory, env=environment,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await discord.ready(seconds=60)
        await discord.world.until(lambda: discord.world.commands, "the commands", 60)
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        await process.wait()


async def run(name: str) -> Run:
    with tempfile.TemporaryDirectory() as directory:
        async with FakeDiscord(judging=False) as discord:
            guild = discord.add_guild()
            # Each in a channel of their own: the fake looks for cards channel by channel.
            people = [discord.person(f"p{n}", guild).in_dm for n in range(max(_presses.ANSWERS))]
            began = time.perf_counter()
            async with running(discord, name, directory) as bot:
                started, spent = time.perf_counter() - began, _presses.processor(bot)
                for person in people:
                    await person.command("/quiz")
                rounds = await _presses.pressed(bot, people, press)
                return Run(started, spent, rounds, bot.memory_info().rss)


async def memory(name: str) -> int:
    """Bytes held once the bot knows so many servers."""
    with tempfile.TemporaryDirectory() as directory:
        async with FakeDiscord(judging=False) as discord:
            for number in range(GUILDS):
                discord.add_guild(f"Server {number}")
            async with running(discord, name, directory) as bot:
                await asyncio.sleep(3)  # discord.py streams the servers in; nothing says when
                return int(bot.memory_info().rss)


async def main() -> None:
    runs: dict[str, list[Run]] = {name: [] for name in SUBJECTS}
    for _ in range(_presses.ROUNDS):
        for name, done in runs.items():
            done.append(await run(name))
    _presses.report("a press on Discord", runs)
    for name in SUBJECTS:
        print(f"  memory of {name} with {GUILDS} servers: {await memory(name) / 2**20:.0f} MiB")
    print(f"  a raw commit on this disk: {_presses.commit_seconds() * 1000:.2f} ms")


if __name__ == "__main__":
    asyncio.run(main())
