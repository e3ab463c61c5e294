"""`python -m bot discord invite`."""

from urllib.parse import parse_qs, urlsplit

from tests.discord.conftest import Bot
from tests.fakes.discord import FakeDiscord


async def test_the_invite_asks_for_no_permission(bot: Bot, discord: FakeDiscord) -> None:
    await bot.start("discord", "invite", fresh=True)
    assert await bot.exited() == 0
    server, person = (line.split()[-1] for line in bot.log.splitlines())
    asked = parse_qs(urlsplit(server).query)
    assert asked["client_id"] == [discord.app_id]
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["permissions"] == ["0"]
    assert parse_qs(urlsplit(person).query)["integration_type"] == ["1"]


async def test_without_a_token_it_says_what_is_missing(bot: Bot) -> None:
    await bot.start("discord", "invite", DISCORD_TOKEN="")
    assert await bot.exited() == 2
    assert "DISCORD_TOKEN" in bot.log


async def test_a_wrong_token_is_named_and_not_shown(bot: Bot) -> None:
    await bot.start("discord", "invite", DISCORD_TOKEN="MTIz.not.right")
    assert await bot.exited() == 2
    assert "DISCORD_TOKEN" in bot.log
    assert "MTIz.not.right" not in bot.log
