"""Replies become Components V2 that Discord takes and people can read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import render
from adapters.discord.commands.completion import choices
from adapters.discord.commands.tree import tree
from adapters.discord.markup import escape, markdown
from adapters.discord.parse import Handle
from adapters.discord.respond import DEFER, MESSAGE, MODAL, UPDATE, defer, first, form_card
from bot.chat.actions import Fill, OpenForm, OpenTopic, Ticket
from bot.chat.base import Accent
from bot.chat.form import Form, SelectField, TextField
from bot.chat.parts import (
    Button,
    Buttons,
    Fact,
    Facts,
    Head,
    Meter,
    Note,
    Option,
    Part,
    Prose,
    Table,
    TableRow,
)
from bot.chat.reply import Message
from bot.chat.text import Bold, Code, Italic, Link, Moment, Text
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from tests.fakes.discord.components import shown_text, walk
from tests.fakes.discord.limits import commands_problems, message_problems, modal_problems
from tests.stories import MONDAY

PACKS = Packs((load(default_pack_path()),))

TICKET = Ticket("session", 1)


def card(*parts: Part, **more: Any) -> Message:
    return Message(title="Title", parts=parts, **more)


def form(**errors: str) -> Form:
    return Form(
        title="Your plan",
        action=Fill(TICKET, "setup"),
        reopen=OpenForm(TICKET, "setup"),
        fields=(
            TextField(name="hours", label="Hours a week", hint="1 to 60", value="5", most=3),
            SelectField(
                name="role",
                label="Role",
                options=(Option(value="ai", label="AI"), Option(value="ml", label="ML")),
                value="ml",
            ),
        ),
        errors=errors,
    )


def handle(*, own_card: bool = False, direct: bool = False, from_form: bool = False) -> Handle:
    return Handle("1", "token", "2", own_card, direct, from_form)


def said(message: Message) -> str:
    return shown_text(render.message(message)["components"])


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@everyone and @here", "@\u200beveryone and @\u200bhere"),
        ("<@123> <@&5> <#7> </quiz:1>", r"\<@123> \<@&5> \<#7> \</quiz:1>"),
        ("**loud** ||hidden||", r"\*\*loud\*\* \|\|hidden\|\|"),
        ("[label](https://example.org/a_b)", r"\[label\](https://example.org/a_b)"),
        ("# head\n> quote\n- item\n1. one", "\\# head\n\\> quote\n\\- item\n1\\. one"),
        ("-# small", r"\-# small"),
        ("snake_case `code` ~~x~~", r"snake\_case \`code\` \~\~x\~\~"),
        ("see https://example.org/a_b_c?x=1 now", "see https://example.org/a_b_c?x=1 now"),
        (r"a\*b", r"a\\\*b"),
        ("3 - 2 = 1. Right", "3 - 2 = 1. Right"),
    ],
)
def test_what_members_type_stays_text(typed: str, sent: str) -> None:
    assert escape(typed) == sent


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ((Bold(text="a*b"),), r"**a\*b**"),
        ((Bold(text=" wide "), "x"), " **wide** x"),
        ((Bold(text=" "),), " "),
        ((Italic(text="so"),), "*so*"),
        ((Code(text="a_b"),), "`a_b`"),
        ((Code(text="a`b"),), r"a\`b"),
        ((Link(text="a]b", url="https://e.org/x (1)"),), r"[a\]b](https://e.org/x%20%281%29)"),
        ((Moment(at=1767600000, text="5 January", style="date"),), "<t:1767600000:D>"),
    ],
)
def test_spans_become_markdown(text: Text, sent: str) -> None:
    assert markdown(text) == sent


@given(st.text())
def test_no_text_can_make_a_mention(typed: str) -> None:
    escaped = escape(typed)
    assert "@everyone" not in escaped
    assert "@here" not in escaped
    assert all(escaped[i - 1] == "\\" for i, char in enumerate(escaped) if char == "<")


ACCENT = Accent(light="#1B5FC1", dark="#6FA8FF")

# --- cards --------------------------------------------------------------------------------------


def test_a_card_is_a_container_in_its_role_s_colour() -> None:
    sent = render.message(card(Prose(text=("Hello",)), accent=ACCENT), ephemeral=True)
    (container,) = sent["components"]
    assert container["accent_color"] == 0x6FA8FF
    assert sent["flags"] == render.COMPONENTS_V2 | render.EPHEMERAL
    assert shown_text([container]) == "## Title\nHello"


def test_mentions_are_off_in_whatever_is_sent() -> None:
    assert render.message(card())["allowed_mentions"] == {"parse": []}


def test_the_two_sides_stand_below_each_other_and_each_says_whose_it_is() -> None:
    heads = (Head(title="AI Engineer", mark="🔷"), Head(title="ML Engineer", mark="🔶"))
    row = TableRow(label="Entry", cells=(("not told",), ("$130,000",)))
    assert said(card(Table(heads=heads, rows=(row,)))).splitlines()[1:] == [
        "### Entry",
        "🔷 **AI Engineer** – not told",
        "🔶 **ML Engineer** – $130,000",
    ]


def test_a_short_text_and_its_one_button_make_a_section() -> None:
    button = Button(label="Open", action=OpenTopic("pay"))
    inner = render.message(card(Prose(text=("Pay",)), Buttons(buttons=(button,))))
    section = inner["components"][0]["components"][1]
    assert section["accessory"]["label"] == "Open"
    assert [c["content"] for c in section["components"]] == ["Pay"]


def test_a_line_stands_above_the_controls() -> None:
    buttons = tuple(map(_open, ("pay", "day")))
    inner = render.message(card(Prose(text=("x",)), Buttons(buttons=buttons)))
    kinds = [c["type"] for c in inner["components"][0]["components"]]
    assert kinds == [render.TEXT, render.TEXT, render.SEPARATOR, render.ROW]


def test_no_line_parts_a_text_from_its_own_buttons() -> None:
    first, second = (Buttons(buttons=(_open(name), _open(name * 2))) for name in ("a", "b"))
    inner = render.message(card(Prose(text=("A",)), first, Prose(text=("B",)), second))
    kinds = [c["type"] for c in inner["components"][0]["components"]]
    assert kinds == [render.TEXT, *(render.TEXT, render.ROW) * 2]


def _open(topic: str) -> Button:
    return Button(label=topic, action=OpenTopic(topic))


@pytest.mark.parametrize(
    ("done", "bar"), [(0, "▱" * 12), (0.1, "▰" + "▱" * 11), (99.9, "▰" * 11 + "▱"), (100, "▰" * 12)]
)
def test_a_meter_is_empty_or_full_only_when_that_is_true(done: float, bar: str) -> None:
    assert said(card(Meter(done=done, total=100, label="so far"))).splitlines()[1].startswith(bar)


def test_small_print_is_small_on_every_line() -> None:
    assert said(card(Note(text=("one\ntwo",)))).splitlines()[1:] == ["-# one", "-# two"]


@pytest.mark.parametrize("char", ["x", "*", "_", "🙂", "<", "@here ", "\n", "# "])
def test_a_full_card_is_shown_whatever_it_is_made_of(char: str) -> None:
    longest = (char * 2000)[: 1200 if ord(char[0]) > 0xFFFF else 2500]
    full = card(
        Prose(text=(longest, "end")), Facts(rows=(Fact(label="a", value=(longest[:500],)),))
    )
    assert message_problems(render.message(full)) == []


def test_forty_components_still_fit() -> None:
    heads = (Head(title="A"), Head(title="B"))
    rows = tuple(TableRow(label=str(n), cells=(("a",), ("b",))) for n in range(30))
    buttons = tuple(Button(label=name, action=OpenTopic(name)) for name in "abcde")
    full = card(Table(heads=heads, rows=rows), Note(text=("n",)), Buttons(buttons=buttons))
    sent = render.message(full)
    assert message_problems(sent) == []
    assert sum(1 for _ in walk(sent["components"])) <= 40


# --- forms --------------------------------------------------------------------------------------


def test_a_form_is_a_modal_with_what_was_typed_and_chosen() -> None:
    modal = render.form_modal(form())
    hours, role = (label["component"] for label in modal["components"])
    assert modal_problems(modal) == []
    assert (hours["value"], hours["max_length"]) == ("5", 3)
    assert [option.get("default") for option in role["options"]] == [None, True]


def test_an_error_stands_where_the_hint_was() -> None:
    modal = render.form_modal(form(hours="Please give a number from 1 to 60. " * 5))
    assert modal["components"][0]["description"].startswith("⚠️ Please give a number")
    assert modal_problems(modal) == []


def test_a_form_that_cannot_be_shown_is_a_card_with_the_way_to_it() -> None:
    wrong = form_card(form(hours="1 to 60, please."))
    assert "Hours a week: 1 to 60, please." in said(wrong)
    assert list(wrong.actions()) == [OpenForm(TICKET, "setup")]


# --- first responses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "shown", "kind", "ephemeral"),
    [
        (handle(), card(), MESSAGE, True),
        (handle(direct=True), card(), MESSAGE, False),
        (handle(own_card=True), card(), UPDATE, False),
        (handle(own_card=True), card(placement="new"), MESSAGE, True),
        (handle(from_form=True, own_card=True), form(), UPDATE, False),
        (handle(from_form=True), form(), MESSAGE, True),
    ],
)
def test_an_answer_takes_the_right_place(
    where: Handle, shown: Message | Form, kind: int, ephemeral: bool
) -> None:
    callback = first(where, shown)
    assert callback["type"] == kind
    assert bool(callback["data"]["flags"] & render.EPHEMERAL) == ephemeral


def test_a_form_is_a_first_response() -> None:
    assert first(handle(own_card=True), form())["type"] == MODAL


def test_a_slow_answer_is_promised_to_the_asker_alone() -> None:
    assert defer(handle()) == {"type": DEFER, "data": {"flags": render.EPHEMERAL}}
    assert defer(handle(own_card=True)) == {"type": 6}


# --- commands -----------------------------------------------------------------------------------


def test_the_commands_are_within_the_limits_and_work_everywhere() -> None:
    assert commands_problems(tree(PACKS)) == []
    assert all(c["contexts"] == [0, 1, 2] for c in tree(PACKS))
    assert all(c["integration_types"] == [0, 1] for c in tree(PACKS))


@pytest.mark.parametrize(
    ("typed", "best"), [("pay", "pay"), ("PA", "pay"), ("interv", "interviews")]
)
def test_topics_are_offered_while_typing(typed: str, best: str) -> None:
    assert choices("compare", typed, PACKS, MONDAY)[0]["value"] == best


def test_all_topics_are_offered_to_somebody_who_has_typed_nothing() -> None:
    pack = PACKS.first
    assert [choice["value"] for choice in choices("compare", "", PACKS, MONDAY)] == [
        *(topic.id for topic in pack.topics),
        "about",
    ]
    assert choices("compare", "no such thing", PACKS, MONDAY) == []


def test_a_place_is_offered_with_the_time_that_its_clocks_show() -> None:
    assert choices("reminders", "berl", PACKS, MONDAY)[0] == {
        "name": "Europe/Berlin – Mon 23 Nov, 09:00 now",
        "value": "Europe/Berlin",
    }
    assert len(choices("reminders", "", PACKS, MONDAY)) <= 25
    assert choices("reminders", "atlantis", PACKS, MONDAY) == []
