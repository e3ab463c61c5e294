"""What may go wrong on purpose: the next calls of a method fail in a named way."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class RateLimited:
    """429 with `Retry-After` seconds."""

    retry_after: float = 1


@dataclass(frozen=True)
class ServerError:
    """A 5xx whose body is not JSON."""

    status: int = 500


@dataclass(frozen=True)
class Refused:
    """`ok: false` with this error."""

    error: str


@dataclass(frozen=True)
class ResetAfterAccepting:
    """Slack does what was asked, and the connection is gone before it says so."""


@dataclass(frozen=True)
class Held:
    """Nothing is done before the test lets go."""

    until: asyncio.Event


Fault = RateLimited | ServerError | Refused | ResetAfterAccepting | Held


class Faults:
    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """`method` is a Web API method or `response_url`."""
        self._next[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        waiting = self._next[method]
        return waiting.popleft() if waiting else None

    def clear(self) -> None:
        self._next.clear()
