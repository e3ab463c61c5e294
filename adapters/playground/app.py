"""The playground as a platform: its server on HOST and PLAYGROUND_PORT, and its direct messages."""

import asyncio
import logging
from collections.abc import Iterable

from aiohttp import web
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from adapters.playground.chat import Chat
from adapters.playground.guard import Guard
from adapters.playground.page import serve_page
from adapters.playground.server import Server
from adapters.playground.settings import Settings
from bot.adapter import Outcome, Rates, Services
from bot.chat.event import Person, Platform
from bot.chat.reply import Message
from bot.http.listening import listen
from bot.pack.authoring.reload import Reload

log = logging.getLogger(__name__)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def create(services: Services, settings: Settings) -> "Playground":
    return Playground(services, settings)


class Playground:
    name: Platform = "playground"
    rates = Rates(requests=50.0)

    def __init__(self, services: Services, settings: Settings) -> None:
        self._services, self._port = services, settings.playground_port
        self._chat = Chat(services.core)
        self._server: Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._reloading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        settings = self._services.settings
        listeners = await listen(settings, self._port, "PLAYGROUND_PORT")
        await self._chat.restore()
        app = FastAPI(openapi_url=None)
        if settings.host in _LOOPBACK:
            # A page of another site that names itself 127.0.0.1 (DNS rebinding) gets nothing.
            app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_LOOPBACK, "[::1]"])
        app.add_middleware(Guard)
        serve_page(app, self._chat, self._services.renderers)
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
        self._server = Server(app)
        self._serving = asyncio.create_task(self._server.serve(sockets=listeners))
        self._serving.add_done_callback(self._served)
        reload = Reload(self._services.core.packs, settings.crossroads_packs)
        self._reloading = asyncio.create_task(reload.run())
        host, port = listeners[0].getsockname()[:2]
        log.info("the playground is at http://%s:%s", f"[{host}]" if ":" in host else host, port)

    def _served(self, serving: "asyncio.Task[None]") -> None:
        if not serving.cancelled() and (error := serving.exception()):
            self._services.fail(RuntimeError(f"the playground's server ended: {error!r}"))

    async def stop(self) -> None:
        if self._reloading:
            self._reloading.cancel()
        if self._server and self._serving:
            self._server.should_exit = True
            await asyncio.wait((self._serving,))

    def unready(self) -> str | None:
        started = self._server is not None and self._server.started
        return None if started else "the page is not served yet"

    def routes(self) -> Iterable[web.RouteDef]:
        return ()

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        return await self._chat.send(person.user, message, nonce)

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        post = self._chat.sent(person.user, nonce)
        return post is not None and post.at >= since
