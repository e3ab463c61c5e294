"""Replies as Block Kit: pure, within every limit of Slack, and worded for screen readers too."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, TypeAlias, assert_never

from adapters.slack.charts.block import IN_A_MESSAGE, chart_block
from adapters.slack.markup import chunks, escape_within, lean, mrkdwn
from bot.chat.chart import Balance, Bars, Chart, Weeks, rows
from bot.chat.form import Form, FormField, SelectField, TextField
from bot.chat.limits import cut, length
from bot.chat.parts import (
    Button,
    Buttons,
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
    in_words,
)
from bot.chat.reply import Message
from bot.chat.text import Bold, Italic, Text, join, plain, text
from bot.chat.wire import pack
from bot.memo import of_each

Json: TypeAlias = dict[str, Any]
Block: TypeAlias = dict[str, Any]

SECTION = 3000
FIELD = 2000
CONTEXT = 3000
TEXT = 3900  # Slack splits a message's text at 4041 characters
ALL_BLOCKS = 12_000  # `msg_blocks_too_long` comes near 13 200
METER_CELLS = 10
MODAL_TITLE = "Crossroads"


def message(card: Message, *, charts: bool = False) -> Json:
    """The `text` and `blocks` of a message: `text` is what notifications and screen readers say.

    `charts`: drawn by Slack, which not every workspace does; else told in words.
    """
    return {"text": escape_within(words(card), TEXT), "blocks": blocks(card, charts=charts)}


def payload(card: Message | Form) -> Json:
    """The exact payload of a card or form."""
    return message(card) if isinstance(card, Message) else form_modal(card)


def blocks(card: Message, *, charts: bool = False) -> list[Block]:
    parts = [part for part in card.parts if isinstance(part, Chart)] if charts else []
    pictures = {id(part): _pictured(part) for part in parts[:IN_A_MESSAGE]}
    shown = (pictures.get(id(part)) or _drawn(part) for part in card.parts)
    full = [_header(card.title), *chain.from_iterable(shown)]
    if length(card.title) + sum(map(_weight, card.parts)) <= ALL_BLOCKS:
        return full
    # Entities and link targets took the room: what a member reads is worth more than a link.
    return [_header(card.title), *chain.from_iterable(map(_part, map(_leaner, card.parts)))]


def words(card: Message) -> str:
    """Everything that the card says, line by line, without its controls."""
    lines = [card.title]
    for part in card.parts:
        lines += _words(part)
    return "\n".join(line for line in lines if line)


def card_modal(card: Message, metadata: str = "") -> Json:
    """The card in a modal: what a press in the Home tab opens."""
    return {
        "type": "modal",
        "callback_id": "card",
        "title": _plain(MODAL_TITLE),
        "close": _plain("Close"),
        "private_metadata": metadata,
        "blocks": blocks(card),
    }


def form_modal(form: Form, metadata: str = "", *, errors_in_blocks: bool = False) -> Json:
    """The form; its errors go into the acknowledgement where Slack shows them beside the fields,
    else (`errors_in_blocks`) above each field.
    """
    shown: list[Block] = []
    for field in form.fields:
        if errors_in_blocks and field.name in form.errors:
            shown.append(_section(text("⚠️ ", Bold(text=form.errors[field.name]))))
        shown.append(_input(field))
    return {
        "type": "modal",
        "callback_id": pack(form.action),
        "title": _plain(form.title),
        "submit": _plain(form.submit),
        "close": _plain("Cancel"),
        "private_metadata": metadata,
        "blocks": shown,
    }


def home(sections: Sequence[Message]) -> Json:
    """The Home tab: cards one below the other."""
    shown: list[Block] = []
    for card in sections:
        shown += [{"type": "divider"}] if shown else []
        shown += blocks(card)
    return {"type": "home", "blocks": shown[:100]}


# --- parts ------------------------------------------------------------------------------------


def _pictured(chart: Chart) -> tuple[Block, ...]:
    """The chart, and in small print what it has no room for: the values, and what is to be known
    of them.
    """
    match chart.figure:
        case Bars(bars=bars):
            noted = any(bar.note for bar in bars)
        case Balance():
            noted = True  # the leads that a verdict needs
        case Weeks():
            noted = False
        case _:
            assert_never(chart.figure)
    lines = [text(Bold(text=f"{label}:"), f" {said}") for label, said in rows(chart.figure)]
    small = chunks(join("\n", lines), CONTEXT) if noted else ()
    notes = ({"type": "context", "elements": [_mrkdwn(chunk)]} for chunk in small)
    return (chart_block(chart), *notes)


@of_each
def _drawn(part: Part) -> tuple[Block, ...]:
    return tuple(_part(part))


def _weight(part: Part) -> int:
    """All characters of all text objects of a part's blocks."""
    if isinstance(part, Buttons):
        return sum(length(button.label) for button in part.buttons)
    return _drawn_weight(part)


@of_each
def _drawn_weight(part: Part) -> int:
    return sum(map(_characters, _drawn(part)))


def _part(part: Part) -> Iterator[Block]:
    match part:
        case Prose():
            yield from _sections(part.text)
        case Facts():
            yield from _sections(_facts(part))
        case Table():
            for pair in part.rows:
                yield from _row(part.heads, pair)
        case Chart():
            yield from _sections(_facts(in_words(part)))
        case Meter():
            yield _section((meter(part),))
        case Note():
            yield from (
                {"type": "context", "elements": [_mrkdwn(chunk)]}
                for chunk in chunks(part.text, CONTEXT)
            )
        case Listing():
            # Nothing in a listing needs an escape.
            listing = {"type": "mrkdwn", "text": f"```\n{part.text}\n```"}
            yield {"type": "section", "text": listing}
        case Buttons(buttons=()):
            return
        case Buttons():
            yield {"type": "actions", "elements": [_button(button) for button in part.buttons]}
        case Menu():
            yield {"type": "actions", "elements": [_menu(part)]}
        case _:
            assert_never(part)


