"""The Discord adapter: connects, takes what arrives through the core, and ends cleanly."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine, Iterable
from typing import Any, TypeAlias

from aiohttp import web

from adapters.discord import parse
from adapters.discord.api import Rest
from adapters.discord.commands.completion import choices
from adapters.discord.commands.registry import Registry
from adapters.discord.direct import DirectResponder
from adapters.discord.gateway.client import Gateway
from adapters.discord.gateway.dispatch import Listed
from adapters.discord.guilds import Guilds
from adapters.discord.respond import Responder
from adapters.discord.sender import RATES, DiscordSender
from adapters.discord.settings import Settings
from bot.adapter import Found, Outcome, Services
from bot.chat.event import Event, MalformedError, Person, Platform
from bot.chat.reply import Message
from bot.config.settings import SettingError
from bot.telemetry.logs import begin_request

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

RECENT = 4096  # deliveries that are recognised when they come again


class DiscordAdapter:
    """The platform as the composition root sees it, and the listener of its gateway."""

    name: Platform = "discord"
    rates = RATES

    def __init__(self, services: Services, settings: Settings) -> None:
        if settings.discord_token is None:
            raise SettingError("DISCORD_TOKEN", "must be set to run discord")
        self._core, self._fail = services.core, services.fail
        token = settings.discord_token.get_secret_value().strip()
        self._rest = Rest(settings.discord_api_url, token)
        self._responder, self._sender = Responder(self._rest), DiscordSender(self._rest)
        self._direct = DirectResponder(self._rest)
        self._guilds = Guilds(services.core, self._spawn, self._pause)
        self._registry = Registry(self._rest, services.core.packs)
        self._gateway = Gateway(settings, token, self._rest, self)
        self._stopping = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._recent: OrderedDict[str, None] = OrderedDict()

    # --- life -------------------------------------------------------------------------------------

    async def start(self) -> None:
        self._rest.open()
        self._running = asyncio.create_task(self._run())
        self._running.add_done_callback(self._ended)

    async def stop(self) -> None:
        self._stopping.set()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._rest.close()

    def unready(self) -> str | None:
        if self._rest.token_refused:
            return "Discord refuses DISCORD_TOKEN; copy it again from the portal"
        return self._gateway.unready() or self._registry.refused

    def routes(self) -> Iterable[web.RouteDef]:
        return ()

    async def _run(self) -> None:
        application = await self._gateway.login()
        self._guilds.logged_in()
        settling = asyncio.create_task(self._registry.settle(application))
        try:
            await self._gateway.run()
        finally:
            settling.cancel()

    def _ended(self, running: "asyncio.Task[None]") -> None:
        if not running.cancelled() and isinstance(error := running.exception(), Exception):
            self._fail(error)

    async def _pause(self, seconds: float) -> bool:
        """Wait; whether the adapter is still to go on."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return True
        return False

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin work that `stop` waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- what arrives -----------------------------------------------------------------------------

    def interaction(self, payload: Json) -> None:
        if self._first_time(payload):
            self._spawn(self._take(payload, asyncio.get_running_loop().time()))

    def message(self, payload: Json) -> None:
        if self._first_time(payload) and (event := parse.direct_message(payload)):
            self._spawn(self._reply(event))

    def listed(self, listed: Listed) -> None:
        self._guilds.listed(listed)

    def changed(self, guild: str, here: bool) -> None:
        self._guilds.changed(guild, here)

    def _first_time(self, payload: Json) -> bool:
        """Discord tells again, after a connection broke, what it does not know to have arrived."""
        if (id_ := str(payload["id"])) in self._recent:
            return False
        self._recent[id_] = None
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return True

    async def _take(self, payload: Json, arrived: float) -> None:
        """Answer one interaction."""
        begin_request()
        try:
            handle = parse.handle(payload)
        except MalformedError as error:
            log.warning("an interaction cannot be read: %s", error)
            return
        try:
            if payload["type"] == parse.AUTOCOMPLETE:
                await self._responder.choices(handle, self._choices(payload), arrived)
            elif event := parse.event(payload):
                async with self._responder.promising(handle, arrived) as promise:
                    reply = await self._core.handle(event)
                await self._responder.show(handle, arrived, reply, promise)
        except Exception:
            log.exception("interaction %s could not be answered", handle.id)
            if payload["type"] != parse.AUTOCOMPLETE:
                await self._responder.apologise(handle, arrived)

    def _choices(self, payload: Json) -> list[Json]:
        command, typed = str(payload["data"].get("name")), parse.typed(payload)
        return choices(command, typed, self._core.packs, self._core.clock())

    async def _reply(self, event: Event) -> None:
        """Answer a direct message."""
        begin_request()
        try:
            await self._direct.answer(event, await self._core.handle(event))
        except Exception:
            log.exception("message %s could not be answered", event.id)
            await self._direct.apologise(event)

    # --- what leaves unasked ----------------------------------------------------------------------

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        return await self._sender.send(person, message, nonce)

    async def arrived(self, person: Person, nonce: str, since: int) -> Found:
        return await self._sender.arrived(person, nonce, since)


def create(services: Services, settings: Settings) -> DiscordAdapter:
    return DiscordAdapter(services, settings)
