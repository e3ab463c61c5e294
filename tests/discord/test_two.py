"""Two processes on one PostgreSQL: side by side on their shards, or both on all of them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.run import migrate_database
from tests.discord.conftest import Bot, assert_nothing_was_given_away
from tests.discord.test_guilds import on_shard
from tests.fakes.discord import FakeDiscord, Person

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
async def two(
    discord: FakeDiscord, server: str, tmp_path: Path, postgres_url: str
) -> AsyncIterator[tuple[Bot, Bot]]:
    """Processes that are to be started."""
    await migrate_database(Settings(_env_file=None, database_url=postgres_url))
    bots = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        bots.append(Bot(discord, tmp_path / name))
    yield bots[0], bots[1]
    for bot in bots:
        await bot.kill()
        assert_nothing_was_given_away(bot, discord)
    assert discord.world.pings == []


async def start(two: tuple[Bot, Bot], discord: FakeDiscord, url: str, **settings: str) -> None:
    shards = {"DISCORD_SHARD_COUNT": "2"} if "shards" in settings else {}
    for number, bot in enumerate(two):
        own = {**shards, "DISCORD_SHARD_IDS": str(number)} if shards else {}
        await bot.start(fresh=False, DATABASE_URL=url, **own)
    await discord.ready(2)
    await discord.world.until(lambda: discord.world.commands, "the commands")
    for bot in two:
        await bot.announced()


async def test_a_member_goes_from_shard_to_shard_and_one_process_is_killed(
    two: tuple[Bot, Bot], discord: FakeDiscord, postgres_url: str
) -> None:
    here, there = (on_shard(discord, number, 2) for number in (0, 1))
    await start(two, discord, postgres_url, shards="2")
    alice = discord.person("Alice", here)
    elsewhere = alice.at(there)
    await alice.command("/quiz")
    await alice.press(alice.last.buttons[0])
    await elsewhere.command("/quiz")
    assert re.search("an unfinished quiz|Question 2", elsewhere.last.text)
    await elsewhere.press(elsewhere.last.buttons[0])
    card = elsewhere.last
    assert "Question" in card.text

    await two[0].kill()
    asked = question(card.text)
    await elsewhere.press(card.buttons[0], on=card)
    assert question(card.text) == asked + 1  # the other shard goes on alone

    await two[0].start(DATABASE_URL=postgres_url, DISCORD_SHARD_COUNT="2", DISCORD_SHARD_IDS="0")
    await discord.ready(2)
    await two[0].announced()
    await alice.press(alice.last.buttons[1])
    assert question(alice.last.text) == asked + 1  # an old card shows where the member is now
    assert discord.refused == []


async def test_both_are_given_everything_and_each_press_counts_once(
    two: tuple[Bot, Bot], discord: FakeDiscord, alice: Person, bob: Person, postgres_url: str
) -> None:
    """As while a new version takes over from the old one."""
    await start(two, discord, postgres_url)
    await alice.command("/quiz")
    card = alice.last
    if "Carry on" in card.buttons:  # the one that came second was the first to answer
        await alice.press("Carry on", on=card)
    for number in range(2, 7):
        if number == 6:
            await two[0].kill()
        await alice.press(card.buttons[0], on=card)
        if question(card.text) == number - 1:
            # The other process opened the quiz too, sooner or later: that makes another card of it.
            assert "answered already" in card.text
            await alice.press(card.buttons[0], on=card)
        assert question(card.text) == number
    await bob.command("/quiz")
    assert question(bob.last.text) == 1
    assert await two[1].terminate() == 0
    late = [line for line in discord.refused if "40060" not in line and "10062" not in line]
    assert late == [], "nothing is refused but the second answer to one interaction"
    assert len(alice.screen) == 1


def question(text: str) -> int:
    found = re.search(r"Question (\d+) of", text)
    assert found, text
    return int(found[1])
