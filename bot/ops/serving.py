"""The life of a process, start to drain: every platform by itself, with its reminders."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

from bot.adapter import Adapter, Services
from bot.calendar.clock import MovableClock, utc_now
from bot.config.settings import Settings
from bot.delivery.worker import Worker
from bot.ops.housekeeping import Housekeeping
from bot.ops.ready import missing
from bot.ops.server import server
from bot.store import make_private, open_database
from bot.store.database import DamagedError, Database, UnavailableError
from bot.store.drivers.late import LateDatabase
from bot.store.migrate import check_current, migrate

log = logging.getLogger(__name__)

# Together they stay under the 25 seconds after which the process must be gone.
_SENDING_SECONDS = 12.0  # a reminder that has left may take ten to be answered
_DRAIN_SECONDS = 8.0  # for what the platforms are answering
_CLOSE_SECONDS = 2.0
_LONGEST_PAUSE = 5.0  # from one look for the database to the next
_CONNECT_SECONDS = 5.0  # until it is said who is still out of reach


class Serving:
    """Begins with HTTP, whose `/readyz` says what is waited for; then the database; then platforms.

    What cannot be mended by waiting goes to `services.fail`; `runs` is called once nothing more of
    that kind is to be expected.
    """

    def __init__(
        self,
        services: Services,
        adapters: list[Adapter],
        database: LateDatabase,
        runs: Callable[[], None],
    ) -> None:
        self._services, self._database, self._adapters = services, database, adapters
        self._runs = runs
        self._core, self._settings = services.core, services.settings
        self._http: web.AppRunner | None = None
        self._platforms: list[_Platform] = []
        retention = self._settings.retention_days
        self._house = Housekeeping(self._core.database, retention, utc_now)
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = _blaming(self._services, self._run())

    async def _run(self) -> None:
        self._http = await server(self._settings, self._core, self._adapters)
        self._database.arrived(await self._opened())
        self._house.start()
        for adapter in self._adapters:
            self._platforms.append(platform := _Platform(adapter, self._services))
            platform.start()
        await self._tell()

    async def _opened(self) -> Database:
        """The database, up to date; waits for as long as it is out of reach."""
        pause, said = 0.5, ""
        while True:
            try:
                database = await ready_database(self._settings)
            except DamagedError:
                raise
            except UnavailableError as error:
                self._database.waits_for = str(error)
                if said != str(error):
                    said = str(error)
                    log.warning("waiting for the database: %s", said)
            else:
                if said:
                    log.info("the database is there")
                return database
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _tell(self) -> None:
        """Say what runs; a moment late, so that a setting that a platform refuses is said alone."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _CONNECT_SECONDS
        while (away := missing(self._adapters)) and loop.time() < until:  # noqa: ASYNC110 - who is asked has no event
            await asyncio.sleep(0.05)
        names = " and ".join(adapter.name for adapter in self._adapters)
        log.info("running %s%s", names, f" (not connected: {', '.join(away)})" * bool(away))
        self._runs()

    async def stop(self) -> None:
        """Stop intake, then drain, for less than 25 seconds."""
        if self._running:
            self._running.cancel()
            await asyncio.wait((self._running,), timeout=_CLOSE_SECONDS)
        sending = [one.stopping_to_send() for one in self._platforms]
        if sending:
            await asyncio.wait(sending, timeout=_SENDING_SECONDS)
        # The adapters carry the reminders that have left, so they close after those.
        stops = [*sending, *(one.stopping() for one in self._platforms)]
        if self._http:
            stops.append(_task("the HTTP server", self._http.cleanup()))
        await _finished(stops, _DRAIN_SECONDS)
        await _finished([_task("housekeeping", self._house.stop())], _CLOSE_SECONDS)
        await _finished([_task("the database", self._database.close())], _CLOSE_SECONDS)


class _Platform:
    """One platform and the worker of its reminders: neither waits for another platform."""

    def __init__(self, adapter: Adapter, services: Services) -> None:
        self._adapter, self._services = adapter, services
        core = services.core
        self._worker = Worker(
            core.database,
            core.packs,
            {adapter.name: adapter},
            {adapter.name: adapter.rates},
            poll_seconds=services.settings.reminder_poll_seconds,
            clock=core.clock,
        )
        if isinstance(core.clock, MovableClock):
            core.clock.listen(self._worker.wake)

    def start(self) -> None:
        self._starting = _blaming(self._services, self._start())

    async def _start(self) -> None:
        await self._adapter.start()
        self._worker.start()

    def stopping_to_send(self) -> "asyncio.Task[None]":
        return _task(f"reminders on {self._adapter.name}", self._stop_sending())

    async def _stop_sending(self) -> None:
        self._starting.cancel()
        await asyncio.wait((self._starting,))
        await self._worker.stop()

    def stopping(self) -> "asyncio.Task[None]":
        return _task(self._adapter.name, self._adapter.stop())


def _task(name: str, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    return asyncio.create_task(work, name=name)


def _blaming(services: Services, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    """A task whose error ends the process."""

    def ended(task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            services.fail(error)

    task = asyncio.create_task(work)
    task.add_done_callback(ended)
    return task


async def _finished(tasks: "list[asyncio.Task[None]]", seconds: float) -> None:
    """Wait for the tasks for so long; what is late then is given up."""
    if not tasks:
        return
    done, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        log.warning("%s did not end in time and is given up", task.get_name())
        task.cancel()
    for task in done:
        if not task.cancelled() and (error := task.exception()):
            log.warning("%s did not stop cleanly: %r", task.get_name(), error)


async def ready_database(settings: Settings) -> Database:
    """The database at the schema of this code.

    UnavailableError where waiting may help, else SettingError, SchemaError or DamagedError.
    """
    if settings.sqlite_path:
        make_private(settings.sqlite_path)
    database = await open_database(settings)
    try:
        if settings.sqlite_path:
            await migrate(database)
        else:  # other processes may be at work on it
            await check_current(database)
    except BaseException:
        await database.close()
        raise
    return database
