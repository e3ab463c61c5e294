"""The encoding of `.env`: editors and shells of Windows write it in their own ways."""

import codecs
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class EnvFileError(Exception):
    """The file cannot be read; the message says what to do, and quotes nothing of it."""


def encoding_of(file: Path) -> str:
    """The encoding in which every line can be understood; EnvFileError where there is none."""
    try:
        if not file.is_file():
            return "utf-8"
        raw = file.read_bytes()
    except OSError as error:
        why = f"cannot be read ({error.strerror}): let the user read it that the bot runs as"
        raise EnvFileError(why) from None
    encoding = _marked(raw) or _guessed(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeError:
        raise EnvFileError("has broken characters: save it again, as UTF-8") from None
    for line in parse_stream(StringIO(text)):
        if line.error:
            why = f"line {line.original.line} cannot be read: write NAME=value, and close quotes"
            raise EnvFileError(why)
    return encoding


def _marked(raw: bytes) -> str | None:
    return next((name for mark, name in _MARKS if raw.startswith(mark)), None)


def _guessed(raw: bytes) -> str:
    if b"\0" in raw:  # UTF-16 without its mark: names of variables fill every other byte
        return "utf-16-le" if raw[:1] != b"\0" else "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        _only_in_comments(raw)
        return "latin-1"
    return "utf-8"


def _only_in_comments(raw: bytes) -> None:
    """Whatever the encoding is, nothing depends on it in a comment."""
    for number, line in enumerate(raw.splitlines(), start=1):
        if not line.isascii() and not line.lstrip().startswith(b"#"):
            raise EnvFileError(f"line {number} is not in UTF-8: save the file again, as UTF-8")
