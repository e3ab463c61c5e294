"""Crossroads as a process of its own, beside a Slack on loopback."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.fakes.forks import Running, announced, start

SECRET = "signing-secret"
START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class Process:
    """`python -m bot` in `directory`, with nothing in its environment but what is given."""

    directory: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    fresh: bool = False
    first: Callable[[], None] | None = None  # called in the process before all else
    _running: Running | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text()

    async def start(self, ready: bool = True) -> None:
        environment = {
            "PORT": str(self.port),
            "LOG_LEVEL": "DEBUG",  # the level at which a secret would slip out
            **self.settings,
        }
        self._running = await start(self.directory, environment, fresh=self.fresh, first=self.first)
        if ready:
            await self.ready()
            await self.announced()

    async def ready(self, within: float = START_SECONDS) -> None:
        """Wait until /readyz says yes."""
        await self.says("ok\n", within)

    async def says(self, said: str, within: float = START_SECONDS) -> None:
        """Wait until /readyz says so."""
        deadline = time.monotonic() + within
        async with aiohttp.ClientSession() as session:
            while True:
                assert self._running, "not started"
                assert self._running.returncode is None, f"it ended:\n{self.log}"
                assert time.monotonic() < deadline, f"/readyz never says {said}:\n{self.log}"
                if said in await self.readiness(session):
                    return
                await asyncio.sleep(0.05)

    async def announced(self, within: float = START_SECONDS) -> None:
        await announced(lambda: self.log, " running ", within)

    async def readiness(self, session: aiohttp.ClientSession) -> str:
        """What /readyz says; nothing where nobody listens yet."""
        try:
            async with session.get(f"{self.url}/readyz") as answer:
                return await answer.text()
        except aiohttp.ClientError:
            return ""

    async def kill(self) -> None:
        """SIGKILL: no last words."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit status."""
        return await self._end(signal.SIGTERM)

    async def ended(self, within: float = START_SECONDS) -> int:
        assert self._running
        return await asyncio.wait_for(self._running.wait(), within)

    async def _end(self, number: signal.Signals) -> int:
        assert self._running
        if self._running.returncode is None:
            self._running.send_signal(number)
        return await self._running.wait()
