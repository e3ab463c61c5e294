"""The HTTP server: health, metrics, and whatever routes the adapters bring."""

from collections.abc import Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.adapter import Adapter
from bot.config.settings import Settings
from bot.core.handle import Core
from bot.http.connections import Connections, Site, most_connections
from bot.http.listening import listen
from bot.ops.ready import Ready
from bot.store.facade import Store
from bot.telemetry import metrics

_BODY = 1024 * 1024  # no platform sends more than this
_STOP_SECONDS = 10.0  # for what is being answered when the process is told to stop


async def server(settings: Settings, core: Core, adapters: Sequence[Adapter]) -> web.AppRunner:
    """Start the server on HOST and PORT; SettingError where that address cannot be had."""
    connections = Connections(most_connections())
    app = web.Application(client_max_size=_BODY, middlewares=[connections.watch])
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", Ready(core, adapters, settings.sqlite_path).answer)
    app.router.add_get("/metrics", _Metrics(core).answer)
    for adapter in adapters:
        app.router.add_routes(adapter.routes())
    app.on_shutdown.append(connections.close)
    listeners = await listen(settings, settings.port, "PORT")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
    await runner.setup()
    for listener in listeners:
        await Site(runner, listener, connections).start()
    return runner


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


class _Metrics:
    """What Prometheus reads; the lag of reminders is looked up when it asks."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def answer(self, _: web.Request) -> web.Response:
        now = int(self._core.clock().timestamp())
        try:
            due = await self._core.database.transact(lambda tx: Store(tx).overview.oldest_due(now))
        except Exception:  # noqa: BLE001 - whatever it is, /readyz tells of it
            due = None
        metrics.REMINDER_LAG.set(now - due if due is not None else 0)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
