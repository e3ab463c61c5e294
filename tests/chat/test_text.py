"""Text is spans: parsed once from a small Markdown subset, and never parsed again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.text import Bold, Code, Italic, Link, Piece, Text, in_zone, join, parse, plain, text


@pytest.mark.parametrize(
    ("markup", "spans"),
    [
        ("plain", ("plain",)),
        ("", ()),
        ("a **b** c", ("a ", Bold(text="b"), " c")),
        ("*i* and `c`", (Italic(text="i"), " and ", Code(text="c"))),
        ("[here](https://example.org/a)", (Link(text="here", url="https://example.org/a"),)),
        ("2*3*4", ("2*3*4",)),
        ("[x](javascript:alert)", ("[x](javascript:alert)",)),
        ("**open", ("**open",)),
    ],
)
def test_the_subset(markup: str, spans: Text) -> None:
    assert parse(markup) == spans


@given(st.text())
def test_any_text_parses_and_nothing_is_added(markup: str) -> None:
    parsed = plain(parse(markup))
    kept = iter(markup)
    assert all(char in kept for char in parsed), "something was added, or moved"


@given(st.lists(st.text(min_size=1)))
def test_what_is_put_together_is_not_read_as_markup(pieces: list[str]) -> None:
    assert plain(text(*pieces)) == "".join(pieces)
    assert all(isinstance(piece, str) for piece in text(*pieces))


def test_texts_are_joined_and_flattened() -> None:
    bold: Piece = Bold(text="b")
    assert text("a", (bold, "c"), "") == ("a", bold, "c")
    assert join(", ", [("a",), (bold,)]) == ("a", ", ", bold)


def test_a_moment_says_its_instant_and_its_words() -> None:
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    moment = in_zone(at, "Mon 30 Nov, 09:00, Europe/Berlin")
    assert (moment.at, plain((moment,))) == (1796025600, "Mon 30 Nov, 09:00, Europe/Berlin")
