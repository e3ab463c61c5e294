"""The fake itself, tried on a bare Bolt app: it delivers, shows and refuses as Slack does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import (
    FakeSlack,
    NotAcknowledgedError,
    RateLimited,
    Refused,
    ResetAfterAccepting,
    ServerError,
)
from tests.fakes.slack.bare_app import FORM, SECRET, bare_app, over_http, over_socket
from tests.fakes.slack.http import encode
from tests.fakes.slack.world import BOT_SCOPES

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture(params=["socket", "http"])
async def bare(slack: FakeSlack, request: pytest.FixtureRequest) -> AsyncIterator[FakeSlack]:
    app = bare_app(slack.api_url, slack.bot_token)
    if request.param == "socket":
        async with over_socket(app, slack.app_token):
            await slack.socket.connected()
            yield slack
    else:
        async with over_http(app) as url:
            slack.deliver_to(url, SECRET)
            yield slack


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


def message(text: str = "x", **block: Any) -> Json:
    return {"channel": "C1GENERAL", "text": text, **({"blocks": [block]} if block else {})}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action_id: str = "a") -> Json:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": label}}


class TestPeople:
    async def test_a_command_is_answered_for_the_asker_alone(self, bare: FakeSlack) -> None:
        alice, bob = bare.person("alice"), bare.person("bob")
        await alice.command("/hello")
        assert alice.last.buttons == ["Again"]
        assert bob.messages == []

    async def test_a_press_changes_the_card_in_place(self, bare: FakeSlack) -> None:
        alice = bare.person("alice")
        await alice.command("/hello")
        await alice.press("Again")
        assert len(alice.messages) == 1
        assert alice.messages[0].source.revision > 1

    async def test_a_form_shows_errors_keeps_what_was_typed_and_closes(
        self, bare: FakeSlack
    ) -> None:
        alice = bare.person("alice")
        await alice.command("/form")
        await _until_modal(alice)
        alice.fill("Hours", "many")
        await alice.submit()
        assert alice.last.errors == {"Hours": "a number, please"}
        alice.fill("Hours", "6")
        await alice.submit()
        assert alice.modal is None

    async def test_a_direct_message_and_the_home_tab(self, bare: FakeSlack) -> None:
        alice = bare.person("alice")
        await alice.say("hi")
        await alice.sees("hello")
        assert [card.text for card in alice.direct] == ["hi", "hello"]
        await alice.open_home()
        assert alice.home is not None
        assert alice.home.buttons == ["Again"]
        assert alice.failures == []

    async def test_a_silent_bot_is_told_to_the_member(self, slack: FakeSlack) -> None:
        alice = slack.person("alice")
        await alice.command("/hello", quiet=True)
        assert alice.failures == ["operation_timeout: slash_commands"]


async def _until_modal(person: Any) -> None:
    if person.modal is None:
        await person.sees("Form")


class TestSocket:
    async def test_events_are_delivered_again_until_acknowledged(self, slack: FakeSlack) -> None:
        with pytest.raises(NotAcknowledgedError):
            await slack.send_event(slack.team, {"type": "app_uninstalled"})

    async def test_a_ticket_is_good_once(self, slack: FakeSlack) -> None:
        url = slack.socket.open_ticket()
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(url) as socket:
                assert (await socket.receive_json())["type"] == "hello"
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)
        assert slack.socket.stale_tickets_tried == 1

    async def test_a_refresh_makes_the_client_come_back(self, slack: FakeSlack) -> None:
        async with over_socket(bare_app(slack.api_url, slack.bot_token), slack.app_token):
            await slack.socket.connected()
            first = slack.socket.live[0]
            await slack.socket.refresh()
            alice = slack.person("alice")
            while first in slack.socket.live or not slack.socket.live:
                await slack.socket.connected()
                await alice.command("/hello", quiet=True)
            await alice.command("/hello")
            assert slack.socket.tickets_issued == 2


class TestHttp:
    async def test_a_wrong_signature_is_refused_by_bolt(self, slack: FakeSlack) -> None:
        async with over_http(bare_app(slack.api_url, slack.bot_token)) as url:
            delivery = slack.deliver_to(url, "another secret")
            kind, body = encode("slash_commands", slack.person("alice").command_payload("/x"))
            assert (await delivery.post(body, delivery.headers(body, kind)))[0] == 401
            stale = slack.deliver_to(url, SECRET)
            assert (await stale.post(body, stale.headers(body, kind, age=301)))[0] == 401
            await delivery.close()


LONG = "x" * 3001
REFUSED = {
    "no text": ({"channel": "C1GENERAL", "blocks": [section("x")]}, "no_text"),
    "a long text": (message("x" * 4001), "msg_too_long"),
    "a long section": (message(**section(LONG)), "invalid_blocks"),
    "an empty section": (message(**section("")), "invalid_blocks"),
    "a section of nothing": (message(type="section"), "invalid_blocks"),
    "an unknown field": (message(**section("x"), colour="red"), "invalid_blocks"),
    "an unknown block": (message(type="blink"), "invalid_blocks"),
    "a long label": (message(type="actions", elements=[button("x" * 76)]), "invalid_blocks"),
    "twice the same action": (
        message(type="actions", elements=[button("x"), button("y")]),
        "invalid_blocks",
    ),
    "26 buttons": (
        message(type="actions", elements=[button("x", str(n)) for n in range(26)]),
        "invalid_blocks",
    ),
    "51 blocks": (
        {**message(), "blocks": [{"type": "divider"}] * 51},
        "invalid_blocks",
    ),
    "too much text in all": (
        {**message(), "blocks": [section("x" * 2900) for _ in range(5)]},
        "msg_blocks_too_long",
    ),
    "an unknown argument": ({**message(), "colour": "red"}, "invalid_arguments"),
    "an unknown channel": ({**message(), "channel": "C404"}, "channel_not_found"),
}


class TestRefusals:
    @pytest.mark.parametrize(("args", "error"), REFUSED.values(), ids=REFUSED)
    async def test_a_message(
        self, slack: FakeSlack, client: AsyncWebClient, args: Json, error: str
    ) -> None:
        with pytest.raises(SlackApiError) as refusal:
            await client.api_call("chat.postMessage", json=args)
        assert refusal.value.response["error"] == error
        assert slack.world.messages == []

    async def test_a_trigger_older_than_three_seconds_or_used(
        self, slack: FakeSlack, client: AsyncWebClient
    ) -> None:
        fresh, old = (slack.world.trigger("T1", "UALICE") for _ in range(2))
        await client.views_open(trigger_id=fresh, view=FORM)
        assert (
            await _error(client.views_open(trigger_id=fresh, view=FORM)) == "exchanged_trigger_id"
        )
        slack.world.clock.advance(3.5)
        assert await _error(client.views_open(trigger_id=old, view=FORM)) == "expired_trigger_id"

    async def test_a_response_url_used_a_sixth_time_or_after_half_an_hour(
        self, slack: FakeSlack
    ) -> None:
        alice = slack.person("alice")
        hook = AsyncWebhookClient(alice.command_payload("/x")["response_url"])
        answers = [await hook.send(text=str(n)) for n in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [404]
        assert "used_url" in answers[-1].body
        late = AsyncWebhookClient(alice.command_payload("/x")["response_url"])
        slack.world.clock.advance(1801)
        assert "expired_url" in (await late.send(text="x")).body
        assert len(alice.messages) == 5

    async def test_tokens_and_scopes(self, slack: FakeSlack) -> None:
        narrow = slack.world.grant("T1", scopes=BOT_SCOPES - {"chat:write"})
        cases = {narrow.value: "missing_scope", "xoxb-guess": "invalid_auth"}
        for token, error in cases.items():
            client = AsyncWebClient(token=token, base_url=slack.api_url)
            assert await _error(client.api_call("chat.postMessage", json=message())) == error
        slack.world.revoke("T1")
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        assert await _error(client.auth_test()) == "token_revoked"

    @pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk's call of aiohttp
    async def test_a_refresh_token_is_good_once(self, slack: FakeSlack) -> None:
        slack.world.rotating = True
        client = AsyncWebClient(base_url=slack.api_url)
        keys = {"client_id": "client-id", "client_secret": "client-secret"}
        code = slack.code_for(slack.team, "commands,chat:write")
        first = await client.oauth_v2_access(**keys, code=code)
        again = {**keys, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = await client.oauth_v2_access(**again)
        assert second["access_token"] != first["access_token"]
        assert await _error(client.oauth_v2_access(**again)) == "invalid_refresh_token"
        slack.world.clock.advance(5)
        assert await _error(client.auth_test(token=first["access_token"])) == "token_expired"


class TestFaults:
    async def test_each_switch(self, slack: FakeSlack, client: AsyncWebClient) -> None:
        slack.fail("chat.postMessage", RateLimited(0.5))
        slack.fail("chat.postMessage", ServerError(503))
        slack.fail("chat.postMessage", Refused("account_inactive"))
        with pytest.raises(SlackApiError) as limited:
            await client.api_call("chat.postMessage", json=message())
        assert limited.value.response.headers["Retry-After"] == "0.5"
        with pytest.raises(SlackApiError):
            await client.api_call("chat.postMessage", json=message())
        call = client.api_call("chat.postMessage", json=message())
        assert await _error(call) == "account_inactive"
        assert slack.world.messages == []

    async def test_a_reset_comes_after_the_message_was_accepted(
        self, slack: FakeSlack, client: AsyncWebClient
    ) -> None:
        client.retry_handlers.clear()  # the SDK would send it a second time
        slack.fail("chat.postMessage", ResetAfterAccepting())
        with pytest.raises(aiohttp.ClientError):
            await client.api_call("chat.postMessage", json=message())
        assert len(slack.world.messages) == 1


async def _error(call: Any) -> str:
    with pytest.raises(SlackApiError) as refusal:
        await call
    return str(refusal.value.response["error"])
