"""The parts of a card, within what both platforms can show: a closed union.

An adapter renders every part with an exhaustive `match`; a part that a platform would refuse
cannot be constructed, so it fails in a core test and not in front of a member.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field

from bot.chat import limits
from bot.chat.base import Accent, Frozen, fits
from bot.chat.chart import Chart, rows, words
from bot.chat.limits import length
from bot.chat.text import Text, plain
from bot.chat.wire import PackedAction
from bot.memo import of_each


class Prose(Frozen):
    """A paragraph, or several; a line that starts with "• " is a list item."""

    kind: Literal["prose"] = "prose"
    text: Text

    def model_post_init(self, _: object, /) -> None:
        fits("prose", plain(self.text), limits.PROSE)


class Fact(Frozen):
    """A label and what holds for it; `source` is a short attribution, such as "[1] 2026"."""

    label: str
    value: Text
    source: str = ""


class Facts(Frozen):
    """A list of labelled facts."""

    kind: Literal["facts"] = "facts"
    rows: tuple[Fact, ...] = Field(min_length=1)
    title: str = ""


class Head(Frozen):
    """The head of a column; `mark` is an emoji that stands for it where there is little room.

    `short` is for where it stands before each cell: on a phone columns are below one another.
    """

    title: str
    short: str = ""
    mark: str = ""
    accent: Accent | None = None


class TableRow(Frozen):
    label: str
    cells: tuple[Text, ...]


class Table(Frozen):
    """Things side by side: a column each, and a row for what they are compared by."""

    kind: Literal["table"] = "table"
    heads: tuple[Head, ...] = Field(min_length=2, max_length=4)
    rows: tuple[TableRow, ...] = Field(min_length=1)

    def model_post_init(self, _: object, /) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.heads):
                raise ValueError(
                    f"{row.label!r} has {len(row.cells)} cells for {len(self.heads)} heads"
                )


class Meter(Frozen):
    """Progress: `done` of `total` (any unit), shown as a bar; `label` says it in words."""

    kind: Literal["meter"] = "meter"
    done: float = Field(ge=0)
    total: float = Field(gt=0)
    label: str

    @property
    def share(self) -> float:
        return min(self.done / self.total, 1.0)


class Note(Frozen):
    """Small print: sources, hints."""

    kind: Literal["note"] = "note"
    text: Text

    def model_post_init(self, _: object, /) -> None:
        fits("a note", plain(self.text), limits.PROSE)


class Listing(Frozen):
    """Lines for machines, shown as they are in letters of one width.

    No character of it may mean something to a platform: JSON writes those as escapes.
    """

    kind: Literal["listing"] = "listing"
    text: str

    def model_post_init(self, _: object, /) -> None:
        fits("a listing", self.text, limits.LISTING)
        if found := set("`<>&") & set(self.text):
            raise ValueError(f"a listing has {sorted(found)} in it")


Style: TypeAlias = Literal["plain", "primary", "danger"]


class Button(Frozen):
    """A label and what shall be true once it is pressed."""

    label: str
    action: PackedAction
    style: Style = "plain"

    def model_post_init(self, _: object, /) -> None:
        fits("a button", self.label, limits.LABEL)


class Buttons(Frozen):
    """Buttons side by side, in as many rows as the platform needs; none of them, no row.

    How many there are often depends on where a member stands: a bound of one row, kept by every
    card that somebody looks at, would be broken by one that nobody did.
    """

    kind: Literal["buttons"] = "buttons"
    buttons: tuple[Button, ...] = Field(max_length=limits.BUTTONS)

    @property
    def rows(self) -> Iterator[tuple[Button, ...]]:
        """In rows of no more than Discord takes."""
        for at in range(0, len(self.buttons), limits.BUTTONS_A_ROW):
            yield self.buttons[at : at + limits.BUTTONS_A_ROW]


class Option(Frozen):
    value: str
    label: str
    description: str = ""

    def model_post_init(self, _: object, /) -> None:
        fits("an option's value", self.value, limits.LABEL)
        fits("an option's label", self.label, limits.LABEL)
        fits("an option's description", self.description, limits.DESCRIPTION, least=0)


class Menu(Frozen):
    """A drop-down; taking an option sends `action` with the option's value."""

    kind: Literal["menu"] = "menu"
    action: PackedAction
    placeholder: str
    options: tuple[Option, ...] = Field(min_length=1, max_length=limits.OPTIONS)
    selected: str | None = None

    def model_post_init(self, _: object, /) -> None:
        fits("a placeholder", self.placeholder, limits.PLACEHOLDER)
        values = [option.value for option in self.options]
        if len(set(values)) < len(values):
            raise ValueError(f"two options share a value: {values}")
        if self.selected is not None and self.selected not in values:
            raise ValueError(f"{self.selected!r} is selected, but not an option")


Part: TypeAlias = Annotated[
    Prose | Facts | Table | Chart | Meter | Note | Listing | Buttons | Menu,
    Field(discriminator="kind"),
    Field(discriminator="kind"),
]


def in_words(chart: Chart) -> Facts:
    """The chart as text, where its picture cannot be shown."""
    facts = (Fact(label=label, value=(said,)) for label, said in rows(chart.figure))
    return Facts(title=chart.title, rows=tuple(facts))


def size_of(part: Part) -> int:
    return 0 if isinstance(part, Buttons | Menu) else _text_size(part)


@of_each
def _text_size(part: Part) -> int:
    return sum(map(length, texts_of(part)))


def texts_of(part: Part) -> Iterator[str]:
    match part:
        case Prose() | Note():
            yield plain(part.text)
        case Facts():
            yield part.title
            for fact in part.rows:
                yield from (fact.label, plain(fact.value), fact.source)
        case Table():
            yield from (head.title for head in part.heads)
            for row in part.rows:
                yield row.label
                yield from map(plain, row.cells)
        case Chart():
            yield words(part)
        case Meter():
            yield part.label
        case Listing():
            yield part.text
        case Buttons() | Menu():
            return
        case _:
            assert_never(part)


def labels_of(part: Part) -> Iterator[str]:
    if isinstance(part, Buttons):
        yield from (button.label for button in part.buttons)
    elif isinstance(part, Menu):
        yield part.placeholder
        yield from chain.from_iterable((o.label, o.description) for o in part.options)


def components_of(part: Part) -> int:
    """Discord's count: a text is one, a row is one and one a control."""
    match part:
        case Buttons():
            return sum(1 + len(row) for row in part.rows)
        case Menu():
            return 2
        case Table():
            return len(part.rows)
        case _:
            return 1
