"""What leaves: a card or a form as plain data, within what both platforms can show.

An adapter renders every part with an exhaustive `match`; a reply that a platform would refuse
cannot be constructed, so it fails in a core test and not in front of a member.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import BaseModel, ConfigDict, Field

from bot import limits
from bot.actions import Action
from bot.content import RoleId
from bot.limits import length
from bot.memo import of_each
from bot.text import Text, plain
from bot.wire import PackedAction, pack


class _Frozen(BaseModel):
    """Limits are checked in `model_post_init`: a validator would run again for every part each time
    that a part is put into a message, and a message into a reply.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


def _fits(what: str, text: str, limit: int, least: int = 1) -> None:
    if not least <= length(text) <= limit:
        raise ValueError(f"{what} has {length(text)} characters, {least} to {limit} fit: {text!r}")


class Prose(_Frozen):
    """A paragraph, or several; a line that starts with "• " is a list item."""

    kind: Literal["prose"] = "prose"
    text: Text

    def model_post_init(self, _: object, /) -> None:
        _fits("prose", plain(self.text), limits.PROSE)


class Fact(_Frozen):
    """A label and what holds for it; `source` is a short attribution, such as "[1] 2026"."""

    label: str
    value: Text
    source: str = ""


class Facts(_Frozen):
    """A list of labelled facts."""

    kind: Literal["facts"] = "facts"
    rows: tuple[Fact, ...] = Field(min_length=1)
    title: str = ""


class Pair(_Frozen):
    label: str
    ai: Text
    ml: Text


class Versus(_Frozen):
    """The two roles side by side; `ai` and `ml` head the columns."""

    kind: Literal["versus"] = "versus"
    ai: str
    ml: str
    rows: tuple[Pair, ...] = Field(min_length=1)


class Meter(_Frozen):
    """Progress: `done` of `total` (any unit), shown as a bar; `label` says it in words."""

    kind: Literal["meter"] = "meter"
    done: float = Field(ge=0)
    total: float = Field(gt=0)
    label: str

    @property
    def share(self) -> float:
        return min(self.done / self.total, 1.0)


class Note(_Frozen):
    """Small print: sources, hints."""

    kind: Literal["note"] = "note"
    text: Text

    def model_post_init(self, _: object, /) -> None:
        _fits("a note", plain(self.text), limits.PROSE)


class Listing(_Frozen):
    """Lines for machines, shown as they are in letters of one width.

    No character of it may mean something to a platform: JSON writes those as escapes.
    """

    kind: Literal["listing"] = "listing"
    text: str

    def model_post_init(self, _: object, /) -> None:
        _fits("a listing", self.text, limits.LISTING)
        if found := set("`<>&") & set(self.text):
            raise ValueError(f"a listing has {sorted(found)} in it")


class Button(_Frozen):
    """A label and what shall be true once it is pressed."""

    label: str
    action: PackedAction
    style: Literal["plain", "primary", "danger"] = "plain"

    def model_post_init(self, _: object, /) -> None:
        _fits("a button", self.label, limits.LABEL)


class Buttons(_Frozen):
    """One row of buttons."""

    kind: Literal["buttons"] = "buttons"
    buttons: tuple[Button, ...] = Field(min_length=1, max_length=limits.BUTTONS_A_ROW)


class Option(_Frozen):
    value: str
    label: str
    description: str = ""

    def model_post_init(self, _: object, /) -> None:
        _fits("an option's value", self.value, limits.LABEL)
        _fits("an option's label", self.label, limits.LABEL)
        _fits("an option's description", self.description, limits.DESCRIPTION, least=0)


class Menu(_Frozen):
    """A drop-down; taking an option sends `action` with the option's value."""

    kind: Literal["menu"] = "menu"
    action: PackedAction
    placeholder: str
    options: tuple[Option, ...] = Field(min_length=1, max_length=limits.OPTIONS)
    selected: str | None = None

    def model_post_init(self, _: object, /) -> None:
        _fits("a placeholder", self.placeholder, limits.PLACEHOLDER)
        values = [option.value for option in self.options]
        if len(set(values)) < len(values):
            raise ValueError(f"two options share a value: {values}")
        if self.selected is not None and self.selected not in values:
            raise ValueError(f"{self.selected!r} is selected, but not an option")


Part: TypeAlias = Annotated[
    Prose | Facts | Versus | Meter | Note | Listing | Buttons | Menu, Field(discriminator="kind")
]


