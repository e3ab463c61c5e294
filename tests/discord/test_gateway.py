"""The connection by itself: what it lives through, what it gives up for, and what it costs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from adapters.discord.api import Rest
from adapters.discord.doctor import look
from adapters.discord.gateway import budget, client, pauses, shard
from adapters.discord.gateway.client import Gateway
from adapters.discord.gateway.dispatch import Listed
from adapters.discord.settings import Settings
from bot.config.settings import SettingError
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.components import Json


@dataclass
class Ears:
    """All that was heard."""

    interactions: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    lists: list[Listed] = field(default_factory=list)
    changes: list[tuple[str, bool]] = field(default_factory=list)

    def interaction(self, payload: Json) -> None:
        self.interactions.append(payload)

    def message(self, payload: Json) -> None:
        self.messages.append(payload)

    def listed(self, listed: Listed) -> None:
        self.lists.append(listed)

    def changed(self, guild: str, here: bool) -> None:
        self.changes.append((guild, here))


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake


@asynccontextmanager
async def connecting(
    discord: FakeDiscord, ears: Ears, **settings: object
) -> AsyncIterator[tuple[Gateway, "asyncio.Task[None]"]]:
    """A gateway that logs in and runs; its task ends only when it gives up."""
    rest = Rest(discord.api_url, discord.token)
    rest.open()
    gateway = Gateway(Settings(_env_file=None, **settings), discord.token, rest, ears)  # type: ignore[arg-type]

    async def run() -> None:
        await gateway.login()
        await gateway.run()

    running = asyncio.create_task(run())
    try:
        yield gateway, running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await rest.close()


async def until_ready(gateway: Gateway, discord: FakeDiscord) -> None:
    """The fake has taken it in, and it knows."""
    await discord.ready()
    await until(lambda: gateway.unready() is None)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


async def test_it_hears_of_servers_by_their_ids_alone(discord: FakeDiscord) -> None:
    ears, here = Ears(), discord.add_guild()
    async with connecting(discord, ears) as (gateway, _):
        await until_ready(gateway, discord)
        new = {"id": "77", "channels": "not what they used to be"}
        await discord.gateway.dispatch("GUILD_CREATE", new)
        await discord.gateway.dispatch("GUILD_CREATE", new)
        await discord.gateway.dispatch("GUILD_DELETE", {"id": here, "unavailable": True})
        await discord.remove_from(here)
        await until(lambda: len(ears.changes) == 2)
    assert ears.lists == [Listed(0, 1, frozenset({here}))]
    assert ears.changes == [("77", True), (here, False)]


@pytest.mark.parametrize(
    ("event", "odd"),
    [
        ("GUILD_CREATE", {"name": "no id"}),
        ("GUILD_DELETE", {}),
        ("MESSAGE_CREATE", {"guild_id": "1"}),
        ("CHANNEL_CREATE", {"type": "a kind that nobody knows"}),
        ("SOMETHING_NEW", {}),
    ],
)
async def test_what_cannot_be_read_costs_nobody_the_connection(
    discord: FakeDiscord, event: str, odd: Json
) -> None:
    ears = Ears()
    async with connecting(discord, ears) as (gateway, _):
        await until_ready(gateway, discord)
        await discord.gateway.dispatch(event, odd)
        await discord.gateway.dispatch("INTERACTION_CREATE", {"id": "1"})
        await until(lambda: bool(ears.interactions))
    assert len(discord.gateway.identifies) == 1
    assert discord.gateway.resumes == 0
    assert ears.messages == []


@pytest.mark.parametrize(
    ("code", "what_to_do"),
    [
        (4004, "DISCORD_TOKEN: .* make a new one"),
        (4010, "DISCORD_SHARD_IDS: .* below DISCORD_SHARD_COUNT"),
        (4011, "DISCORD_SHARD_COUNT: .* more shards"),
        (4012, "update Crossroads"),
        (4013, "DISCORD_TOKEN: .* see what the portal says"),
        (4014, "DISCORD_TOKEN: .* see what the portal says"),
    ],
)
async def test_what_no_waiting_mends_is_given_up_with_what_to_do(
    discord: FakeDiscord, code: int, what_to_do: str
) -> None:
    discord.gateway.turns_away, discord.gateway.turns_away_with = True, code
    async with connecting(discord, Ears()) as (_, running):
        with pytest.raises(SettingError, match=what_to_do):
            await asyncio.wait_for(running, 10)
    assert discord.gateway.turned_away == 1


async def test_nobody_answering_is_a_line_a_try_and_the_session_is_taken_up_again(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    async with connecting(discord, Ears()) as (gateway, _):
        await until_ready(gateway, discord)
        discord.gateway.go_away()
        await discord.world.until(lambda: discord.gateway.knocks >= 3, "three tries")
        assert gateway.unready() == "shards [0] are not connected"
        discord.gateway.away = False
        await until_ready(gateway, discord)
    lines = [record for record in caplog.records if record.name.startswith("adapters")]
    assert len(lines) <= discord.gateway.knocks
    assert not any(record.exc_info for record in caplog.records)
    assert all("\n" not in record.getMessage() for record in caplog.records)
    assert len(discord.gateway.identifies) == 1
    assert discord.gateway.resumes == 1


@pytest.mark.slow  # Discord asks for a second or more before the new session
async def test_a_session_that_is_over_is_an_answer_and_no_failure(
    discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "LONGEST_PAUSE", 0.5)
    monkeypatch.setattr(budget, "APART_SECONDS", 0.5)
    monkeypatch.setattr(shard, "UNWANTED_SECONDS", (0.1, 0.2))
    async with connecting(discord, Ears()) as (gateway, _):
        await until_ready(gateway, discord)
        for session in discord.gateway.sessions.values():
            session.valid = False
        discord.gateway.go_away()
        await discord.world.until(lambda: discord.gateway.knocks >= 6, "a longer pause")
        discord.gateway.away = False
        began = asyncio.get_running_loop().time()
        await until_ready(gateway, discord)
        assert asyncio.get_running_loop().time() - began < 20
    assert len(discord.gateway.identifies) == 2


async def test_taken_in_and_cut_at_once_again_and_again_is_paced(discord: FakeDiscord) -> None:
    async with connecting(discord, Ears()) as (gateway, _):
        await until_ready(gateway, discord)
        discord.gateway.hangs_up = True
        discord.gateway.drop_sockets()
        began = asyncio.get_running_loop().time()
        await discord.world.until(lambda: discord.gateway.resumes >= 2, "being taken up again")
        assert asyncio.get_running_loop().time() - began > 0.5, "it hammers"
    assert len(discord.gateway.identifies) == 1


async def test_no_session_is_begun_when_none_is_left_for_today(discord: FakeDiscord) -> None:
    discord.gateway.sessions_left, discord.day_ends_after = 0, 200
    async with connecting(discord, Ears()) as (gateway, _):
        asked = "/gateway/bot"
        await discord.world.until(lambda: len(discord.requests("GET", asked)) >= 2, "a second look")
        assert discord.gateway.identifies == []
        assert gateway.unready() == "shards [0] are not connected"
        discord.gateway.sessions_left = 1
        await until_ready(gateway, discord)
    assert len(discord.gateway.identifies) == 1


async def test_a_discord_that_answers_oddly_is_waited_for(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "FIRST_PAUSE", 0.1)
    discord.faults.fail("GET /api/v10/users/@me", status=403)
    discord.faults.fail("GET /api/v10/applications/@me", status=502)
    async with connecting(discord, Ears()) as (gateway, _):
        await until_ready(gateway, discord)
    lines = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [line.partition(";")[0] for line in lines] == [
        "Discord is out of reach (403, code 0: 403: made to fail)",
        "Discord is out of reach (status 502)",
    ]


async def test_an_endpoint_in_the_portal_that_takes_all_commands_is_told_of(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    discord.endpoint_url = "https://elsewhere.example/interactions"
    async with connecting(discord, Ears()) as (gateway, _):
        await until_ready(gateway, discord)
    (said,) = (record.getMessage() for record in caplog.records if record.levelname == "ERROR")
    assert "interactions endpoint URL" in said
    assert "elsewhere" not in said


@pytest.fixture
def no_proxy_yet(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


async def test_behind_a_proxy_every_way_to_discord_leads_through_it(
    discord: FakeDiscord, no_proxy_yet: pytest.MonkeyPatch
) -> None:
    """Nobody but the proxy finds the host; what is passed on, the fake answers itself."""
    no_proxy_yet.setenv("HTTP_PROXY", discord.api_url.removesuffix("/api/v10"))
    discord.api_url, discord.gateway.url = "http://discord.test/api/v10", "ws://socket.test/"
    async with connecting(discord, Ears()) as (gateway, _):
        await until_ready(gateway, discord)
    settings = Settings(
        _env_file=None, discord_token=discord.token, discord_api_url=discord.api_url
    )
    said = [str(finding) async for finding in look(settings, lambda _: None, None)]
    assert not any(line.startswith("STOP") for line in said), said


async def test_what_no_proxy_names_is_reached_straight(
    discord: FakeDiscord, no_proxy_yet: pytest.MonkeyPatch
) -> None:
    no_proxy_yet.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    no_proxy_yet.setenv("NO_PROXY", "127.0.0.1")
    async with connecting(discord, Ears()) as (gateway, _):
        await until_ready(gateway, discord)
