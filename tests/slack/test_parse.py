"""Payloads as Slack sends them, kept as files, become the events that the core understands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from adapters.slack import parse
from bot.chat.actions import Fill, MarkStep, Open, OpenTopic, Pick, Ticket
from bot.chat.event import Choice, Command, Event, Garbled, Input, Press, Submission

PAYLOADS = Path(__file__).parent / "payloads"
T = TypeVar("T")
Parser = Callable[[dict[str, Any], str], Event | None]


def payload(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return read


def parsed(parser: Callable[[dict[str, Any], str], T], body: dict[str, Any]) -> T:
    """As the handlers read it: whose it is first."""
    whose = parse.installation(body)
    assert whose is not None
    return parser(body, whose.tenant)


PICK = Press(action=Pick(Ticket("s1", 3), "speed", "2"))
DONE = Press(action=MarkStep("plan1", "step1", "done"))
FILLED = Submission(
    action=Fill(Ticket("s2", 1), "hours"), values={"hours": "6", "start": "data", "note": ""}
)
WORDS = Command(name="crossroads", text="compare pay")
CASES: dict[str, tuple[Parser, Input, str, bool]] = {
    "command": (parse.command, Command(name="compare", text="pay"), "C0ROOM", False),
    "command_in_dm": (parse.command, Command(name="quiz"), "D0ALICE", True),
    "press_ephemeral": (parse.interaction, PICK, "C0ROOM", False),
    "press_shared": (
        parse.interaction,
        Press(action=OpenTopic("pay"), shared=True),
        "C0ROOM",
        False,
    ),
    "press_in_dm": (parse.interaction, DONE, "D0ALICE", True),
    "press_in_home": (parse.interaction, Press(action=Open("compare")), "", True),
    "press_forged": (parse.interaction, Garbled(), "C0ROOM", False),
    "choice": (parse.interaction, Choice(action=OpenTopic(), value="pay"), "C0ROOM", False),
    "submission": (parse.submission, FILLED, "", True),
    "shortcut": (parse.shortcut, Command(name="quiz"), "", True),
    "direct_message": (parse.direct_message, WORDS, "D0ALICE", True),
    "home_opened": (parse.home_opened, Command(name="progress"), "", True),
}


@pytest.mark.parametrize("name", CASES)
def test_a_payload_becomes_an_event(name: str) -> None:
    parser, said, channel, direct = CASES[name]
    event = parsed(parser, payload(name))
    assert event is not None
    assert event.input == said
    assert (event.person.platform, event.person.tenant, event.person.user) == (
        "slack",
        "T0ACME",
        "U0ALICE",
    )
    assert (event.place.channel, event.place.direct) == (channel, direct)


@pytest.mark.parametrize(
    ("parser", "name"),
    [
        (parse.direct_message, "direct_message_from_bot"),
        (parse.direct_message, "direct_message_edited"),
        (parse.home_opened, "home_opened_messages"),
    ],
)
def test_what_needs_no_answer(parser: Parser, name: str) -> None:
    assert parsed(parser, payload(name)) is None


def test_a_member_of_an_org_wide_install_belongs_to_the_organisation() -> None:
    assert parsed(parse.command, payload("command_org_wide")).person.tenant == "E0ORG"
    gone = parse.installation(payload("uninstalled_org_wide"))
    assert gone == parse.Installation("E0ORG", org_wide=True)


def test_every_delivery_has_its_own_id() -> None:
    events = [parsed(parser, payload(name)) for name, (parser, *_) in CASES.items()]
    ids = [event.id for event in events if event and event.id not in {"11.30.abc", "Ev0ONE"}]
    assert len(set(ids)) == len(ids)


def test_words_to_the_bot_lose_its_mention_and_their_excess() -> None:
    body = payload("direct_message")
    body["event"]["text"] = "<@U0BOT> quiz"
    event = parsed(parse.direct_message, body)
    assert event is not None
    assert event.input == Command(name="crossroads", text="quiz")
    body["event"] |= {"subtype": "thread_broadcast", "thread_ts": "1795000000.000100"}
    assert parsed(parse.direct_message, body) == event
    assert parse.thread(body) == "1795000000.000100"
    body["event"] |= {"text": "", "subtype": "file_share"}
    picture = parsed(parse.direct_message, body)
    assert picture is not None
    assert picture.input == Command(name="crossroads")
    body["event"]["text"] = "x" * 5000
    long = parsed(parse.direct_message, body)
    assert long is not None
    assert isinstance(long.input, Command)
    assert len(long.input.text) == parse.WORDS


def test_a_payload_may_name_nobody() -> None:
    body = payload("command")
    del body["team_id"]
    assert parse.installation(body) is None


TYPED = {
    "compare R&amp;D": "compare R&D",
    "compare a &lt; b": "compare a < b",
    "compare <http://levels.fyi|levels.fyi>": "compare levels.fyi",
    "see <https://example.org/a?b=1&amp;c=2>": "see https://example.org/a?b=1&c=2",
    "write to <mailto:a@example.org|a@example.org>": "write to a@example.org",
    "<@U0BOT> compare pay in <#C0ROOM|general>": "compare pay in",
    "&amp;lt;": "&lt;",  # undone once, not twice
}


@pytest.mark.parametrize("typed", TYPED)
def test_what_was_typed_is_read_as_it_was_typed(typed: str) -> None:
    body = payload("direct_message")
    body["event"]["text"] = typed
    heard = parsed(parse.direct_message, body)
    assert heard is not None
    assert heard.input == Command(name="crossroads", text=TYPED[typed])
    typed_command = parsed(parse.command, {**payload("command"), "text": typed})
    assert typed_command.input == Command(name="compare", text=TYPED[typed])


def test_a_strangers_form_in_a_shared_channel_belongs_to_where_the_app_is() -> None:
    body = payload("submission")
    body["view"]["app_installed_team_id"] = "T0ACME"
    body["team"] = {"id": "T0ELSE", "domain": "elsewhere"}
    event = parsed(parse.submission, body)
    assert event.person.tenant == "T0ACME"


def test_a_mention_in_a_direct_message_is_left_to_the_message() -> None:
    body = payload("direct_message")
    body["event"] = {**body["event"], "type": "app_mention"}
    assert parsed(parse.mention, body) is None
