"""How a direct message that nobody asked for just now ends, and whether it can be found again."""

import time
from collections.abc import AsyncIterator
from typing import Literal

import pytest

from adapters.discord.api import EDGE_SECONDS, Rest
from adapters.discord.refusals import EDGES
from adapters.discord.sender import NONCE, PAGE, DiscordSender, short
from adapters.shared.calls import LimitedError
from bot.adapter import Hindered, Refused, RetryAfter, Sent, TokenDead, Unknown
from bot.chat.actions import Snooze
from bot.chat.event import Person as Member
from bot.chat.parts import Button, Buttons, Prose
from bot.chat.reply import Message
from tests.fakes.discord import FakeDiscord, Person

DELIVERY = "delivery-0000001"


@pytest.fixture
async def rest(discord: FakeDiscord) -> AsyncIterator[Rest]:
    rest = Rest(discord.api_url, discord.token)
    rest.open()
    yield rest
    await rest.close()


@pytest.fixture
def sender(rest: Rest) -> DiscordSender:
    return DiscordSender(rest)


@pytest.fixture
def member(alice: Person) -> Member:
    return Member(platform="discord", tenant="discord", user=alice.id)


def reminder(delivery: str = DELIVERY) -> Message:
    buttons = Buttons(buttons=(Button(label="Tomorrow", action=Snooze(delivery)),))
    return Message(title="Your week", parts=(Prose(text=("One step is open.",)), buttons))


async def test_a_message_arrives_with_its_buttons(
    sender: DiscordSender, member: Member, alice: Person
) -> None:
    outcome = await sender.send(member, reminder(), DELIVERY)
    assert isinstance(outcome, Sent)
    assert alice.in_dm.last.buttons == ["Tomorrow"]
    assert not alice.in_dm.last.private


async def test_the_channel_is_opened_once_and_then_known(
    sender: DiscordSender, member: Member, alice: Person, discord: FakeDiscord
) -> None:
    first = await sender.send(member, reminder(), DELIVERY)
    assert isinstance(first, Sent)
    known = member.model_copy(update={"channel": first.channel})
    second = await sender.send(known, reminder("delivery-0000002"), "delivery-0000002")
    assert second == Sent(first.channel)
    assert len(alice.in_dm.screen) == 2
    assert len(discord.requests("POST", "/users/@me/channels")) == 1


async def test_a_channel_that_is_gone_is_opened_again(
    sender: DiscordSender, member: Member, alice: Person
) -> None:
    known = member.model_copy(update={"channel": "1"})
    sent = await sender.send(known, reminder(), DELIVERY)
    assert isinstance(sent, Sent)
    assert sent.channel not in ("", "1")
    assert alice.in_dm.last.buttons == ["Tomorrow"]


async def test_sent_again_with_the_same_nonce_it_stands_there_once(
    sender: DiscordSender, member: Member, alice: Person, discord: FakeDiscord
) -> None:
    discord.faults.lose_answer("POST .*/messages")
    assert isinstance(await sender.send(member, reminder(), DELIVERY), Unknown)
    assert isinstance(await sender.send(member, reminder(), DELIVERY), Sent)
    assert len(alice.in_dm.screen) == 1


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_direct_messages_are_for_good(
    sender: DiscordSender, member: Member, alice: Person, discord: FakeDiscord, code: int
) -> None:
    discord.close_dms(alice, code)
    outcome = await sender.send(member, reminder(), DELIVERY)
    assert isinstance(outcome, Refused)
    assert str(code) in outcome.reason


@pytest.mark.parametrize(
    ("where", "scope", "alone"),
    [
        ("POST .*/users/@me/channels", "shared", False),
        ("POST .*/messages", "shared", True),
        ("POST .*/messages", "user", True),
        ("POST .*/messages", "global", False),
    ],
)
async def test_a_limit_says_how_long_to_wait_and_for_whom(
    sender: DiscordSender,
    member: Member,
    alice: Person,
    discord: FakeDiscord,
    where: str,
    scope: Literal["user", "global", "shared"],
    alone: bool,
) -> None:
    discord.faults.rate_limit(where, retry_after=1.25, scope=scope)
    assert await sender.send(member, reminder(), DELIVERY) == RetryAfter(1.25, alone)
    assert alice.in_dm.screen == []


