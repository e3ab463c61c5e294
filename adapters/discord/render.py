"""Replies as Components V2: pure, within every limit of Discord, readable on a phone."""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any, TypeAlias, assert_never

from adapters.discord.components import button, field, menu
from adapters.discord.markup import escape, lean, markdown
from adapters.shared.pictures.svg import name_of
from bot.chat.chart import Chart, words
from bot.chat.form import Form
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
    Part,
    Prose,
    Table,
    TableRow,
)
from bot.chat.reply import Message
from bot.chat.text import Text, plain
from bot.chat.wire import pack
from bot.memo import of_each

Json: TypeAlias = dict[str, Any]
Dress: TypeAlias = Callable[[Text], str]

EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15
SHOWN = 4000  # characters of all texts of a message together
COMPONENTS = 40
ASIDE = 180  # what reads well in the narrow column beside a button
METER_CELLS = 12

ROW, SECTION, TEXT, GALLERY, SEPARATOR, CONTAINER = 1, 9, 10, 12, 14, 17
# Given with every message and every edit: an edit is parsed with the defaults again.
NO_MENTIONS: Json = {"parse": []}


def payload(shown: Message | Form) -> Json:
    """What Discord is sent for a card or a form, in a channel of a server."""
    if isinstance(shown, Form):
        return form_modal(shown)
    return message(shown, ephemeral=shown.audience == "asker")


def message(card: Message, *, ephemeral: bool = False) -> Json:
    flags = COMPONENTS_V2 | (EPHEMERAL if ephemeral else 0)
    body = {"flags": flags, "components": [_container(card)], "allowed_mentions": NO_MENTIONS}
    return {**body, "attachments": files} if (files := _attachments(card)) else body


def edit(card: Message) -> Json:
    """The message that takes the place of another, whose pictures go where it has none."""
    return {"attachments": [], **message(card)}


def _attachments(card: Message) -> list[Json]:
    """The pictures that come with a card, in the order in which their files are sent."""
    named = {name_of(part): words(part) for part in card.parts if isinstance(part, Chart)}
    return [
        {"id": str(number), "filename": name, "description": described}
        for number, (name, described) in enumerate(named.items())
    ]


def form_modal(form: Form) -> Json:
    return {
        "title": form.title,
        "custom_id": pack(form.action),
        "components": [field(asked, form.errors.get(asked.name)) for asked in form.fields],
    }


def _container(card: Message) -> Json:
    container: Json = {"type": CONTAINER, "components": _fitting(card)}
    if card.accent is not None:
        # One colour for both grounds: the dark one, which a light ground shows well as a bar.
        container["accent_color"] = int(card.accent.dark[1:], 16)
    return container


def _fitting(card: Message) -> list[Json]:
    """Render in full dress, or with less of it where that would be too long to show."""
    for dress in (markdown, lean):
        inner = list(_inner(card, dress))
        if _shown(inner) <= SHOWN:
            return inner
    for component in reversed(inner):
        spare = SHOWN - (_shown(inner) - length(component.get("content", "")))
        if component["type"] == TEXT and spare > 0:
            component["content"] = cut(component["content"], spare)
            return inner
    return inner


def _shown(components: list[Json]) -> int:
    """Characters of all texts; rows have none."""
    return sum(
        length(c["content"]) if c["type"] == TEXT else _shown(c["components"])
        for c in components
        if c["type"] in (TEXT, SECTION)
    )


# --- parts ------------------------------------------------------------------------------------


def _inner(card: Message, dress: Dress) -> Iterator[Json]:
    yield _text(f"## {dress((card.title,))}")
    rendered = list(_parts(card.parts, dress))
    # A line above what can be pressed, where that stands together and the count of components
    # leaves room for it: between a text and its own button it would part them.
    spare = COMPONENTS - 2 - _count(rendered)
    rows = [index for index, component in enumerate(rendered) if component["type"] == ROW]
    controls = rows[0] if rows and rows[-1] - rows[0] == len(rows) - 1 else 0
    for index, component in enumerate(rendered):
        if index and index == controls and spare > 0:
            yield {"type": SEPARATOR}
        yield component


