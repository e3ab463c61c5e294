"""`python -m bot` as a process of its own that starts in milliseconds, and other forked processes.

They are forked from a server that has imported everything already. What a new interpreter would
import, and in which order, is checked by the tests that start a `fresh` one.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]
# One list for all: there is one server, and what it imports is settled when it first forks.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        "pytest",  # where pytest is started as a script, every fork imports that script
        "tests.fakes.console",
        "tests.delivery.dying",
        "tests.delivery.test_many",
        "bot.run",
        *(f"adapters.{platform}.app" for platform in ("slack", "discord", "playground")),
    ]
)


class Running(Protocol):
    """As much of a process as the tests need, whichever way it was started."""

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, number: int) -> None: ...

    async def wait(self) -> int: ...


async def start(
    directory: Path,
    environment: Mapping[str, str],
    *arguments: str,
    fresh: bool = False,
    first: Callable[[], None] | None = None,
) -> Running:
    """Run the bot in `directory`, with nothing in its environment but this; it writes to `log`.

    `first` is called in the process before all else (a function of a module; not in a fresh one).
    """
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    if fresh:
        with (directory / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *arguments), cwd=directory, env=environment,
                stdout=log, stderr=log,
            )  # fmt: skip
    given = (directory, environment, arguments, first)
    process = PROCESSES.Process(target=_bot, args=given, daemon=True)
    await asyncio.to_thread(process.start)  # the first waits for the server's imports
    return _Forked(process)


class _Forked:
    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        assert self._process.pid
        os.kill(self._process.pid, number)

    async def wait(self) -> int:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode


def _bot(
    directory: Path,
    environment: Mapping[str, str],
    arguments: tuple[str, ...],
    first: Callable[[], None] | None,
) -> None:
    from bot.__main__ import main

    if first is not None:
        first()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    log = os.open("log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main(arguments))


async def announced(log: Callable[[], str], words: str, within: float) -> None:
    """Wait until a process says that it runs: nothing is in its log before that."""
    async with asyncio.timeout(within):
        while True:
            if words in log():
                break
            await asyncio.sleep(0.01)
