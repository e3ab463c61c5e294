"""The HTTP server: health, metrics, and whatever routes the adapters bring."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import metrics
from bot.adapter import Adapter
from bot.config import SettingError, Settings
from bot.core import Core
from bot.store.database import UnavailableError
from bot.store.store import Store
from bot.store.upkeep import Upkeep

_ROOM = 1024 * 1024  # on the disk of a SQLite file
_BODY = 1024 * 1024  # no platform sends more than this


async def server(settings: Settings, core: Core, adapters: Sequence[Adapter]) -> web.AppRunner:
    """Start the server on HOST and PORT; SettingError where that address cannot be had."""
    app = web.Application(client_max_size=_BODY)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _Ready(core, adapters, settings.sqlite_path).answer)
    app.router.add_get("/metrics", _Metrics(core).answer)
    for adapter in adapters:
        app.router.add_routes(adapter.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        await runner.cleanup()
        raise SettingError(
            "PORT", f"cannot listen there ({os.strerror(error.errno or 0)}); set another"
        ) from None
    return runner


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


class _Ready:
    """Whether events can be answered: the database takes a write, every platform is connected."""

    def __init__(self, core: Core, adapters: Sequence[Adapter], file: Path | None) -> None:
        self._core, self._adapters, self._file = core, adapters, file

    async def answer(self, _: web.Request) -> web.Response:
        problems = [
            f"{adapter.name}: {why}" for adapter in self._adapters if (why := adapter.unready())
        ]
        try:
            await self._core.database.transact(lambda tx: Store(tx).set_setting("ready", "yes"))
        except UnavailableError as error:
            problems.append(f"database: {error}")
        if full := _full(self._file):
            problems.append(f"database: {full}")
        if problems:
            return web.Response(status=503, text="\n".join(problems) + "\n")
        return web.Response(text="ok\n")


def _full(file: Path | None) -> str | None:
    """Why the next write may fail: one so small still finds room in the log of a full disk."""
    try:
        free = shutil.disk_usage(file.parent).free if file else _ROOM
    except OSError as error:
        return f"the disk cannot be looked at ({error.strerror})"
    return f"only {free // 1024} KiB are left on the disk" if free < _ROOM else None


class _Metrics:
    """What Prometheus reads; the lag of reminders is looked up when it asks."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def answer(self, _: web.Request) -> web.Response:
        now = int(self._core.clock().timestamp())
        try:
            due = await self._core.database.transact(lambda tx: Upkeep(tx).oldest_due(now))
        except UnavailableError:
            due = None  # the database's own figures tell of it
        metrics.REMINDER_LAG.set(now - due if due is not None else 0)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
