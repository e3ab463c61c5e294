"""Lengths are counted as the stricter platform counts, and cuts leave graphemes whole."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.limits import cut, length

FAMILY = "👩‍👩‍👧"


@given(st.text(), st.integers(1, 60))
def test_a_cut_fits_and_is_made_of_whole_graphemes(text: str, limit: int) -> None:
    kept = cut(text, limit)
    assert length(kept) <= limit
    if length(text) <= limit:
        assert kept == text
    else:
        assert kept.endswith("…")
        graphemes = regex.findall(r"\X", text)
        assert kept[:-1] in {"".join(graphemes[:n]).rstrip() for n in range(len(graphemes) + 1)}


@given(st.text())
def test_a_length_is_never_less_than_code_points_or_utf_16_units(text: str) -> None:
    units = len(text) + sum(ord(char) > 0xFFFF for char in text)
    assert length(text) == max(len(text), units)


def test_an_emoji_is_kept_whole_or_not_at_all() -> None:
    assert cut(f"a{FAMILY}b", 5) == "a…"
    assert length(FAMILY) == 8
