"""`python -m bot` as a real process, connected to a Discord on loopback."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord, Person
from tests.fakes.forks import Running, announced, start
from tests.secrets import Secrets, what_was_said


def assert_nothing_was_given_away(bot: "Bot", discord: FakeDiscord) -> None:
    """Neither tokens nor what people said stand in the log."""
    world = discord.world
    secrets = [discord.token, *world.interactions, *what_was_said(world.said)]
    Secrets({secret: secret for secret in secrets}).assert_absent(bot.log)


class Bot:
    """One process after another in the same directory, on the same database."""

    def __init__(self, discord: FakeDiscord, directory: Path) -> None:
        self._discord = discord
        self.directory = directory
        self.database = directory / "crossroads.db"
        self.first: Callable[[], None] | None = None  # called in the process before all else
        self._process: Running | None = None

    async def start(self, *arguments: str, fresh: bool = False, **settings: str) -> None:
        """Start the process, without waiting for it."""
        environment = {
            "DISCORD_TOKEN": self._discord.token,
            "DISCORD_API_URL": self._discord.api_url,
            "PORT": "0",
            "LOG_LEVEL": "DEBUG",  # the level at which a secret would slip out
            **settings,
        }
        self._process = await start(
            self.directory, environment, *arguments, fresh=fresh, first=self.first
        )

    async def connected(self, *, fresh: bool = False, **settings: str) -> None:
        """Start the process, and wait until it can be talked to."""
        await self.start(fresh=fresh, **settings)
        await self._discord.ready()
        await self._discord.world.until(lambda: self._discord.world.commands, "the commands")
        await self.announced()

    async def announced(self) -> None:
        await announced(lambda: self.log, "running discord", 20)

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        return await self._end(signal.SIGTERM)

    async def exited(self) -> int:
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), 20)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self.exited()

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text(encoding="utf-8")

    def write(self, sql: str) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(sql)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            rows = connection.execute(sql).fetchall()
        connection.close()
        return rows


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake


@pytest.fixture
def server(discord: FakeDiscord) -> str:
    return discord.add_guild()


@pytest.fixture
def alice(discord: FakeDiscord, server: str) -> Person:
    return discord.person("Alice", server)


@pytest.fixture
def bob(discord: FakeDiscord, server: str) -> Person:
    return discord.person("Bob", server)


@pytest.fixture
async def bot(
    discord: FakeDiscord, server: str, tmp_path: Path, no_cover: None
) -> AsyncIterator[Bot]:
    """A bot that is to be started; whatever a test does, nobody is pinged and it ends."""
    bot = Bot(discord, tmp_path)
    yield bot
    if bot._process is not None:
        await bot.kill()
        print(bot.log)  # noqa: T201
        assert_nothing_was_given_away(bot, discord)
    assert discord.world.pings == []


@pytest.fixture
async def running(bot: Bot) -> Bot:
    await bot.connected()
    return bot
