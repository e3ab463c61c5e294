"""Spans as Discord's Markdown: escaped, so that nobody's text becomes a mention or markup."""

import re
from typing import assert_never
from urllib.parse import quote

from bot.chat.text import Bold, Code, Italic, Link, Moment, Piece, Text, plain

_MARKS = re.compile(r"[\\*_~`|<\[\]]")
_LINE_START = re.compile(r"(?m)^(\s*)([#>+-]|\d+(?=[.)]))")
_SPECIAL = re.compile(r"(?m)[\\*_~`|<\[\]@]|^\s*[#>+\-\d]")
_EVERYBODY = re.compile(r"@(everyone|here)")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~/?#&=%+:-]+")
_LOOKALIKES = str.maketrans("\\*_~`|<>[]#", "＼＊＿～｀｜‹›［］＃")
_UNSAFE_IN_CODE = re.compile(r"[`<@\\]")
_FORMATS = {"date": "D", "time": "t", "full": "f"}
_HIDDEN = "\u200b"  # between @ and everyone: shown as typed, matched by nothing


def escape(text: str) -> str:
    """`text` with nothing in it that Discord reads as markup; web addresses stay whole."""
    if not _SPECIAL.search(text):  # most texts: a card has dozens of them
        return text
    escaped, end = "", 0
    for address in _ADDRESS.finditer(text):
        escaped += _escape(text[end : address.start()]) + address.group()
        end = address.end()
    return escaped + _escape(text[end:])


def _escape(text: str) -> str:
    text = _MARKS.sub(r"\\\g<0>", text)
    text = _LINE_START.sub(_numbered, text)
    return _EVERYBODY.sub(rf"@{_HIDDEN}\1", text)


def _numbered(match: re.Match[str]) -> str:
    """Keep "1." from beginning a list: it is the full stop that has to be escaped."""
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark[0].isdigit() else f"{space}\\{mark}"


def markdown(text: Text) -> str:
    return "".join(map(_piece, text))


def lean(text: Text) -> str:
    """The words alone, in characters that need no escaping: hardly longer than `plain(text)`."""
    return _EVERYBODY.sub(rf"@{_HIDDEN}\1", plain(text).translate(_LOOKALIKES))


def _piece(piece: Piece) -> str:
    match piece:
        case str():
            return escape(piece)
        case Bold():
            return _marked("**", piece.text)
        case Italic():
            return _marked("*", piece.text)
        case Code():
            return _code(piece.text)
        case Link():
            return f"[{escape(_one_line(piece.text))}]({_target(piece.url)})"
        case Moment():
            return f"<t:{piece.at}:{_FORMATS[piece.style]}>"
        case _:
            assert_never(piece)


def _code(text: str) -> str:
    # Nothing can be escaped within a code span: what would need it is shown as plain text.
    if not text.strip() or _UNSAFE_IN_CODE.search(text):
        return escape(text)
    return f"`{text}`"


def _marked(mark: str, text: str) -> str:
    """Marks stand directly beside the words, and not around nothing."""
    words = text.strip()
    if not words:
        return text
    before, after = text[: text.index(words)], text[text.index(words) + len(words) :]
    return f"{before}{mark}{escape(words)}{mark}{after}"


def _target(url: str) -> str:
    return quote(url, safe=":/?#[]!$&'*+,;=%-._~")


def _one_line(text: str) -> str:
    return " ".join(text.split())
