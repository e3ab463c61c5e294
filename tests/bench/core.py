"""What a quiz press costs beside a raw commit of the same rows, and what a process costs."""

import asyncio
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import psutil

from bot.chat.actions import Pick, StartOver
from bot.chat.event import Command, Event, Person, Place, Press
from bot.chat.reply import Message
from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate
from tests.stories import buttons

PRESSES = 2000
STARTS = 5
REPOSITORY = Path(__file__).parents[2]
PLACE = Place(tenant="local", channel="general")


async def presses(path: Path) -> list[float]:
    """Seconds that `Core.handle` takes, press by press, one member answering round and round."""
    database = await SQLiteDatabase.open(path)
    try:
        await migrate(database)
        core = Core(database, Packs((load(default_pack_path()),)))
        person = Person(platform="playground", tenant="local", user="ana")
        seconds: list[float] = []

        async def send(arrived: Command | Press) -> Message:
            event = Event(id="1", person=person, place=PLACE, input=arrived)
            began = time.perf_counter()
            reply = await core.handle(event)
            seconds.append(time.perf_counter() - began)
            assert isinstance(reply.show, Message)
            return reply.show

        card = await send(Command(name="quiz"))
        while len(seconds) < PRESSES:
            picks = [b.action for b in buttons(card) if isinstance(b.action, Pick)]
            if picks:
                card = await send(Press(action=picks[0]))
                continue
            card = await send(Command(name="quiz"))
            over = next(b.action for b in buttons(card) if isinstance(b.action, StartOver))
            card = await send(Press(action=over))
        return seconds
    finally:
        await database.close()


def floor(path: Path) -> list[float]:
    """Seconds of a raw sqlite3 transaction that writes the rows that a press writes."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    [(session, state, turn)] = connection.execute("SELECT id, state, turn FROM sessions").fetchall()
    seconds = []
    for number in range(PRESSES):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT * FROM sessions WHERE id = ?", (session,)).fetchall()
        connection.execute(
            "UPDATE sessions SET turn = ?, state = ?, updated_at = ? WHERE id = ?",
            (turn + number, state, number, session),
        )
        connection.execute("COMMIT")
        seconds.append(time.perf_counter() - began)
    connection.close()
    return seconds


def process(directory: Path) -> tuple[float, int]:
    """Seconds until `python -m bot` is ready, and its resident bytes then."""
    port, page = free_ports(2)
    environment = os.environ | {"PORT": str(port), "PLAYGROUND_PORT": str(page)}
    environment |= {"PYTHONPATH": str(REPOSITORY), "LOG_LEVEL": "ERROR"}
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot", "run", "playground"]
    with subprocess.Popen(command, cwd=directory, env=environment) as started:
        try:
            while not ready(port):
                time.sleep(0.01)
            took = time.perf_counter() - began
            return took, psutil.Process(started.pid).memory_info().rss
        finally:
            started.terminate()


def free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


def ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def quantile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))]


def line(name: str, seconds: list[float], raw: list[float]) -> str:
    p50, p99 = quantile(seconds, 0.5), quantile(seconds, 0.99)
    ratio = p50 / quantile(raw, 0.5)
    rate = len(seconds) / sum(seconds)
    return (
        f"{name:<28} p50 {p50 * 1e3:7.3f} ms   p99 {p99 * 1e3:7.3f} ms   {rate:7.0f}/s"
        f"   p50 ratio {ratio:5.2f}"
    )


def main(write: Callable[[str], object] = print) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        pressed = asyncio.run(presses(directory / "bench.db"))
        raw = floor(directory / "bench.db")
        write(line("raw sqlite3 commit", raw, raw))
        write(line("Core.handle, a quiz press", pressed, raw))
        starts = [process(directory) for _ in range(STARTS)]
        bare = statistics.median(python("-c", "pass") for _ in range(STARTS))
        told = statistics.median(python("-m", "bot", "--help") for _ in range(STARTS))
        took = statistics.median(seconds for seconds, _ in starts)
        memory = statistics.median(bytes_ for _, bytes_ in starts) / 2**20
        write(
            f"start of the playground: {took:.2f} s ({took / bare:.1f} × a bare Python),"
            f" {memory:.0f} MiB; --help: {told:.2f} s ({told / bare:.1f} ×)"
        )


def python(*arguments: str) -> float:
    """Seconds that a new interpreter takes for it."""
    began = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
