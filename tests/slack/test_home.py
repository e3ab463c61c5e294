"""The Home tab: drawn for who looks at it, no more often than it is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.slack import home
from adapters.slack.api import Api
from adapters.slack.home import Home
from bot.chat.event import Command, Event, Person, Place
from bot.chat.parts import Prose
from bot.chat.reply import Message
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.tokens import OneToken


class Cards:
    """A core whose answer can be held back, and changes when it is told to."""

    def __init__(self) -> None:
        self.said, self.open = "nothing yet", asyncio.Event()
        self.open.set()

    async def dashboard(self, person: Person) -> tuple[Message, ...]:
        await self.open.wait()
        return (Message(title="Progress", parts=(Prose(text=(self.said,)),)),)


@pytest.fixture
def cards() -> Cards:
    return Cards()


@pytest.fixture
async def tab(slack: FakeSlack, cards: Cards) -> AsyncIterator[Home]:
    api = Api(OneToken(slack.bot_token), slack.api_url)
    yield Home(api, cards.dashboard)
    await api.close()


def look(slack: FakeSlack, name: str = "alice") -> Event:
    person = Person(platform="slack", tenant="T1", user=slack.person(name).user)
    return Event(
        id=f"Ev{slack.world.number()}",
        person=person,
        place=Place(tenant="T1", channel="", direct=True),
        input=Command(name="progress"),
    )


def drawn(slack: FakeSlack) -> int:
    return [call.method for call in slack.calls].count("views.publish")


async def test_a_look_that_is_reported_twenty_times_draws_it_once(
    slack: FakeSlack, tab: Home, cards: Cards
) -> None:
    wanted = [tab.opened(look(slack)) for _ in range(20)]
    assert wanted == [True, *[False] * 19]
    cards.open.clear()
    drawing = asyncio.create_task(tab.refresh(look(slack)))
    await asyncio.sleep(0)
    assert not tab.opened(look(slack))
    cards.open.set()
    await drawing
    assert drawn(slack) == 1
    assert tab.opened(look(slack))  # a new look


async def test_what_changes_while_it_is_drawn_is_drawn_after(
    slack: FakeSlack, tab: Home, cards: Cards
) -> None:
    tab.opened(look(slack))
    cards.open.clear()
    drawing = asyncio.create_task(tab.refresh(look(slack)))
    await asyncio.sleep(0)
    assert tab.falls_due(look(slack))
    cards.open.set()
    await drawing
    cards.said = "a step done"
    await tab.refresh(look(slack))
    shown = slack.person("alice").home
    assert shown is not None
    assert "a step done" in shown.text
    assert drawn(slack) == 2


async def test_only_the_latest_who_looked_are_remembered(
    slack: FakeSlack, tab: Home, cards: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MOST", 2)
    tab.opened(look(slack))
    cards.open.clear()
    drawing = asyncio.create_task(tab.refresh(look(slack)))
    await asyncio.sleep(0)
    for name in ("bob", "carol"):
        tab.opened(look(slack, name))
        assert not tab.opened(look(slack, name))
    cards.open.set()
    await drawing  # nor does it come back by having been drawn
    assert not tab.falls_due(look(slack))
