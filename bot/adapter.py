"""What the core asks of an adapter, and what it hands to one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from aiohttp import web

from bot.config import Settings
from bot.core import Core
from bot.event import Platform
from bot.reply import Form, Message
from bot.sending import Sender

Renderer: TypeAlias = Callable[[Message | Form], Mapping[str, Any]]
"""A reply as the exact payload of a platform."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root hands to every adapter.

    `fail` ends the process with the error: for what cannot be mended by waiting, such as a refused
    token (SettingError). `renderers` are those of the other platforms, for the inspector.
    """

    settings: Settings
    core: Core
    fail: Callable[[Exception], None]
    renderers: Mapping[Platform, Renderer] = field(default_factory=dict)


class Adapter(Sender, Protocol):
    """A platform: takes its payloads in, gives replies out, sends what nobody asked for just now.

    Its module `adapters.PLATFORM.app` has `create(services) -> Adapter`, its `render` module
    `payload(card)`: a card or form as the exact payload of the platform.
    """

    name: Platform

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


Create: TypeAlias = Callable[[Services], Adapter]
