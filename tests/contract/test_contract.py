"""What every platform's renderer and parser must hold to."""

import pytest
from hypothesis import given, settings

from bot.chat import limits
from bot.chat.actions import OpenTopic
from bot.chat.event import Choice, Press, Submission
from bot.chat.form import Form
from bot.chat.parts import Button, Buttons, Prose
from bot.chat.reply import Message
from bot.chat.text import text
from bot.chat.wire import unpack
from bot.core.handle import Core
from tests.contract.cards import EVERY_FIELD, EVERY_PART, HOSTILE, cards
from tests.contract.on_discord import OnDiscord
from tests.contract.on_playground import OnPlayground
from tests.contract.on_slack import OnSlack
from tests.contract.stand import Stand
from tests.stories import Chat

STANDS: list[Stand] = [OnDiscord(), OnPlayground(), OnSlack()]
on_every_platform = pytest.mark.parametrize("stand", STANDS, ids=lambda stand: stand.name)


@on_every_platform
def test_every_part_is_shown(stand: Stand) -> None:
    shown = stand.words(stand.show(EVERY_PART))
    for words in (
        "Everything", "Plain", "bold", "italic", "code", "linked", "Figures", "Entry", "low",
        "[1] 2026", "AI side", "ML side", "Row", "left", "right", "three of twelve", "Small print",
        "Pay page", "money", "Day page", "Answer", "Remove",
    ):  # fmt: skip
        assert words in shown.replace("\\", "")


@on_every_platform
def test_every_action_can_be_reached_and_comes_back_as_it_was(stand: Stand) -> None:
    for control in stand.controls(stand.show(EVERY_PART)):
        for value in control.options.values():
            taken = stand.choose(control, value)
            assert taken is not None
            assert taken.input == Choice(action=unpack(control.id), value=value)
        if not control.options:
            pressed = stand.press(control)
            assert pressed is not None
            assert pressed.input == Press(action=unpack(control.id))


@on_every_platform
@pytest.mark.parametrize("many", [0, 1, 5, 6, limits.BUTTONS])
def test_however_many_buttons_there_are_they_are_shown(stand: Stand, many: int) -> None:
    buttons = tuple(Button(label=f"Topic {n}", action=OpenTopic(f"t{n}")) for n in range(many))
    shown = stand.show(Message(title="Topics", parts=(Buttons(buttons=buttons),)))
    assert stand.problems(shown) == []
    assert [control.label for control in stand.controls(shown)] == [b.label for b in buttons]


@on_every_platform
def test_a_press_on_a_shared_card_says_so(stand: Stand) -> None:
    control = next(c for c in stand.controls(stand.show(EVERY_PART)) if not c.options)
    pressed = stand.press(control, shared=True)
    assert pressed is not None
    assert pressed.input == Press(action=unpack(control.id), shared=True)


@on_every_platform
def test_a_form_comes_back_with_what_was_typed(stand: Stand) -> None:
    shown = stand.show(EVERY_FIELD)
    assert stand.problems(shown) == []
    values = {"hours": "12", "why": "<!channel> & co", "role": "ai"}
    sent = stand.submit(shown, values)
    assert sent is not None
    assert sent.input == Submission(action=EVERY_FIELD.action, values=values)


@on_every_platform
def test_a_form_with_errors_is_shown(stand: Stand) -> None:
    wrong = EVERY_FIELD.model_copy(update={"errors": {"hours": "A number from 1 to 60. " * 10}})
    assert stand.problems(stand.show(wrong)) == []


@on_every_platform
@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_a_member_types_pings_anybody(stand: Stand, typed: str) -> None:
    button = Button(label=typed[:30], action=OpenTopic("pay"))
    card = Message(
        title=typed, parts=(Prose(text=text("You said: ", typed)), Buttons(buttons=(button,)))
    )
    assert stand.alarms(stand.show(card)) == []


@pytest.mark.slow
@on_every_platform
@given(card=cards())
@settings(max_examples=30)
def test_whatever_the_contract_allows_can_be_shown(stand: Stand, card: Message) -> None:
    shown = stand.show(card)
    assert stand.problems(shown) == []
    assert stand.alarms(shown) == []
    ids = [control.id for control in stand.controls(shown)]
    assert sorted(map(unpack, ids), key=repr) == sorted(card.actions(), key=repr)
    assert len(set(ids)) == len(ids)
    assert all(len(packed) <= limits.ACTION for packed in ids)


@on_every_platform
async def test_every_topic_and_question_can_be_shown(stand: Stand, core: Core) -> None:
    chat = Chat(core)
    seen: list[Message | Form] = [await chat.command("/crossroads"), await chat.command("/quiz")]
    await chat.command("/quiz")
    seen += [await chat.press("Start over")]
    seen += [await chat.press("Skip") for _ in core.packs.first.quiz.questions]
    seen += [await chat.command(f"/compare {topic.id}") for topic in core.packs.first.topics]
    for card in seen:
        assert stand.problems(stand.show(card)) == []
