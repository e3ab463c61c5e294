"""Behind a company's proxy: each call of Slack goes through it, and none that `NO_PROXY` names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.shared.calls import CallError
from adapters.slack.api import Api
from adapters.slack.intake.socket_mode import Sockets
from tests.fakes.slack.tokens import OneToken

HERE = "http://slack.test/api/"


async def _nobody(**_: object) -> AuthorizeResult:
    """Whose bot it is does not matter where nothing is delivered."""
    return AuthorizeResult(enterprise_id=None, team_id="T1")


class Proxy:
    """Takes what it is asked to pass on, and answers it in Slack's place."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url, self.socket = "", asyncio.Event()

    async def pass_on(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.url).partition("?")[0])
        if request.host == "socket.test":
            self.socket.set()
        return web.json_response({"ok": True, "url": "ws://socket.test/link?ticket=1"})


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proxy]:
    proxy, app = Proxy(), web.Application()
    app.router.add_route("*", "/{path:.*}", proxy.pass_on)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    for name in ("http_proxy", "https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    yield proxy
    await runner.cleanup()


async def test_answers_and_sockets_go_where_calls_go(proxy: Proxy) -> None:
    api = Api(OneToken("xoxb-1"), HERE)
    await api.call("T1", "auth.test")
    await api.respond("T1", "http://hooks.test/actions/1", {"text": "hello"})
    app = AsyncApp(client=api.client, authorize=_nobody)
    refused: list[Exception] = []
    sockets = Sockets(app, "xapp-1", lambda: api.client, refused.append)
    await sockets.start()
    async with asyncio.timeout(10):
        await proxy.socket.wait()
    await sockets.stop()
    await api.close()
    assert {url for url in proxy.asked if "socket" not in url} == {
        "http://slack.test/api/auth.test",
        "http://slack.test/api/apps.connections.open",
        "http://hooks.test/actions/1",
    }


async def test_no_proxy_is_obeyed(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "slack.test")
    api = Api(OneToken("xoxb-1"), HERE)
    with pytest.raises(CallError):  # there is no such host
        await api.call("T1", "auth.test")
    await api.close()
    assert proxy.asked == []
