"""Spans as Slack's mrkdwn: escaped, so that no member's text becomes a mention or a link."""

from collections.abc import Iterator
from typing import assert_never
from urllib.parse import quote

from bot.chat.limits import cut, length
from bot.chat.text import Bold, Code, Italic, Link, Moment, Piece, Text, plain

_LOOKALIKES = str.maketrans({"&": "＆", "<": "‹", ">": "›"})
_FORMATS = {
    "date": "{date_long}",
    "time": "{time}",
    "full": "{date_long} at {time}",
}


def escape(text: str) -> str:
    """The three characters that Slack reads as markup of its own."""
    # Three searches in C: a table that makes text longer is looked up letter by letter.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_within(text: str, limit: int) -> str:
    """`text` escaped and still within `limit`, cut where it must be."""
    escaped = escape(text)
    if length(escaped) <= limit:
        return escaped
    # Escaping made it too long: characters that look alike take no more room than the originals.
    return cut(text.translate(_LOOKALIKES), limit)


def mrkdwn(text: Text) -> str:
    return "".join(map(_piece, text))


def lean(text: Text) -> str:
    """The words alone, in characters that need no escaping: never longer than `plain(text)`."""
    return plain(text).translate(_LOOKALIKES)


def chunks(text: Text, limit: int) -> Iterator[str]:
    """`text` as mrkdwn in strings of at most `limit`, broken between lines where possible."""
    chunk = ""
    for atom in _atoms(text, limit):
        if length(chunk) + length(atom) > limit:
            if chunk.strip():
                yield chunk.strip("\n")
            chunk = ""
        chunk += atom
    if chunk.strip():
        yield chunk.strip("\n")


def _atoms(text: Text, limit: int) -> Iterator[str]:
    """Renderings that may not be broken: a line of plain text, or a span."""
    for piece in text:
        for part in piece.splitlines(keepends=True) if isinstance(piece, str) else (piece,):
            rendered = _piece(part)
            if length(rendered) <= limit:
                yield rendered
            else:
                yield escape_within(part if isinstance(part, str) else part.text, limit)


def _piece(piece: Piece) -> str:
    match piece:
        case str():
            return escape(piece)
        case Bold():
            return _marked("*", piece.text)
        case Italic():
            return _marked("_", piece.text)
        case Code():
            return _marked("`", piece.text)
        case Link():
            return f"<{_target(piece.url)}|{escape(_one_line(piece.text))}>"
        case Moment():
            fallback = escape(_one_line(piece.text))
            return f"<!date^{piece.at}^{_FORMATS[piece.style]}|{fallback}>"
        case _:
            assert_never(piece)


def _marked(mark: str, text: str) -> str:
    # mrkdwn cannot escape its marks: text that has one inside is shown plain rather than broken.
    # A mark beside a space within it does not count.
    escaped, bare = escape(text), escape(text.strip())
    if mark in text or not bare or "\n" in text:
        return escaped
    before, _, after = escaped.partition(bare)
    return f"{before}{mark}{bare}{mark}{after}"


def _target(url: str) -> str:
    return quote(url, safe=":/?#[]@!$&'()*+,;=%-._~").replace("&", "&amp;")


def _one_line(text: str) -> str:
    return " ".join(text.split())
