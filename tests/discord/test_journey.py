"""The whole journey on Discord, through a real process."""

from tests.discord.conftest import Bot
from tests.fakes.discord import FakeDiscord, Person

SKIP = "Skip"


async def answer_the_quiz(person: Person, questions: int = 9) -> None:
    """Take the first answer of each question that scores."""
    for number in range(1, questions + 1):
        assert f"Question {number} of" in person.last.text
        await person.press(person.last.buttons[0])


async def test_compare_read_on_and_share(
    running: Bot, discord: FakeDiscord, alice: Person, bob: Person
) -> None:
    offered = await alice.complete("/compare topic:pa")
    assert offered[0] == {"name": "Pay", "value": "pay"}
    await alice.command("/compare topic:pay")
    assert alice.last.private
    assert "$130,000" in alice.last.text
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


async def test_a_word_that_nobody_knows_gets_a_kind_answer(running: Bot, alice: Person) -> None:
    await alice.command("/compare topic:@everyone <@1> **pizza**")
    assert alice.last.private
    assert "@everyone" not in alice.last.text
