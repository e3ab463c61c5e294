"""The commands that Discord has, and how they are put right."""

import asyncio
from collections.abc import AsyncIterator
from copy import deepcopy

import pytest

from adapters.discord.api import Rest
from adapters.discord.commands import registry
from adapters.discord.commands.registry import Registry, differences
from adapters.discord.commands.tree import tree
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from tests.discord.conftest import Bot
from tests.discord.test_life import readiness
from tests.fakes.discord import FakeDiscord, Person
from tests.fakes.discord.components import Json
from tests.slack.process import free_port

PACKS = Packs((load(default_pack_path()),))

LAUNCH: Json = {"id": "7", "name": "launch", "type": 4, "handler": 2, "description": ""}


def as_registered() -> list[Json]:
    """The tree as Discord gives it back: with more in it, defaults left out, sets in any order."""
    commands = deepcopy(tree(PACKS))
    for number, command in enumerate(commands):
        command |= {"id": str(number), "version": "1", "nsfw": False, "name_localizations": None}
        command["contexts"] = command["contexts"][::-1]
        for option in command.get("options", []):
            option.pop("required")
    return commands


def test_what_discord_adds_and_leaves_out_is_no_difference() -> None:
    assert differences(as_registered(), tree(PACKS)) == []
    assert differences([*as_registered(), LAUNCH], tree(PACKS)) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("quiz", {"name": "quizz"}),
        ("plan", {"options": []}),
        ("plan", {"description": "Another"}),
        ("quiz", {"options": [{"type": 3, "name": "new", "description": "New"}]}),
        ("compare", {"contexts": [0]}),
    ],
)
def test_a_command_that_is_not_as_it_should_be_is_named(name: str, change: Json) -> None:
    has = as_registered()
    next(command for command in has if command["name"] == name).update(change)
    assert name in differences(has, tree(PACKS))


def test_an_option_that_completes_otherwise_is_a_difference() -> None:
    has = as_registered()
    has[0]["options"][0].pop("autocomplete")
    assert differences(has, tree(PACKS)) == ["compare"]


@pytest.fixture
async def rest() -> AsyncIterator[tuple[FakeDiscord, Registry]]:
    async with FakeDiscord() as discord:
        calls = Rest(discord.api_url, discord.token)
        calls.open()
        yield discord, Registry(calls, PACKS)
        await calls.close()


def puts(discord: FakeDiscord) -> list[int]:
    return [request.status for request in discord.requests("PUT", "/commands")]


async def test_an_app_with_an_activity_keeps_its_entry_point(
    rest: tuple[FakeDiscord, Registry],
) -> None:
    discord, commands = rest
    discord.world.commands = [LAUNCH]
    await commands.settle(discord.app_id)
    assert {"launch", "quiz", "plan"} <= {command["name"] for command in discord.world.commands}
    await commands.settle(discord.app_id)
    assert puts(discord) == [200], "what is there is not told again"


async def test_what_somebody_else_changed_is_put_right(rest: tuple[FakeDiscord, Registry]) -> None:
    discord, commands = rest
    await commands.settle(discord.app_id)
    del discord.world.commands[0]
    await commands.settle(discord.app_id)
    assert puts(discord) == [200, 200]
    assert differences(discord.world.commands, tree(PACKS)) == []


async def test_a_refusal_is_told_of_and_tried_again(
    rest: tuple[FakeDiscord, Registry], monkeypatch: pytest.MonkeyPatch
) -> None:
    discord, commands = rest
    monkeypatch.setattr(registry, "FIRST_PAUSE", 0.05)
    discord.faults.fail("PUT .*/commands", status=400, times=2)
    settling = asyncio.create_task(commands.settle(discord.app_id))
    await discord.world.until(lambda: puts(discord), "the refusal")
    async with asyncio.timeout(10):
        while True:
            if commands.refused:
                break
            await asyncio.sleep(0.005)
    assert "Discord refuses the commands (400" in commands.refused
    await settling
    assert commands.refused is None
    assert puts(discord) == [400, 400, 200]


async def test_refused_commands_and_a_refused_token_show_in_readyz(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    port = free_port()
    discord.faults.fail("PUT .*/commands", status=400)
    await bot.start(PORT=str(port), fresh=True)
    await discord.ready()
    assert "discord: Discord refuses the commands" in await readiness(port, 503)
    discord.token = "revoked"  # the connection stands
    await alice.in_dm.write("help", wait=False)
    async with asyncio.timeout(20):
        while True:
            if "Discord refuses DISCORD_TOKEN" in await readiness(port, 503):
                break
            await asyncio.sleep(0.02)
