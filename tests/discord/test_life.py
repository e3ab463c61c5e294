"""What a process lives through: kills, repeats, strangers, a failing Discord, and its end."""

import asyncio
import sqlite3

import aiohttp
import pytest

from adapters.discord import respond
from adapters.discord.gateway import budget, pauses, shard
from tests.discord.conftest import Bot
from tests.discord.test_guilds import states
from tests.fakes.discord import FakeDiscord, Person
from tests.secrets import requests
from tests.slack.process import free_port


async def test_a_kill_in_mid_quiz_loses_nothing_and_old_buttons_work(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await alice.command("/quiz")
    card = alice.last
    await alice.press(card.buttons[0])
    await running.kill()
    await running.connected()
    await alice.press(card.buttons[1])
    assert "Question 3 of" in card.text
    puts = discord.requests("PUT", "/commands")
    assert len(puts) == 1, "the commands are registered once, not at every start"


async def test_the_same_interaction_twice_has_one_effect(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await alice.command("/quiz")
    card = alice.last
    await alice.press(card.buttons[0], times=2)
    assert "Question 2 of" in card.text
    assert await running.terminate() == 0
    assert "Question 2 of" in card.text
    assert len(discord.requests("POST", "/callback")) == 2


async def test_a_double_click_has_one_effect(running: Bot, alice: Person) -> None:
    await alice.command("/quiz")
    card = alice.last
    label = card.buttons[0]
    first, second = await asyncio.gather(alice.press(label, on=card), alice.press(label, on=card))
    assert first.settled
    assert second.settled
    assert "Question 2 of" in card.text


async def test_somebody_else_s_button_gets_a_kind_answer_and_changes_nothing(
    running: Bot, alice: Person, bob: Person
) -> None:
    await alice.command("/quiz")
    card = alice.last
    before = card.text
    await bob.command("/compare")
    custom_id = card.components[0]["components"][-2]["components"][0]["custom_id"]
    await bob.forge(custom_id, on=bob.last)
    assert "Question" not in bob.last.text
    await alice.press("Skip", on=card)
    assert card.text != before
    assert "Question 2 of" in card.text


async def test_forged_buttons_get_a_kind_answer(running: Bot, alice: Person) -> None:
    for custom_id in ("x", "p:a:1", "T:pay:1:2", "🙂" * 50, "p:a:1:b:c"):
        await alice.command("/compare")
        card = alice.last
        shown = card.text
        await alice.forge(custom_id, on=card)
        assert card.text != shown, f"{custom_id!r} was not answered"
    assert "Traceback" not in running.log


async def test_a_lost_a_failed_and_a_limited_first_response_are_made_good(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    discord.faults.lose_answer("/callback")
    await alice.command("/compare topic:pay")
    discord.faults.fail("/callback", times=2)
    await alice.command("/compare topic:demand")
    discord.faults.rate_limit("/callback", retry_after=0.3)
    await alice.command("/compare topic:interviews")
    discord.faults.reset("/callback")
    await alice.command("/compare topic:verdict")
    titles = [message.text.splitlines()[0] for message in alice.screen]
    assert set(titles) == {"## Pay", "## Demand", "## Interviews", "## The author’s verdict"}
    assert len(titles) == 4


async def test_a_response_that_came_too_late_breaks_nothing(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    live = await alice.command("/compare", wait=False)
    live.expired = True
    await discord.world.until(lambda: discord.refused or live.settled, "the refusal or the answer")
    await alice.command("/quiz")
    assert "Question 1 of" in alice.last.text


def promise_soon() -> None:
    """Leave most of the time that the database waits to the test: the machine may be busy."""
    respond.DEFER_SECONDS = 0.2


async def test_a_slow_answer_is_promised_in_time_and_shown_later(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    bot.first = promise_soon
    await bot.connected()
    await alice.command("/quiz")
    card = alice.last
    lock = sqlite3.connect(bot.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    pressed = asyncio.create_task(alice.press(card.buttons[0], on=card))
    asked = asyncio.create_task(alice.command("/compare topic:pay"))
    await discord.world.until(
        lambda: len(discord.requests("POST", "/callback")) == 3, "both promises"
    )
    lock.execute("ROLLBACK")
    lock.close()
    live = [await pressed, await asked]
    assert [i.response and i.response["type"] for i in live] == [6, 5]
    assert all(i.answered_after is not None and i.answered_after < 3 for i in live)
    assert "Question 2 of" in card.text
    assert "## Pay" in alice.last.text
    assert alice.last.private
    assert discord.refused == []


async def test_a_dropped_socket_is_resumed(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    discord.gateway.drop_sockets()
    await alice.command("/compare topic:pay")
    await discord.gateway.ask_reconnect()
    await discord.world.until(lambda: discord.gateway.resumes == 2, "the second resume", 15)
    await alice.command("/compare topic:demand")
    assert len(alice.screen) == 2
    assert len(discord.gateway.identifies) == 1


async def test_a_server_of_which_discord_tells_oddly_takes_nobody_s_answers_away(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    odd = discord.add_guild()
    voice = {"id": "1", "type": 2, "name": "no bit rate", "position": 0}
    event = {"id": "2", "name": "without creator and times"}
    discord.world.guilds[odd]["odd"] = {"channels": [voice], "guild_scheduled_events": [event]}
    await bot.connected()
    await discord.gateway.dispatch("INTERACTION_CREATE", {"id": "3", "type": "what is this?"})
    await alice.command("/compare topic:pay")
    assert "## Pay" in alice.last.text
    assert len(discord.gateway.identifies) == 1
    assert discord.gateway.resumes == 0


def hurry() -> None:
    """Make the longest pauses between two connections short ones; how they grow is unchanged."""
    pauses.LONGEST_PAUSE = budget.APART_SECONDS = 0.5
    shard.UNWANTED_SECONDS = 0.1, 0.2


@pytest.mark.slow
async def test_a_gateway_that_takes_nobody_in_is_told_of(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    port, bot.first = free_port(), hurry
    await bot.connected(PORT=str(port))
    discord.gateway.turns_away = True
    discord.gateway.drop_sockets()
    assert "discord: shards [0] are not connected" in await readiness(port, 503)
    began = asyncio.get_running_loop().time()
    await discord.world.until(lambda: discord.gateway.turned_away >= 6, "more tries")
    assert asyncio.get_running_loop().time() - began > 1, "it hammers"
    discord.gateway.turns_away = False
    assert await readiness(port, 200) == "ok"
    await alice.command("/compare topic:pay")
    assert "## Pay" in alice.last.text


async def readiness(port: int, status: int) -> str:
    """What /readyz says, as soon as it has this status."""
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"http://127.0.0.1:{port}/readyz") as respond:
                if respond.status == status:
                    return (await respond.text()).strip()
            await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_an_invalid_session_is_followed_by_another(
    bot: Bot, discord: FakeDiscord, alice: Person, server: str
) -> None:
    leaving, bot.first = discord.add_guild(), hurry
    await bot.connected()
    await states(bot, until=dict.fromkeys((server, leaving), "active"))
    del discord.world.guilds[leaving]  # nobody is told
    await discord.gateway.invalidate()
    await discord.world.until(lambda: len(discord.gateway.identifies) == 2, "an IDENTIFY", 30)
    await discord.ready()
    await alice.command("/compare topic:pay")
    assert "## Pay" in alice.last.text
    await states(bot, until={server: "active", leaving: "removed"})


async def test_a_discord_that_fails_at_the_start_is_waited_for(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    discord.faults.fail("GET /api/v10/users/@me", status=503)
    discord.faults.rate_limit("PUT .*/commands", retry_after=0.25)
    await bot.connected()
    await alice.command("/compare topic:pay")
    assert "## Pay" in alice.last.text


async def test_sigterm_finishes_what_was_begun_and_closes_cleanly(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    live = await alice.command("/compare topic:pay", wait=False)
    await discord.world.until(lambda: live.settled, "the answer")
    assert await running.terminate() == 0
    assert discord.gateway.clean_closes == 1
    assert "Traceback" not in running.log


async def test_sigterm_waits_for_an_answer_that_was_promised(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    bot.first = promise_soon
    await bot.connected()
    lock = sqlite3.connect(bot.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    asked = asyncio.create_task(alice.command("/compare topic:pay"))
    await discord.world.until(lambda: discord.requests("POST", "/callback"), "the promise")
    ending = asyncio.create_task(bot.terminate())
    await discord.world.until(lambda: not discord.gateway.live, "the end of the intake")
    lock.execute("ROLLBACK")
    lock.close()
    await asked
    assert "## Pay" in alice.last.text
    assert await ending == 0


async def test_a_wrong_token_ends_the_process_and_is_not_printed(
    bot: Bot, discord: FakeDiscord
) -> None:
    await bot.start(DISCORD_TOKEN="MTIz.not.right", fresh=True)
    assert await bot.exited() == 2
    assert "DISCORD_TOKEN" in bot.log.splitlines()[-1]
    assert "MTIz.not.right" not in bot.log


async def test_a_revoked_token_ends_the_process_without_another_call(
    running: Bot, discord: FakeDiscord
) -> None:
    before = len(discord.arrived)
    await discord.revoke_token()
    assert await running.exited() == 2
    assert "DISCORD_TOKEN" in running.log.splitlines()[-1]
    assert len(discord.arrived) == before


async def test_removed_from_a_server_its_row_is_marked_and_people_are_still_answered(
    running: Bot, discord: FakeDiscord, server: str, alice: Person
) -> None:
    gone_for_now = discord.add_guild()
    await discord.gateway.dispatch("GUILD_DELETE", {"id": gone_for_now, "unavailable": True})
    await discord.remove_from(server)
    await alice.in_dm.command("/compare topic:pay")
    assert await running.terminate() == 0
    rows = running.query("SELECT platform, tenant, state FROM tenants WHERE tenant <> 'discord'")
    assert rows == [("discord", server, "removed")]


async def test_a_process_runs_the_shards_that_it_is_given(bot: Bot, discord: FakeDiscord) -> None:
    await bot.connected(DISCORD_SHARD_COUNT="3", DISCORD_SHARD_IDS="1")
    assert [identify["shard"] for identify in discord.gateway.identifies] == [[1, 3]]


async def test_nothing_is_asked_for_but_servers_and_direct_messages(
    running: Bot, discord: FakeDiscord
) -> None:
    assert [identify["intents"] for identify in discord.gateway.identifies] == [1 | 1 << 12]


async def test_shards_without_a_count_are_a_bad_setting(bot: Bot) -> None:
    await bot.start(DISCORD_SHARD_IDS="0,1")
    assert await bot.exited() == 2
    assert "DISCORD_SHARD_COUNT" in bot.log.splitlines()[-1]


async def test_no_token_and_nothing_that_was_typed_is_logged_at_any_level(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await bot.connected(LOG_LEVEL="DEBUG")
    live = await alice.command("/compare topic:my own words")
    discord.faults.fail("/callback", status=400)
    late = await alice.command("/crossroads about:a secret", wait=False)
    await discord.world.until(lambda: late.settled, "the second try")
    assert await bot.terminate() == 0
    for secret in (discord.token, live.token, late.token, "my own words", "a secret"):
        assert secret not in bot.log
    (refused,) = requests(bot.log, "Discord refused the answer")
    assert refused in requests(bot.log, "command=/crossroads")
