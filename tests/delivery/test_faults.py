"""A rule is due and a platform misbehaves: what arrives through the real senders, what is told."""

from collections.abc import AsyncIterator

import pytest

from tests.delivery import remote
from tests.delivery.remote import OnDiscord, OnSlack
from tests.delivery.story import Story, clock, database, story
from tests.delivery.town import Town
from tests.stories import rows

__all__ = ["clock", "database", "story"]


@pytest.fixture
async def on_discord(town: Town) -> AsyncIterator[tuple[Story, OnDiscord]]:
    async with remote.discord() as far:
        yield Story(town, far), far


@pytest.fixture
async def on_blind_slack(town: Town) -> AsyncIterator[tuple[Story, OnSlack]]:
    """A workspace that does not let the bot read back what it has sent."""
    async with remote.slack("im:history") as far:
        yield Story(town, far), far


# Nobody has said how it ended


async def test_taken_and_never_acknowledged_it_is_found_and_not_sent_again(story: Story) -> None:
    story.far.lose_answers()
    await story.due()
    assert await story.outcomes() == ["sending"]
    await story.later(11)
    await story.later(11)
    assert story.far.arrived() == [story.ana]
    assert await story.outcomes() == ["sent"]


async def test_a_server_that_fails_is_asked_again_until_it_takes_it(story: Story) -> None:
    story.far.fail(times=2)
    await story.due()
    assert story.far.arrived() == []
    for _ in range(6):
        await story.later(11)
    assert story.far.arrived() == [story.ana]
    assert await story.outcomes() == ["sent"]


async def test_a_server_that_never_recovers_is_given_up_on_until_the_next_week(
    story: Story,
) -> None:
    story.far.fail(times=100)
    await story.due()
    asked = story.far.requests()
    for _ in range(60):
        await story.later(15 * 60)
    assert (story.far.arrived(), await story.outcomes()) == ([], ["refused"])
    assert story.far.requests() - asked < 130, "two calls in a quarter of an hour at the most"
    assert (await story.town.rule(f"member-{story.ana}")).state == "active", "it was not her doing"
    asked = story.far.requests()
    await story.later(3600)
    assert story.far.requests() == asked, "it is left alone"
    story.far.come_back()
    await story.next_week()
    assert story.far.arrived() == [story.ana]
    assert await story.outcomes() == ["refused", "sent"]


@pytest.mark.parametrize("taken", [True, False])
async def test_where_nobody_may_look_it_is_closed_and_said(
    on_blind_slack: tuple[Story, OnSlack], taken: bool
) -> None:
    story, far = on_blind_slack
    if taken:
        far.lose_answers()
    else:
        far.fail()
    await story.due()
    await story.later(11)
    await story.later(11)
    assert far.arrived() == [story.ana] * taken
    assert await story.outcomes() == ["unknown"]
    assert story.worker.counts["unknown"] == 1

    chat = story.town.chat(story.ana)
    await chat.command("/reminders")
    await chat.press("Why did it come")
    (what,) = rows(chat.card).values()
    assert what.startswith("perhaps delivered: Slack never said whether it arrived")
    await story.next_week()
    assert far.arrived() == [story.ana] * (1 + taken)


# Told to wait


async def test_a_limit_with_a_fraction_is_waited_out_and_spends_no_attempt(story: Story) -> None:
    story.far.limit(2.5, times=2)
    await story.due()
    for _ in range(2):
        asked = story.far.requests()
        await story.later(0.4)
        assert story.far.requests() == asked, "that was too early"
        await story.later(2.2)
        assert story.far.requests() > asked
    assert story.far.arrived() == [story.ana]
    (delivery,) = await story.town.deliveries(f"member-{story.ana}")
    assert (delivery.state, delivery.attempts) == ("sent", 1)


async def test_a_platform_out_of_reach_is_tried_again_later(story: Story) -> None:
    worker = story.worker
    async with remote.out_of_reach(story.far.name) as sender:
        story.worker = story.hire(sender)
        await story.due()
    assert await story.outcomes() == ["pending"]
    assert story.far.requests() == 0
    story.worker = worker
    await story.later(16)
    assert story.far.arrived() == [story.ana]
    assert await story.outcomes() == ["sent"]


# Not wanted


@pytest.mark.parametrize(
    ("story", "reason"),
    [
        ("discord", "50007"),
        ("discord", "50278"),
        ("slack", "user_not_found"),
        ("slack", "channel_not_found"),
        ("slack", "is_archived"),
    ],
    indirect=["story"],
)
async def test_a_closed_door_is_knocked_at_once_and_its_owner_told(
    story: Story, reason: str
) -> None:
    story.far.close_door(reason)
    await story.due(story.ana)
    asked = story.far.requests()
    await story.next_week(4)
    assert story.far.requests() == asked, "no storm of refusals"
    assert story.far.arrived() == []
    assert await story.outcomes() == ["refused"]
    assert (await story.town.rule(f"member-{story.ana}")).state == "paused"

    chat = story.town.chat(story.ana, story.far.name)
    await chat.command("/progress")
    assert "I could not send you a direct message" in chat.said
    door = {"slack": "is closed to me", "discord": "Server → Privacy Settings → Direct Messages"}
    assert door[story.far.name] in chat.said
    await chat.command("/reminders")
    await chat.press("What happened?")
    (what,) = rows(chat.card).values()
    assert what.startswith("could not be delivered")
    assert reason in what


async def test_one_members_closed_door_is_nobody_elses(story: Story) -> None:
    story.far.close_door("50007" if story.far.name == "discord" else "user_not_found")
    await story.due(story.ana, story.bo)
    assert len(story.far.arrived()) == 1
    states = [*await story.outcomes(story.ana), *await story.outcomes(story.bo)]
    assert sorted(states) == ["refused", "sent"]


async def test_a_revoked_token_costs_one_call_and_no_reminder(story: Story) -> None:
    story.far.revoke()
    before = story.far.requests()
    await story.due(story.ana)
    assert story.far.requests() == before + 1
    await story.next_week(3)
    assert story.far.requests() == before + 1, "not one call more"
    assert story.far.arrived() == []
    assert (await story.town.rule(f"member-{story.ana}")).state == "active", "it was not her doing"


# One request


async def test_a_weekly_reminder_on_discord_is_one_request(
    on_discord: tuple[Story, OnDiscord],
) -> None:
    story, far = on_discord
    await story.due()
    assert far.requests() == 2, "the first opens the channel"
    await story.next_week()
    assert far.requests() == 3
    assert far.arrived() == [story.ana] * 2


async def test_a_channel_that_discord_no_longer_knows_is_opened_again(
    on_discord: tuple[Story, OnDiscord],
) -> None:
    story, far = on_discord
    await story.due()
    del far.fake.world.channels[far.fake.world.dms.pop(story.ana)]
    far.fake.world.messages.clear()
    await story.next_week(2)
    assert far.arrived() == [story.ana] * 2
    assert far.requests() == 2 + 3 + 1, "the week after, the new channel is known"
    assert await story.outcomes() == ["sent"] * 3
