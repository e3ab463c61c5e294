"""Replies as a tree that the page draws: pure, a tree of plain data with every action in it."""

from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import assert_never

from adapters.playground.tree import Node, blocks, broken, inline, node
from adapters.shared.pictures.drawing import GROUNDS
from adapters.shared.pictures.svg import svg
from bot.chat.actions import Action
from bot.chat.base import Accent
from bot.chat.chart import Chart, words
from bot.chat.form import Form, FormField, SelectField, TextField
from bot.chat.parts import (
    Button,
    Buttons,
    Fact,
    Facts,
    Head,
    Listing,
    Menu,
    Meter,
    Note,
    Option,
    Part,
    Prose,
    Table,
    TableRow,
)
from bot.chat.reply import Message
from bot.chat.wire import pack


def payload(card: Message | Form) -> Node:
    """A card or form as the tree that the page draws."""
    match card:
        case Message():
            return _card(card)
        case Form():
            return _form(card)
        case _:
            assert_never(card)


# Cards


def _card(card: Message) -> Node:
    return node(
        "section",
        node("h3", card.title, class_="title"),
        *_parts(card.parts),
        class_="card accented" if card.accent else "card",
        style=colours(card.accent),
        aria_label=card.title,
    )


def _parts(parts: tuple[Part, ...]) -> Iterator[Node]:
    """Each part; rows of one button of a kind that follow one another are a list of choices."""
    for kind, run in groupby(parts, key=_kind):
        rows = list(run)
        if kind and len(rows) > 1:
            buttons = (_button(row.buttons[0]) for row in rows if isinstance(row, Buttons))
            yield node("div", *buttons, class_="choices", role="group", aria_label="Answers")
        else:
            yield from map(_part, rows)


def _kind(part: Part) -> type[Action] | None:
    """What a row of one button does."""
    if isinstance(part, Buttons) and len(part.buttons) == 1:
        return type(part.buttons[0].action)
    return None


def _part(part: Part) -> Node:
    match part:
        case Prose():
            return node("div", *blocks(part.text), class_="prose")
        case Facts():
            return _facts(part)
        case Table():
            return _table(part)
        case Chart():
            return _chart(part)
        case Meter():
            return _meter(part)
        case Note():
            return node("div", *blocks(part.text), class_="note")
        case Listing():
            return node("pre", part.text, class_="listing")
        case Buttons():
            return node("div", *map(_button, part.buttons), class_="buttons")
        case Menu():
            return _menu(part)
        case _:
            assert_never(part)


def _facts(part: Facts) -> Node:
    title = [node("h4", part.title)] if part.title else []
    return node("div", *title, node("dl", *map(_fact, part.rows)), class_="facts")


def _fact(fact: Fact) -> Node:
    source = [node("small", fact.source, class_="source")] if fact.source else []
    return node("div", node("dt", fact.label), node("dd", *broken(fact.value), *source))


def _table(part: Table) -> Node:
    # Roles are said aloud: the cells are stacked on a phone, and a browser then forgets the table.
    heads = (
        node(
            "th", f"{head.mark} {head.title}".strip(), role="columnheader", scope="col",
            style=colours(head.accent),
        )
        for head in part.heads
    )  # fmt: skip
    corner = node("td", role="cell")
    return node(
        "table",
        node("thead", node("tr", corner, *heads, role="row"), role="rowgroup"),
        node("tbody", *(_row(part.heads, row) for row in part.rows), role="rowgroup"),
        class_="versus",
        role="table",
        aria_label=", ".join(head.title for head in part.heads),
    )


def _row(heads: tuple[Head, ...], row: TableRow) -> Node:
    cells = (
        node("td", *inline(cell), role="cell", data_head=head.title, style=colours(head.accent))
        for head, cell in zip(heads, row.cells, strict=True)
    )
    return node("tr", node("th", row.label, role="rowheader", scope="row"), *cells, role="row")


def colours(accent: Accent | None) -> str:
    """The accent as a variable of the style sheet, which knows no role."""
    return f"--accent: light-dark({accent.light}, {accent.dark})" if accent else ""


def _chart(chart: Chart) -> Node:
    """The picture on both grounds; the page's colours say which of them is shown."""
    drawn = (
        node("img", src=_data(svg(chart, ground)), alt=words(chart), class_=f"on-{ground}")
        for ground in GROUNDS
    )
    return node("div", *drawn, class_="chart")


def _data(picture: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"


def _meter(part: Meter) -> Node:
    percent = round(part.share * 100)
    bar = node("div", class_="filled", style=f"width: {percent}%")
    return node(
        "div",
        node(
            "div",
            bar,
            class_="bar",
            role="progressbar",
            aria_label=part.label,
            aria_valuemin="0",
            aria_valuemax="100",
            aria_valuenow=str(percent),
        ),
        node("p", part.label),
        class_="meter",
    )


def _button(button: Button) -> Node:
    shown = node("button", button.label, type="button", class_=f"button {button.style}")
    return {**shown, "act": {"kind": "press", "action": pack(button.action)}}


def _menu(menu: Menu) -> Node:
    return {
        "tag": "menu-button",
        "props": {
            "label": menu.placeholder,
            "selected": menu.selected,
            "options": [option.model_dump() for option in menu.options],
        },
        "children": [],
        "act": {"kind": "choice", "action": pack(menu.action)},
    }


# Forms


def _form(form: Form) -> Node:
    cancel = node("button", "Cancel", type="button", class_="button plain", data_close="yes")
    submit = node("button", form.submit, type="submit", class_="button primary")
    shown = node(
        "form",
        node("h2", form.title),
        *(_field(field, form.errors.get(field.name, "")) for field in form.fields),
        node("div", cancel, submit, class_="buttons"),
        aria_label=form.title,
        novalidate="",
    )
    return {**shown, "act": {"kind": "submission", "action": pack(form.action)}}


def _field(field: FormField, error: str) -> Node:
    id_ = f"field-{field.name}"
    hint = [node("p", field.hint, class_="hint", id=f"{id_}-hint")] if field.hint else []
    wrong = [node("p", error, class_="error", id=f"{id_}-error")] if error else []
    described = " ".join(str(below["props"]["id"]) for below in (*wrong, *hint))
    optional = [] if field.required else [node("span", " (optional)", class_="optional")]
    control = _control(field)
    control["props"] |= {"id": id_, "name": field.name, "class": "control"}
    control["props"] |= {"aria-required": "true"} if field.required else {}
    control["props"] |= {"aria-describedby": described} if described else {}
    control["props"] |= {"aria-invalid": "true"} if error else {}
    label = node("label", field.label, *optional, for_=id_)
    return node("div", label, control, *hint, *wrong, class_="field")


def _control(field: FormField) -> Node:
    match field:
        case TextField():
            return node(
                "input",
                type="text",
                value=field.value,
                maxlength=field.most,
                autocomplete="off",
            )
        case SelectField():
            none = [] if field.value else [node("option", "Choose one", value="")]
            options = (_option(option) for option in field.options)
            return node("select", *none, *options, value=field.value or "")
        case _:
            assert_never(field)


def _option(option: Option) -> Node:
    described = f" – {option.description}" if option.description else ""
    return node("option", option.label + described, value=option.value)
