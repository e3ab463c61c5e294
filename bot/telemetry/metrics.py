"""Metrics for Prometheus. No label names a member, a workspace or a server."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache

from prometheus_client import Counter, Gauge, Histogram

from bot.chat.actions import Open
from bot.chat.event import Choice, Command, Event, Garbled, Press, Submission
from bot.commands.catalog import COMMANDS, SECTIONS
from bot.store.database import Database, T, Transaction, UnavailableError

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

INTERACTIONS = Counter(
    "crossroads_interactions",
    "What members sent, and how it ended",
    ("platform", "command", "outcome"),
)
LATENCY = Histogram(
    "crossroads_interaction_seconds",
    "From the event's arrival in the core to its reply, committed",
    ("platform", "command"),
    buckets=_FAST,
)
REMINDERS = Counter(
    "crossroads_reminders", "Reminders by how their delivery ended", ("platform", "outcome")
)
HINDERED = Counter(
    "crossroads_reminders_hindered",
    "Sends that were refused for a fault of the operator's or the platform's, by its code",
    ("platform", "code"),
)
REMINDER_LAG = Gauge(
    "crossroads_reminder_lag_seconds", "How long the oldest due reminder has been waiting"
)
RECONNECTS = Counter(
    "crossroads_socket_reconnects", "Connections to a platform that were made again", ("platform",)
)
RATE_LIMIT_WAITS = Counter(
    "crossroads_rate_limit_waits", "Calls that a platform told to wait", ("platform",)
)
RATE_LIMIT_SECONDS = Counter(
    "crossroads_rate_limit_wait_seconds", "How long in all it told them to wait", ("platform",)
)
DATABASE = Histogram(
    "crossroads_database_seconds",
    "Transactions, from the wish to begin one to its commit or end",
    ("outcome",),
    buckets=_FAST,
)


# Looking a series up takes a lock and longer than adding to it.
_count, _latency, _database = (
    cache(INTERACTIONS.labels),
    cache(LATENCY.labels),
    cache(DATABASE.labels),
)


def waited(platform: str, seconds: float) -> None:
    """Count one call that a platform put off for `seconds`."""
    RATE_LIMIT_WAITS.labels(platform).inc()
    RATE_LIMIT_SECONDS.labels(platform).inc(seconds)


def command(event: Event) -> str:
    """What was sent, by a name of a small fixed set: "/quiz", or the action, such as "Pick"."""
    match event.input:
        case Command(name=name):
            return f"/{name}" if name in COMMANDS else "other"
        case Press(action=Open(section=section)):
            return f"Open {section}" if section in SECTIONS else "other"
        case Press(action=action) | Choice(action=action) | Submission(action=action):
            return type(action).__name__
        case Garbled():
            return "other"


class Interaction:
    """One event on its way through the core; whoever answers it says how it ended."""

    def __init__(self) -> None:
        self.outcome = "answered"
        self.seconds = 0.0


@contextmanager
def interaction(event: Event) -> Iterator[Interaction]:
    """Count and time the answering of one event."""
    began, one = time.perf_counter(), Interaction()
    try:
        yield one
    finally:
        one.seconds = time.perf_counter() - began
        platform, name = event.person.platform, command(event)
        _count(platform, name, one.outcome).inc()
        _latency(platform, name).observe(one.seconds)


class TimedDatabase:
    """A database whose transactions are timed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        began, outcome = time.perf_counter(), "failed"
        try:
            result = await self._database.transact(work, alone=alone, patient=patient)
            outcome = "committed"
            return result
        except UnavailableError:
            outcome = "unavailable"
            raise
        finally:
            _database(outcome).observe(time.perf_counter() - began)

    async def close(self) -> None:
        await self._database.close()
