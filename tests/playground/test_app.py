"""The playground as a platform: its address, and what it says when that cannot be had."""

import asyncio
import socket
import sys
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from adapters.playground.app import Playground as Platform
from adapters.playground.settings import Settings as Own
from bot.adapter import Refused, Sent, Services
from bot.chat.event import Person
from bot.config.settings import SettingError, Settings
from bot.core.handle import Core
from bot.run import run
from tests.configured import configured
from tests.contract.cards import EVERY_PART
from tests.fakes.forks import ROOT
from tests.playground.conftest import Playground
from tests.slack.process import free_port

ANA = Person(platform="playground", tenant="local", user="ana")


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_it_answers_to_this_machines_names_alone(playground: Playground) -> None:
    async with aiohttp.ClientSession() as session:
        for name, status in (("localhost", 200), ("127.0.0.1", 200), ("example.org", 400)):
            async with session.get(playground.page, headers={"Host": name}) as answer:
                assert answer.status == status


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_a_page_of_another_site_gets_neither_its_socket_nor_its_answers(
    playground: Playground,
) -> None:
    socket_url = f"{playground.page}_nicegui_ws/socket.io/?EIO=4&transport={{}}"
    own, other = playground.page.rstrip("/"), "http://evil.example"
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(socket_url.format("websocket"), origin=own) as taken:
            assert (await taken.receive_str()).startswith("0{")
        for origin in (other, "null", "http://127.0.0.1:1"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(socket_url.format("websocket"), origin=origin)
            assert refused.value.status == 403
            async with session.get(
                socket_url.format("polling"), headers={"Origin": origin}
            ) as answer:
                assert answer.status == 403
        async with session.get(playground.page) as answer:
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Frame-Options"] == "DENY"
        polling = session.get(socket_url.format("polling"), headers={"Origin": own})
        async with polling as answer:
            assert answer.status == 200
            assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_those_who_never_ask_for_anything_keep_nobody_from_the_page(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))"
    start = "import sys; from bot.__main__ import main; sys.exit(main(['run', 'playground']))"
    port, environment = free_port(), {"PYTHONPATH": str(ROOT), "PORT": "0"}
    with (tmp_path / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", f"{limit}; {start}"), cwd=tmp_path, stderr=log,
            env={**environment, "PLAYGROUND_PORT": str(port)},
        )  # fmt: skip
    page, held = f"http://127.0.0.1:{port}/", []
    try:
        await served(page)
        held += [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(200)]
        for _ in range(3):
            await served(page)
    finally:
        for writer in held:
            writer.close()
        process.terminate()
        assert await process.wait() == 0
    assert "out of system resource" not in (tmp_path / "log").read_text()


async def served(page: str) -> None:
    """Wait until the page is there, as somebody would who tries again."""
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(page) as answer:
                    assert answer.status == 200
                    return
            await asyncio.sleep(0.05)


async def test_a_port_that_is_taken_is_named(core: Core) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        own = Own(_env_file=None, playground_port=taken.getsockname()[1])
        with pytest.raises(SettingError, match="PLAYGROUND_PORT: cannot listen there"):
            await Platform(Services(Settings(), core, _raise), own).start()


async def test_without_its_libraries_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for module in ("app", "server"):
        monkeypatch.delitem(sys.modules, f"adapters.playground.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(SettingError, match=r"\./install\.sh requirements-playground.txt"):
        await run(configured(port=0), ("playground",))


async def test_a_direct_message_is_sent_once_and_can_be_asked_for(core: Core) -> None:
    platform = Platform(Services(Settings(), core, _raise), Own())
    assert platform.unready()
    now = int(core.clock().timestamp())
    assert isinstance(await platform.send(ANA, EVERY_PART, "n"), Sent)
    assert await platform.arrived(ANA, "n", now)
    assert not await platform.arrived(ANA, "n", now + 1)
    assert not await platform.arrived(ANA, "m", now)
    stranger = ANA.model_copy(update={"user": "mallory"})
    assert isinstance(await platform.send(stranger, EVERY_PART, "n"), Refused)


def _raise(error: Exception) -> None:
    raise error
