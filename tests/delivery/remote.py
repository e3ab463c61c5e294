"""The real senders in front of platforms on loopback, whose faults can be switched on by one name.

What counts is what arrived there, and how many requests were made.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from adapters.discord.api import Rest
from adapters.discord.sender import DiscordSender
from adapters.slack.api import Api
from adapters.slack.sender import SlackSender
from bot.adapter import Sender
from bot.chat.event import Platform
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack, RateLimited, Refused, ResetAfterAccepting, ServerError
from tests.fakes.slack.tokens import OneToken
from tests.fakes.slack.world import BOT_SCOPES

POSTING = "POST .*/messages"
LONG = 10_000  # times, which is until somebody says otherwise


class Remote(Protocol):
    """A platform with some members, seen from both sides."""

    name: Platform
    users: list[str]

    @property
    def sender(self) -> Sender: ...

    def arrived(self) -> list[str]:
        """To whom each message went."""
        ...

    def requests(self) -> int: ...

    def later(self, seconds: float) -> None:
        """Time passes there as well."""
        ...

    def lose_answers(self, times: int = 1) -> None:
        """Take the message, and cut the connection before that is said."""
        ...

    def fail(self, times: int = 1) -> None:
        """Answer 503, and take nothing."""
        ...

    def go_away(self) -> None:
        """Answer 503 to everything, until it comes back."""
        ...

    def come_back(self) -> None: ...

    def refuse(self, code: str) -> None:
        """Refuse every message with this code, until it comes back."""
        ...

    def limit(self, seconds: float, times: int = 1) -> None: ...

    def close_door(self, reason: str) -> None:
        """The first member can no longer be written to."""
        ...

    def revoke(self) -> None:
        """The token is good for nothing from now on."""
        ...


class OnDiscord:
    name: Platform = "discord"

    def __init__(self, fake: FakeDiscord, rest: Rest) -> None:
        self.fake, self.sender = fake, DiscordSender(rest)
        self.people = [fake.person(name, fake.add_guild()) for name in ("Ana", "Bo")]
        self.users = [person.id for person in self.people]

    def arrived(self) -> list[str]:
        whose = {channel: person for person, channel in self.fake.world.dms.items()}
        return [whose[m.place.channel_id] for m in self.fake.world.messages.values() if m.nonce]

    def requests(self) -> int:
        return len(self.fake.arrived)

    def later(self, seconds: float) -> None:
        """This Discord goes by the real time, and needs no other."""

    def lose_answers(self, times: int = 1) -> None:
        self.fake.faults.lose_answer(POSTING, times)

    def fail(self, times: int = 1) -> None:
        self.fake.faults.fail(POSTING, 503, times)

    def go_away(self) -> None:
        self.fake.faults.fail(".*", 503, LONG)

    def come_back(self) -> None:
        self.fake.faults.clear()

    def refuse(self, code: str) -> None:
        status = 400 if code in ("50035", "50006") else 403
        self.fake.faults.fail(POSTING, status, LONG, int(code))

    def limit(self, seconds: float, times: int = 1) -> None:
        self.fake.faults.rate_limit(POSTING, seconds, times, "global")

    def close_door(self, reason: str) -> None:
        self.fake.close_dms(self.people[0], int(reason))

    def revoke(self) -> None:
        self.fake.token = "another"


class OnSlack:
    name: Platform = "slack"

    def __init__(self, fake: FakeSlack, api: Api) -> None:
        self.fake, self.sender = fake, SlackSender(api)
        self.people = [fake.person(name) for name in ("ana", "bo")]
        self.users = [person.user for person in self.people]

    def arrived(self) -> list[str]:
        whose = {person.direct_channel: person.user for person in self.people}
        return [whose[m.channel] for m in self.fake.world.messages if m.metadata]

    def requests(self) -> int:
        return len(self.fake.calls)

    def later(self, seconds: float) -> None:
        self.fake.world.clock.advance(seconds)

    def lose_answers(self, times: int = 1) -> None:
        self.fake.fail("chat.postMessage", ResetAfterAccepting(), times)

    def fail(self, times: int = 1) -> None:
        self.fake.fail("chat.postMessage", ServerError(503), times)

    def go_away(self) -> None:
        for method in ("chat.postMessage", "conversations.history", "conversations.open"):
            self.fake.fail(method, ServerError(503), LONG)

    def come_back(self) -> None:
        self.fake.faults.clear()

    def refuse(self, code: str) -> None:
        self.fake.fail("chat.postMessage", Refused(code), LONG)

    def limit(self, seconds: float, times: int = 1) -> None:
        self.fake.fail("chat.postMessage", RateLimited(seconds), times)

    def close_door(self, reason: str) -> None:
        self.fake.fail("chat.postMessage", Refused(reason))

    def revoke(self) -> None:
        self.fake.world.revoke("T1")


@asynccontextmanager
async def discord() -> AsyncIterator[OnDiscord]:
    async with FakeDiscord() as fake:
        rest = Rest(fake.api_url, fake.token)
        rest.open()
        yield OnDiscord(fake, rest)
        await rest.close()


@asynccontextmanager
async def discord_sender(fake: FakeDiscord) -> AsyncIterator[Sender]:
    """One more, as another process has it."""
    rest = Rest(fake.api_url, fake.token)
    rest.open()
    yield DiscordSender(rest)
    await rest.close()


@asynccontextmanager
async def slack(*without: str) -> AsyncIterator[OnSlack]:
    """A Slack that has granted all that is asked for, but for these scopes."""
    async with FakeSlack() as fake:
        fake.api.seconds_between_posts = 1.0
        token = fake.world.grant("T1", scopes=BOT_SCOPES - set(without)).value
        api = Api(OneToken(token), fake.api_url)
        yield OnSlack(fake, api)
        await api.close()


@asynccontextmanager
async def out_of_reach(name: Platform) -> AsyncIterator[Sender]:
    """A sender to an address where nobody listens."""
    if name == "discord":
        rest = Rest("http://127.0.0.1:9/api/v10", "token")
        rest.open()
        yield DiscordSender(rest)
        await rest.close()
    else:
        api = Api(OneToken("token"), "http://127.0.0.1:9/api/")
        yield SlackSender(api)
        await api.close()
