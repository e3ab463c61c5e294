"""Rounds of presses, of each bot in turn, and the ratios of Crossroads to the others."""

import asyncio
import math
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

ANSWERS = {1: 300, 16: 1600}  # by the number that are in flight
WARM_UP = 100
ROUNDS = 3  # of each bot in turn, so that a busy moment of the machine hits all of them
TUTORIAL, FLOOR, CROSSROADS = "tutorial", "floor", "crossroads"

Who = TypeVar("Who")
Act = Callable[[Who], Awaitable[float | None]]
"""One press; the seconds until its member sees the answer, None where it came too late."""


@dataclass
class Round:
    latencies: list[float]
    lost: int
    rate: float  # answers a second
    processor: float  # seconds of the bot's own processor time an answer


@dataclass
class Run:
    """A process from start to end."""

    started_in: float  # seconds until it can be talked to
    start_processor: float  # of the processor, until then
    rounds: Mapping[int, Round]
    memory: int  # bytes, at the end


def processor(bot: psutil.Process) -> float:
    times = bot.cpu_times()
    return float(times.user + times.system)


async def pressed(bot: psutil.Process, people: Sequence[Who], act: Act[Who]) -> dict[int, Round]:
    await _round(bot, people, act, WARM_UP)
    return {
        number: await _round(bot, people[:number], act, answers)
        for number, answers in ANSWERS.items()
    }


async def _round(bot: psutil.Process, people: Sequence[Who], act: Act[Who], answers: int) -> Round:
    """Everybody presses again as soon as they have seen the answer."""
    left, latencies = answers, []

    async def member(person: Who) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            seconds = await act(person)
            if seconds is not None:
                latencies.append(seconds)

    before, began = processor(bot), time.perf_counter()
    await asyncio.gather(*map(member, people))
    took, spent = time.perf_counter() - began, processor(bot) - before
    seen = max(len(latencies), 1)
    return Round(latencies, answers - len(latencies), seen / took, spent / seen)


@dataclass
class Figures:
    """Of one bot over all its rounds with so many in flight."""

    p50: float
    p99: float
    rate: float
    processor: float
    lost: int

    @classmethod
    def of(cls, rounds: Sequence[Round]) -> "Figures":
        latencies = sorted(seconds for one in rounds for seconds in one.latencies)
        return cls(
            statistics.median(latencies),
            latencies[int(len(latencies) * 0.99) - 1],
            statistics.median(one.rate for one in rounds),
            statistics.median(one.processor for one in rounds),
            sum(one.lost for one in rounds),
        )


def report(what: str, runs: Mapping[str, Sequence[Run]]) -> None:
    """Print the figures of every bot, then the ratios of Crossroads to the others."""
    print(f"{what:>24} {'p50 ms':>8} {'p99 ms':>8} {'a second':>9} {'cpu ms':>7}")
    figures: dict[tuple[str, int], Figures] = {}
    for number in ANSWERS:
        for name, done in runs.items():
            figures[name, number] = one = Figures.of([run.rounds[number] for run in done])
            lost = f"  {one.lost} lost" if one.lost else ""
            print(
                f"{number:>4} in flight {name:>10} {one.p50 * 1e3:>8.2f} {one.p99 * 1e3:>8.2f}"
                f" {one.rate:>9.0f} {one.processor * 1e3:>7.3f}{lost}"
            )
    for other in (TUTORIAL, FLOOR):
        print(f"  {CROSSROADS} / {other}: {_ratios(figures, other)}")
    for name, done in runs.items():
        start = statistics.median(run.started_in for run in done)
        spent = statistics.median(run.start_processor for run in done)
        memory = statistics.median(run.memory for run in done) / 2**20
        print(
            f"  start of {name}: {start:.2f} s, {spent:.2f} s of the processor;"
            f" {memory:.0f} MiB in the end"
        )


def _of(one: float, other: float) -> float:
    """A ratio; none where a short round took less than a tick of the clock."""
    return one / other if other else math.nan


def _ratios(figures: Mapping[tuple[str, int], Figures], other: str) -> str:
    alone, beside = figures[CROSSROADS, 1], figures[other, 1]
    many, besides = figures[CROSSROADS, 16], figures[other, 16]
    return (
        f"p50 at 1 {alone.p50 / beside.p50:.2f}, rate at 16 {many.rate / besides.rate:.2f},"
        f" p99 at 16 {many.p99 / besides.p99:.2f},"
        f" processor time at 16 {_of(many.processor, besides.processor):.2f}"
    )


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
