"""The fake plays its part: the real client works against it, and it refuses what it must."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import FakeDiscord, Person
from tests.fakes.discord.bare import BareBot, point_at

V2 = 1 << 15


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with FakeDiscord() as fake:
        point_at(fake.api_url, fake.gateway.url)
        yield fake


@asynccontextmanager
async def running(server: FakeDiscord, bot: BareBot) -> AsyncIterator[BareBot]:
    task = asyncio.create_task(bot.start(server.token))
    try:
        await server.ready()
        yield bot
    finally:
        await bot.close()
        task.cancel()  # a client that is closed while it launches shards would retry for ever
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def alice(server: FakeDiscord) -> Person:
    return server.person("Alice", server.add_guild())


async def answer(server: FakeDiscord, live: Any, body: dict[str, Any]) -> tuple[int, Any]:
    """Send a callback as any client could; the status and the error code."""
    url = f"{server.api_url}/interactions/{live.id}/{live.token}/callback"
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as response:
        data = await response.json() if response.status >= 400 else {}
        return response.status, data.get("code")


def message(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 4, "data": {"flags": V2, "components": list(components), **more}}


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(custom_id: str = "a", label: str = "A") -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


async def typed(server: FakeDiscord, person: Person, line: str = "/hello") -> Any:
    server.world.commands = server.world.commands or [{"name": "hello", "id": "1"}]
    return await person.command(line, wait=False)


async def test_the_real_client_connects_registers_and_answers(
    server: FakeDiscord, alice: Person
) -> None:
    async with running(server, BareBot()):
        live = await alice.command("/hello")
    assert alice.last.text == "hello"
    assert [command["name"] for command in server.world.commands] == ["hello"]
    assert live.answered_after is not None
    assert live.answered_after < 3
    assert server.refused == []


async def test_a_dropped_socket_is_resumed_and_what_was_missed_is_replayed(
    server: FakeDiscord, alice: Person
) -> None:
    async with running(server, BareBot()):
        server.gateway.drop_sockets()
        await server.world.until(lambda: not server.gateway.live, "the drop")
        await alice.command("/hello")
    assert alice.last.text == "hello"
    assert (server.gateway.resumes, len(server.gateway.identifies)) == (1, 1)


@pytest.mark.slow  # discord.py waits five seconds before it identifies again
async def test_an_invalid_session_makes_the_client_identify_again(
    server: FakeDiscord, alice: Person
) -> None:
    async with running(server, BareBot()):
        await server.gateway.invalidate()
        await server.world.until(lambda: len(server.gateway.identifies) == 2, "a second IDENTIFY")
        await server.ready()
        await alice.command("/hello")
    assert alice.last.text == "hello"


async def test_a_fractional_429_is_waited_out(server: FakeDiscord) -> None:
    server.faults.rate_limit("PUT .*/commands", retry_after=0.05)
    async with running(server, BareBot()):
        assert [a.status for a in server.requests("PUT", "/commands")] == [429, 200]


async def test_a_wrong_token_is_turned_away(server: FakeDiscord) -> None:
    async with BareBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")


async def test_shards_are_told_apart(server: FakeDiscord) -> None:
    server.shards = 2
    async with running(server, BareBot()):
        assert server.gateway.identifies[0]["shard"] == [0, 2]


async def test_a_view_a_select_and_a_modal_go_round(server: FakeDiscord, alice: Person) -> None:
    class Name(ui.Modal, title="Your name"):
        name: ui.Label[Any] = ui.Label(text="Name", component=ui.TextInput(custom_id="name"))

        async def on_submit(self, interaction: discord.Interaction, /) -> None:
            field = self.name.component
            assert isinstance(field, ui.TextInput)
            await interaction.response.edit_message(content=f"Hi {field.value}", view=None)

    class Card(ui.View):
        @ui.button(label="Sign")
        async def sign(self, interaction: discord.Interaction, _: ui.Button[Any]) -> None:
            await interaction.response.send_modal(Name())

        @ui.select(options=[discord.SelectOption(label="Red", value="r")])
        async def colour(self, interaction: discord.Interaction, select: ui.Select[Any]) -> None:
            await interaction.response.defer()
            await interaction.edit_original_response(content=f"colour {select.values[0]}")

    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card", view=Card(), ephemeral=True)

    bot = BareBot()
    bot.tree.add_command(discord.app_commands.Command(name="card", description="c", callback=card))
    async with running(server, bot):
        await alice.command("/card")
        assert (alice.last.private, alice.last.buttons) == (True, ["Sign"])
        await alice.choose("Red")
        assert alice.last.text == "colour r"
        await alice.press("Sign")
        await alice.submit(name="Ada")
    assert alice.last.text == "Hi Ada"


async def test_only_the_asker_sees_an_ephemeral_answer(server: FakeDiscord, alice: Person) -> None:
    bob = server.person("Bob", alice.place.guild_id)
    live = await typed(server, alice)
    await answer(server, live, message(text("secret"), flags=V2 | 64))
    assert (len(alice.screen), len(bob.screen)) == (1, 0)


async def test_a_second_first_response_is_refused(server: FakeDiscord, alice: Person) -> None:
    live = await typed(server, alice)
    assert await answer(server, live, message(text("one"))) == (204, None)
    assert await answer(server, live, message(text("two"))) == (400, 40060)
    assert len(alice.screen) == 1


async def test_a_late_or_unknown_response_is_refused(server: FakeDiscord, alice: Person) -> None:
    live = await typed(server, alice)
    live.sent -= 3.1
    assert await answer(server, live, message(text("late"))) == (404, 10062)
    live.token = "nobody's"
    assert await answer(server, live, message(text("lost"))) == (404, 10062)


async def test_a_modal_after_a_defer_is_refused(server: FakeDiscord, alice: Person) -> None:
    live = await typed(server, alice)
    assert await answer(server, live, {"type": 5}) == (204, None)
    modal = {"type": 9, "data": {"title": "t", "custom_id": "m", "components": []}}
    assert await answer(server, live, modal) == (400, 40060)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(message(), id="nothing in it"),
        pytest.param(message(text("")), id="empty text"),
        pytest.param(message(text("x" * 4001)), id="text too long"),
        pytest.param(message(text("x" * 2001), text("x" * 2001)), id="texts too long together"),
        pytest.param(message(*[text("x")] * 41), id="41 components"),
        pytest.param(message(text("x"), content="y"), id="content beside"),
        pytest.param(message(text("x"), embeds=[{"title": "t"}]), id="embeds beside"),
        pytest.param(message(button()), id="button outside a row"),
        pytest.param(message(row(*[button(str(i)) for i in range(6)])), id="six in a row"),
        pytest.param(message(row(button("a"), button("a"))), id="an id twice"),
        pytest.param(message(row(button("x" * 101))), id="id too long"),
        pytest.param(message(row(button("a", "x" * 81))), id="label too long"),
        pytest.param(message(row(button("a", "🙂" * 41))), id="label too long in UTF-16"),
        pytest.param(message(row({**button(), "style": "1"})), id="style of a wrong type"),
        pytest.param(message({"type": 17, "components": []}), id="empty container"),
        pytest.param(
            message({"type": 17, "accent_color": 1 << 24, "components": [text("x")]}), id="colour"
        ),
        pytest.param(message({"type": 9, "components": [text("x")]}), id="section, no accessory"),
        pytest.param(
            message(row({"type": 3, "custom_id": "s", "options": []})), id="select without options"
        ),
        pytest.param(
            message(
                row({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "1"}] * 2})
            ),
            id="option values twice",
        ),
        pytest.param(message(text("x"), allowed_mentions={"parse": ["all"]}), id="mentions"),
        pytest.param({"type": 4, "data": {"content": "x" * 2001}}, id="content too long"),
        pytest.param({"type": 4, "data": {"content": ""}}, id="empty message"),
        pytest.param({"type": 7, "data": {"content": "x"}}, id="update of no message"),
        pytest.param({"type": 8, "data": {"choices": []}}, id="choices for a command"),
        pytest.param({"type": True, "data": {"content": "x"}}, id="type of a wrong type"),
        pytest.param(
            {"type": 9, "data": {"title": "x" * 46, "custom_id": "m", "components": [text("x")]}},
            id="modal title too long",
        ),
    ],
)
async def test_what_discord_would_refuse_is_refused(
    server: FakeDiscord, alice: Person, body: dict[str, Any]
) -> None:
    live = await typed(server, alice)
    assert await answer(server, live, body) == (400, 50035)
    assert alice.screen == []


async def test_mentions_that_would_fire_are_noted(server: FakeDiscord, alice: Person) -> None:
    quiet = message(text("hi @everyone"), allowed_mentions={"parse": []})
    await answer(server, await typed(server, alice), quiet)
    assert server.world.pings == []
    await answer(server, await typed(server, alice), message(text("hi @everyone")))
    assert len(server.world.pings) == 1


async def send_dm(server: FakeDiscord, person: Person, body: dict[str, Any]) -> tuple[int, Any]:
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession(server.api_url + "/", headers=headers) as http:
        async with http.post("users/@me/channels", json={"recipient_id": person.id}) as opened:
            channel = (await opened.json())["id"]
        async with http.post(f"channels/{channel}/messages", json=body) as response:
            return response.status, await response.json()


async def test_an_enforced_nonce_returns_the_same_message(
    server: FakeDiscord, alice: Person
) -> None:
    body = {"content": "hi", "nonce": "n1", "enforce_nonce": True}
    _, first = await send_dm(server, alice, body)
    _, second = await send_dm(server, alice, body)
    assert first["id"] == second["id"]
    assert [m.text for m in alice.in_dm.screen] == ["hi"]


async def test_closed_direct_messages_are_refused(server: FakeDiscord, alice: Person) -> None:
    server.close_dms(alice, code=50278)
    status, body = await send_dm(server, alice, {"content": "hi"})
    assert (status, body["code"]) == (403, 50278)


async def test_a_lost_answer_was_carried_out(server: FakeDiscord, alice: Person) -> None:
    server.faults.lose_answer("POST .*/messages")
    with pytest.raises(aiohttp.ClientError):
        await send_dm(server, alice, {"content": "hi"})
    assert [m.text for m in alice.in_dm.screen] == ["hi"]
