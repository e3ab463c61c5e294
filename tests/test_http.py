"""What a load balancer and Prometheus are told."""

import shutil
from collections.abc import AsyncIterator, Iterable
from io import BytesIO
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web

from bot.config import SettingError, Settings
from bot.content import Pack
from bot.core import Core
from bot.event import Person, Platform
from bot.http import server
from bot.metrics import TimedDatabase
from bot.reply import Message
from bot.sending import Outcome, Unknown
from bot.store.database import UnavailableError
from bot.store.sqlite import SQLiteDatabase
from tests.stories import Chat, Clock
from tests.test_core import BrokenDatabase

MEGABYTE = 1024 * 1024


class Quiet:
    """A platform that says what the test wants of its state."""

    name: Platform = "slack"
    trouble: str | None = None

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def unready(self) -> str | None:
        return self.trouble

    def routes(self) -> Iterable[web.RouteDef]:
        async def echo(request: web.Request) -> web.Response:
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


async def serving(core: Core, platform: Quiet) -> AsyncIterator[str]:
    runner = await server(SETTINGS, core, [platform])
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
    broken = Core(BrokenDatabase(UnavailableError("disk full")), pack)
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


async def test_an_address_that_is_taken_names_the_setting(core: Core, url: str) -> None:
    taken = SETTINGS.model_copy(update={"port": int(url.rpartition(":")[2])})
    with pytest.raises(SettingError, match=r"^PORT: cannot listen there"):
        await server(taken, core, [])


async def test_prometheus_is_told_what_members_did_and_not_who(
    database: SQLiteDatabase, pack: Pack, clock: Clock, platform: Quiet
) -> None:
    core = Core(TimedDatabase(database), pack, clock)
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
