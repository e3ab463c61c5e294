"""Two processes behind a load balancer, on one PostgreSQL: whichever is asked, it is one bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.run import migrate_database
from tests.fakes.slack import FakeSlack, Person
from tests.fakes.slack.delivery import Ack, Kind
from tests.fakes.slack.http import HttpDelivery
from tests.fakes.slack.world import Json
from tests.slack.conftest import ended, http_settings, oauth_settings
from tests.slack.process import SECRET, Process

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


class Balancer:
    """Gives each delivery to the next process; `both` gives it to all of them at once."""

    def __init__(self, slack: FakeSlack, processes: list[Process]) -> None:
        doors = [slack.deliver_to(f"{one.url}/slack/events", SECRET) for one in processes]
        self._opened: list[HttpDelivery] = doors
        self.doors, self.both = doors, False
        self._turns = cycle(range(len(doors)))
        slack.delivery = self

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, envelope: str | None = None
    ) -> Ack:
        if not self.both:
            door = self.doors[next(self._turns) % len(self.doors)]
            return await door.deliver(kind, payload, retry)
        first, *_ = await asyncio.gather(*(one.deliver(kind, payload) for one in self.doors))
        return first

    def only(self, number: int) -> None:
        self.doors = [self._opened[number]]

    async def close(self) -> None:
        for door in self._opened:
            await door.close()


class Pair:
    """The processes, the balancer before them, and a way to end it all."""

    def __init__(self, slack: FakeSlack, processes: list[Process]) -> None:
        self.first, self.second = processes
        self.balancer = Balancer(slack, processes)


async def pair(
    slack: FakeSlack, tmp_path: Path, url: str, settings: dict[str, str]
) -> AsyncIterator[Pair]:
    await migrate_database(Settings(_env_file=None, database_url=url))
    processes = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        processes.append(Process(tmp_path / name, {**settings, "DATABASE_URL": url}))
    await asyncio.gather(*(process.start() for process in processes))
    both = Pair(slack, processes)
    yield both
    await both.balancer.close()
    for process in processes:
        await ended(process, slack)


@pytest.fixture
async def two(slack: FakeSlack, tmp_path: Path, postgres_url: str) -> AsyncIterator[Pair]:
    """For one workspace, whose token both have in their environment."""
    async for both in pair(slack, tmp_path, postgres_url, http_settings(slack)):
        yield both


@pytest.fixture
async def two_by_oauth(slack: FakeSlack, tmp_path: Path, postgres_url: str) -> AsyncIterator[Pair]:
    """For any number of workspaces."""
    async for both in pair(slack, tmp_path, postgres_url, oauth_settings(slack)):
        yield both


async def answer(person: Person, times: int) -> None:
    for _ in range(times):
        await person.press(person.last.buttons[0])


async def test_a_quiz_goes_on_whichever_process_is_asked_and_when_one_is_killed(
    slack: FakeSlack, two: Pair
) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    await alice.command("/quiz")
    await answer(alice, 4)
    assert "Question 5 of 13" in alice.last.text
    card = alice.last
    await bob.command("/quiz")
    await two.first.kill()
    two.balancer.only(1)
    await alice.press(card.buttons[0], on=card)
    assert "Question 6 of 13" in alice.last.text
    assert alice.failures == []
    await two.first.start()
    two.balancer.only(0)  # what the other one kept meanwhile is known here
    await answer(alice, 4)
    assert "Question 10 of 13" in alice.last.text
    await bob.press(bob.last.buttons[0])
    assert "Question 2 of 13" in bob.last.text
    assert [call for call in slack.calls if call.error] == []


async def test_what_both_are_given_at_once_counts_once(slack: FakeSlack, two: Pair) -> None:
    alice = slack.person("alice")
    await alice.command("/quiz")
    card = alice.last
    two.balancer.both = True
    await alice.deliver("interactive", alice.press_payload(card, card.controls[0]))
    await alice.sees("Question 2 of 13")
    await alice.say("compare pay", quiet=True)
    assert await two.first.stop() == 0  # whatever was to be shown has been
    assert await two.second.stop() == 0
    assert "Question 2 of 13" in card.text
    assert len(alice.direct) == 2, "what she wrote, and one answer"
    assert alice.failures == []


async def test_what_one_process_is_told_of_an_end_the_other_heeds_at_once(
    slack: FakeSlack, two_by_oauth: Pair
) -> None:
    alice, door = slack.person("alice"), two_by_oauth.balancer
    await slack.install(two_by_oauth.first.url, slack.team)
    await alice.command("/quiz")
    await answer(alice, 2)  # by now both have used the token
    card = alice.last
    door.only(0)
    await slack.uninstall(slack.team)
    calls = len(slack.calls)
    door.only(1)
    await alice.press(card.buttons[0], on=card, quiet=True)
    await alice.say("help", quiet=True)
    await alice.open_home(quiet=True)
    assert await two_by_oauth.second.stop() == 0
    assert [call.method for call in slack.calls[calls:]] == []
    await slack.install(two_by_oauth.first.url, slack.team)
    await two_by_oauth.second.start()
    await alice.command("/compare")
    assert "AI Engineer" in alice.last.text


async def test_a_removed_workspace_is_off_everywhere_also_with_one_token(
    slack: FakeSlack, two: Pair
) -> None:
    alice = slack.person("alice")
    await alice.command("/quiz")
    await answer(alice, 2)
    card = alice.last
    two.balancer.only(0)
    await slack.uninstall(slack.team)
    calls = len(slack.calls)
    two.balancer.only(1)
    await alice.press(card.buttons[0], on=card, quiet=True)
    await alice.say("help", quiet=True)
    assert await two.second.stop() == 0
    assert [call.method for call in slack.calls[calls:]] == []
