"""The composition root: puts database, core, adapters and HTTP server together and runs them."""

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial

from bot import platforms
from bot.adapter import Services
from bot.calendar.clock import MovableClock, utc_now
from bot.chat.event import Platform
from bot.config.settings import Configuration, SettingError, Settings
from bot.core.handle import Core
from bot.core.rate_limit import Pace
from bot.ops.backup import amend
from bot.ops.erasure import erase_again
from bot.ops.serving import Serving
from bot.pack.named import packs_of
from bot.store import make_private, open_database
from bot.store.drivers.late import LateDatabase
from bot.store.drivers.limited import LimitedDatabase
from bot.store.migrate import migrate
from bot.telemetry.logs import held_back
from bot.telemetry.metrics import TimedDatabase

log = logging.getLogger(__name__)

_GONE_SECONDS = 24.5  # after the signal: whoever stops a process kills it after 25 or more
_OBJECTS_BEFORE_COLLECTION = 10_000  # CPython begins one at 700


async def run(
    configuration: Configuration, asked: tuple[Platform, ...], *, last_resort: bool = False
) -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises SettingError, SchemaError.

    With `last_resort` the process ends 25 seconds after the signal, whatever still holds it.
    """
    stopped, failed = _signals(last_resort=last_resort), asyncio.get_running_loop().create_future()
    running, own = configuration.platforms(asked), configuration.own
    settings, database = configuration.shared, LateDatabase()
    local = [name for name in running if own[name].local]
    core = Core(
        TimedDatabase(database),
        packs_of(settings.crossroads_packs),
        MovableClock() if local == list(running) else utc_now,
        pace=Pace(settings.member_events_a_minute),
        closed_doors={name: one.closed_door for name, one in own.items()},
    )
    others = [name for name in own if local and not own[name].local]
    services = Services(settings, core, _first_of(failed), platforms.renderers(others))
    adapters = [platforms.create(name, services, configuration) for name in running]
    # A setting that a platform refuses is the only line, whatever the others have logged by then.
    with held_back(SettingError) as runs:
        serving = Serving(services, adapters, database, partial(_up, runs))
        told = asyncio.create_task(stopped.wait())
        serving.start()
        try:
            await asyncio.wait((told, failed), return_when=asyncio.FIRST_COMPLETED)
            if told.done():
                log.info("stopping: no more events are taken, running ones are finished")
        finally:
            told.cancel()
            await serving.stop()
        if failed.done():
            failed.result()


def _up(runs: Callable[[], None]) -> None:
    """What is there by now stays for good, so the garbage collector need not look at it again."""
    runs()
    # A full collection walks every object of pydantic, discord.py, Bolt and the pack, which holds
    # up everybody for 35 ms, and CPython makes one every few hundred presses (tests/bench).
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)


def _signals(*, last_resort: bool) -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if last_resort and not stopped.is_set():
            # What is acknowledged is on disk. A look-up of a name holds its thread for as long as
            # it likes, and Python waits for its threads.
            timer = threading.Timer(_GONE_SECONDS, os._exit, (0,))
            timer.daemon = True
            timer.start()
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # asyncio has none on Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
    return stopped


def _first_of(failed: "asyncio.Future[None]") -> Callable[[Exception], None]:
    def fail(error: Exception) -> None:
        if not failed.done():
            failed.set_exception(error)

    return fail


async def migrate_database(settings: Settings, *, restored: bool = False) -> str:
    """Bring the database up to date, and amend it if it is an old state; says what was done."""
    if settings.sqlite_path:
        make_private(settings.sqlite_path)
    database = await open_database(settings)
    try:
        before, after = await migrate(database)
        amends: list[str] = []
        if restored:
            amends = await amend(LimitedDatabase(database), {})
        else:  # in case nobody said so: whoever deleted their data stays deleted
            await erase_again(database, {})
    finally:
        await database.close()
    change = f"schema {after}, as before" if before == after else f"schema {before} → {after}"
    return "\n".join([change, *amends])
