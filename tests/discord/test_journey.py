"""The whole journey on Discord, through a real process."""

import asyncio
import sqlite3

from tests.discord.conftest import Bot
from tests.fakes.discord import FakeDiscord, Person

SKIP = "Skip"


async def answer_the_quiz(person: Person, questions: int = 9) -> None:
    """Answer on the same side all along: it stands first and last in turn."""
    for number in range(1, questions + 1):
        assert f"Question {number} of" in person.last.text
        await person.press("A" if number % 2 else "E")


async def test_a_place_is_completed_with_its_time(running: Bot, alice: Person) -> None:
    offered = await alice.complete("/reminders place:berl")
    assert offered[0]["value"] == "Europe/Berlin"
    assert "Europe/Berlin – " in offered[0]["name"]
    await alice.command("/reminders place:Europe/Berlin")
    assert "Your clocks are in Europe/Berlin now." in alice.last.text


async def test_the_words_that_answer_a_reminder_are_completed_before_places(
    running: Bot, alice: Person
) -> None:
    offered = await alice.complete("/reminders place:")
    assert [choice["value"] for choice in offered[:3]] == ["done", "snooze", "skip"]
    assert len(offered) == 25, "as many as Discord shows"
    offered = await alice.complete("/reminders place:pa")
    assert offered[0] == {"name": "pause – Pause the reminder until a date", "value": "pause"}
    assert "Europe/Paris" in [choice["value"] for choice in offered]
    await alice.command("/reminders place:stop")
    assert "Reminders go with a plan" in alice.last.text


async def test_compare_read_on_and_share(
    running: Bot, discord: FakeDiscord, alice: Person, bob: Person
) -> None:
    offered = await alice.complete("/compare topic:pa")
    assert offered[0] == {"name": "Pay", "value": "pay"}
    await alice.command("/compare topic:pay")
    assert alice.last.private
    assert "$206,000" in alice.last.text
    card = alice.last
    await alice.choose("Interviews")
    assert alice.last is card
    assert "## Interviews" in card.text

    await alice.press("Share with the channel")
    await discord.world.until(lambda: bob.screen, "the shared card")
    shared = bob.last
    assert "## Interviews" in shared.text
    assert not shared.private
    await bob.press("Open my own copy", on=shared)
    assert bob.last.private
    await bob.choose("Pay")
    assert "## Pay" in bob.last.text
    assert "## Interviews" in shared.text
    assert discord.refused == []


async def test_sharing_twice_posts_once(running: Bot, alice: Person, bob: Person) -> None:
    await alice.command("/compare")
    card = alice.last
    await alice.press("Share with the channel", on=card, times=2)
    assert await running.terminate() == 0  # all that was begun is finished
    assert len(bob.screen) == 1


async def test_the_quiz_with_back_and_review(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await alice.command("/quiz")
    card = alice.last
    await alice.press(card.buttons[0])
    assert "Question 2 of" in card.text
    await alice.press("← Back")
    await answer_the_quiz(alice)
    assert alice.last is card
    assert len(alice.screen) == 1
    assert discord.refused == []


async def test_in_direct_messages_the_answer_stays_to_be_read(running: Bot, alice: Person) -> None:
    await alice.in_dm.command("/quiz")
    card = alice.in_dm.last
    assert not card.private
    await alice.in_dm.press(card.buttons[0])
    assert "Question 2 of" in card.text


async def test_brought_along_into_a_server_that_does_not_have_it(
    running: Bot, discord: FakeDiscord
) -> None:
    vera = discord.visitor("Vera")
    await vera.command("/compare topic:demand")
    assert vera.last.private
    assert "## Demand" in vera.last.text


async def test_what_discord_kept_private_is_not_called_shared(
    running: Bot, discord: FakeDiscord
) -> None:
    discord.world.visitors_whisper = True
    vera = discord.visitor("Vera")
    await vera.command("/compare topic:demand")
    card = vera.last
    await vera.press("Share with the channel", on=card)
    await discord.world.until(lambda: "Not shared" in card.text, "the truth")
    assert "Shared with the channel" not in card.text
    assert "to you alone" in card.text


async def test_where_the_bot_may_not_post_nothing_is_called_shared(
    running: Bot, discord: FakeDiscord, alice: Person, bob: Person
) -> None:
    await alice.command("/compare topic:demand")
    card = alice.last
    discord.faults.fail(f"POST .*/webhooks/{discord.app_id}", status=403)
    await alice.press("Share with the channel", on=card)
    await discord.world.until(lambda: "Not shared" in card.text, "the truth")
    assert bob.screen == []


async def test_a_plan_is_changed_by_words_that_discord_completes(
    running: Bot, alice: Person
) -> None:
    offered = await alice.complete("/plan what:pau")
    assert offered[0]["value"] == "pause"
    assert len(await alice.complete("/plan what:e")) == 25, "as many as Discord shows"
    assert await alice.complete("/plan what:no such thing") == []
    await alice.command("/plan what:pause")
    assert "No plan yet" in alice.last.text


async def test_a_word_that_nobody_knows_gets_a_kind_answer(running: Bot, alice: Person) -> None:
    await alice.command("/compare topic:@everyone <@1> **pizza**")
    assert alice.last.private
    assert "@everyone" not in alice.last.text


async def press_through(person: Person, *labels: str) -> None:
    for label in labels:
        await person.press(label)


async def test_from_the_quiz_to_a_plan_that_survives_a_restart(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await alice.command("/quiz")
    await answer_the_quiz(alice)
    await alice.choose(alice.last.choices[0])
    await press_through(alice, "Software engineer", "8 h", "Plain curiosity")
    assert "## Your answers" in alice.last.text
    await alice.choose("Depth or breadth")
    await alice.press(alice.last.buttons[4])
    await alice.press("See my result")
    await alice.press("Make my plan")
    while "Start this plan" not in alice.last.buttons:
        await alice.press(alice.last.buttons[0])
    await alice.press("Start this plan")
    done = next(label for label in alice.last.buttons if label.startswith("Done: "))
    await alice.press(done)
    assert await running.terminate() == 0

    await running.connected(fresh=True)
    await alice.command("/progress")
    assert "1 of" in alice.last.text
    assert discord.refused == []


async def open_the_hours_form(person: Person) -> None:
    await person.command("/plan")
    await press_through(person, "AI Engineer", "From zero", "Another number…")


async def test_a_form_that_cannot_be_taken_leads_back_to_the_form(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await open_the_hours_form(alice)
    assert alice.modal is not None
    (field,) = alice.modal.fields
    name = field["component"]["custom_id"]
    await alice.submit(**{name: "lots"})
    assert "Try again" in alice.last.buttons
    await alice.press("Try again")
    assert alice.modal is not None
    await alice.submit(**{name: "7"})
    assert "first day" in alice.last.text
    assert discord.refused == []


async def test_a_form_that_came_too_late_for_a_modal_is_offered_on_a_card(
    running: Bot, discord: FakeDiscord, alice: Person
) -> None:
    await alice.command("/plan")
    await press_through(alice, "AI Engineer", "From zero")
    lock = sqlite3.connect(running.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    pressed = asyncio.create_task(alice.press("Another number…"))
    promises = len(discord.requests("POST", "/callback")) + 1
    await discord.world.until(
        lambda: len(discord.requests("POST", "/callback")) == promises, "the promise"
    )
    lock.execute("ROLLBACK")
    lock.close()
    await pressed
    assert alice.modal is None
    await alice.press("Open the form")
    assert alice.modal is not None
    assert discord.refused == []
