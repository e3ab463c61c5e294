"""The tree that the page draws: its structure, its words for screen readers, its text as text."""

from typing import Any

from hypothesis import given

from adapters.playground.render import payload
from bot.chat.actions import Back, OpenTopic, Pick, Skip, Ticket
from bot.chat.form import Form, SelectField, TextField
from bot.chat.parts import Button, Buttons, Fact, Facts, Meter, Prose, Table
from bot.chat.reply import Message
from bot.chat.text import Link, Text, text
from tests.contract.cards import EVERY_FIELD, EVERY_PART, texts
from tests.contract.on_playground import nodes, text_of

TICKET = Ticket("s", 1)


def tagged(shown: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    return [node for node in nodes(shown) if node["tag"] == tag]


def prose(content: Text) -> list[dict[str, Any]]:
    shown = payload(Message(title="t", parts=(Prose(text=content),)))
    children: list[dict[str, Any]] = shown["children"][1]["children"]
    return children


def test_the_card_carries_its_title_and_its_role() -> None:
    shown = payload(EVERY_PART)
    assert shown["props"] == {
        "class": "card accented",
        "style": "--accent: light-dark(#1B5FC1, #6FA8FF)",
        "aria-label": "Everything",
    }
    assert tagged(shown, "h3")[0]["children"] == ["Everything"]


def test_markup_stays_text() -> None:
    script = "<script>alert(1)</script>"
    shown = payload(Message(title=script, parts=(Prose(text=(script,)),)))
    assert tagged(shown, "script") == []
    assert tagged(shown, "p")[0]["children"] == [script]


def test_a_link_that_a_browser_would_run_stays_text() -> None:
    assert prose((Link(text="here", url="javascript:alert(1)"),))[0]["children"] == ["here"]


def test_paragraphs_lines_and_lists() -> None:
    shown = prose(text("one\ntwo\n\nthree\n• a\n• b"))
    assert [node["tag"] for node in shown] == ["p", "p", "ul"]
    assert [part if isinstance(part, str) else part["tag"] for part in shown[0]["children"]] == [
        "one", "br", "two",
    ]  # fmt: skip
    assert [item["children"] for item in shown[2]["children"]] == [["a"], ["b"]]


@given(texts())
def test_no_character_of_a_text_is_lost(content: Text) -> None:
    said = text_of(payload(Message(title="t", parts=(Prose(text=content),))))
    written = "t" + "".join(piece if isinstance(piece, str) else piece.text for piece in content)
    assert _bare(said) == _bare(written)


def _bare(said: str) -> str:
    """Without what paragraphs and lists are drawn from."""
    return said.replace("\n", "").replace("• ", "")


def test_the_lines_of_a_fact_stand_below_one_another() -> None:
    facts = Facts(rows=(Fact(label="Next", value=text("Monday\nTuesday")),))
    value = tagged(payload(Message(title="t", parts=(facts,))), "dd")[0]
    shown = [part if isinstance(part, str) else part["tag"] for part in value["children"]]
    assert shown == ["Monday", "br", "Tuesday"]


def test_a_comparison_says_its_columns_in_every_cell() -> None:
    table = tagged(payload(EVERY_PART), "table")[0]
    assert table["props"]["aria-label"] == "AI side, ML side"
    cells = [node["props"] for node in nodes(table) if "data-head" in node["props"]]
    assert [cell["data-head"] for cell in cells] == ["AI side", "ML side"]
    assert isinstance(EVERY_PART.parts[2], Table)


def test_progress_is_said_in_numbers_and_words() -> None:
    shown = payload(Message(title="t", parts=(Meter(done=1, total=3, label="1 of 3 steps"),)))
    bar = next(node for node in nodes(shown) if node["props"].get("role") == "progressbar")
    assert bar["props"]["aria-valuenow"] == "33"
    assert bar["props"]["aria-label"] == "1 of 3 steps"


def test_answers_below_one_another_are_a_list_and_the_ways_on_are_not_in_it() -> None:
    answers = [Buttons(buttons=(Button(label=n, action=Pick(TICKET, "q", n)),)) for n in "abc"]
    ways = Buttons(buttons=(Button(label="Skip", action=Skip(TICKET, "q")),))
    shown = payload(Message(title="t", parts=(*answers, ways)))
    groups = [(n["props"]["class"], len(n["children"])) for n in shown["children"][1:]]
    assert groups == [("choices", 3), ("buttons", 1)]


def test_a_single_button_is_no_list() -> None:
    alone = Buttons(buttons=(Button(label="Back", action=Back(TICKET)),))
    other = Buttons(buttons=(Button(label="Pay", action=OpenTopic("pay")),))
    shown = payload(Message(title="t", parts=(alone, other)))
    assert [node["props"]["class"] for node in shown["children"][1:]] == ["buttons", "buttons"]


def test_a_field_is_named_explained_and_marked_when_it_is_wrong() -> None:
    wrong = EVERY_FIELD.model_copy(update={"errors": {"hours": "A number from 1 to 60."}})
    hours = next(n for n in nodes(payload(wrong)) if n["props"].get("name") == "hours")["props"]
    assert hours["value"] == "5"
    assert hours["aria-invalid"] == "true"
    assert hours["aria-describedby"] == "field-hours-error field-hours-hint"
    right = next(n for n in nodes(payload(wrong)) if n["props"].get("name") == "why")["props"]
    assert "aria-invalid" not in right
    assert "aria-required" not in right


def test_a_select_without_a_value_asks_for_one() -> None:
    field = SelectField(name="role", label="Role", options=EVERY_FIELD.fields[2].options)  # type: ignore[union-attr]
    form = EVERY_FIELD.model_copy(update={"fields": (field, TextField(name="x", label="X"))})
    assert isinstance(form, Form)
    options = tagged(payload(form), "option")
    assert [option["props"]["value"] for option in options] == ["", "ai", "ml"]
