"""Actions survive the trip through a platform, and nothing else is taken for one."""

from dataclasses import fields
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import limits
from bot.chat.actions import KINDS, Action, MarkStep, OpenTopic, Pick, StandingAction, Ticket
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


ACTIONS: st.SearchStrategy[Action] = st.sampled_from(list(KINDS.values())).flatmap(
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


# What stands on every card that was ever sent. Add lines; from the first release on, change none.
FROZEN = """
p Pick ticket field value
s Skip ticket field
b Back ticket
c Change ticket field
f Finish ticket
u Resume ticket
o StartOver ticket
y Confirm ticket
n Cancel ticket
of OpenForm ticket form
ff Fill ticket form
O Open section fork
T OpenTopic topic fork
ST ShareTopic topic once fork
R OpenResult run
RP OpenPoints run
PF PlanFrom run
TF TasteFrom run
TB BeginTaster fork start on
TW OpenTaster taster week
TR RateTask taster task flew again
TC ChangeTaster taster change
S OpenStep plan step
M MarkStep plan step status on
TP TickPart plan step part status on
P OpenPlan plan page
CP ChangePlan plan change
SK SkipStep plan step
CR ChangeReminders change
RO RemindOn weekday minute
WR WhyReminder delivery
Z Snooze delivery
W SkipWeek delivery
K KeepReminders delivery
D MyData what
DP ExportPage page
"""


def test_the_buttons_on_old_cards_mean_what_they_meant() -> None:
    now = [
        f"{code} {kind.__name__} {' '.join(f.name for f in fields(kind))}".rstrip()
        for code, kind in KINDS.items()
    ]
    assert sorted(now) == sorted(FROZEN.strip().splitlines())


def test_a_code_is_given_once() -> None:
    with pytest.raises(TypeError, match="Twin has the code of MarkStep"):

        class Twin(StandingAction, code="M"):
            pass

    assert KINDS["M"] is MarkStep


@pytest.mark.parametrize("value", ["a:b", "ä", "a b", "x" * 100])
def test_a_value_that_does_not_fit_is_refused_when_packed(value: str) -> None:
    with pytest.raises(ValueError, match="pack"):
        pack(Pick(Ticket("session", 1), "field", value))


def test_a_card_from_before_an_action_had_a_field_can_still_be_pressed() -> None:
    assert unpack("T:pay") == OpenTopic("pay") == unpack("T:pay:")
    for packed in ("ST:pay", "T:pay:a:b"):
        with pytest.raises(UnreadableError):
            unpack(packed)
