"""What a load balancer and Prometheus are told."""

import asyncio
import resource
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web

from bot.adapter import Outcome, Rates, Unknown
from bot.chat.event import Person, Platform
from bot.chat.reply import Message
from bot.config.settings import SettingError, Settings
from bot.core.handle import Core
from bot.http.connections import most_connections
from bot.ops.server import server
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.store.database import T, Transaction, UnavailableError
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.telemetry.metrics import TimedDatabase
from tests.core.test_handle import BrokenDatabase
from tests.stories import Chat, Clock

MEGABYTE = 1024 * 1024
HALF_A_BODY = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"


class CountingDatabase(BrokenDatabase):
    asked = 0

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        self.asked += 1
        return await super().transact(work, alone=alone, patient=patient)


class Quiet:
    """A platform that says what the test wants of its state."""

    name: Platform = "slack"
    rates = Rates(1.0)
    trouble: str | None = None

    def __init__(self) -> None:
        self.reading = asyncio.Event()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def unready(self) -> str | None:
        return self.trouble

    def routes(self) -> Iterable[web.RouteDef]:
        async def echo(request: web.Request) -> web.Response:
            self.reading.set()
            return web.Response(body=await request.read())

        return [web.post("/echo", echo)]

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        return Unknown("never sends")

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        return None


SETTINGS = Settings(_env_file=None, port=0)


@pytest.fixture
def platform() -> Quiet:
    return Quiet()


@pytest.fixture
async def url(core: Core, platform: Quiet) -> AsyncIterator[str]:
    async for address in serving(core, platform):
        yield address


async def serving(core: Core, platform: Quiet, settings: Settings = SETTINGS) -> AsyncIterator[str]:
    runner = await server(settings, core, [platform])
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_the_process_lives_and_is_ready(url: str) -> None:
    assert await get(f"{url}/healthz") == (200, "ok\n")
    assert await get(f"{url}/readyz") == (200, "ok\n")


async def test_it_says_which_platform_is_not_ready(url: str, platform: Quiet) -> None:
    platform.trouble = "no socket is connected"
    assert await get(f"{url}/readyz") == (503, "slack: no socket is connected\n")
    assert (await get(f"{url}/healthz"))[0] == 200


async def test_it_says_that_the_database_takes_no_write(pack: Pack, platform: Quiet) -> None:
    broken = Core(BrokenDatabase(UnavailableError("disk full")), Packs((pack,)))
    async for url in serving(broken, platform):
        assert await get(f"{url}/readyz") == (503, "database: disk full\n")
        assert "crossroads_reminder_lag_seconds 0.0" in (await get(f"{url}/metrics"))[1]


