"""Discord's payloads, as files, become events."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import parse
from bot.chat.actions import Fill, OpenTopic, Skip, Ticket
from bot.chat.event import Choice, Command, Garbled, Input, Press, Submission

PAYLOADS = Path(__file__).parent / "payloads"
SERVER, ALICE = "1400000000000000008", "1400000000000000022"


def payload(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("command", Command(name="compare", text="pay")),
        ("command_without_options", Command(name="quiz")),
        ("command_in_direct_messages", Command(name="quiz")),
        ("command_of_a_user_install", Command(name="plan")),
        ("button", Press(action=Skip(Ticket("s1", 3), "q1"))),
        ("button_of_a_shared_card", Press(action=OpenTopic("demand"), shared=True)),
        ("button_in_direct_messages", Press(action=OpenTopic("demand"))),
        ("button_forged", Garbled()),
        ("menu", Choice(action=OpenTopic(), value="day")),
        (
            "form",
            Submission(
                action=Fill(Ticket("s1", 4), "setup"), values={"hours": "6", "start": "zero"}
            ),
        ),
    ],
)
def test_what_was_said_is_understood(name: str, said: Input) -> None:
    event = parse.event(payload(name))
    assert event is not None
    assert event.input == said


def test_a_member_is_the_same_in_a_server_and_in_direct_messages() -> None:
    here, there = parse.event(payload("button")), parse.event(payload("button_in_direct_messages"))
    assert here is not None
    assert there is not None
    assert here.person == there.person
    assert (here.person.tenant, here.person.user, here.person.locale) == ("discord", ALICE, "en-US")


def test_where_it_happened_is_told() -> None:
    here, there = (
        parse.event(payload("command")),
        parse.event(payload("command_in_direct_messages")),
    )
    assert here is not None
    assert there is not None
    assert (here.place.tenant, here.place.direct) == (SERVER, False)
    assert (there.place.tenant, there.place.direct) == ("discord", True)


@pytest.mark.parametrize(
    ("name", "own_card", "direct", "from_form"),
    [
        ("command", False, False, False),
        ("button", True, False, False),
        ("button_of_a_shared_card", False, False, False),
        ("button_in_direct_messages", True, True, False),
        ("form", True, False, True),
        ("form_of_a_command", False, False, True),
    ],
)
def test_how_it_may_be_answered_is_told(
    name: str, own_card: bool, direct: bool, from_form: bool
) -> None:
    handle = parse.handle(payload(name))
    assert (handle.own_card, handle.direct, handle.from_form) == (own_card, direct, from_form)


def test_what_is_being_typed_is_found() -> None:
    assert parse.typed(payload("autocomplete")) == "pa"
    assert parse.typed(payload("command")) == ""


def test_a_ping_is_no_event() -> None:
    assert parse.event(payload("ping")) is None


def test_a_command_of_thousands_of_characters_is_cut() -> None:
    long = payload("command")
    long["data"]["options"][0]["value"] = "x" * 6000
    event = parse.event(long)
    assert event is not None
    assert isinstance(event.input, Command)
    assert len(event.input.text) <= parse.WORDS
