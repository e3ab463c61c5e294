"""The composition root: puts database, core, adapters and HTTP server together and runs them."""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, cast

from aiohttp import web

from bot.adapter import Adapter, Create, Renderer, Services
from bot.backup import amend
from bot.clock import MovableClock
from bot.config import SettingError, Settings, require
from bot.core import Core, utc_now
from bot.event import Platform
from bot.housekeeping import Housekeeping
from bot.http import server
from bot.metrics import TimedDatabase
from bot.pace import Pace
from bot.pack import default_pack_path, load
from bot.reminders import Worker
from bot.reply import Form, Message
from bot.store import open_database
from bot.store.migrate import check_current, migrate
from bot.store.upkeep import Upkeep

log = logging.getLogger(__name__)

_DRAIN_SECONDS = 25.0
_SENDING_SECONDS = 12.0  # of those: a reminder that has left may take ten to be answered
# By name, because the core does not import adapters; a platform's library loads only if it runs.
_ADAPTERS: dict[Platform, str] = {
    "slack": "adapters.slack.app",
    "discord": "adapters.discord.app",
    "playground": "adapters.playground.app",
}
_PLAYGROUND_LIBRARIES = ("nicegui", "fastapi", "starlette", "uvicorn")
_RENDERERS: dict[Platform, str] = {
    "slack": "adapters.slack.render",
    "discord": "adapters.discord.render",
}


async def run(settings: Settings, platforms: tuple[Platform, ...]) -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises SettingError, SchemaError."""
    platforms = platforms or settings.platforms()
    require(settings, platforms)
    stopped, failed = _signals(), asyncio.get_running_loop().create_future()
    database = await open_database(settings)
    try:
        if settings.sqlite_path:
            await migrate(database)
        else:
            await check_current(database)
        pace = Pace(settings.member_events_a_minute)
        # The playground's members are nobody's but one's own: their time can be moved.
        clock = MovableClock() if platforms == ("playground",) else utc_now
        core = Core(TimedDatabase(database), load(default_pack_path()), clock, pace=pace)
        services = Services(settings, core, _first_of(failed), _renderers(platforms))
        adapters = [_create(platform)(services) for platform in platforms]
        house = Housekeeping(core.database, settings.retention_days, utc_now)
        house.start()
        try:
            await _serve(settings, core, adapters, stopped, failed)
        finally:
            await house.stop()
    finally:
        await database.close()


async def _serve(
    settings: Settings,
    core: Core,
    adapters: list[Adapter],
    stopped: asyncio.Event,
    failed: "asyncio.Future[None]",
) -> None:
    http = await server(settings, core, adapters)
    started: list[Adapter] = []
    worker = Worker(
        core.database,
        core.pack,
        {adapter.name: adapter for adapter in adapters},
        poll_seconds=settings.reminder_poll_seconds,
        clock=core.clock,
    )
    if isinstance(core.clock, MovableClock):
        core.clock.listen(worker.wake)
    try:
        for adapter in adapters:
            started.append(adapter)
            await adapter.start()
        worker.start()
        log.info("running %s", " and ".join(adapter.name for adapter in adapters))
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait((waiting, failed), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
    finally:
        await _stop(started, http, worker)
    if failed.done():
        failed.result()


async def _stop(adapters: list[Adapter], http: web.AppRunner, worker: Worker) -> None:
    """Stop intake, drain for at most 25 seconds."""
    log.info("stopping: no more events are taken, running ones are finished")
    sending = asyncio.create_task(worker.stop())
    # The adapters carry the reminders that have left, so they close after those.
    await asyncio.wait((sending,), timeout=_SENDING_SECONDS)
    stops = [sending, *(asyncio.create_task(adapter.stop()) for adapter in adapters)]
    stops.append(asyncio.create_task(http.cleanup()))
    _, late = await asyncio.wait(stops, timeout=_DRAIN_SECONDS - _SENDING_SECONDS)
    for task in late:
        task.cancel()
    for error in await asyncio.gather(*stops, return_exceptions=True):
        if isinstance(error, Exception):
            log.warning("a platform did not stop cleanly: %r", error)


def _signals() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # asyncio has none on Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
    return stopped


def _first_of(failed: "asyncio.Future[None]") -> Callable[[Exception], None]:
    def fail(error: Exception) -> None:
        if not failed.done():
            failed.set_exception(error)

    return fail


def _create(platform: Platform) -> Create:
    try:
        return cast("Create", import_module(_ADAPTERS[platform]).create)
    except ModuleNotFoundError as error:
        if platform != "playground" or error.name not in _PLAYGROUND_LIBRARIES:
            raise
        problem = (
            "or Slack's tokens must be set; the playground, which runs without them, needs"
            " pip install 'crossroads[playground]'"
        )
        raise SettingError("DISCORD_TOKEN", problem) from None


def _renderers(platforms: tuple[Platform, ...]) -> dict[Platform, Renderer]:
    """The other platforms' renderers, for the playground's inspector."""
    if "playground" not in platforms:
        return {}
    return {name: _renderer(path) for name, path in _RENDERERS.items()}


def _renderer(path: str) -> Renderer:
    """A renderer whose platform's library loads when the inspector first asks for it."""

    def payload(card: Message | Form) -> Mapping[str, Any]:
        return cast("Renderer", import_module(path).payload)(card)

    return payload


async def migrate_database(settings: Settings, *, restored: bool = False) -> str:
    """Bring the database up to date, and amend it if it is an old state; says what was done."""
    database = await open_database(settings)
    try:
        before, after = await migrate(database)
        amends: list[str] = []
        if restored:
            amends = await amend(database, {})
        else:  # in case nobody said so: whoever deleted their data stays deleted
            await database.transact(lambda tx: Upkeep(tx).bury({}))
    finally:
        await database.close()
    change = f"schema {after}, as before" if before == after else f"schema {before} → {after}"
    return "\n".join([change, *amends])
