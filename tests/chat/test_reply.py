"""A reply that a platform would refuse cannot be made."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from bot.chat.actions import Fill, Open, OpenForm, OpenTopic, Pick, Ticket
from bot.chat.form import Form, SelectField, TextField
from bot.chat.parts import (
    Button,
    Buttons,
    Fact,
    Facts,
    Head,
    Menu,
    Meter,
    Note,
    Option,
    Prose,
    Table,
    TableRow,
)
from bot.chat.reply import Message, Reply

TICKET = Ticket("session", 1)


def button(label: str = "Go", value: str = "1") -> Button:
    return Button(label=label, action=Pick(TICKET, "field", value))


def form(**changes: Any) -> Form:
    field = TextField(name="hours", label="Hours")
    return Form(
        **{
            "title": "Your plan",
            "action": Fill(TICKET, "plan"),
            "reopen": OpenForm(TICKET, "plan"),
            "fields": (field,),
            **changes,
        }
    )


def option(value: str = "a", label: str = "A", description: str = "") -> Option:
    return Option(value=value, label=label, description=description)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Message(title=""), "a title has 0"),
        (lambda: Message(title="x" * 151), "a title has 151"),
        (lambda: Prose(text=()), "prose has 0"),
        (lambda: Prose(text=("x" * 2901,)), "prose has 2901"),
        (lambda: Note(text=("😀" * 1451,)), "a note has 2902"),
        (lambda: button(""), "a button has 0"),
        (lambda: button("x" * 76), "a button has 76"),
        (lambda: Buttons(buttons=tuple(button(str(n), str(n)) for n in range(26))), "at most 25"),
        (lambda: option(label="x" * 76), "an option's label"),
        (lambda: option(description="x" * 76), "an option's description"),
        (lambda: Menu(action=OpenTopic(), placeholder="P", options=()), "at least 1"),
        (
            lambda: Menu(action=OpenTopic(), placeholder="P", options=(option(), option())),
            "two options share a value",
        ),
        (
            lambda: Menu(
                action=OpenTopic(), placeholder="P", options=(option(),), selected="elsewhere"
            ),
            "is selected, but not an option",
        ),
        (
            lambda: Message(title="T", parts=(Buttons(buttons=(button("A"), button("B"))),)),
            "two controls send the same action",
        ),
        (lambda: Message(title="T", parts=(Prose(text=("x" * 2000,)),) * 2), "a message has 4001"),
        (lambda: Message(title="T", parts=(Prose(text=("x",)),) * 39), "41 components"),
        (lambda: form(title="x" * 25), "a form's title"),
        (lambda: form(submit=""), "a form's submit button"),
        (lambda: form(errors={"name": "?"}), "fields that are not there"),
        (lambda: form(fields=()), "at least 1"),
        (lambda: TextField(name="n", label="x" * 46), "a field's label"),
        (lambda: Reply(show=Message(title="T", audience="room")), "for the asker alone"),
        (lambda: Reply(show=Message(title="T"), post=Message(title="T")), "for the room"),
        (lambda: Meter(done=1, total=0, label="x"), "greater than 0"),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[], object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        make()


def test_a_message_says_all_that_a_member_reads_in_order() -> None:
    message = Message(
        title="Title",
        parts=(
            Prose(text=("prose",)),
            Facts(title="facts", rows=(Fact(label="label", value=("value",), source="source"),)),
            Table(
                heads=(Head(title="AI"), Head(title="ML")),
                rows=(TableRow(label="pair", cells=(("a",), ("m",))),),
            ),
            Meter(done=1, total=4, label="a quarter"),
            Note(text=("note",)),
            Buttons(buttons=(button("press"),)),
            Menu(action=OpenTopic(), placeholder="choose", options=(option("v", "l", "d"),)),
        ),
    )
    said = "Title prose facts label value source AI ML pair a m a quarter note press choose l d"
    assert " ".join(message.shown()) == said
    assert list(message.actions()) == [Pick(TICKET, "field", "1"), OpenTopic()]


def test_a_meter_is_full_at_the_most() -> None:
    assert Meter(done=1, total=4, label="x").share == 0.25
    assert Meter(done=9, total=4, label="x").share == 1.0


def test_a_form_keeps_what_was_typed_beside_what_is_wrong() -> None:
    options = (option("3", "3 h"),)
    shown = form(
        fields=(
            TextField(name="date", label="Start", value="someday"),
            SelectField(name="hours", label="Hours", options=options, value="3"),
        ),
        errors={"date": "I cannot read that date."},
    )
    assert [field.value for field in shown.fields] == ["someday", "3"]


def test_a_reply_keeps_its_meaning_in_json() -> None:
    message = Message(
        title="T", parts=(Buttons(buttons=(Button(label="Q", action=Open("quiz")),)),)
    )
    reply = Reply(show=message, post=message.model_copy(update={"audience": "room"}))
    assert Reply.model_validate_json(reply.model_dump_json()) == reply