def _facts(part: Facts) -> Text:
    rows = [
        text(Bold(text=f"{row.label}:"), " ", row.value, f" · {row.source}" if row.source else "")
        for row in part.rows
    ]
    title = [text(Bold(text=part.title))] if part.title else []
    return join("\n", [*title, *rows])


def _row(heads: tuple[Head, ...], row: TableRow) -> Iterator[Block]:
    """Fields beside each other, two in a line; a phone stacks them, so each says whose it is."""
    sides = [_side(head, cell) for head, cell in zip(heads, row.cells, strict=True)]
    fields = [mrkdwn(side) for side in sides]
    if all(length(field) <= FIELD for field in fields):
        label = next(_sections(text(Bold(text=row.label))), {"type": "section"})
        yield {**label, "fields": [_mrkdwn(field) for field in fields]}
    else:
        yield from _sections(text(Bold(text=row.label)))
        for side in sides:
            yield from _sections(side)


def _side(head: Head, cell: Text) -> Text:
    mark = f"{head.mark} " if head.mark else ""
    gap = "\n" if "\n" in plain(cell) else " – "
    return text(mark, Italic(text=head.short or head.title), gap, cell)


def meter(part: Meter) -> str:
    """A bar for the eye, and the label that says the same in words."""
    filled = round(part.share * METER_CELLS)
    return f"{'█' * filled}{'░' * (METER_CELLS - filled)}  {part.label}"


def _button(button: Button) -> Json:
    style = {} if button.style == "plain" else {"style": button.style}
    return {
        "type": "button",
        "action_id": pack(button.action),
        "text": _plain(button.label),
        **style,
    }


def _menu(menu: Menu) -> Json:
    return {
        "type": "static_select",
        "action_id": pack(menu.action),
        "placeholder": _plain(menu.placeholder),
        "options": [_option(option) for option in menu.options],
        **_initial(menu.options, menu.selected),
    }


def _option(option: Option) -> Json:
    described = {"description": _plain(option.description)} if option.description else {}
    return {"text": _plain(option.label), "value": option.value, **described}


def _initial(options: tuple[Option, ...], value: str | None) -> Json:
    for option in options:
        if option.value == value:
            return {"initial_option": _option(option)}
    return {}


def _input(field: FormField) -> Block:
    match field:
        case TextField():
            element = {
                "type": "plain_text_input",
                "action_id": field.name,
                "max_length": field.most,
                **({"initial_value": cut(field.value, field.most)} if field.value else {}),
            }
        case SelectField():
            element = {
                "type": "static_select",
                "action_id": field.name,
                "options": [_option(option) for option in field.options],
                **_initial(field.options, field.value),
            }
        case _:
            assert_never(field)
    return {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label),
        "element": element,
        "optional": not field.required,
        **({"hint": _plain(field.hint)} if field.hint else {}),
    }


# --- building blocks ----------------------------------------------------------------------------


def _header(title: str) -> Block:
    return {"type": "header", "text": _plain(title)}


def _sections(content: Text) -> Iterator[Block]:
    for chunk in chunks(content, SECTION):
        yield {"type": "section", "text": _mrkdwn(chunk)}


def _section(content: Text) -> Block:
    return next(_sections(content))


def _plain(content: str) -> Json:
    return {"type": "plain_text", "text": content}


def _mrkdwn(content: str) -> Json:
    # `verbatim` keeps Slack from making links and mentions of "#general", "@channel" and bare URLs.
    return {"type": "mrkdwn", "text": content, "verbatim": True}


def _characters(node: object) -> int:
    """All characters of all text objects below `node`."""
    if isinstance(node, dict):
        own = length(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(map(_characters, node.values()))
    if isinstance(node, list):
        return sum(map(_characters, node))
    return 0


def _leaner(part: Part) -> Part:
    match part:
        case Prose() | Note():
            return part.model_copy(update={"text": (lean(part.text),)})
        case Facts():
            rows = tuple(row.model_copy(update={"value": (lean(row.value),)}) for row in part.rows)
            return part.model_copy(update={"rows": rows})
        case Table():
            leaner = tuple(
                row.model_copy(update={"cells": tuple((lean(cell),) for cell in row.cells)})
                for row in part.rows
            )
            return part.model_copy(update={"rows": leaner})
        case Chart() | Meter() | Listing() | Buttons() | Menu():
            return part
        case _:
            assert_never(part)


@of_each
def _words(part: Part) -> tuple[str, ...]:
    return tuple(_said(part))


def _said(part: Part) -> Iterator[str]:
    match part:
        case Prose() | Note():
            yield plain(part.text)
        case Facts():
            yield plain(_facts(part))
        case Table():
            for row in part.rows:
                cells = zip(part.heads, row.cells, strict=True)
                yield f"{row.label}: {'; '.join(f'{h.title}: {plain(cell)}' for h, cell in cells)}"
        case Chart():
            yield plain(_facts(in_words(part)))
        case Meter():
            yield part.label
        case Listing():
            yield part.text
        case Buttons() | Menu():
            return
        case _:
            assert_never(part)
