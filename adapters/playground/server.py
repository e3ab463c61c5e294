"""The page's web server: uvicorn, with an end for connections that never ask for anything."""

import asyncio
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.http.connections import HEAD_SECONDS, most_connections
from bot.http.listening import QUEUE

_CLOSE_SECONDS = 2  # for pages that are still open; they come back by themselves


class _Connection(H11Protocol):
    """uvicorn waits for the head of a first request for ever, and takes any number of them."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.since = time.monotonic()
        # Half of what the other server may have: both share the files of one process.
        if len(self.connections) > most_connections() // 2:
            silent = (
                one for one in self.connections if isinstance(one, _Connection) and one.is_silent
            )
            min(silent, key=lambda one: one.since, default=self).transport.abort()
        self.loop.call_later(HEAD_SECONDS, self._give_up)

    @property
    def is_silent(self) -> bool:
        return self.cycle is None

    def _give_up(self) -> None:
        if self.is_silent and self in self.connections:
            self.transport.abort()


class Server(uvicorn.Server):
    """A server that leaves the signals to the process it runs in."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Connection,
                log_config=None,
                access_log=False,
                backlog=1,  # asyncio accepts so many before it tells of the first
                timeout_graceful_shutdown=_CLOSE_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(QUEUE)  # asyncio has made the queue as short as what it accepts

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
