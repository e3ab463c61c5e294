"""The zone of a Slack profile is kept in step, whether or not its member comes by."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tests.fakes.slack import FakeSlack, Person
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


async def is_reminded(alice: Person) -> None:
    await alice.command("/plan")
    for label in ("AI Engineer", "Software engineer", "8 h"):
        await alice.press(label)
    await alice.press(alice.last.buttons[0])  # today
    for label in ("Start this plan", "Yes, Mondays at 09:00"):
        await alice.press(label)
    assert "09:00, Europe/Berlin" in alice.last.text


async def test_a_profile_that_moves_takes_the_reminder_along(
    slack: FakeSlack, http_bot: Process
) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    await is_reminded(alice)

    await alice.moves_to("Asia/Tokyo")
    assert zones(http_bot) == [("Asia/Tokyo", 0)], "before alice has come by"
    await alice.command("/reminders")
    assert "09:00, Asia/Tokyo" in alice.last.text

    before = everything(http_bot)
    await bob.moves_to("America/Lima")
    assert everything(http_bot) == before, "bob is no member, and nothing is kept of him"

    await alice.press("Change time zone")
    await alice.choose("Europe/London")
    await alice.moves_to("America/Lima")
    assert zones(http_bot) == [("Europe/London", 1)], "what she chose stays"
    assert alice.failures == bob.failures == []
