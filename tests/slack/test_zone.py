"""The zone of a Slack profile is followed: at a press, and with each weekly reminder."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from adapters.shared.tasks import Background
from adapters.slack.api import Api
from adapters.slack.profiles import WEEKLY_SECONDS, Profiles
from bot.chat.event import Person
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Person as Somebody
from tests.fakes.slack.tokens import OneToken
from tests.slack.process import Process

pytestmark = pytest.mark.slow


def everything(bot: Process) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that is kept, by table."""
    with sqlite3.connect(f"file:{bot.directory / 'crossroads.db'}?mode=ro", uri=True) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        kept = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}
    connection.close()
    return kept


def zones(bot: Process) -> list[tuple[str, int]]:
    return [(zone, asked) for _, zone, asked, *_ in everything(bot)["members"]]


async def is_reminded(alice: Somebody) -> None:
    await alice.command("/plan")
    for label in ("AI Engineer", "Software engineer", "8 h"):
        await alice.press(label)
    await alice.press(alice.last.buttons[0])  # today
    for label in ("Start this plan", "Yes, Mondays at 09:00"):
        await alice.press(label)
    assert "09:00, Europe/Berlin" in alice.last.text


async def test_a_profile_that_has_moved_takes_the_reminder_along_at_the_next_press(
    slack: FakeSlack, http_bot: Process
) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    await is_reminded(alice)
    alice.moves_to("Asia/Tokyo")
    bob.moves_to("America/Lima")
    await http_bot.kill()  # what was known an hour ago is asked for again; so is what was forgotten
    await http_bot.start()
    await alice.command("/progress")
    await until(lambda: zones(http_bot) == [("Asia/Tokyo", 0)])
    await alice.command("/reminders")
    assert "09:00, Asia/Tokyo" in alice.last.text

    await alice.press("Change time zone")
    await alice.choose("Europe/London")
    await alice.command("/progress")
    assert zones(http_bot) == [("Europe/London", 1)], "what she chose stays, and bob is no member"
    assert alice.failures == bob.failures == []


async def until(come: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not come():  # noqa: ASYNC110 (another process writes)
            await asyncio.sleep(0.02)


async def test_a_reminder_looks_at_the_profile_of_whoever_has_not_come_by(
    slack: FakeSlack,
) -> None:
    alice, found, background = slack.person("alice"), list[Person](), Background()
    person = Person(platform="slack", tenant="T1", user=alice.user)
    api = Api(OneToken(slack.bot_token), slack.api_url)

    async def follow(person: Person) -> None:
        found.append(person)

    try:
        profiles = Profiles(api, background, follow)
        for zone in ("Asia/Tokyo", "America/Lima"):
            alice.moves_to(zone)
            profiles.look(person, WEEKLY_SECONDS)
            await background.drain()
        assert [one.zone for one in found] == ["Asia/Tokyo"], "the second look is within the week"
        profiles.look(person, fresh=0)
        await background.drain()
        assert [one.zone for one in found] == ["Asia/Tokyo", "America/Lima"]
        profiles.look(person, fresh=0)
        await background.drain()
        assert len(found) == 2, "no news"
    finally:
        await api.close()
