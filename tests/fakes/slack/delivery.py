"""How a payload reaches the bot and what it answered: shared by Socket Mode and HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from tests.fakes.slack.world import Json

Kind = Literal["slash_commands", "interactive", "events_api"]
ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Ack:
    """An acknowledgement: its payload and how many seconds it took."""

    payload: Json
    seconds: float


class NotAcknowledgedError(Exception):
    """Nothing (usable) came back within three seconds: the member reads "operation_timeout"."""


class Delivery(Protocol):
    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, envelope: str | None = None
    ) -> Ack: ...
