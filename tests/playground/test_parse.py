"""What the page sends becomes an event, and what makes no sense a kind answer."""

from typing import Any

import pytest

from adapters.playground import parse
from bot.chat.actions import Fill, OpenTopic, Ticket
from bot.chat.event import Choice, Command, Event, Garbled, MalformedError, Press, Submission
from bot.chat.wire import pack


def sent(**what: Any) -> Event | None:
    return parse.event({"id": "1", "member": "ben", "channel": "room", **what})


def taken(**what: Any) -> object:
    event = sent(**what)
    assert event is not None
    return event.input


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/compare pay", Command(name="compare", text="pay")),
        ("  /QUIZ  ", Command(name="quiz")),
        ("/", Command(name="crossroads")),
        ("/compare   a day ", Command(name="compare", text="a day")),
        ("/nonsense", Command(name="nonsense")),
    ],
)
def test_a_slash_command(typed: str, command: Command) -> None:
    assert taken(kind="words", text=typed) == command


def test_words_in_the_room_are_for_the_room_and_in_direct_messages_for_the_bot() -> None:
    assert sent(kind="words", text="hello") is None
    assert taken(kind="words", text="hello", channel="direct") == Command(
        name="crossroads", text="hello"
    )


def test_very_long_words_are_cut() -> None:
    said = taken(kind="words", text="/compare " + "x" * 10_000)
    assert isinstance(said, Command)
    assert len(said.text) < parse.WORDS


def test_who_and_where() -> None:
    event = sent(kind="words", text="/quiz", channel="direct")
    assert event is not None
    assert (event.person.user, event.person.zone) == ("ben", "America/New_York")
    assert event.place.direct
    with pytest.raises(MalformedError):
        sent(kind="words", text="/quiz", member="mallory")


def test_a_press_a_choice_and_a_form() -> None:
    topic = OpenTopic("pay")
    assert taken(kind="press", action=pack(topic)) == Press(action=topic)
    assert taken(kind="press", action=pack(topic), shared=True) == Press(action=topic, shared=True)
    assert taken(kind="choice", action="T:", value="pay") == Choice(action=OpenTopic(), value="pay")
    fill = Fill(Ticket("s", 1), "setup")
    assert taken(kind="submission", action=pack(fill), values={"hours": 5}) == Submission(
        action=fill, values={"hours": "5"}
    )


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"kind": "press"},
        {"kind": "press", "action": "?:?"},
        {"kind": "press", "action": None},
        {"kind": "dance", "action": "T:pay:"},
        {"kind": "submission", "action": "T:pay:", "values": "all of them"},
    ],
)
def test_what_cannot_be_read_is_garbled(what: dict[str, Any]) -> None:
    assert taken(**what) == Garbled()