def _count(components: list[Json]) -> int:
    """With what stands in rows, and in sections: a section has one text or more, and a button."""
    return sum(1 + len(c.get("components", ())) + ("accessory" in c) for c in components)


def _parts(parts: tuple[Part, ...], dress: Dress) -> Iterator[Json]:
    # Beside a text, a phone leaves it a column of twelve characters: only the one control of a card
    # may stand there.
    alone = sum(isinstance(part, Buttons | Menu) for part in parts) == 1
    taken: Button | None = None
    for part, following in zip_longest(parts, parts[1:]):
        if taken is not None:  # it stands beside the text before it
            taken = None
            continue
        taken = _aside(part, following) if alone else None
        if taken is None:
            yield from _full(part) if dress is markdown else _part(part, dress)
        else:
            inner = list(_part(part, dress))
            yield {"type": SECTION, "components": inner, "accessory": button(taken)}


def _aside(part: Part, following: Part | None) -> Button | None:
    """Find the one button that belongs to a short text: the two make a section."""
    match part, following:
        case Prose(), Buttons(buttons=(only,)) if length(plain(part.text)) <= ASIDE:
            return only
        case _:
            return None


@of_each
def _full(part: Part) -> tuple[Json, ...]:
    return tuple(_part(part, markdown))


def _part(part: Part, dress: Dress) -> Iterator[Json]:
    match part:
        case Prose():
            yield _text(dress(part.text))
        case Facts():
            yield _text(_facts(part, dress))
        case Table():
            for row in part.rows:
                yield _text(_row(part.heads, row, dress))
        case Chart():
            shown = {"url": f"attachment://{name_of(part)}"}
            yield {"type": GALLERY, "items": [{"media": shown, "description": words(part)}]}
        case Meter():
            yield _text(_meter(part, dress))
        case Note():
            yield _text(_small(dress(part.text)))
        case Listing():
            yield _text(f"```json\n{part.text}\n```")
        case Buttons():
            for beside in part.rows:
                yield {"type": ROW, "components": [button(each) for each in beside]}
        case Menu():
            yield {"type": ROW, "components": [menu(part)]}
        case _:
            assert_never(part)


def _text(content: str) -> Json:
    # Discord refuses a text that is blank.
    return {"type": TEXT, "content": content.strip() or "—"}


def _facts(part: Facts, dress: Dress) -> str:
    full = dress is markdown
    lines = [f"### {dress((part.title,))}"] if part.title else []
    for row in part.rows:
        label = dress((row.label,))
        source = f" · {dress((row.source,))}" if row.source else ""
        lines.append(f"{f'**{label}:**' if full else f'{label}:'} {dress(row.value)}{source}")
    return "\n".join(lines)


def _row(heads: tuple[Head, ...], row: TableRow, dress: Dress) -> str:
    """One thing, and below it the sides: side by side would wrap to shreds on a phone."""
    label, full = dress((row.label,)), dress is markdown
    sides = (
        _side(head, dress(cell)) if full else f"{head.mark} {dress(cell)}"
        for head, cell in zip(heads, row.cells, strict=True)
    )
    return "\n".join([f"### {label}" if full else label, *sides])


def _side(head: Head, said: str) -> str:
    gap = "\n" if "\n" in said else " – "
    return f"{head.mark} **{escape(head.short or head.title)}**{gap}{said}".strip()


def _meter(part: Meter, dress: Dress) -> str:
    full = round(part.share * METER_CELLS)
    full = min(max(full, part.done > 0), METER_CELLS - (part.done < part.total))
    bar = "▰" * full + "▱" * (METER_CELLS - full)
    return f"{bar} **{round(part.share * 100)} %**\n{dress((part.label,))}"


def _small(content: str) -> str:
    return "\n".join(f"-# {line}" if line.strip() else line for line in content.split("\n"))
