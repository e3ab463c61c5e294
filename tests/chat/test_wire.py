"""Actions survive the trip through a platform, and nothing else is taken for one."""

from dataclasses import fields
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import limits, wire
from bot.chat.actions import Action, Pick, Ticket
from bot.chat.event import Press
from bot.chat.wire import UnreadableError, pack, unpack

WORDS = st.from_regex(r"[A-Za-z0-9_.+-]{0,22}", fullmatch=True)
TICKETS = st.builds(Ticket, WORDS, st.integers(0, 10**6))


def _values(kind: type, name: str) -> st.SearchStrategy[object]:
    if name == "ticket":
        return TICKETS
    hint = get_type_hints(kind)[name]
    if hint is int:
        return st.integers(0, 999)
    return st.sampled_from(get_args(hint)) if get_args(hint) else WORDS


ACTIONS: st.SearchStrategy[Action] = st.sampled_from(get_args(Action)).flatmap(
    lambda kind: st.builds(kind, *(_values(kind, field.name) for field in fields(kind)))
)


@given(ACTIONS)
def test_every_action_comes_back_as_it_was(action: Action) -> None:
    packed = pack(action)
    assert 1 <= len(packed) <= limits.ACTION
    assert packed.isascii()
    assert unpack(packed) == action


@given(st.one_of(st.text(max_size=150), WORDS.map(lambda word: f"p:{word}")))
def test_what_was_never_packed_is_unreadable_or_packs_to_itself(text: str) -> None:
    try:
        action = unpack(text)
    except UnreadableError:
        return
    assert pack(action) == text


@given(ACTIONS)
def test_an_action_keeps_its_kind_in_the_json_of_a_model(action: Action) -> None:
    press = Press(action=action)
    assert Press.model_validate_json(press.model_dump_json()) == press


def test_every_action_has_a_code_of_its_own() -> None:
    assert set(wire._CODES.values()) == set(get_args(Action))


@pytest.mark.parametrize("value", ["a:b", "ä", "a b", "x" * 100])
def test_a_value_that_does_not_fit_is_refused_when_packed(value: str) -> None:
    with pytest.raises(ValueError, match="pack"):
        pack(Pick(Ticket("session", 1), "field", value))
