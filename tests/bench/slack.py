"""From a delivery of Slack to its acknowledgement and the visible update, beside a bare Bolt app.

`python -m tests.bench.slack` prints, for both modes and several deliveries in flight, the median,
the 99th percentile and the throughput; the ratios are to a bare app that acknowledges a command
with "hello". Each app is a process of its own; Slack and its members share a third.
"""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from tests.fakes.forks import ROOT
from tests.fakes.slack import FakeSlack, NotAcknowledgedError, Person
from tests.fakes.slack.bare_app import SECRET
from tests.fakes.slack.world import Message
from tests.slack.conftest import http_settings, socket_settings
from tests.slack.process import Process, free_port

IN_FLIGHT = (1, 16, 64)
SECONDS = 3.0
WARM_UP = 0.5
Act = Callable[[Person], Awaitable[tuple[float, float]]]
"""One delivery: seconds to its acknowledgement, and to what the member sees."""


@dataclass
class Figures:
    acked: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    seconds: float = 0.0
    late: int = 0

    @property
    def rate(self) -> float:
        return len(self.acked) / self.seconds

    def line(self, name: str, bare: Figures | None) -> str:
        cells = [
            f"{median(times) * 1000:7.2f} {quantiles(times, n=100)[98] * 1000:8.2f}"
            for times in (self.acked, self.seen)
        ]
        line = f"  {name:22} {cells[0]}   {cells[1]} {self.rate:8.0f}"
        if bare is None:
            return line
        slower = median(self.acked) / median(bare.acked)
        late = f", {self.late} too late" if self.late else ""
        return f"{line}   ack {slower:4.2f} x, rate {self.rate / bare.rate:4.2f} x{late}"


UNHURRIED = {"LOG_LEVEL": "ERROR", "MEMBER_EVENTS_A_MINUTE": "0"}


async def command(person: Person) -> tuple[float, float]:
    """A command: its acknowledgement carries the answer."""
    started = time.perf_counter()
    ack = await person.slack.deliver("slash_commands", person.command_payload("/compare"))
    assert ack.payload["text"]
    took = time.perf_counter() - started
    return took, took


async def press(person: Person) -> tuple[float, float]:
    """An answer of the quiz, and one step back, by turns: the card changes in place."""
    card = person.messages[0]
    message = card.source
    assert isinstance(message, Message)
    back = [label for label in card.buttons if "Back" in label]
    control = card.control(back[0] if back and "3 of" in card.text else card.buttons[0])
    message.changed.clear()
    started = time.perf_counter()
    await person.slack.deliver("interactive", person.press_payload(card, control))
    acked = time.perf_counter() - started
    await asyncio.wait_for(message.changed.wait(), 10)
    return acked, time.perf_counter() - started


async def measure(people: list[Person], act: Act) -> Figures:
    """Every person acts again as soon as the last act is done."""
    figures = Figures()

    async def one(person: Person, until: float, keep: bool) -> None:
        while time.perf_counter() < until:
            try:
                acked, seen = await act(person)
            except NotAcknowledgedError:  # within the three seconds that Slack waits
                figures.late += 1
                continue
            if keep:
                figures.acked.append(acked)
                figures.seen.append(seen)

    for seconds, keep in ((WARM_UP, False), (SECONDS, True)):
        started = time.perf_counter()
        await asyncio.gather(*(one(person, started + seconds, keep) for person in people))
        figures.seconds = time.perf_counter() - started
    return figures


@asynccontextmanager
async def bare(slack: FakeSlack, mode: str) -> AsyncIterator[None]:
    port = free_port()
    arguments = ["--api-url", slack.api_url, "--token", slack.bot_token, "--port", str(port)]
    if mode == "socket":
        arguments += ["--app-token", slack.app_token]
    module = "tests.fakes.slack.bare_app"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT
    )
    try:
        if mode == "socket":
            await slack.socket.connected()
        else:
            await listening(port)
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events", SECRET)
        yield
    finally:
        process.kill()
        await process.wait()


async def listening(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


@asynccontextmanager
async def crossroads(slack: FakeSlack, mode: str) -> AsyncIterator[None]:
    settings = socket_settings(slack) if mode == "socket" else http_settings(slack)
    with tempfile.TemporaryDirectory() as directory:
        process = Process(Path(directory), {**settings, **UNHURRIED}, fresh=True)
        await process.start()
        if mode == "socket":
            await slack.socket.connected(2)
        else:
            slack.deliver_to(f"{process.url}/slack/events", SECRET)
        try:
            yield
        finally:
            await process.kill()


def one_commit() -> float:
    """The median seconds of a commit as the bot's database makes it."""
    with tempfile.TemporaryDirectory() as directory:
        database = sqlite3.connect(Path(directory) / "x.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE x (n INTEGER)")
        times = []
        for number in range(300):
            started = time.perf_counter()
            database.execute("INSERT INTO x VALUES (?)", (number,))
            times.append(time.perf_counter() - started)
        database.close()
        return median(times)


async def run(mode: str) -> None:
    print(f"\n{mode}: ms to acknowledgement, ms to what the member sees, deliveries a second")
    print(f"  {'':22} {'p50':>7} {'p99':>8}   {'p50':>7} {'p99':>8} {'rate':>8}")
    for in_flight in IN_FLIGHT:
        async with FakeSlack() as slack:
            people = [slack.person(f"p{number}") for number in range(in_flight)]
            async with bare(slack, mode):
                base = await measure(people, command)
            print(base.line(f"bare app, {in_flight} in flight", None))
        async with FakeSlack() as slack:
            people = [slack.person(f"p{number}") for number in range(in_flight)]
            async with crossroads(slack, mode):
                print((await measure(people, command)).line("  /compare", base))
                for person in people:
                    await person.command("/quiz")
                print((await measure(people, press)).line("  an answer", base))


async def main() -> None:
    print(f"one commit takes {one_commit() * 1000:.2f} ms here")
    for mode in ("http", "socket"):
        await run(mode)


if __name__ == "__main__":
    asyncio.run(main())
