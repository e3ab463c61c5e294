"""Messages that nobody asked for just now: what a platform's sender offers, and how a send ends."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bot.event import Person
from bot.reply import Message


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it; `reference` is its own id of the message, `channel` of where it is.

    The next message to the same person is given the channel, as theirs.
    """

    reference: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never arrive: direct messages closed, user or channel gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class TokenDead:
    """The tenant's token no longer works: the tenant is off, and nothing more is sent there."""

    reason: str


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Nothing was sent; ask again so many seconds from now. It counts as no attempt.

    `alone` says that only this conversation has had too much, and not the bot as a whole.
    """

    seconds: float
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection ended before the platform said whether it took the message."""

    reason: str


Outcome: TypeAlias = Sent | Refused | TokenDead | RetryAfter | Unknown


class Sender(Protocol):
    """Sends direct messages on one platform; neither method raises on account of the platform."""

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        """Send `message` to `person`; `nonce` names this delivery and stays with it."""
        ...

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        """Whether a delivery sent since `since` (epoch seconds) is there; None: cannot tell."""
        ...
