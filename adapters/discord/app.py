"""Crossroads on Discord: connects, takes interactions through the core, and ends cleanly."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine, Iterable
from typing import Any, TypeAlias, cast

from aiohttp import web

from adapters.discord import parse
from adapters.discord.answer import Answerer
from adapters.discord.commands import fingerprint, topic_choices, tree, zone_choices
from adapters.discord.gateway import LOGIN_SECONDS, Client, fatal
from adapters.discord.guilds import Guilds
from adapters.discord.rest import CallError, LimitedError, RefusedError, Rest
from adapters.discord.sender import DiscordSender
from bot.adapter import Services
from bot.config import SettingError
from bot.event import MalformedError, Person, Platform
from bot.logs import begin_request
from bot.reply import Message
from bot.sending import Outcome
from bot.store.database import Transaction, UnavailableError
from bot.store.store import Store

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

RECENT = 4096  # deliveries that are recognised when they come again
LONGEST_PAUSE = 30.0


class DiscordAdapter:
    """The platform as the composition root sees it."""

    name: Platform = "discord"

    def __init__(self, services: Services) -> None:
        settings = services.settings
        if settings.discord_token is None:
            raise SettingError("DISCORD_TOKEN", "must be set to run discord")
        self._settings, self._core, self._fail = settings, services.core, services.fail
        self._token = settings.discord_token.get_secret_value().strip()
        self._rest = Rest(settings.discord_api_url, self._token)
        self._answerer, self._sender = Answerer(self._rest), DiscordSender(self._rest)
        self._guilds = Guilds(services.core, self._spawn)
        self._client: Client | None = None
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._recent: OrderedDict[str, None] = OrderedDict()

    # --- life -------------------------------------------------------------------------------------

    async def start(self) -> None:
        self._rest.open()
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._stopping.set()
        if self._client is not None:
            await self._client.close()
        # A client that is closed while it launches its shards would try for ever.
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._rest.close()

    def unready(self) -> str | None:
        return self._client.unready() if self._client else "connecting"

    def routes(self) -> Iterable[web.RouteDef]:
        return ()

    async def _run(self) -> None:
        """Keep a client running; one that gave up is followed by another."""
        pause = 1.0
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            try:
                await self._connect()
            except Exception as error:
                if blame := fatal(error):
                    self._fail(blame)
                    return
                log.warning("Discord is out of reach, trying again", exc_info=True)
            lasted = asyncio.get_running_loop().time() - began
            pause = 1.0 if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await self._pause(pause)

    async def _connect(self) -> None:
        client = Client(
            self._settings, self.take, self._guilds.changed, self._guilds.listed, self._connecting
        )
        async with client:
            self._client = client
            await asyncio.wait_for(client.login(self._token), LOGIN_SECONDS)
            await client.connect()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    # --- what arrives -----------------------------------------------------------------------------

    async def take(self, payload: Json) -> None:
        """Answer one interaction; one that was delivered twice is answered once."""
        arrived = asyncio.get_running_loop().time()
        if payload["id"] in self._recent:
            return
        self._recent[payload["id"]] = None
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        # discord.py began this task: nobody else waits for it.
        self._tasks.add(task := cast("asyncio.Task[None]", asyncio.current_task()))
        try:
            await self._answer(payload, arrived)
        finally:
            self._tasks.discard(task)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin work that `stop` waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, payload: Json, arrived: float) -> None:
        begin_request()
        try:
            handle = parse.handle(payload)
        except MalformedError as error:
            log.warning("an interaction cannot be read: %s", error)
            return
        try:
            if payload["type"] == parse.AUTOCOMPLETE:
                await self._answerer.choices(handle, self._choices(payload), arrived)
            elif event := parse.event(payload):
                await self._answerer.answer(handle, arrived, self._core.handle(event))
        except Exception:
            log.exception("interaction %s could not be answered", handle.id)
            if payload["type"] != parse.AUTOCOMPLETE:
                await self._answerer.apologise(handle, arrived)

    def _choices(self, payload: Json) -> list[Json]:
        typed = parse.typed(payload)
        if payload["data"].get("name") == "reminders":
            return zone_choices(typed, self._core.clock())
        return topic_choices(self._core.pack.topics, typed)

    # --- the commands -----------------------------------------------------------------------------

    def _connecting(self, application: str) -> None:
        self._spawn(self._sync(application))

    async def _sync(self, application: str) -> None:
        """Tell Discord of the commands, if they are not those that it was last told of."""
        commands, setting = tree(), f"discord_commands:{application}"
        wanted = fingerprint(commands)
        while not self._stopping.is_set():
            pause = LONGEST_PAUSE
            try:
                if await self._setting(setting) != wanted:
                    await self._rest.call("PUT", f"/applications/{application}/commands", commands)
                    await self._setting(setting, wanted)
                    log.info("Discord has been told of %d commands", len(commands))
                return
            except RefusedError as error:
                log.error("Discord refuses the commands: %s", error)
                return
            except LimitedError as error:
                pause = error.seconds
            except (CallError, UnavailableError) as error:
                log.warning("the commands are not registered yet: %s", error)
                pause = 5.0
            await self._pause(pause)

    async def _setting(self, name: str, value: str | None = None) -> str | None:
        async def work(transaction: Transaction) -> str | None:
            store = Store(transaction)
            if value is not None:
                await store.set_setting(name, value)
            return await store.setting(name)

        return await self._core.database.transact(work)

    # --- what leaves unasked ----------------------------------------------------------------------

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        return await self._sender.send(person, message, nonce)

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        return await self._sender.arrived(person, nonce, since)


def create(services: Services) -> DiscordAdapter:
    return DiscordAdapter(services)
