"""Reminders leave as direct messages, and each way a send can end has its name."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from adapters.slack.api import Api
from adapters.slack.refusals import refusal
from adapters.slack.sender import PAGE, SlackSender
from bot.adapter import Outcome, RetryAfter, Sent, TokenDead, Unknown
from bot.chat.event import Person
from bot.chat.parts import Prose
from bot.chat.reply import Message
from tests.fakes import slack as fake
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.tokens import OneToken
from tests.fakes.slack.world import BOT_SCOPES

ALICE = Person(platform="slack", tenant="T1", user="UALICE")
CARD = Message(title="Your week", parts=(Prose(text=("Two steps are due.",)),))


@pytest.fixture
async def api(slack: FakeSlack) -> AsyncIterator[Api]:
    slack.person("alice")
    api = Api(OneToken(slack.bot_token), slack.api_url)
    yield api
    await api.close()


async def test_a_reminder_arrives_as_a_direct_message(slack: FakeSlack, api: Api) -> None:
    sent = await SlackSender(api).send(ALICE, CARD, "delivery-1")
    (card,) = slack.person("alice").direct
    assert isinstance(sent, Sent)
    assert sent.channel == slack.world.messages[0].channel
    assert "Two steps are due." in card.text


ENDS: dict[str, tuple[Fault, Outcome]] = {
    "told to wait, with a fraction": (fake.RateLimited(0.25), RetryAfter(0.25)),
    "the user is gone": (fake.Refused("user_not_found"), refusal("user_not_found")),
    "the channel is gone": (fake.Refused("channel_not_found"), refusal("channel_not_found")),
    "a scope is missing": (fake.Refused("missing_scope"), refusal("missing_scope")),
    "the account is inactive": (fake.Refused("account_inactive"), TokenDead("account_inactive")),
    "the token is revoked": (fake.Refused("token_revoked"), TokenDead("token_revoked")),
    "a server error": (fake.ServerError(503), Unknown("status 503")),
    "Slack's own trouble": (fake.Refused("internal_error"), Unknown("internal_error")),
}


@pytest.mark.parametrize(("fault", "end"), ENDS.values(), ids=ENDS)
async def test_each_end_has_its_name(
    slack: FakeSlack, api: Api, fault: Fault, end: Outcome
) -> None:
    slack.fail("chat.postMessage", fault)
    assert await SlackSender(api).send(ALICE, CARD, "delivery-1") == end
    assert slack.world.messages == []


async def test_a_dead_token_is_not_used_again(slack: FakeSlack, api: Api) -> None:
    slack.world.revoke("T1")
    sender = SlackSender(api)
    ends = [await sender.send(ALICE, CARD, str(n)) for n in range(3)]
    assert all(isinstance(end, TokenDead) for end in ends)
    assert len(slack.calls) == 1


async def test_a_lost_answer_can_be_looked_up(slack: FakeSlack, api: Api) -> None:
    sender, since = SlackSender(api), int(time.time())
    assert await sender.arrived(ALICE, "delivery-1", since) is False
    slack.fail("chat.postMessage", fake.ResetAfterAccepting())
    assert isinstance(await sender.send(ALICE, CARD, "delivery-1"), Unknown)
    assert await sender.arrived(ALICE, "delivery-1", since) is True
    assert await sender.arrived(ALICE, "delivery-2", since) is False


async def test_a_message_is_found_on_a_later_page(slack: FakeSlack, api: Api) -> None:
    sender, since = SlackSender(api), int(time.time())
    slack.api.seconds_between_posts = 0
    for number in range(PAGE + 5):
        await sender.send(ALICE, CARD, f"delivery-{number}")
    before = len(slack.calls)
    assert await sender.arrived(ALICE, "delivery-0", since) is True
    assert await sender.arrived(ALICE, "another", since) is False
    history = [call for call in slack.calls[before:] if call.method == "conversations.history"]
    assert len(history) == 4


@pytest.mark.parametrize(
    "fault", [fake.ServerError(503), fake.Refused("team_added_to_org"), fake.Refused("never_met")]
)
async def test_a_slack_that_cannot_be_asked_says_nothing_of_the_message(
    slack: FakeSlack, api: Api, fault: Fault
) -> None:
    slack.fail("conversations.history", fault)
    found = await SlackSender(api).arrived(ALICE, "delivery-1", int(time.time()))
    assert isinstance(found, Unknown)


async def test_without_the_scope_nobody_can_tell(slack: FakeSlack) -> None:
    slack.person("alice")
    token = slack.world.grant("T1", scopes=BOT_SCOPES - {"im:history"}).value
    api = Api(OneToken(token), slack.api_url)
    assert await SlackSender(api).arrived(ALICE, "delivery-1", int(time.time())) is None
    await api.close()


async def test_no_connection_means_later(slack: FakeSlack) -> None:
    api = Api(OneToken(slack.bot_token), "http://127.0.0.1:9/api/")
    assert isinstance(await SlackSender(api).send(ALICE, CARD, "delivery-1"), RetryAfter)
    await api.close()
