"""The adapter of a platform: what the core asks of it, and what it is handed."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

from aiohttp import web

from bot.chat.event import Person, Platform
from bot.chat.form import Form
from bot.chat.reply import Message
from bot.config.settings import PlatformSettings, Settings
from bot.core.handle import Core
from bot.pack.packs import Packs


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it, in `channel`; the next message to the same person is given that."""

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `stops` says that the bot would not work like this."""

    what: str
    said: str
    stops: bool = False

    def __str__(self) -> str:
        return f"{'STOP' if self.stops else 'ok':5}{self.what:12}{self.said}"


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast direct messages may be sent on a platform, and how long it knows one again.

    `requests` are those a second in each lane, a tenant. `channel_seconds` lie between two messages
    to one channel; 0 where the platform says itself when a channel has had too many. Where it
    `opens_channels`, that of somebody's direct messages takes a request, until it is known.
    `refusal_seconds` are what a refusal takes of its lane besides. For `nonce_seconds` after the
    first request the platform recognises the same message by its nonce, and shows it once.
    """

    requests: float
    channel_seconds: float = 0.0
    opens_channels: bool = False
    refusal_seconds: float = 0.0
    nonce_seconds: int = 0


Renderer: TypeAlias = Callable[[Message | Form], Mapping[str, Any]]
"""A reply as the exact payload of a platform."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root hands to every adapter, beside the platform's own settings.

    `fail` ends the process with the error: for what cannot be mended by waiting, such as a refused
    token (SettingError). `renderers` are those of the other platforms, for a local one's inspector.
    """

    settings: Settings
    core: Core
    fail: Callable[[Exception], None]
    renderers: Mapping[Platform, Renderer] = field(default_factory=dict)


class Adapter(Sender, Protocol):
    """A platform: takes its payloads in, gives replies out, sends what nobody asked for just now.

    The folder `adapters/PLATFORM` has `settings.Settings`, `app.create` (a Create), `doctor.look`
    (a Look) and `render.payload` (a Renderer).
    """

    name: Platform
    rates: Rates

    async def start(self) -> None:
        """Begin to take events; returns as soon as messages can be sent.

        It may take for as long as the platform is out of reach: nobody waits for it, and `stop`
        follows its cancellation. SettingError where no waiting would help.
        """
        ...

    async def stop(self) -> None:
        """Take no more events, finish what is being answered, close."""
        ...

    def unready(self) -> str | None:
        """Why this platform cannot take events now; None when it can."""
        ...

    def routes(self) -> Iterable[web.RouteDef]:
        """HTTP routes of its own, for the common server."""
        ...


S = TypeVar("S", bound=PlatformSettings)

Create: TypeAlias = Callable[[Services, S], Adapter]
Look: TypeAlias = Callable[[S, Callable[[str], None], Packs | None], AsyncIterator[Finding]]
"""The findings of `doctor` on a platform; the callback is told each Date header.

There are no packs where they cannot be used, which is a finding of its own.
"""