class Message(_Frozen):
    """A card.

    `audience`: the asker alone (ephemeral, or a direct message) or the room.
    `placement`: "replace" updates the card that was pressed, "new" leaves it as it is.
    `accent` colours the card in a role's colour.
    """

    kind: Literal["message"] = "message"
    title: str
    parts: tuple[Part, ...] = ()
    audience: Literal["asker", "room"] = "asker"
    placement: Literal["replace", "new"] = "replace"
    accent: RoleId | None = None

    def model_post_init(self, _: object, /) -> None:
        _fits("a title", self.title, limits.TITLE)
        if (shown := length(self.title) + sum(map(_size, self.parts))) > limits.SHOWN:
            raise ValueError(f"a message has {shown} characters, {limits.SHOWN} fit")
        if (components := 2 + sum(map(_components, self.parts))) > limits.COMPONENTS:
            raise ValueError(f"{components} components, {limits.COMPONENTS} fit")
        packed = [pack(action) for action in self.actions()]
        if len(set(packed)) < len(packed):
            raise ValueError(f"two controls send the same action: {packed}")

    def shown(self) -> Iterator[str]:
        """Every string that a member reads, in order."""
        yield self.title
        for part in self.parts:
            yield from _texts(part)
            yield from _labels(part)

    def actions(self) -> Iterator[Action]:
        """Every action that a member can send from this card."""
        for part in self.parts:
            if isinstance(part, Buttons):
                yield from (button.action for button in part.buttons)
            elif isinstance(part, Menu):
                yield part.action


def _size(part: Part) -> int:
    return 0 if isinstance(part, Buttons | Menu) else _text_size(part)


@of_each
def _text_size(part: Part) -> int:
    return sum(map(length, _texts(part)))


def _texts(part: Part) -> Iterator[str]:
    match part:
        case Prose() | Note():
            yield plain(part.text)
        case Facts():
            yield part.title
            for fact in part.rows:
                yield from (fact.label, plain(fact.value), fact.source)
        case Versus():
            yield from (part.ai, part.ml)
            for pair in part.rows:
                yield from (pair.label, plain(pair.ai), plain(pair.ml))
        case Meter():
            yield part.label
        case Listing():
            yield part.text
        case Buttons() | Menu():
            return
        case _:
            assert_never(part)


def _labels(part: Part) -> Iterator[str]:
    if isinstance(part, Buttons):
        yield from (button.label for button in part.buttons)
    elif isinstance(part, Menu):
        yield part.placeholder
        yield from chain.from_iterable((o.label, o.description) for o in part.options)


def _components(part: Part) -> int:
    """Discord's count: a text is one, a row is one and one a control."""
    match part:
        case Buttons():
            return 1 + len(part.buttons)
        case Menu():
            return 2
        case Versus():
            return len(part.rows)
        case _:
            return 1


class FieldBase(_Frozen):
    """What every field of a form has: `name` is the key in the submission."""

    name: str
    label: str
    hint: str = ""
    required: bool = True

    def model_post_init(self, _: object, /) -> None:
        _fits("a field's label", self.label, limits.FIELD_LABEL)
        _fits("a field's hint", self.hint, limits.DESCRIPTION, least=0)


class TextField(FieldBase):
    """A line of text, or a few (`lines`)."""

    kind: Literal["text"] = "text"
    value: str = ""
    placeholder: str = ""
    most: int = Field(default=100, le=limits.FIELD_INPUT)
    lines: bool = False


class SelectField(FieldBase):
    """A drop-down; `value` is the option taken so far."""

    kind: Literal["select"] = "select"
    options: tuple[Option, ...] = Field(min_length=1, max_length=limits.OPTIONS)
    value: str | None = None


FormField: TypeAlias = Annotated[TextField | SelectField, Field(discriminator="kind")]


class Form(_Frozen):
    """A modal. `errors` holds a sentence by field name where what was sent in cannot be taken;
    the fields then hold what was typed. `reopen` shows it again where a platform cannot answer a
    form with a form (Discord).
    """

    kind: Literal["form"] = "form"
    title: str
    action: PackedAction
    reopen: PackedAction
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=limits.FORM_FIELDS)
    submit: str = "Continue"
    errors: dict[str, str] = {}

    def model_post_init(self, _: object, /) -> None:
        _fits("a form's title", self.title, limits.FORM_TITLE)
        _fits("a form's submit button", self.submit, limits.FORM_TITLE)
        if unknown := self.errors.keys() - {field.name for field in self.fields}:
            raise ValueError(f"errors for fields that are not there: {sorted(unknown)}")


class Reply(_Frozen):
    """The answer to one event: what the asker sees, and what the room sees besides, if anything."""

    show: Annotated[Message | Form, Field(discriminator="kind")]
    post: Message | None = None

    def model_post_init(self, _: object, /) -> None:
        if self.post is not None and self.post.audience != "room":
            raise ValueError("what is posted is for the room")
        if isinstance(self.show, Message) and self.show.audience != "asker":
            raise ValueError("what is shown is for the asker alone")
