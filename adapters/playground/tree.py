"""What the page draws, as plain data; and rich text as such a tree.

A node is a string (drawn as text, never as markup) or `{"tag", "props", "children"}`; one that a
member can use has an `act` besides: what the page sends back when it is used.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, TypeAlias, assert_never

from bot.chat.text import Bold, Code, Italic, Link, Moment, Piece, Text

Node: TypeAlias = dict[str, Any]
Child: TypeAlias = Node | str

_BULLET = "• "


def node(tag: str, *children: Child, **props: str | int | bool | None) -> Node:
    """One tag; `class_` is `class`, `aria_label` is `aria-label`; None and False are left out."""
    kept = {
        name.rstrip("_").replace("_", "-"): value
        for name, value in props.items()
        if value is not None and value is not False
    }
    return {"tag": tag, "props": kept, "children": list(children)}


def blocks(content: Text) -> Iterator[Node]:
    """Paragraphs and lists: a blank line ends a paragraph, lines that start with "• " are items."""
    for kind, run in groupby(_lines(content), key=_kind):
        lines = list(run)
        if kind == "item":
            yield node("ul", *(node("li", *inline(_item(line))) for line in lines))
        elif kind == "line":
            yield node("p", *_broken(lines))


def _kind(line: Text) -> str:
    if not line:
        return "blank"
    return "item" if isinstance(line[0], str) and line[0].startswith(_BULLET) else "line"


def _item(line: Text) -> Text:
    first, *rest = line
    return (str(first).removeprefix(_BULLET), *rest)


def broken(content: Text) -> Iterator[Child]:
    """Text in a place where there are no paragraphs, with its lines one below the other."""
    return _broken(list(_lines(content)))


def _broken(lines: list[Text]) -> Iterator[Child]:
    for number, line in enumerate(lines):
        if number:
            yield node("br")
        yield from inline(line)


def _lines(content: Text) -> Iterator[Text]:
    line: list[Piece] = []
    for piece in content:
        if not isinstance(piece, str):
            line.append(piece)
            continue
        first, *rest = piece.split("\n")
        line += [first] if first else []
        for more in rest:
            yield tuple(line)
            line = [more] if more else []
    yield tuple(line)


def inline(content: Text) -> Iterator[Child]:
    return map(_span, content)


def _span(piece: Piece) -> Child:
    match piece:
        case str():
            return piece
        case Bold():
            return node("strong", piece.text)
        case Italic():
            return node("em", piece.text)
        case Code():
            return node("code", piece.text)
        case Link():
            return _link(piece)
        case Moment():
            at = datetime.fromtimestamp(piece.at, UTC)
            return node(
                "time", piece.text, datetime=at.isoformat(), title=f"{at:%Y-%m-%d %H:%M} UTC"
            )
        case _:
            assert_never(piece)


def _link(link: Link) -> Child:
    if not link.url.startswith(("https://", "http://")):
        return link.text  # such as javascript:, which a browser would run
    return node("a", link.text, href=link.url, target="_blank", rel="noopener noreferrer")
