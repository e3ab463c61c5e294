"""An answer finds its way to the member, also when the way it came by is closed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from adapters.shared.calls import UncertainError, patiently
from adapters.slack.api import Api
from adapters.slack.respond import Responder, Surface
from bot.chat.actions import Fill, OpenForm, Ticket
from bot.chat.event import MalformedError
from bot.chat.form import Form, TextField
from bot.chat.parts import Prose
from bot.chat.reply import Message
from tests.fakes.slack import FakeSlack, RateLimited, Refused, ServerError
from tests.fakes.slack.screen import Control
from tests.fakes.slack.tokens import OneToken
from tests.fakes.slack.world import View

CARD = Message(title="Here you are", parts=(Prose(text=("at last",)),))
FORM = Form(
    title="Hours",
    action=Fill(Ticket("s", 1), "hours"),
    reopen=OpenForm(Ticket("s", 1), "hours"),
    fields=(TextField(name="hours", label="Hours"),),
)


@pytest.fixture
async def api(slack: FakeSlack) -> AsyncIterator[Api]:
    api = Api(OneToken(slack.bot_token), slack.api_url)
    yield api
    await api.close()


def surface_of_command(slack: FakeSlack, channel: str = "general") -> Surface:
    body = slack.person("alice").command_payload("/quiz", channel=channel)
    return Surface.of(body, "T1", "UALICE")


def reopened(surface: Surface) -> Surface:
    """The surface as the submission of its form gives it back."""
    view = {"id": "V1", "type": "modal", "private_metadata": surface.metadata()}
    return Surface.of({"type": "view_submission", "view": view}, "T1", "UALICE")


async def test_a_form_finds_back_to_the_card_it_was_opened_from(slack: FakeSlack, api: Api) -> None:
    alice, responder = slack.person("alice"), Responder(api)
    await responder.show(surface_of_command(slack), CARD)
    card = alice.last
    payload = {**alice.press_payload(card, _any_control()), "type": "block_actions"}
    surface = reopened(Surface.of(payload, "T1", "UALICE"))
    await responder.show(surface, CARD.model_copy(update={"title": "Changed"}))
    assert [card.text.splitlines()[0] for card in alice.messages] == ["Changed"]


@pytest.mark.parametrize("channel", ["general", "direct"])
async def test_a_form_that_stood_open_for_half_an_hour_is_answered_all_the_same(
    slack: FakeSlack, api: Api, channel: str
) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    surface = reopened(surface_of_command(slack, channel))
    slack.world.clock.advance(31 * 60)
    await Responder(api).show(surface, CARD)
    assert "at last" in alice.last.text
    assert bob.messages == []


async def test_without_a_place_the_answer_opens_a_modal(slack: FakeSlack, api: Api) -> None:
    alice = slack.person("alice")
    surface = Surface("T1", alice.user, trigger=slack.world.trigger("T1", alice.user))
    await Responder(api).show(surface, CARD)
    assert alice.modal is not None
    assert isinstance(alice.modal.source, View)
    modal = Surface("T1", alice.user, view=alice.modal.source.id)
    await Responder(api).show(modal, FORM)
    assert "Hours" in alice.last.text
    assert json.loads(modal.metadata()) == {"modal": True}


async def test_a_trigger_is_not_waited_with_until_it_has_died(slack: FakeSlack, api: Api) -> None:
    slack.fail("views.open", RateLimited(30))
    alice = slack.person("alice")
    surface = Surface("T1", alice.user, trigger=slack.world.trigger("T1", alice.user))
    await Responder(api).show(surface, FORM)
    assert [call.method for call in slack.calls] == ["views.open", "chat.postMessage"]
    assert "The form didn’t open" in alice.last.text


async def test_patience_ends(slack: FakeSlack, api: Api) -> None:
    slack.fail("chat.postMessage", ServerError(), times=9)
    slack.fail("users.info", ServerError(), times=9)

    async def tried(method: str, *, repeatable: bool) -> int:
        with pytest.raises(UncertainError):
            await patiently(lambda: api.call("T1", method), repeatable=repeatable)
        return sum(call.method == method for call in slack.calls)

    assert await tried("chat.postMessage", repeatable=False) == 1
    assert await tried("users.info", repeatable=True) == 3


async def test_a_refusal_is_not_repeated(slack: FakeSlack, api: Api) -> None:
    slack.fail("response_url", Refused("used_url"))
    slack.fail("chat.postEphemeral", Refused("user_not_in_channel"))
    await Responder(api).show(surface_of_command(slack), CARD)
    ways = ["response_url", "chat.postEphemeral", "chat.postMessage"]
    assert [call.method for call in slack.calls] == ways


async def test_what_can_be_shown_nowhere_else_comes_as_a_direct_message(
    slack: FakeSlack, api: Api
) -> None:
    alice = slack.person("alice")
    slack.fail("response_url", Refused("used_url"))
    slack.fail("chat.postEphemeral", Refused("user_not_in_channel"))
    await Responder(api).show(surface_of_command(slack), CARD)
    assert "at last" in alice.direct[-1].text


async def test_a_form_whose_trigger_has_expired_says_so_where_it_was_asked_for(
    slack: FakeSlack, api: Api
) -> None:
    alice = slack.person("alice")
    slack.fail("views.open", Refused("expired_trigger_id"))
    await Responder(api).show(surface_of_command(slack), FORM)
    assert "Please press the button again." in alice.last.text
    assert alice.modal is None


async def test_a_modal_that_was_closed_meanwhile_leaves_its_answer_in_the_direct_messages(
    slack: FakeSlack, api: Api
) -> None:
    alice = slack.person("alice")
    await Responder(api).show(Surface("T1", alice.user, view="VGONE"), CARD)
    assert "at last" in alice.direct[-1].text


async def test_who_shares_hears_that_slack_would_not(slack: FakeSlack, api: Api) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    slack.fail("response_url", Refused("no_permission"))
    await Responder(api).post(surface_of_command(slack), CARD)
    assert "nobody else has seen the card" in alice.last.text
    assert bob.messages == []


async def test_not_shared_takes_the_place_of_the_card_that_said_shared(
    slack: FakeSlack, api: Api
) -> None:
    alice, responder = slack.person("alice"), Responder(api)
    await responder.show(surface_of_command(slack), CARD)
    pressed = Surface.of(alice.press_payload(alice.last, _any_control()), "T1", "UALICE")
    slack.fail("response_url", Refused("no_permission"))
    await responder.post(pressed, CARD)
    (card,) = alice.messages
    assert "Not shared" in card.text


async def test_who_shares_where_there_is_no_channel_hears_so(slack: FakeSlack, api: Api) -> None:
    alice = slack.person("alice")
    surface = Surface("T1", alice.user, trigger=slack.world.trigger("T1", alice.user))
    await Responder(api).post(surface, CARD)
    assert "Not shared" in alice.last.text


async def test_a_form_that_perhaps_did_not_open_is_told_of_too(slack: FakeSlack, api: Api) -> None:
    slack.fail("views.open", ServerError())
    await Responder(api).show(surface_of_command(slack), FORM)
    assert "The form didn’t open" in slack.person("alice").last.text


async def test_what_is_asked_for_in_a_thread_stays_in_it(slack: FakeSlack, api: Api) -> None:
    alice, responder, thread = slack.person("alice"), Responder(api), "1795000000.000100"
    where = Surface("T1", alice.user, channel=alice.direct_channel, thread=thread)
    await responder.show(where, CARD)
    pressed = Surface.of(alice.press_payload(alice.last, _any_control()), "T1", "UALICE")
    await responder.show(reopened(pressed), CARD.model_copy(update={"placement": "new"}))
    await responder.post(pressed, CARD)
    assert [message.thread for message in slack.world.messages] == [thread] * 3


async def test_a_card_with_replies_is_answered_beside_it(slack: FakeSlack, api: Api) -> None:
    alice, responder = slack.person("alice"), Responder(api)
    await responder.show(Surface("T1", alice.user, channel=alice.direct_channel), CARD)
    payload = alice.press_payload(alice.last, _any_control())
    payload["container"]["thread_ts"] = payload["container"]["message_ts"]
    pressed = Surface.of(payload, "T1", "UALICE")
    await responder.show(pressed, CARD.model_copy(update={"placement": "new"}))
    assert [message.thread for message in slack.world.messages] == [None, None]


@pytest.mark.parametrize(
    "odd", [{"channel": "C1"}, {"container": ["message"]}, {"view": 5}, {"channel": [1]}]
)
def test_a_place_of_an_odd_type_is_refused(odd: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        Surface.of({"type": "block_actions", **odd}, "T1", "UALICE")


@pytest.mark.parametrize("kept", ["null", "5", "[1]", "{", '{"channel": 7}'])
def test_a_form_that_remembers_nonsense_is_refused(kept: str) -> None:
    view = {"id": "V1", "type": "modal", "private_metadata": kept}
    with pytest.raises(MalformedError):
        Surface.of({"type": "view_submission", "view": view}, "T1", "UALICE")


def _any_control() -> Control:
    return Control("b", {"type": "button", "action_id": "of:s:1:hours"}, "Another number…")
