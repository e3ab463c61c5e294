"""A process around the real core that answers events over a pipe: for tests that kill it."""

import asyncio
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from bot.chat.event import Event
from bot.chat.reply import Reply
from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate
from tests.fakes.forks import PROCESSES


class GoneError(Exception):
    """The process ended before it answered."""


class Console:
    """The real core in a process of its own."""

    def __init__(self, database: Path) -> None:
        self._pipe, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=_serve, args=(database, theirs))
        self._process.start()
        theirs.close()
        assert self._receive() == "ready"

    def send(self, event: Event) -> Reply:
        """Deliver one event; raises GoneError if no answer comes."""
        try:
            self._pipe.send(event.model_dump_json())
        except OSError as error:
            raise GoneError from error
        return Reply.model_validate_json(self._receive())

    def _receive(self) -> str:
        try:
            return str(self._pipe.recv())
        except (EOFError, OSError) as error:
            raise GoneError from error

    def kill(self) -> None:
        """Send SIGKILL, in whatever it is doing."""
        self._process.kill()

    def wait(self) -> None:
        self._process.join()
        self._process.close()
        self._pipe.close()


@cache
def _pack() -> Pack:
    return load(default_pack_path())


def _serve(path: Path, pipe: Connection) -> None:
    asyncio.run(_answer(path, pipe))


async def _answer(path: Path, pipe: Connection) -> None:
    database = await SQLiteDatabase.open(path)
    try:
        await migrate(database)
        core = Core(database, Packs((_pack(),)))
        pipe.send("ready")
        while arrived := await asyncio.to_thread(pipe.recv):
            reply = await core.handle(Event.model_validate_json(arrived))
            pipe.send(reply.model_dump_json())
    finally:
        await database.close()


# In the fork server, once for all; a cache, so that a test that imports this pays once too.
_pack()
