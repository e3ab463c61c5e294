"""Cards and forms of every kind, for all platforms to show."""

from hypothesis import strategies as st
from pydantic import ValidationError

from bot.chat.actions import Fill, MarkStep, OpenForm, OpenTopic, Pick, Ticket
from bot.chat.base import Accent
from bot.chat.chart import Bar, Bars, Chart
from bot.chat.form import Form, SelectField, TextField
from bot.chat.parts import (
    Button,
    Buttons,
    Fact,
    Facts,
    Head,
    Listing,
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
from bot.chat.text import Bold, Code, Italic, Link, Moment, Text

TICKET = Ticket("session-000", 7)
HOSTILE = (
    "@everyone",
    "@here",
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<@123>",
    "<@&123>",
    "<#C123>",
    "</quiz:1>",
    "&lt;!channel&gt;",
    "*b* _i_ ~s~ `c` ||x|| [l](https://example.org)",
    "# head",
    "-# small",
    "<https://example.org|here>",
    "<t:0:R>",
    "\u202eright to left",
    "👩‍👩‍👧‍👧" * 3,
)

EVERY_PART = Message(
    title="Everything",
    accent=Accent(light="#1B5FC1", dark="#6FA8FF"),
    parts=(
        Prose(
            text=(
                "Plain ",
                Bold(text="bold"),
                " ",
                Italic(text="italic"),
                " ",
                Code(text="code"),
                " ",
                Link(text="linked", url="https://example.org/a?b=c&d=e"),
                " ",
                Moment(at=1767600000, text="5 January 2026", style="date"),
            )
        ),
        Facts(title="Figures", rows=(Fact(label="Entry", value=("low",), source="[1] 2026"),)),
        Table(
            heads=(
                Head(title="AI side", mark="🔷", accent=Accent(light="#1B5FC1", dark="#6FA8FF")),
                Head(title="ML side"),
            ),
            rows=(TableRow(label="Row", cells=(("left",), ("right",))),),
        ),
        Chart(
            title="Drawn",
            figure=Bars(unit="$", bars=(Bar(label="First bar", said="$1–$2", low=1, high=2),)),
        ),
        Meter(done=3, total=12, label="three of twelve"),
        Note(text=("Small print",)),
        Listing(text='{"mine": "\\u0060quoted\\u0060"}'),
        Menu(
            action=OpenTopic(),
            placeholder="Choose",
            options=(
                Option(value="pay", label="Pay page", description="money"),
                Option(value="day", label="Day page"),
            ),
            selected="day",
        ),
        Buttons(
            buttons=(
                Button(label="Answer", action=Pick(TICKET, "q1", "2"), style="primary"),
                Button(label="Remove", action=MarkStep("plan", "s1", "todo"), style="danger"),
            )
        ),
        Buttons(
            buttons=tuple(Button(label=f"Topic {n}", action=OpenTopic(f"t{n}")) for n in range(7))
        ),
        Buttons(buttons=()),
    ),
)
EVERY_FIELD = Form(
    title="A form",
    action=Fill(TICKET, "setup"),
    reopen=OpenForm(TICKET, "setup"),
    fields=(
        TextField(name="hours", label="Hours a week", hint="1 to 60", value="5", most=3),
        TextField(name="why", label="Why", required=False),
        SelectField(
            name="role",
            label="Which role",
            options=(Option(value="ai", label="AI"), Option(value="ml", label="ML")),
            value="ml",
        ),
    ),
)

words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=120))
labels = words.map(lambda text: text[:30].strip()).filter(bool)


def texts() -> st.SearchStrategy[Text]:
    spans = st.one_of(
        words.filter(bool),
        words.map(lambda text: Bold(text=text)),
        words.map(lambda text: Italic(text=text)),
        words.map(lambda text: Code(text=text)),
        labels.map(lambda text: Link(text=text, url="https://example.org/x")),
    )
    return st.lists(spans, min_size=1, max_size=4).map(lambda pieces: ("t ", *pieces))


def _tables(columns: int) -> st.SearchStrategy[Table]:
    heads = st.lists(st.builds(Head, title=labels), min_size=columns, max_size=columns)
    cells = st.lists(texts(), min_size=columns, max_size=columns).map(tuple)
    rows = st.lists(st.builds(TableRow, label=labels, cells=cells), min_size=1, max_size=4)
    return st.builds(lambda h, r: Table(heads=tuple(h), rows=tuple(r)), heads, rows)


def _parts() -> st.SearchStrategy[Part]:
    rows = st.lists(
        st.builds(Fact, label=labels, value=texts(), source=labels), min_size=1, max_size=4
    )
    return st.one_of(
        texts().map(lambda text: Prose(text=text)),
        texts().map(lambda text: Note(text=text)),
        st.builds(lambda r, t: Facts(rows=tuple(r), title=t), rows, labels),
        st.integers(2, 4).flatmap(_tables),
        st.builds(
            lambda done, label: Meter(done=done, total=10, label=label),
            st.floats(0, 12),
            labels,
        ),
        st.builds(_buttons, st.lists(labels, min_size=1, max_size=5), st.integers(0, 10**6)),
    )


def _buttons(names: list[str], seed: int) -> Buttons:
    return Buttons(
        buttons=tuple(
            Button(label=name, action=OpenTopic(f"{seed}-{number}"))
            for number, name in enumerate(names)
        )
    )


@st.composite
def cards(draw: st.DrawFn) -> Message:
    """Any card that the contract lets be made."""
    parts = draw(st.lists(_parts(), max_size=8))
    while True:
        try:
            return Message(title=draw(labels), parts=tuple(parts))
        except ValidationError:
            parts = parts[:-1]
