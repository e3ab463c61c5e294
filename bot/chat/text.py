"""Rich text as data: spans, and the small Markdown subset that content is written in."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema


class Span(BaseModel):
    """A piece of text that is more than plain characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bold(Span):
    kind: Literal["bold"] = "bold"
    text: str


class Italic(Span):
    kind: Literal["italic"] = "italic"
    text: str


class Code(Span):
    kind: Literal["code"] = "code"
    text: str


class Link(Span):
    """A link; `url` is http or https."""

    kind: Literal["link"] = "link"
    text: str
    url: str


class Moment(Span):
    """An instant, shown in the reader's own time where the platform can do that.

    `at` is in epoch seconds; `text` is what everybody else reads: wall time in the member's zone.
    """

    kind: Literal["moment"] = "moment"
    at: int
    text: str
    style: Literal["date", "time", "full"] = "full"


Piece: TypeAlias = str | Bold | Italic | Code | Link | Moment
Text: TypeAlias = tuple[Piece, ...]

_MARKUP = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*"
    r"|(?<![\w*])\*(?P<italic>[^*\n]+)\*(?![\w*])"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<url>https?://[^\s)]+)\)"
)


def parse(markup: str) -> Text:
    """Spans of `**bold**`, `*italic*`, `` `code` `` and `[label](https://…)`; the rest is plain."""
    pieces: list[Piece] = []
    end = 0
    for match in _MARKUP.finditer(markup):
        if match.start() > end:
            pieces.append(markup[end : match.start()])
        pieces.append(_span(match))
        end = match.end()
    if end < len(markup):
        pieces.append(markup[end:])
    return tuple(pieces)


def _span(match: re.Match[str]) -> Piece:
    if bold := match["bold"]:
        return Bold(text=bold)
    if italic := match["italic"]:
        return Italic(text=italic)
    if code := match["code"]:
        return Code(text=code)
    return Link(text=match["label"], url=match["url"])


def text(*pieces: Piece | Text) -> Text:
    """One text out of pieces and texts; nothing in them is read as markup."""
    flat: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, tuple):
            flat.extend(piece)
        elif piece != "":
            flat.append(piece)
    return tuple(flat)


def join(separator: str, texts: Iterable[Text]) -> Text:
    """The texts one after the other with `separator` between them."""
    joined: list[Piece] = []
    for number, one in enumerate(texts):
        if number:
            joined.append(separator)
        joined.extend(one)
    return tuple(joined)


def plain(content: Text) -> str:
    """What a screen reader says: the characters without their dress."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in content)


def in_zone(at: datetime, text: str, style: Literal["date", "time", "full"] = "full") -> Moment:
    """An instant that is worded as `text` where the platform has no time format of its own."""
    return Moment(at=int(at.timestamp()), text=text, style=style)


def _read(value: Any) -> Any:
    return parse(value.strip()) if isinstance(value, str) else value


Markup = Annotated[Text, BeforeValidator(_read), WithJsonSchema({"type": "string"})]
"""A pydantic field that is written in the Markdown subset and held as spans."""
