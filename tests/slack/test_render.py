"""Whatever the core can say, Slack shows: within its limits, escaped, and in words as well."""

from __future__ import annotations

import html

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.slack import render
from adapters.slack.markup import chunks, mrkdwn
from bot.chat.actions import Fill, OpenForm, OpenStep, OpenTopic, Ticket
from bot.chat.form import Form, SelectField, TextField
from bot.chat.limits import length
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
    Part,
    Prose,
    Table,
    TableRow,
)
from bot.chat.reply import Message
from bot.chat.text import Bold, Code, Italic, Link, Moment, Text, plain
from bot.core.handle import Core
from tests.commands.test_plan_setup import start
from tests.fakes.slack import limits
from tests.fakes.slack.screen import shown
from tests.stories import Chat

CARD = Message(
    title="Your week",
    parts=(
        Prose(text=("Read ", Link(text="this", url="https://example.org/?a=1&b=2"), " first.")),
        Meter(done=3, total=10, label="3 of 10 steps"),
        Facts(rows=(Fact(label="Pay", value=("more",), source="[1] 2026"),), title="Facts"),
        Table(
            heads=(Head(title="AI", mark="🔷"), Head(title="ML", mark="🔶")),
            rows=(TableRow(label="Maths", cells=(("some",), ("a lot",))),),
        ),
        Buttons(buttons=(Button(label="Done", action=OpenStep("p", "s"), style="primary"),)),
        Menu(
            action=OpenTopic(),
            placeholder="Topic",
            options=(Option(value="pay", label="Pay", description="and why"),),
            selected="pay",
        ),
        Note(text=("small print",)),
    ),
)
FORM = Form(
    title="Hours",
    action=Fill(Ticket("s", 1), "hours"),
    reopen=OpenForm(Ticket("s", 1), "hours"),
    fields=(
        TextField(name="hours", label="Hours a week", hint="1 to 60", value="6"),
        SelectField(
            name="start",
            label="Where from",
            options=(Option(value="data", label="Data"),),
            value="data",
            required=False,
        ),
    ),
)


def test_a_card_as_blocks() -> None:
    blocks = render.blocks(CARD)
    assert [block["type"] for block in blocks] == [
        "header", "section", "section", "section", "section", "actions", "actions", "context",
    ]  # fmt: skip
    prose, meter, facts, versus, buttons, menu, note = blocks[1:]
    assert prose["text"]["text"] == "Read <https://example.org/?a=1&amp;b=2|this> first."
    assert meter["text"]["text"] == "███░░░░░░░  3 of 10 steps"
    assert facts["text"]["text"] == "*Facts*\n*Pay:* more · [1] 2026"
    assert [field["text"] for field in versus["fields"]] == ["🔷 _AI_ – some", "🔶 _ML_ – a lot"]
    assert buttons["elements"][0]["action_id"] == "S:p:s"
    assert buttons["elements"][0]["style"] == "primary"
    assert menu["elements"][0]["initial_option"] == menu["elements"][0]["options"][0]
    assert note["elements"][0]["text"] == "small print"


def test_the_text_says_all_of_it_in_words() -> None:
    said = render.message(CARD)["text"]
    for word in ("Your week", "Read this first.", "3 of 10 steps", "Pay: more", "AI: some"):
        assert word in said


def test_a_members_words_stay_words() -> None:
    mean = "<!channel> <@U123> <https://evil.example|click> & a > b"
    payload = render.message(Message(title=mean, parts=(Prose(text=(mean,)),)))
    section = payload["blocks"][1]["text"]
    assert section["verbatim"] is True
    assert "<" not in section["text"]
    assert shown(section) == mean
    assert "<" not in payload["text"]
    assert html.unescape(payload["text"]) == f"{mean}\n{mean}"


def test_a_moment_is_shown_in_the_readers_own_time() -> None:
    moment = Moment(at=1795000000, text="Mon 16 Nov, 09:00, Europe/Berlin")
    assert mrkdwn((moment,)) == (
        "<!date^1795000000^{date_long} at {time}|Mon 16 Nov, 09:00, Europe/Berlin>"
    )


