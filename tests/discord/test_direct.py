"""What people write to the bot in direct messages, and what they read there."""

import pytest

from adapters.discord import parse
from bot.chat.event import Command
from tests.discord.conftest import Bot
from tests.fakes.discord import FakeDiscord, Person
from tests.fakes.discord.components import Json
from tests.reminded import let_the_hour_come, states

WRITTEN: Json = {
    "id": "1400000000000000090",
    "channel_id": "1400000000000000091",
    "type": 0,
    "content": "compare pay",
    "author": {"id": "1400000000000000022", "username": "alice", "bot": False},
}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("compare pay", "compare pay"),
        ("  <@1400000000000000001> help ", "help"),
        ("</plan:1400000000000000002> pause", "pause"),
        ("done <:party:1400000000000000003>", "done :party:"),
        ("", ""),
        ("x" * 4000, "x" * (parse.WORDS - 1) + "…"),
    ],
)
def test_what_was_written_is_understood(content: str, words: str) -> None:
    event = parse.direct_message({**WRITTEN, "content": content})
    assert event is not None
    assert event.input == Command(name="crossroads", text=words)
    assert (event.person.tenant, event.person.user) == ("discord", "1400000000000000022")
    assert event.place.direct


@pytest.mark.parametrize(
    "odd",
    [
        {"author": {"id": "1", "bot": True}},
        {"author": {"id": "1", "system": True}},
        {"type": 6},  # somebody pinned a message
        {"type": 3},  # somebody called
    ],
)
def test_what_nobody_wrote_is_not_answered(odd: Json) -> None:
    assert parse.direct_message({**WRITTEN, **odd}) is None


async def test_a_direct_message_is_answered_where_it_was_written(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    alice = alice.in_dm
    await alice.write("compare pay")
    assert "## Pay" in alice.last.text
    assert not alice.last.private
    card = alice.last
    await alice.choose("Interviews", on=card)
    assert "## Interviews" in card.text, "its menu goes on as anywhere else"
    await alice.write("help", to=card)
    assert "/compare" in alice.last.text
    assert discord.refused == []


async def test_a_message_that_comes_twice_or_is_answered_twice_shows_one_answer(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    alice = alice.in_dm
    await alice.write("compare pay", times=3)
    discord.faults.lose_answer("POST .*/messages")
    discord.faults.fail("POST .*/messages", times=2)
    discord.faults.rate_limit("POST .*/messages", retry_after=0.25)
    await alice.write("compare demand")
    assert await running.terminate() == 0  # all that was begun is finished
    titles = [message.text.splitlines()[0] for message in alice.screen]
    assert titles == ["## Pay", "## Demand"]
    assert len(discord.requests("POST", "/messages")) == 6


async def test_who_closes_direct_messages_meanwhile_breaks_nothing(
    running: Bot, discord: FakeDiscord, alice: Person, bob: Person
) -> None:
    discord.close_dms(alice)
    await alice.in_dm.write("help", wait=False)
    await discord.world.until(lambda: discord.refused, "the refusal")
    await bob.in_dm.write("help")
    assert "/compare" in bob.in_dm.last.text
    assert len(discord.refused) == 1
    assert "Traceback" not in running.log


async def test_a_reminder_that_came_is_answered_in_words(
    bot: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await bot.connected(REMINDER_POLL_SECONDS="0.2")
    alice = alice.in_dm
    await alice.write("plan")
    for label in ("AI Engineer", "Software engineer", "8 h"):
        await alice.press(label)
    await alice.choose("UTC")
    await alice.press(next(label for label in alice.last.buttons if label.startswith("Today, ")))
    await alice.press("Start this plan")
    await alice.press("Yes, Mondays at 09:00")
    let_the_hour_come(bot.database)
    await discord.world.until(lambda: "## Your week on" in alice.last.text, "the reminder")
    reminder = alice.last
    for words, answer in (
        ("snooze", "It comes again on "),
        ("done: read ten job ads", "Done: Read ten job ads closely. Well done!"),
        ("Pause please", "Until when?"),
        ("thanks!", "You’re welcome"),
        ("pay", "## Pay"),
        ("delete my data", "## Delete everything?"),
        ("skip this week", "Nothing more comes this week"),
        ("STOP", "nothing more comes unasked"),
    ):
        await alice.write(words, to=reminder)
        assert answer in alice.last.text, words
    assert states(bot.database, "reminder_rules") == ["stopped"]
    assert states(bot.database, "deliveries") == ["cancelled", "sent"]
    assert discord.refused == []
