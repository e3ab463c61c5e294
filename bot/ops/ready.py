"""Readiness: the database takes a write, every platform is connected."""

import asyncio
import logging
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from bot.adapter import Adapter
from bot.core.handle import Core
from bot.delivery.hindrances import waiting
from bot.store.database import RefusedError, UnavailableError
from bot.store.facade import Store

log = logging.getLogger(__name__)

_ROOM = 1024 * 1024  # on the disk of a SQLite file
_FRESH_SECONDS = 1.0  # a write waits for the disk, and anybody may ask
_GONE = "the file was removed or replaced, what is saved is lost at the next start: restart now"


class Ready:
    """`/readyz`: 503 with a line for each problem, or 200 and a line for each sort of refusal."""

    def __init__(self, core: Core, adapters: Sequence[Adapter], file: Path | None) -> None:
        self._core, self._adapters, self._file = core, adapters, file
        self._opened: tuple[int, int] | None = None
        self._writing = asyncio.Lock()
        self._written_until = 0.0
        self._database: str | None = None

    async def answer(self, _: web.Request) -> web.Response:
        problems = missing(self._adapters)
        database = (await self._asked(), _full(self._file), self._replaced())
        problems += [f"database: {why}" for why in database if why]
        if problems:
            return web.Response(status=503, text="\n".join(problems) + "\n")
        return web.Response(text="\n".join(["ok", *await self._waiting()]) + "\n")

    async def _waiting(self) -> list[str]:
        """Why reminders wait: members are answered all the same, so that is no 503."""
        try:
            return await waiting(self._core.database)
        except UnavailableError:
            return []

    async def _asked(self) -> str | None:
        """Why the database takes no write; as it was a moment ago, if somebody has just asked."""
        async with self._writing:
            if time.monotonic() >= self._written_until:
                self._database = await self._write()
                self._written_until = time.monotonic() + _FRESH_SECONDS
            return self._database

    async def _write(self) -> str | None:
        try:
            await self._core.database.transact(lambda tx: Store(tx).settings.set("ready", "yes"))
        except (RefusedError, UnavailableError) as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a table that somebody has dropped, say
            log.warning("the database cannot be written to: %s", type(error).__name__)
            return f"it cannot be written to ({type(error).__name__})"
        if self._file and self._opened is None:
            self._opened = _identity(self._file)
        return None

    def _replaced(self) -> str | None:
        """Writes into a file that was deleted succeed for as long as it is open."""
        if not self._file or self._opened is None:
            return None
        return None if _identity(self._file) == self._opened else _GONE


def missing(adapters: Sequence[Adapter]) -> list[str]:
    """The platforms that are not connected, each with why."""
    return [f"{adapter.name}: {why}" for adapter in adapters if (why := adapter.unready())]


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _full(file: Path | None) -> str | None:
    """Why the next write may fail: one so small still finds room in the log of a full disk."""
    try:
        free = shutil.disk_usage(file.parent).free if file else _ROOM
    except OSError as error:
        return f"the disk cannot be looked at ({error.strerror})"
    return f"only {free // 1024} KiB are left on the disk" if free < _ROOM else None
