"""From an interaction delivered to its first response, beside a bare discord.py bot."""

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.fakes.discord import FakeDiscord, Interaction, Person

ROOT = Path(__file__).parents[2]
IN_FLIGHT = (1, 16, 64)
ANSWERS = {1: 200, 16: 800, 64: 1600}
ROUNDS = 3  # of each bot in turn, so that a busy moment of the machine hits both
GUILDS = 1000
PATIENCE_SECONDS = 5
Ask = Callable[[Person], Awaitable[Interaction]]


@dataclass
class Subject:
    """A bot under test: how it is started, and what each member does again and again."""

    name: str
    arguments: list[str]
    prepare: Ask
    ask: Ask


@dataclass
class Round:
    latencies: list[float]
    lost: int  # not answered in the three seconds that Discord waits
    throughput: float  # answers a second
    processor: float  # seconds of the bot's own processor time an answer


async def hello(person: Person) -> Interaction:
    return await person.command("/hello", wait=False)


async def help_card(person: Person) -> Interaction:
    """Ask for a card: a command, like the bare bot's, that commits that the member was seen."""
    return await person.command("/crossroads", wait=False)


async def quiz(person: Person) -> Interaction:
    return await person.command("/quiz", wait=False)


async def press(person: Person) -> Interaction:
    """Answer the first question, then go back: each press is a turn that is committed."""
    card = person.last
    label = "← Back" if "← Back" in card.buttons else card.buttons[0]
    return await person.press(label, on=card, wait=False)


SUBJECTS = (
    Subject("bare", ["-m", "tests.fakes.discord.bare"], hello, hello),
    Subject("command", ["-m", "bot", "run", "discord"], help_card, help_card),
    Subject("quiz press", ["-m", "bot", "run", "discord"], quiz, press),
)


@asynccontextmanager
async def running(
    discord: FakeDiscord, subject: Subject, directory: str
) -> AsyncIterator[psutil.Process]:
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
        sys.executable, *subject.arguments, cwd=directory, env=environment,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await discord.ready(seconds=60)
        await discord.world.until(lambda: discord.world.commands, "the commands", 60)
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        await process.wait()


async def answered(discord: FakeDiscord, person: Person, ask: Ask) -> float | None:
    """Seconds to the first response; None where none came before Discord would give up."""
    live = await ask(person)
    try:
        await discord.world.until(lambda: live.settled, "an answer", PATIENCE_SECONDS)
    except AssertionError:
        return None
    return live.answered_after


async def one_round(
    discord: FakeDiscord, bot: psutil.Process, people: list[Person], ask: Ask, answers: int
) -> Round:
    left, latencies = answers, []

    async def member(person: Person) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            seconds = await answered(discord, person, ask)
            if seconds is not None and seconds < 3:
                latencies.append(seconds)

    before, began = bot.cpu_times(), time.perf_counter()
    await asyncio.gather(*map(member, people))
    took, after = time.perf_counter() - began, bot.cpu_times()
    spent = after.user + after.system - before.user - before.system
    lost = answers - len(latencies)
    return Round(latencies, lost, len(latencies) / took, spent / len(latencies))


async def measure(subject: Subject) -> tuple[dict[int, Round], int]:
    """Run the subject once; its rounds by number in flight, and its memory at the end."""
    with tempfile.TemporaryDirectory() as directory:
        async with FakeDiscord(judging=False) as discord:
            guild = discord.add_guild()
            people = [discord.person(f"p{n}", guild) for n in range(max(IN_FLIGHT))]
            # Each in a channel of their own: the fake looks for cards channel by channel.
            people = [person.in_dm for person in people]
            async with running(discord, subject, directory) as bot:
                for person in people:
                    await answered(discord, person, subject.prepare)
                rounds = {}
                for number in IN_FLIGHT:
                    crowd = people[:number]
                    rounds[number] = await one_round(
                        discord, bot, crowd, subject.ask, ANSWERS[number]
                    )
                return rounds, bot.memory_info().rss


async def memory(subject: Subject, guilds: int) -> int:
    """Bytes held once the bot knows so many servers."""
    with tempfile.TemporaryDirectory() as directory:
        async with FakeDiscord(judging=False) as discord:
            for number in range(guilds):
                discord.add_guild(f"Server {number}")
            async with running(discord, subject, directory) as bot:
                await asyncio.sleep(3)  # discord.py streams the servers in; nothing says when
                return int(bot.memory_info().rss)


def commit_seconds() -> float:
    """Median of a raw SQLite commit on this disk: no press that is kept can be faster."""
    with tempfile.TemporaryDirectory() as directory:
        connection = sqlite3.connect(Path(directory) / "floor.db", isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        connection.execute("CREATE TABLE t (n)")
        taken = []
        for number in range(200):
            began = time.perf_counter()
            connection.execute("INSERT INTO t VALUES (?)", (number,))
            taken.append(time.perf_counter() - began)
        connection.close()
    return statistics.median(taken)


def merged(rounds: list[Round]) -> tuple[float, float, float, float]:
    latencies = sorted(seconds for one in rounds for seconds in one.latencies)
    p99 = latencies[int(len(latencies) * 0.99) - 1]
    throughput = statistics.median(one.throughput for one in rounds)
    processor = statistics.median(one.processor for one in rounds)
    return statistics.median(latencies), p99, throughput, processor


def print_rounds(runs: dict[str, list[dict[int, Round]]]) -> None:
    print(f"{'in flight':>9} {'':>10} {'p50 ms':>8} {'p99 ms':>8} {'a second':>9} {'cpu ms':>7}")
    for number in IN_FLIGHT:
        figures = {name: merged([r[number] for r in rounds]) for name, rounds in runs.items()}
        for name, (p50, p99, throughput, spent) in figures.items():
            measured = (
                f"{p50 * 1000:>8.2f} {p99 * 1000:>8.2f} {throughput:>9.0f} {spent * 1000:>7.2f}"
            )
            lost = sum(rounds[number].lost for rounds in runs[name])
            print(f"{number:>9} {name:>10} {measured}{f'  {lost} lost' if lost else ''}")
            if name != "bare":
                pairs = zip(figures[name], figures["bare"], strict=True)
                p50, p99, throughput, spent = (ours / bare for ours, bare in pairs)
                print(f"{'ratio':>20} {p50:>8.2f} {p99:>8.2f} {throughput:>9.2f} {spent:>7.2f}")


def print_memory(what: str, held: dict[str, int]) -> None:
    for name, held_bytes in held.items():
        ratio = held_bytes / held["bare"]
        print(f"memory {what}: {name:>10} {held_bytes / 2**20:>4.0f} MiB, ratio {ratio:.2f}")


async def main() -> None:
    runs: dict[str, list[dict[int, Round]]] = {subject.name: [] for subject in SUBJECTS}
    held: dict[str, int] = {}
    for _ in range(ROUNDS):
        for subject in SUBJECTS:
            rounds, held[subject.name] = await measure(subject)
            runs[subject.name].append(rounds)
    print_rounds(runs)
    print(f"a raw commit on this disk: p50 {commit_seconds() * 1000:.2f} ms")
    print_memory("after that", held)
    many = {subject.name: await memory(subject, GUILDS) for subject in SUBJECTS[:2]}
    print_memory(f"with {GUILDS} servers", many)


if __name__ == "__main__":
    asyncio.run(main())
