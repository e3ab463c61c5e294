"""Connection limits of the HTTP server: how many there may be, and how long each may take.

aiohttp waits for a head for an hour, and for the rest of a body for ever.
"""

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from itertools import chain
from typing import Any, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError

from bot.http.listening import QUEUE

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

HEAD_SECONDS = 10.0  # until a new connection has sent the head of its first request
REQUEST_SECONDS = 30.0  # from a head to the end of its answer; no platform waits that long
_MOST = 1000
_SILENCE_SECONDS = 60.0  # one line a minute tells of what was dropped
_GONE = 408

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def most_connections() -> int:
    """At most half of the files that the process may open: databases and platforms need theirs."""
    if resource is None:
        return _MOST
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if allowed == resource.RLIM_INFINITY else max(1, min(_MOST, allowed // 2))


class Connections:
    """Drops who takes too long, and where there are too many, who has been silent for longest."""

    def __init__(self, most: int) -> None:
        self._most = most
        # In the order in which they fell silent; None for one that is kept for another request.
        self._silent: dict[web.RequestHandler, asyncio.TimerHandle | None] = {}
        self._busy: dict[web.RequestHandler, tuple[web.Request, asyncio.TimerHandle]] = {}
        self._dropped, self._said_at = 0, -_SILENCE_SECONDS

    def enter(self, connection: web.RequestHandler) -> None:
        if len(self._silent) + len(self._busy) >= self._most:
            least = self._least() or connection
            self._drop(least)
            if least is connection:
                return
        self._silent[connection] = self._deadline(HEAD_SECONDS, connection)

    def leave(self, connection: web.RequestHandler) -> None:
        if timer := self._silent.pop(connection, None):
            timer.cancel()
        if busy := self._busy.pop(connection, None):
            busy[1].cancel()

    def _least(self) -> web.RequestHandler | None:
        """Who is missed least: no request has come whole from them, for longest."""
        half = (one for one, (request, _) in self._busy.items() if not request.content.is_eof())
        return next(chain(self._silent, half), None)

    async def close(self, _: web.Application) -> None:
        """Let go of whoever has sent no whole request: nothing of theirs is to be finished."""
        while least := self._least():
            self.leave(least)
            _abort(least)

    @web.middleware
    async def watch(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Middleware: limits how long a request may take, its body included."""
        connection = request.protocol
        self.leave(connection)
        self._busy[connection] = request, self._deadline(REQUEST_SECONDS, connection)
        try:
            return await handler(request)
        except ConnectionError:
            # Whoever sent half a body is gone; aiohttp would write a traceback down.
            return web.Response(status=_GONE)
        finally:
            self.leave(connection)
            if connection.transport is not None:
                self._silent[connection] = None

    def _deadline(self, seconds: float, connection: web.RequestHandler) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, self._drop, connection)

    def _drop(self, connection: web.RequestHandler) -> None:
        self.leave(connection)
        _abort(connection)
        self._dropped += 1
        if time.monotonic() - self._said_at >= _SILENCE_SECONDS:
            log.warning(
                "the HTTP server drops connections that are too slow, or too many (at most %d):"
                " %d since this was last said",
                self._most,
                self._dropped,
            )
            self._dropped, self._said_at = 0, time.monotonic()


def _abort(connection: web.RequestHandler) -> None:
    if isinstance(connection.transport, asyncio.Transport):
        connection.transport.abort()


class _Connection(web.RequestHandler):
    __slots__ = ("_connections",)

    def __init__(self, server: web.Server, connections: Connections) -> None:
        super().__init__(server, loop=asyncio.get_running_loop(), access_log=None)  # type: ignore[arg-type]
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.enter(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connections.leave(self)
        super().connection_lost(exc)

    def log_exception(self, *args: Any, **more: Any) -> None:
        """Who speaks no HTTP is told so with 400; aiohttp would write a traceback down too."""
        if not isinstance(more.get("exc_info"), HttpProcessingError):
            super().log_exception(*args, **more)


class Site(web.SockSite):
    """A listening socket whose connections are watched."""

    def __init__(
        self, runner: web.BaseRunner, listener: socket.socket, connections: Connections
    ) -> None:
        super().__init__(runner, listener)
        self._listener, self._connections = listener, connections

    async def start(self) -> None:
        """Serve; instead of SockSite's own start, which makes connections that nobody watches."""
        await web.BaseSite.start(self)
        # asyncio tries to accept as many as wait, and where no file is left it logs each failure
        # and comes back for each: one at a time keeps that to a line a second.
        self._server = await asyncio.get_running_loop().create_server(
            self._connection, sock=self._listener, backlog=1
        )
        self._listener.listen(QUEUE)

    def _connection(self) -> "_Connection":
        return _Connection(cast("web.Server", self._runner.server), self._connections)
