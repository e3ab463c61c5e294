"""What members write instead of pressing does what the button would, or asks which."""

import pytest

from bot.commands.said.words import OTHER_WORDS, REMINDER_WORDS, heard
from bot.core.handle import Core
from tests.commands.test_plan_setup import STEPS, start
from tests.stories import Chat, labels


async def reminded(core: Core) -> Chat:
    ana = Chat(core, zone="Europe/Berlin", direct=True)
    await start(ana)
    await ana.press("Yes, Mondays")
    return ana


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        *((word, "stop") for word in ("stop", "STOP!", "Unsubscribe me", "stop\u200b", "stop it")),
        ("Please stop sending me these reminders.", "stop"),
        ("can you pause my reminders?", "pause"),
        ("mute these reminders", "pause"),
        ("I’ve had enough", "stop"),
        ("that's enough!", "stop"),
        ("remind me later", "snooze"),
        ("skip this week", "skip"),
        ("I’m done!", "done"),
        ("Why do I get this?", "why"),
        ("Thanks a lot", "thanks"),
        ("❤️", "thanks"),
        ("good morning", "hello"),
        ("privacy?", "mydata"),
        ("what do you know about me", "mydata"),
        ("delete my data", "delete"),
        *((typed, None) for typed in ("don’t stop", "no", "", "...", "please", "pay")),
        ("don't delete my data", None),
    ],
)
def test_a_word_is_heard_with_all_that_politeness_puts_around_it(
    typed: str, meaning: str | None
) -> None:
    said = heard(typed)
    assert (said.meaning if said else None) == meaning


def test_every_name_of_a_word_means_that_word() -> None:
    for word in (*REMINDER_WORDS, *OTHER_WORDS):
        for name in word.names:
            said = heard(name)
            assert (said.meaning if said else None) == word.word, name


@pytest.mark.parametrize("command", ["/crossroads", "/reminders", "/mention"])
async def test_stop_stops_the_reminder_wherever_it_is_said(core: Core, command: str) -> None:
    ana = await reminded(core)
    await ana.command(f"{command} stop")
    assert ana.card.title == "No weekly reminder"
    assert "nothing more comes unasked" in ana.said
    assert "Nothing is sent unless" not in ana.said
    await ana.command(f"{command} stop")
    assert "There is no reminder to stop." in ana.said


async def test_pause_asks_until_when_or_takes_what_was_said_and_resume_ends_it(core: Core) -> None:
    ana = await reminded(core)
    await ana.command("/crossroads pause")
    assert ana.card.title == "Pause the reminder"
    await ana.command("/crossroads pause for two weeks")
    assert "Paused until Mon 7 Dec" in ana.said
    await ana.command("/crossroads resume")
    assert "Paused" not in ana.said
    await ana.command("/crossroads pause until whenever")
    assert "I can’t read that as a date." in ana.said


async def test_pause_without_a_reminder_offers_to_pause_the_plan(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/crossroads pause")
    await ana.press("Pause my plan")
    await ana.press("Pause it")
    await ana.command("/crossroads resume")
    await ana.press("Resume my plan")
    assert "Pause" not in ana.card.title


async def test_done_asks_which_and_takes_a_step_s_name(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/crossroads done: read ten job")
    assert "Done: Read ten job ads closely. Well done!" in ana.said
    await ana.command("/crossroads done")
    if ana.card.title == "Well done":
        assert "Which one have you done?" in ana.said
        await ana.press(labels(ana.card)[0])
    assert f"2 of {STEPS} steps done" in ana.said
    await ana.command("/crossroads done with something else")
    assert "I don’t find “something else” among your open steps." in ana.said


@pytest.mark.parametrize("word", ["snooze", "skip"])
async def test_without_a_reminder_there_is_nothing_to_put_off(core: Core, word: str) -> None:
    ana = await reminded(core)
    await ana.command(f"/crossroads {word}")
    assert ana.card.title == "Your weekly reminder"
    assert "reminder" in ana.said.splitlines()[1]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("pay", "Pay"),
        ("Day at work", "A day at work"),
        ("tool", "Which topic?"),
        ("stack", "Tools of the day"),
        ("hi", "Hello"),
        ("thanks!", "You’re welcome"),
        ("privacy", "What I know about you"),
        ("delete my data", "Delete everything?"),
        ("export", "Your data"),
        ("take the quiz", "Question 1 of 13"),
        ("catch up", "No plan yet"),
    ],
)
async def test_words_lead_where_they_say(core: Core, typed: str, title: str) -> None:
    ana = Chat(core, direct=True)
    await ana.command(f"/crossroads {typed}")
    assert ana.card.title == title


async def test_a_mention_gets_a_short_answer_with_three_ways_in(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/mention")
    assert labels(ana.card) == ["Take the quiz", "Compare the roles", "My plan"]
