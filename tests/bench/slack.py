"""A press on Slack, from its delivery to the card that changes, over HTTP and Socket Mode.

Beside an app as most tutorials write it, and beside one without libraries but aiohttp; each is a
process of its own, and Slack with its members another.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from tests.bench import _presses
from tests.bench._presses import CROSSROADS, FLOOR, TUTORIAL, Run
from tests.fakes.forks import ROOT
from tests.fakes.slack import FakeSlack, NotAcknowledgedError, Person
from tests.fakes.slack.world import Message
from tests.slack.conftest import http_settings, socket_settings
from tests.slack.process import SECRET, free_port

SUBJECTS = {
    FLOOR: ("-m", "tests.bench.bots.slack_floor"),
    TUTORIAL: ("-m", "tests.bench.bots.slack_tutorial"),
    CROSSROADS: ("-m", "bot", "run", "slack"),
}
PATIENCE_SECONDS = 10.0
START_SECONDS = 60.0


async def press(person: Person) -> float | None:
    """Answer the first question, then go back: the card changes in place."""
    card = person.messages[0]
    message = card.source
    assert isinstance(message, Message)
    label = "← Back" if "← Back" in card.buttons else card.buttons[0]
    payload = person.press_payload(card, card.control(label))
    message.changed.clear()
    began = time.perf_counter()
    try:
        await person.slack.deliver("interactive", payload)
        await asyncio.wait_for(message.changed.wait(), PATIENCE_SECONDS)
    except (NotAcknowledgedError, TimeoutError):
        return None
    return time.perf_counter() - began


@asynccontextmanager
async def running(
    slack: FakeSlack, name: str, mode: str, directory: str
) -> AsyncIterator[psutil.Process]:
    settings = socket_settings(slack) if mode == "socket" else http_settings(slack)
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "MEMBER_EVENTS_A_MINUTE": "0",  # one member presses more often here than anybody could
        **settings,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, *SUBJECTS[name], cwd=directory, env=environment,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        if mode == "socket":
            await slack.socket.connected(2 if name == CROSSROADS else 1, START_SECONDS)
        else:
            await listening(port)
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events", SECRET)
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        await process.wait()


async def listening(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def talked_to(person: Person) -> None:
    """Ask for the quiz until it comes: a port that listens may not take commands yet."""
    deadline = time.monotonic() + START_SECONDS
    while not person.messages:
        assert time.monotonic() < deadline, person.failures
        failed = len(person.failures)
        await person.command("/quiz")
        if len(person.failures) > failed:
            await asyncio.sleep(0.02)


async def run(name: str, mode: str) -> Run:
    with tempfile.TemporaryDirectory() as directory:
        async with FakeSlack() as slack:
            people = [slack.person(f"p{number}") for number in range(max(_presses.ANSWERS))]
            began = time.perf_counter()
            async with running(slack, name, mode, directory) as bot:
                await talked_to(people[0])
                started, spent = time.perf_counter() - began, _presses.processor(bot)
                for person in people[1:]:
                    await person.command("/quiz")
                rounds = await _presses.pressed(bot, people, press)
                return Run(started, spent, rounds, bot.memory_info().rss)


async def main() -> None:
    for mode in ("http", "socket"):
        runs: dict[str, list[Run]] = {name: [] for name in SUBJECTS}
        for _ in range(_presses.ROUNDS):
            for name, done in runs.items():
                done.append(await run(name, mode))
        _presses.report(f"Slack over {mode}", runs)


if __name__ == "__main__":
    asyncio.run(main())