async def test_a_dead_token_is_told(
    sender: DiscordSender, member: Member, discord: FakeDiscord
) -> None:
    discord.token = "another"
    assert isinstance(await sender.send(member, reminder(), DELIVERY), TokenDead)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_failing_server_leaves_it_open(
    sender: DiscordSender, member: Member, discord: FakeDiscord, status: int
) -> None:
    discord.faults.fail("POST .*/messages", status=status)
    assert isinstance(await sender.send(member, reminder(), DELIVERY), Unknown)


async def test_what_failed_before_the_message_was_sent_can_be_tried_again(
    sender: DiscordSender, member: Member, discord: FakeDiscord
) -> None:
    discord.faults.reset("POST .*/users/@me/channels")
    assert isinstance(await sender.send(member, reminder(), DELIVERY), RetryAfter)


async def test_a_discord_out_of_reach_can_be_tried_again(member: Member) -> None:
    rest = Rest("http://127.0.0.1:9/api/v10", "token")
    rest.open()
    outcome = await DiscordSender(rest).send(member, reminder(), DELIVERY)
    await rest.close()
    assert isinstance(outcome, RetryAfter)


async def test_a_message_is_found_again_by_its_buttons(
    sender: DiscordSender, member: Member
) -> None:
    now = int(time.time())
    assert await sender.arrived(member, DELIVERY, now) is False
    await sender.send(member, reminder(), DELIVERY)
    assert await sender.arrived(member, DELIVERY, now) is True
    assert await sender.arrived(member, "delivery-0000002", now) is False


async def test_a_message_is_found_on_a_later_page(
    sender: DiscordSender, member: Member, alice: Person, discord: FakeDiscord
) -> None:
    since = int(time.time()) - 60
    for number in range(PAGE + 5):
        await sender.send(member, reminder(f"delivery-{number}"), f"nonce-{number}")
    last = f"delivery-{PAGE + 4}"
    assert await sender.arrived(member, last, since) is True
    assert await sender.arrived(member, "another", since) is False
    assert len(discord.requests("GET", "/messages")) == 4


async def test_a_discord_that_cannot_be_asked_says_nothing_of_the_message(
    sender: DiscordSender, member: Member, discord: FakeDiscord
) -> None:
    discord.faults.fail("GET .*/messages", 503)
    assert isinstance(await sender.arrived(member, DELIVERY, int(time.time())), Unknown)


async def test_where_it_may_not_look_nobody_can_tell(
    sender: DiscordSender, member: Member, discord: FakeDiscord
) -> None:
    discord.faults.fail("GET .*/messages", 403, code=50001)
    assert await sender.arrived(member, DELIVERY, int(time.time())) is None


@pytest.mark.parametrize(("said", "seconds"), [(600.0, 600.0), (0.0, EDGE_SECONDS)])
async def test_shut_out_by_the_edge_it_makes_no_call_at_all(
    sender: DiscordSender,
    member: Member,
    discord: FakeDiscord,
    rest: Rest,
    said: float,
    seconds: float,
) -> None:
    discord.faults.shut_out(".*", said)
    outcome = await sender.send(member, reminder(), DELIVERY)
    assert isinstance(outcome, Hindered)
    assert (outcome.code, outcome.everybody, outcome.seconds) == (EDGES[1], True, seconds)
    for _ in range(20):
        outcome = await sender.send(member, reminder(), DELIVERY)
        assert isinstance(outcome, Hindered)
        assert outcome.seconds is not None
        assert seconds - 5 < outcome.seconds <= seconds
        with pytest.raises(LimitedError):
            await rest.call("POST", "/interactions/1/token/callback", {}, authorized=False)
    assert isinstance(await sender.arrived(member, DELIVERY, int(time.time())), RetryAfter)
    assert len(discord.arrived) == 1


def test_a_long_nonce_is_made_to_fit_and_stays_the_same() -> None:
    assert short("n" * 25) == "n" * 25
    assert len(short("n" * 99)) <= NONCE
    assert short("n" * 99) == short("n" * 99) != short("m" * 99)
