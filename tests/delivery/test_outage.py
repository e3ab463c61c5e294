"""An hour without a platform, and refusals that are nobody's among the members: all of it waits."""

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import REGISTRY

from bot import platforms
from bot.adapter import Rates
from bot.chat.event import Platform
from bot.config.settings import Settings
from bot.delivery.hindrances import waiting
from bot.ops.doctor import examine
from bot.ops.server import server
from tests.configured import configured
from tests.delivery import remote
from tests.delivery.remote import OnDiscord
from tests.delivery.story import Story, clock, database, story
from tests.delivery.town import RATES, Town, work
from tests.stories import rows

__all__ = ["clock", "database", "story"]

HOUR = 60 * 60
LONGEST = 15 * 60
SLOW: Mapping[Platform, Rates] = {
    "slack": replace(RATES["slack"], requests=2.0),
    "discord": replace(RATES["discord"], requests=4.0),
}
"""So far apart that the first answer is there before the second request leaves."""


@pytest.fixture
async def on_discord(town: Town) -> AsyncIterator[tuple[Story, OnDiscord]]:
    async with remote.discord() as far:
        yield Story(town, far), far


async def through(story: Story, seconds: int, step: int = 60) -> None:
    for _ in range(seconds // step):
        await story.later(step)


async def states(story: Story) -> list[str]:
    return [*await story.outcomes(story.ana), *await story.outcomes(story.bo)]


# Away


async def test_after_an_hour_away_each_arrives_once(story: Story) -> None:
    story.far.go_away()
    before = story.far.requests()
    await story.due(story.ana, story.bo)
    await through(story, HOUR)
    assert story.far.arrived() == []
    assert set(await states(story)) <= {"pending", "sending"}, "nothing is given up"
    assert story.far.requests() - before < 150, "and nothing is hammered"
    story.far.come_back()
    await through(story, LONGEST + 120)
    assert sorted(story.far.arrived()) == sorted([story.ana, story.bo])
    assert await states(story) == ["sent", "sent"]


async def test_what_was_taken_before_an_hour_away_is_found_and_not_sent_again(
    story: Story,
) -> None:
    story.far.lose_answers()
    await story.due()
    story.far.go_away()
    await through(story, HOUR)
    assert await story.outcomes() == ["sending"]
    story.far.come_back()
    await through(story, LONGEST + 120)
    assert story.far.arrived() == [story.ana]
    assert await story.outcomes() == ["sent"]


async def test_a_clock_that_is_put_right_in_mid_request_brings_no_second_one(
    story: Story,
) -> None:
    """The request is dated an hour ahead of what the platform will say."""
    story.ahead = HOUR
    story.far.lose_answers()
    await story.due()
    story.ahead = 0
    await through(story, 300)
    assert story.far.arrived() == [story.ana]
    assert await story.outcomes() == ["sent"]


# Not the member's doing

NOBODYS = [
    ("slack", "missing_scope"),
    ("slack", "team_added_to_org"),
    ("slack", "message_limit_exceeded"),
    ("slack", "restricted_action"),
    ("slack", "messages_tab_disabled"),
    ("slack", "invalid_blocks"),
    ("slack", "never_met_before"),
    ("discord", "50001"),
    ("discord", "50035"),
    ("discord", "40003"),
    ("discord", "99999"),
]


@pytest.mark.parametrize(("story", "code"), NOBODYS, indirect=["story"])
async def test_a_refusal_that_is_not_the_members_waits_and_blames_nobody(
    story: Story, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = _hindered(story, code)
    story.far.refuse(code)
    asked = story.far.requests()
    with caplog.at_level(logging.WARNING):
        await story.due(story.ana, story.bo)
        await through(story, HOUR)
    assert await states(story) == ["pending", "pending"]
    assert story.far.requests() - asked < 40
    for user in (story.ana, story.bo):
        assert (await story.town.rule(f"member-{user}")).state == "active"
    chat = story.town.chat(story.ana, story.far.name)
    await chat.command("/reminders")
    assert "paused" not in chat.said
    await chat.press("Why did it come")
    (what,) = rows(chat.card).values()
    assert what == "on its way"

    said = [record.message for record in caplog.records if code in record.message]
    assert 1 <= len(said) <= 2, "one line an hour, and not one a member"
    assert _hindered(story, code) > before
    (line,) = await waiting(story.town.database)
    assert f"reminders on {story.far.name} wait since " in line
    assert f"refused with {code} " in line

    story.far.come_back()
    await through(story, LONGEST + 120)
    assert sorted(story.far.arrived()) == sorted([story.ana, story.bo])
    assert await states(story) == ["sent", "sent"]
    assert await waiting(story.town.database) == []


def _hindered(story: Story, code: str) -> float:
    known = "other" if code in ("never_met_before", "99999") else code
    labels = {"platform": story.far.name, "code": known}
    return REGISTRY.get_sample_value("crossroads_reminders_hindered_total", labels) or 0.0


@pytest.mark.parametrize("story", ["slack"], indirect=True)
async def test_what_holds_for_all_is_asked_with_one_of_them(story: Story) -> None:
    story.far.refuse("missing_scope")
    story.worker = story.hire(story.far.sender, SLOW)
    await story.due(story.ana, story.bo)
    assert story.far.requests() == 1
    await story.later(11)
    assert story.far.requests() == 2


@pytest.mark.parametrize("code", ["50035", "50001"])
async def test_what_holds_for_one_lets_the_others_pass(
    on_discord: tuple[Story, OnDiscord], code: str
) -> None:
    story, far = on_discord
    far.fake.faults.fail(remote.POSTING, 400, 1, int(code))
    await story.due(story.ana, story.bo)
    assert len(far.arrived()) == 1
    await through(story, 30, 10)
    assert len(set(far.arrived())) == len(far.arrived()) == 2


async def test_half_a_day_later_it_is_let_be_and_still_nobody_is_blamed(story: Story) -> None:
    story.far.refuse("missing_scope" if story.far.name == "slack" else "50001")
    await story.due()
    await through(story, 14 * HOUR, LONGEST)
    assert await story.outcomes() == ["refused"]
    assert (await story.town.rule(f"member-{story.ana}")).state == "active"
    chat = story.town.chat(story.ana, story.far.name)
    await chat.command("/reminders")
    await chat.press("Why did it come")
    (what,) = rows(chat.card).values()
    assert "not your doing" in what
    story.far.come_back()
    await story.next_week()
    assert story.far.arrived() == [story.ana]


@pytest.mark.parametrize("story", ["slack"], indirect=True)
async def test_readyz_and_the_doctor_say_why_reminders_wait_and_members_are_served(
    story: Story, tmp_path: Path
) -> None:
    story.far.refuse("missing_scope")
    await story.due()
    (line,) = await waiting(story.town.database)
    assert await readyz(story.town) == (200, f"ok\n{line}\n")
    given = configured(database_url=f"sqlite:///{tmp_path}/crossroads.db")
    told: list[str] = []
    assert not await examine(lambda: given, platforms.look, told.append)
    assert [said for said in told if "reminders" in said] == [f"STOP reminders   {line}"]
    story.far.come_back()
    await through(story, 30, 10)
    assert await readyz(story.town) == (200, "ok\n")


async def readyz(town: Town) -> tuple[int, str]:
    runner = await server(Settings(_env_file=None, port=0), town.core, [])
    try:
        host, port = runner.addresses[0][:2]
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{host}:{port}/readyz") as answer,
        ):
            return answer.status, await answer.text()
    finally:
        await runner.cleanup()


# The wall before Discord


async def test_the_edge_is_left_alone_for_as_long_as_it_says_by_every_process(
    on_discord: tuple[Story, OnDiscord],
) -> None:
    story, far = on_discord
    far.fake.faults.shut_out(".*", 600)
    story.worker = story.hire(story.far.sender, SLOW)
    await story.due(story.ana, story.bo)
    assert far.requests() == 1
    async with remote.discord_sender(far.fake) as sender:  # of another process, which was not told
        other = story.hire(sender)
        for _ in range(19):
            await story.later(30)
            await work(other)
        assert far.requests() == 1
        assert "429 from the edge" in "".join(await waiting(story.town.database))
        story.pass_by(31)
        await work(other)
        story.pass_by(2)
        await work(other)
    assert sorted(far.arrived()) == sorted([story.ana, story.bo])


async def test_a_page_that_turns_the_bot_away_holds_up_all_and_blames_nobody(
    on_discord: tuple[Story, OnDiscord],
) -> None:
    story, far = on_discord
    far.fake.faults.shut_out(".*", 0, times=1, status=403)
    story.worker = story.hire(story.far.sender, SLOW)
    await story.due(story.ana, story.bo)
    assert far.requests() == 1
    await through(story, 30, 10)
    assert sorted(far.arrived()) == sorted([story.ana, story.bo])