async def test_it_says_that_the_disk_is_full_before_a_write_fails(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full(_: object) -> SimpleNamespace:
        return SimpleNamespace(free=20_480)

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    assert await get(f"{url}/readyz") == (503, "database: only 20 KiB are left on the disk\n")


async def test_a_body_beyond_all_measure_is_refused(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/echo", data=BytesIO(b"x" * (MEGABYTE + 1))) as answer:
            assert answer.status == 413
        async with session.post(f"{url}/echo", data=BytesIO(b"x" * MEGABYTE)) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /echo HTTP/1.1\r\nHost: x\r\n",
        HALF_A_BODY,
    ],
    ids=["silent", "half a head", "half a body"],
)
async def test_those_who_never_finish_keep_nobody_out(
    core: Core,
    platform: Quiet,
    sent: bytes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.ops.server.most_connections", lambda: 5)
    async for url in serving(core, platform):
        held = [await half_open(url, sent) for _ in range(20)]
        for _ in range(3):
            assert await get(f"{url}/healthz") == (200, "ok\n")
            assert (await get(f"{url}/readyz"))[0] == 200
        for _, writer in held:
            writer.close()
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(said) == 1, said
    assert "(at most 5)" in said[0]
    assert not any(record.exc_info for record in caplog.records)


async def test_who_is_too_slow_is_dropped(
    core: Core, platform: Quiet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.http.connections.HEAD_SECONDS", 0.05)
    monkeypatch.setattr("bot.http.connections.REQUEST_SECONDS", 0.05)
    async for url in serving(core, platform):
        for sent in (b"GET /he", HALF_A_BODY):
            reader, writer = await half_open(url, sent)
            with suppress(ConnectionResetError):
                assert await asyncio.wait_for(reader.read(), 20) == b""
            writer.close()
        assert await get(f"{url}/healthz") == (200, "ok\n")


async def test_a_stop_does_not_wait_for_the_other_half_of_a_body(
    core: Core, platform: Quiet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ops.server._STOP_SECONDS", 600.0)  # for requests that came whole
    runner = await server(SETTINGS, core, [platform])
    _, writer = await half_open(f"http://127.0.0.1:{runner.addresses[0][1]}", HALF_A_BODY)
    await asyncio.wait_for(platform.reading.wait(), 20)
    await asyncio.wait_for(runner.cleanup(), 20)
    writer.close()


async def test_who_speaks_no_http_fills_no_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    for sent in (b"\x16\x03\x01\x02", b"GET / HTTP/1.1\r\n\r\n", b"hello\r\n\r\n"):
        reader, writer = await half_open(url, sent)
        assert b" 400 " in await asyncio.wait_for(reader.readline(), 20)
        writer.close()
    assert [record for record in caplog.records if record.levelname != "DEBUG"] == []


async def half_open(url: str, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(sent)
    await writer.drain()
    return reader, writer


def test_half_of_the_files_are_left_to_databases_and_platforms() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, before[1]))
        assert most_connections() == 100
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_it_says_that_the_file_is_no_longer_the_one_that_is_written_to(
    core: Core, platform: Quiet, tmp_path: Path
) -> None:
    file = tmp_path / "crossroads.db"
    settings = Settings(_env_file=None, port=0, database_url=f"sqlite:///{file}")
    async for url in serving(core, platform, settings):
        assert (await get(f"{url}/readyz"))[0] == 200
        file.rename(tmp_path / "moved-away.db")
        status, said = await get(f"{url}/readyz")
        assert status == 503
        assert said.startswith("database: the file was removed or replaced")
        file.touch()  # another one in its place is not it either
        assert (await get(f"{url}/readyz"))[0] == 503


async def test_whoever_asks_often_does_not_make_the_disk_work_for_each(
    pack: Pack, platform: Quiet
) -> None:
    counting = CountingDatabase(UnavailableError("busy"))
    async for url in serving(Core(counting, Packs((pack,))), platform):
        answers = await asyncio.gather(*(get(f"{url}/readyz") for _ in range(20)))
    assert set(answers) == {(503, "database: busy\n")}
    assert counting.asked < 20  # one a second


async def test_a_database_that_fails_in_another_way_is_not_ready_either(
    pack: Pack, platform: Quiet
) -> None:
    """Somebody has dropped a table."""
    async for url in serving(Core(BrokenDatabase(LookupError()), Packs((pack,))), platform):
        assert await get(f"{url}/readyz") == (
            503,
            "database: it cannot be written to (LookupError)\n",
        )
        assert (await get(f"{url}/metrics"))[0] == 200


async def test_a_damaged_file_is_told_to_the_operator_and_no_member_is_promised_anything(
    database: SQLiteDatabase, tmp_path: Path, pack: Pack, platform: Quiet
) -> None:
    (table,) = await database.transact(
        lambda tx: tx.fetch("SELECT rootpage FROM sqlite_master WHERE name = 'sessions'")
    )
    (setting,) = await database.transact(
        lambda tx: tx.fetch("SELECT rootpage FROM sqlite_master WHERE name = 'settings'")
    )
    await database.close()
    with (tmp_path / "crossroads.db").open("r+b") as file:
        for page in (table["rootpage"], setting["rootpage"]):
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    core = Core(database, Packs((pack,)))
    try:
        async for url in serving(core, platform):
            status, said = await get(f"{url}/readyz")
            assert status == 503
            assert said.startswith("database: the file is damaged: stop Crossroads")
            assert (await get(f"{url}/metrics"))[0] == 200
        ana = Chat(core, "ana")
        await ana.command("/quiz")
        assert "I couldn’t save that just now, so nothing was changed" in ana.said
    finally:
        await database.close()


@pytest.mark.parametrize("host", ["203.0.113.9", "no.such.host.invalid", "x" * 300, "http://::"])
async def test_an_address_that_cannot_be_had_is_called_host(core: Core, host: str) -> None:
    with pytest.raises(SettingError, match=r"^HOST: ") as refused:
        await server(SETTINGS.model_copy(update={"host": host}), core, [])
    assert host not in str(refused.value)


async def test_an_address_that_is_taken_names_the_setting(core: Core, url: str) -> None:
    taken = SETTINGS.model_copy(update={"port": int(url.rpartition(":")[2])})
    with pytest.raises(SettingError, match=r"^PORT: cannot listen there"):
        await server(taken, core, [])


async def test_prometheus_is_told_what_members_did_and_not_who(
    database: SQLiteDatabase, pack: Pack, clock: Clock, platform: Quiet
) -> None:
    core = Core(TimedDatabase(database), Packs((pack,)), clock)
    ana = Chat(core, "user-id-of-ana", platform="discord", tenant="tenant-id")
    async for url in serving(core, platform):
        before = figures((await get(f"{url}/metrics"))[1])
        await ana.command("/quiz")
        await ana.press("Skip")
        await ana.command("/made-up-by-a-member")
        await ana.garbled()
        text = (await get(f"{url}/metrics"))[1]
        after = figures(text)
        name = 'crossroads_interactions_total{{command="{}",outcome="{}",platform="discord"}}'
        for command, outcome in (
            ("/quiz", "answered"),
            ("Skip", "answered"),
            ("other", "answered"),
            ("other", "unreadable"),
        ):
            key = name.format(command, outcome)
            assert after[key] - before.get(key, 0) == 1
        count = 'crossroads_interaction_seconds_count{command="/quiz",platform="discord"}'
        assert after[count] - before.get(count, 0) == 1
        committed = 'crossroads_database_seconds_count{outcome="committed"}'
        assert after[committed] - before.get(committed, 0) >= 4
        for private in ("user-id-of-ana", "tenant-id", "made-up-by-a-member"):
            assert private not in text


def figures(text: str) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


async def test_a_transaction_that_fails_is_timed_too(url: str) -> None:
    async def fail(_: object) -> None:
        raise LookupError

    async def count(outcome: str) -> float:
        name = f'crossroads_database_seconds_count{{outcome="{outcome}"}}'
        return figures((await get(f"{url}/metrics"))[1]).get(name, 0)

    for outcome, error in (("unavailable", UnavailableError("busy")), ("failed", LookupError())):
        before = await count(outcome)
        with pytest.raises(type(error)):
            await TimedDatabase(BrokenDatabase(error)).transact(fail)
        assert await count(outcome) - before == 1
    await TimedDatabase(BrokenDatabase(LookupError())).close()