def test_a_form_as_a_modal_keeps_what_was_typed() -> None:
    view = render.form_modal(FORM, "from here")
    assert limits.problems_of_view(view) == []
    hours, start = view["blocks"]
    assert hours["element"]["initial_value"] == "6"
    assert start["element"]["initial_option"]["value"] == "data"
    assert (hours["optional"], start["optional"]) == (False, True)
    assert (view["callback_id"], view["private_metadata"]) == ("ff:s:1:hours", "from here")


def test_errors_stand_above_the_fields_where_slack_cannot_show_them_below() -> None:
    wrong = FORM.model_copy(update={"errors": {"hours": "A number from 1 to 60, please."}})
    blocks = render.form_modal(wrong, errors_in_blocks=True)["blocks"]
    assert "A number from 1 to 60, please." in blocks[0]["text"]["text"]
    assert blocks[1]["block_id"] == "hours"


NASTY = st.text(alphabet=st.sampled_from("ab &<>*_`~|\n•😀é👩‍💻#@"), min_size=1, max_size=80)
WORD = NASTY.map(lambda text: text[:60]).filter(lambda text: bool(text.strip()))
URL = st.text("az09?&=|<>^-", max_size=60).map("https://example.org/".__add__)
PIECE = st.one_of(
    NASTY,
    st.builds(Bold, text=WORD),
    st.builds(Italic, text=WORD),
    st.builds(Code, text=WORD),
    st.builds(Link, text=WORD, url=URL),
    st.builds(Moment, at=st.integers(0, 2**31), text=WORD),
)
TEXT: st.SearchStrategy[Text] = st.lists(PIECE, min_size=1, max_size=5).map(tuple)
PART: st.SearchStrategy[Part] = st.one_of(
    st.builds(Prose, text=TEXT),
    st.builds(Note, text=TEXT),
    st.builds(
        Facts,
        title=st.just("") | WORD,
        rows=st.lists(st.builds(Fact, label=WORD, value=TEXT), min_size=1, max_size=4).map(tuple),
    ),
    st.builds(
        Table,
        heads=st.tuples(st.builds(Head, title=WORD), st.builds(Head, title=WORD)),
        rows=st.lists(
            st.builds(TableRow, label=WORD, cells=st.tuples(TEXT, TEXT)), min_size=1, max_size=4
        ).map(tuple),
    ),
    st.builds(Meter, done=st.integers(0, 9), total=st.integers(1, 9), label=WORD),
)


@st.composite
def cards(draw: st.DrawFn) -> Message:
    """A card that the core may say: parts are dropped until it fits."""
    parts = draw(st.lists(PART, max_size=6))
    title = draw(WORD)
    while True:
        try:
            return Message(title=title, parts=tuple(parts))
        except ValidationError:
            parts.pop()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(cards())
def test_slack_shows_whatever_the_core_may_say(card: Message) -> None:
    payload = render.message(card)
    assert limits.problems_of_message(payload["text"], payload["blocks"]) == []
    assert limits.problems_of_view(render.card_modal(card)) == []


def test_a_card_of_nothing_but_markup_characters_still_fits() -> None:
    prose = tuple(Prose(text=("&" * 1850,)) for _ in range(2))
    payload = render.message(Message(title="<", parts=prose))
    assert limits.problems_of_message(payload["text"], payload["blocks"]) == []


def test_a_card_of_nothing_but_long_links_still_fits() -> None:
    link = Link(text="x", url="https://example.org/" + "y" * 900)
    payload = render.message(Message(title="Links", parts=(Prose(text=(link,) * 40),)))
    assert limits.problems_of_message(payload["text"], payload["blocks"]) == []


@given(TEXT, st.integers(100, 3000))
def test_chunks_keep_every_word_and_the_limit(text: Text, limit: int) -> None:
    found = list(chunks(text, limit))
    assert all(0 < length(chunk) <= limit for chunk in found)
    if length(mrkdwn(text)) <= limit and plain(text).strip():
        assert found == [mrkdwn(text).strip("\n")]


async def test_home_is_within_slacks_limits(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    home = render.home(await core.dashboard(ana.person))
    assert limits.problems_of_view(home) == []


def test_a_mark_stands_at_the_words_and_not_at_a_space() -> None:
    """Slack shows `*Opinion: *` as it is, stars and all."""
    said = (Bold(text="Opinion: "), "yes", Italic(text=" no "), Bold(text=" "))
    assert mrkdwn(said) == "*Opinion:* yes _no_  "
