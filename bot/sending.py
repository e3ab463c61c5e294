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
    """The member's own door is closed: direct messages shut, user or channel gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class Hindered:
    """Refused by a fault of the operator's or the platform's: nothing was sent, it may yet be.

    `code` is the platform's word for it, `known` whether that is in our tables, `advice` what there
    is to do. `everybody` says that the rest of the lane would fare no better; `seconds` is how long
    the platform wants silence, where it says so.
    """

    code: str
    advice: str
    known: bool = True
    everybody: bool = False
    seconds: float | None = None


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
    """The connection ended before the platform answered: nobody knows yet."""

    reason: str


Outcome: TypeAlias = Sent | Refused | Hindered | TokenDead | RetryAfter | Unknown
Found: TypeAlias = bool | TokenDead | RetryAfter | Unknown | None
"""Whether a message is there; None where nobody can tell, then or ever. The rest are why the
platform could not be asked just now: that says nothing about the message."""


class Sender(Protocol):
    """Sends direct messages on one platform; neither method raises on account of the platform."""

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        """Send `message` to `person`; `nonce` names this delivery and stays with it."""
        ...

    async def arrived(self, person: Person, nonce: str, since: int) -> Found:
        """Whether a delivery is among the messages since `since` (epoch seconds)."""
        ...
