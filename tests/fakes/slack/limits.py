"""What Slack refuses: the shape and published limits of messages, views and blocks (pure)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any, str], Iterator[str]]

MESSAGE_TEXT = 4000
ALL_BLOCKS = 13_200
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100


def problems_of_message(text: object, blocks: object) -> list[str]:
    """Every reason to refuse this text and these blocks; empty when Slack would show them."""
    found = []
    if text is not None and not isinstance(text, str):
        found.append("`text` must be a string [/text]")
    elif text and len(text) > MESSAGE_TEXT:
        found.append(f"msg_too_long: {len(text)} characters [/text]")
    if blocks is not None:
        found += _blocks(blocks, "/blocks", MESSAGE_BLOCKS, _IN_MESSAGES)
        found += _too_many_charts(blocks)
    if blocks and _weight(blocks) > ALL_BLOCKS:
        found.append(f"msg_blocks_too_long: {_weight(blocks)} characters [/blocks]")
    return found


def _too_many_charts(blocks: object) -> Iterator[str]:
    kinds = (
        [b.get("type") for b in blocks if isinstance(b, dict)] if isinstance(blocks, list) else []
    )
    if kinds.count("data_visualization") > 2:
        yield "at most two charts a message [/blocks]"


def problems_of_view(view: object) -> list[str]:
    """Every reason to refuse this modal or Home tab."""
    if not isinstance(view, dict):
        return ["must be an object [/view]"]
    shapes = {"modal": _MODAL, "home": _VIEW}
    shape = shapes.get(str(view.get("type")))
    if shape is None:
        return ["must be `modal` or `home` [/view/type]"]
    found = list(_fields(view, "/view", shape))
    inputs = any(b.get("type") == "input" for b in view.get("blocks", []) if isinstance(b, dict))
    if view["type"] == "modal" and inputs and "submit" not in view:
        found.append("a modal with inputs needs `submit` [/view/submit]")
    return found


def problems_of_metadata(metadata: object) -> list[str]:
    if metadata is None:
        return []
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        return ["must have event_type and event_payload [/metadata]"]
    if not isinstance(metadata["event_payload"], dict):
        return ["must be an object [/metadata/event_payload]"]
    return []


def texts(node: object) -> Iterator[Json]:
    """Every text object below `node`, in reading order."""
    if isinstance(node, dict):
        if node.get("type") in {"plain_text", "mrkdwn"}:
            yield node
        else:
            for value in node.values():
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def _weight(blocks: object) -> int:
    return sum(len(str(text.get("text", ""))) for text in texts(blocks))


# --- checks, put together from small ones ---------------------------------------------------


def _string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"must be a string [{at}]"
        elif len(value) > most:
            yield f"must be less than {most + 1} characters, has {len(value)} [{at}]"
        elif len(value) < least:
            yield f"must be more than {least - 1} characters [{at}]"

    return check


def _is(kind: type | tuple[type, ...], what: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, kind):
            yield f"must be {what} [{at}]"

    return check


def _one_of(*values: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            yield f"must be one of {', '.join(values)} [{at}]"

    return check


def _text(most: int, *kinds: str) -> Check:
    allowed = kinds or ("plain_text",)

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict) or value.get("type") not in allowed:
            yield f"must be a text object of type {' or '.join(allowed)} [{at}]"
            return
        extra = "emoji" if value["type"] == "plain_text" else "verbatim"
        yield from _unknown(value, {"type", "text", extra}, at)
        yield from _string(most)(value.get("text"), f"{at}/text")

    return check


def _many(most: int, each: Check, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"must be a list [{at}]"
            return
        if not least <= len(value) <= most:
            yield f"must have {least} to {most} items, has {len(value)} [{at}]"
        for index, item in enumerate(value):
            yield from each(item, f"{at}/{index}")

    return check


def _tagged(shapes: Mapping[str, Mapping[str, Check]]) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        shape = shapes.get(str(kind))
        if shape is None:
            yield f"unsupported type {kind!r} [{at}/type]"
        else:
            yield from _fields(value, at, shape)

    return check


def _object(shape: Mapping[str, Check]) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from _fields(value, at, shape)
        else:
            yield f"must be an object [{at}]"

    return check


def _unknown(value: Json, known: set[str], at: str) -> Iterator[str]:
    for name in sorted(set(value) - known):
        yield f"unknown field {name!r} [{at}]"


def _fields(value: Json, at: str, shape: Mapping[str, Check]) -> Iterator[str]:
    """A name that ends in `!` in the shape must be there."""
    known = {name.rstrip("!"): check for name, check in shape.items()}
    yield from _unknown(value, {*known, "type"}, at)
    for name in shape:
        if name.endswith("!") and name[:-1] not in value:
            yield f"missing required field {name[:-1]!r} [{at}]"
    for name, check in known.items():
        if name in value:
            yield from check(value[name], f"{at}/{name}")


def _blocks(
    blocks: Any, at: str, most: int, shapes: Mapping[str, Mapping[str, Check]]
) -> list[str]:
    found = list(_many(most, _tagged(shapes), least=0)(blocks, at))
    found += [
        f"a section needs text or fields [{at}]"
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict)
        and block.get("type") == "section"
        and not {"text", "fields"} & {*block}
    ]
    if not found:
        found += _repeated(blocks, at)
    return found


def _repeated(blocks: list[Json], at: str) -> Iterator[str]:
    for field in ("block_id", "action_id"):
        seen: set[str] = set()
        for name in _named(blocks, field):
            if name in seen:
                yield f"{field} {name!r} already exists [{at}]"
            seen.add(name)


def _named(node: object, field: str) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get(field), str):
            yield node[field]
        for value in node.values():
            yield from _named(value, field)
    elif isinstance(node, list):
        for value in node:
            yield from _named(value, field)


def _view_blocks(value: Any, at: str) -> Iterator[str]:
    yield from _blocks(value, at, VIEW_BLOCKS, _BLOCKS)


ID = _string(255)
BOOL = _is(bool, "true or false")
ANY_TEXT = ("plain_text", "mrkdwn")
URL = _string(3000)

_OPTION: dict[str, Check] = {
    "text!": _text(75, *ANY_TEXT),
    "value!": _string(150),
    "description": _text(75, *ANY_TEXT),
}
_CONFIRM: dict[str, Check] = {
    "title!": _text(100),
    "text!": _text(300, *ANY_TEXT),
    "confirm!": _text(30),
    "deny!": _text(30),
    "style": _one_of("primary", "danger"),
}
_BUTTON: dict[str, Check] = {
    "text!": _text(75),
    "action_id!": ID,
    "value": _string(2000),
    "url": URL,
    "style": _one_of("primary", "danger"),
    "accessibility_label": _string(75),
    "confirm": _object(_CONFIRM),
}
_SELECT: dict[str, Check] = {
    "action_id!": ID,
    "options!": _many(100, _object(_OPTION)),
    "placeholder": _text(150),
    "initial_option": _object(_OPTION),
    "focus_on_load": BOOL,
    "confirm": _object(_CONFIRM),
}
_RADIO: dict[str, Check] = {
    "action_id!": ID,
    "options!": _many(10, _object(_OPTION)),
    "initial_option": _object(_OPTION),
    "focus_on_load": BOOL,
}
_BOXES: dict[str, Check] = {
    "action_id!": ID,
    "options!": _many(10, _object(_OPTION)),
    "initial_options": _many(10, _object(_OPTION)),
    "focus_on_load": BOOL,
}
_OVERFLOW: dict[str, Check] = {"action_id!": ID, "options!": _many(5, _object(_OPTION))}
_PICTURE: dict[str, Check] = {"image_url!": URL, "alt_text!": _string(2000)}
_LINE: dict[str, Check] = {
    "action_id!": ID,
    "placeholder": _text(150),
    "initial_value": _string(3000),
    "multiline": BOOL,
    "min_length": _is(int, "a number"),
    "max_length": _is(int, "a number"),
    "focus_on_load": BOOL,
}
_NUMBER: dict[str, Check] = {
    "action_id!": ID,
    "is_decimal_allowed!": BOOL,
    "initial_value": _string(30),
    "min_value": _string(30),
    "max_value": _string(30),
    "placeholder": _text(150),
    "focus_on_load": BOOL,
}
_DATE: dict[str, Check] = {
    "action_id!": ID,
    "initial_date": _string(10, 10),
    "placeholder": _text(150),
    "focus_on_load": BOOL,
}
_TIME: dict[str, Check] = {
    "action_id!": ID,
    "initial_time": _string(5, 5),
    "timezone": _string(100),
    "placeholder": _text(150),
    "focus_on_load": BOOL,
}
_PRESSABLE: dict[str, Mapping[str, Check]] = {
    "button": _BUTTON,
    "static_select": _SELECT,
    "overflow": _OVERFLOW,
    "radio_buttons": _RADIO,
    "checkboxes": _BOXES,
    "datepicker": _DATE,
    "timepicker": _TIME,
}
_FILLABLE: dict[str, Mapping[str, Check]] = {
    "plain_text_input": _LINE,
    "number_input": _NUMBER,
    "static_select": _SELECT,
    "radio_buttons": _RADIO,
    "checkboxes": _BOXES,
    "datepicker": _DATE,
    "timepicker": _TIME,
}


def _elements(shapes: Mapping[str, Mapping[str, Check]]) -> Check:
    plain = _tagged(shapes)

    def check(value: Any, at: str) -> Iterator[str]:
        yield from plain(value, at)
        initial = value.get("initial_option") if isinstance(value, dict) else None
        if initial and initial not in value.get("options", []):
            yield f"initial_option must be one of options, field for field [{at}/initial_option]"

    return check


def _context_element(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict) and value.get("type") == "image":
        yield from _fields(value, at, _PICTURE)
    else:
        yield from _text(3000, *ANY_TEXT)(value, at)


_SECTION: dict[str, Check] = {
    "text": _text(3000, *ANY_TEXT),
    "fields": _many(10, _text(2000, *ANY_TEXT)),
    "accessory": _elements({**_PRESSABLE, "image": _PICTURE}),
    "block_id": ID,
    "expand": BOOL,
}
_BLOCKS: dict[str, Mapping[str, Check]] = {
    "section": _SECTION,
    "header": {"text!": _text(150), "block_id": ID},
    "divider": {"block_id": ID},
    "context": {"elements!": _many(10, _context_element), "block_id": ID},
    "actions": {"elements!": _many(25, _elements(_PRESSABLE)), "block_id": ID},
    "image": {**_PICTURE, "title": _text(2000), "block_id": ID},
    "input": {
        "label!": _text(2000),
        "element!": _elements(_FILLABLE),
        "hint": _text(2000),
        "optional": BOOL,
        "dispatch_action": BOOL,
        "block_id": ID,
    },
}
_POINT: dict[str, Check] = {"label!": _string(20), "value!": _is((int, float), "a number")}
_SERIES: dict[str, Check] = {"name!": _string(20), "data!": _many(20, _object(_POINT))}
_AXIS: dict[str, Check] = {
    "categories!": _many(20, _string(20)),
    "x_label": _string(50),
    "y_label": _string(50),
}


def _chart(value: Any, at: str) -> Iterator[str]:
    shape = {"series!": _many(6, _object(_SERIES)), "axis_config!": _object(_AXIS)}
    found = list(_tagged({"bar": shape, "line": shape, "area": shape})(value, at))
    yield from found
    if found:
        return
    categories = value["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        yield f"categories must be unique [{at}/axis_config]"
    names = [series["name"] for series in value["series"]]
    if len(set(names)) < len(names):
        yield f"names of series must be unique [{at}/series]"
    for index, series in enumerate(value["series"]):
        if [point["label"] for point in series["data"]] != categories:
            yield f"labels must be the categories [{at}/series/{index}]"


_IN_MESSAGES: dict[str, Mapping[str, Check]] = {
    **_BLOCKS,
    "data_visualization": {"title!": _string(50), "chart!": _chart, "block_id": ID},
}
_VIEW: dict[str, Check] = {
    "blocks!": _view_blocks,
    "private_metadata": _string(3000, 0),
    "callback_id": _string(255, 0),
    "external_id": _string(255, 0),
}
_MODAL: dict[str, Check] = {
    **_VIEW,
    "title!": _text(24),
    "submit": _text(24),
    "close": _text(24),
    "clear_on_close": BOOL,
    "notify_on_close": BOOL,
    "submit_disabled": BOOL,
}


def decoded(value: object) -> object:
    """Blocks, views and metadata may arrive as JSON text inside a form."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
