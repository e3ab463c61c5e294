"""What Discord refuses in a component: wrong types, wrong places, too much of anything."""

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Problem = tuple[str, str]  # where in the payload, and what is wrong there

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 14, 17, 18
LINK_STYLE = 5
LAYOUT = {ROW, SECTION, TEXT, GALLERY, SEPARATOR}


def size(text: str) -> int:
    """Code points or UTF-16 units, whichever counts more."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def string(at: str, value: object, low: int, high: int) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield at, "must be a string"
    elif not low <= size(value) <= high:
        yield at, f"must be {low} to {high} in length, is {size(value)}"
    elif low and not value.strip():
        yield at, "must not be blank"


def integer(at: str, value: object, low: int, high: int) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield at, "must be an integer"
    elif not low <= value <= high:
        yield at, f"must be {low} to {high}, is {value}"


def optional(
    check: Callable[[str, object, int, int], Iterator[Problem]],
    at: str,
    holder: Json,
    key: str,
    low: int,
    high: int,
) -> Iterator[Problem]:
    if holder.get(key) is not None:
        yield from check(f"{at}.{key}", holder[key], low, high)


def flag(at: str, holder: Json, key: str) -> Iterator[Problem]:
    if holder.get(key) is not None and not isinstance(holder[key], bool):
        yield f"{at}.{key}", "must be true or false"


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, nested ones included, in the order in which a person reads them."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk([component[key]])


def _button(at: str, button: Json) -> Iterator[Problem]:
    yield from integer(f"{at}.style", button.get("style"), 1, 5)
    yield from flag(at, button, "disabled")
    yield from optional(string, at, button, "label", 1, 80)
    if button.get("label") is None and not button.get("emoji"):
        yield at, "a button needs a label or an emoji"
    if button.get("style") == LINK_STYLE:
        yield from string(f"{at}.url", button.get("url"), 1, 512)
        if not str(button.get("url", "")).startswith(("https://", "http://", "discord://")):
            yield f"{at}.url", "scheme must be one of http, https, discord"
        if "custom_id" in button:
            yield f"{at}.custom_id", "a link button has no custom_id"
    else:
        yield from string(f"{at}.custom_id", button.get("custom_id"), 1, 100)
        if "url" in button:
            yield f"{at}.url", "only a link button has a url"


def _option(at: str, option: object) -> Iterator[Problem]:
    if not isinstance(option, dict):
        yield at, "must be an object"
        return
    yield from string(f"{at}.label", option.get("label"), 1, 100)
    yield from string(f"{at}.value", option.get("value"), 1, 100)
    yield from optional(string, at, option, "description", 1, 100)
    yield from flag(at, option, "default")


def _select(at: str, select: Json) -> Iterator[Problem]:
    yield from string(f"{at}.custom_id", select.get("custom_id"), 1, 100)
    yield from optional(string, at, select, "placeholder", 0, 150)
    yield from optional(integer, at, select, "min_values", 0, 25)
    yield from optional(integer, at, select, "max_values", 1, 25)
    options = select.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= 25:
        yield f"{at}.options", "must be 1 to 25 options"
        return
    for index, option in enumerate(options):
        yield from _option(f"{at}.options.{index}", option)
    values = [option.get("value") for option in options if isinstance(option, dict)]
    if len(set(values)) != len(values):
        yield f"{at}.options", "the option values must be unique"
    if sum(bool(option.get("default")) for option in options) > (select.get("max_values") or 1):
        yield f"{at}.options", "more defaults than max_values"
    if (select.get("max_values") or 1) > len(options):
        yield f"{at}.max_values", "more than there are options"


def _row(at: str, row: Json) -> Iterator[Problem]:
    inner = row.get("components")
    if not isinstance(inner, list) or not 1 <= len(inner) <= 5:
        yield f"{at}.components", "must be 1 to 5 components"
        return
    kinds = {child.get("type") for child in inner}
    if kinds != {BUTTON} and not (kinds == {STRING_SELECT} and len(inner) == 1):
        yield f"{at}.components", "a row holds one to five buttons or one select"
    yield from children(at, inner, {BUTTON, STRING_SELECT})


def _section(at: str, section: Json) -> Iterator[Problem]:
    inner = section.get("components")
    if not isinstance(inner, list) or not 1 <= len(inner) <= 3:
        yield f"{at}.components", "must be 1 to 3 components"
    else:
        yield from children(at, inner, {TEXT})
    accessory = section.get("accessory")
    if not isinstance(accessory, dict):
        yield f"{at}.accessory", "a section needs an accessory"
    else:
        yield from _component(f"{at}.accessory", accessory, {BUTTON, THUMBNAIL})


def _container(at: str, container: Json) -> Iterator[Problem]:
    yield from optional(integer, at, container, "accent_color", 0, 0xFFFFFF)
    yield from flag(at, container, "spoiler")
    inner = container.get("components")
    if not isinstance(inner, list) or not inner:
        yield f"{at}.components", "a container needs at least one component"
    else:
        yield from children(at, inner, LAYOUT)


def children(at: str, inner: list[Any], allowed: set[int]) -> Iterator[Problem]:
    for index, child in enumerate(inner):
        yield from _component(f"{at}.components.{index}", child, allowed)


def _text_input(at: str, field: Json) -> Iterator[Problem]:
    yield from string(f"{at}.custom_id", field.get("custom_id"), 1, 100)
    yield from integer(f"{at}.style", field.get("style"), 1, 2)
    yield from optional(integer, at, field, "min_length", 0, 4000)
    yield from optional(integer, at, field, "max_length", 1, 4000)
    yield from optional(string, at, field, "value", 0, 4000)
    yield from optional(string, at, field, "placeholder", 0, 100)
    yield from flag(at, field, "required")
    if field.get("label"):
        yield f"{at}.label", "inside a label the input has none of its own"
    value, most = field.get("value"), field.get("max_length")
    if isinstance(value, str) and isinstance(most, int) and len(value) > most:
        yield f"{at}.value", "longer than its own max_length"


def _label(at: str, label: Json) -> Iterator[Problem]:
    yield from string(f"{at}.label", label.get("label"), 1, 45)
    yield from optional(string, at, label, "description", 1, 100)
    inner = label.get("component")
    if not isinstance(inner, dict):
        yield f"{at}.component", "a label needs a component"
        return
    yield from _component(f"{at}.component", inner, {TEXT_INPUT, STRING_SELECT})
    if inner.get("disabled"):
        yield f"{at}.component.disabled", "not allowed in a modal"


def _text(at: str, text: Json) -> Iterator[Problem]:
    yield from string(f"{at}.content", text.get("content"), 1, 4000)


def _separator(at: str, separator: Json) -> Iterator[Problem]:
    yield from flag(at, separator, "divider")
    yield from optional(integer, at, separator, "spacing", 1, 2)


def _gallery(at: str, gallery: Json) -> Iterator[Problem]:
    items = gallery.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= 10:
        yield f"{at}.items", "must be 1 to 10 items"
        return
    for index, item in enumerate(items):
        media = item.get("media") if isinstance(item, dict) else None
        if not isinstance(media, dict):
            yield f"{at}.items.{index}.media", "must be an object"
            continue
        yield from string(f"{at}.items.{index}.media.url", media.get("url"), 1, 2048)
        yield from optional(string, f"{at}.items.{index}", item, "description", 1, 1024)


RULES: dict[int, Callable[[str, Json], Iterator[Problem]]] = {
    ROW: _row,
    BUTTON: _button,
    STRING_SELECT: _select,
    TEXT_INPUT: _text_input,
    SECTION: _section,
    TEXT: _text,
    GALLERY: _gallery,
    SEPARATOR: _separator,
    CONTAINER: _container,
    LABEL: _label,
}


def _component(at: str, component: object, allowed: set[int]) -> Iterator[Problem]:
    if not isinstance(component, dict):
        yield at, "must be an object"
        return
    kind = component.get("type")
    if isinstance(kind, bool) or kind not in allowed or kind not in RULES:
        yield f"{at}.type", f"type {kind!r} is not allowed here"
        return
    yield from RULES[kind](at, component)


def unique(components: list[Json]) -> Iterator[Problem]:
    for key in ("custom_id", "id"):
        seen = [c[key] for c in walk(components) if c.get(key)]
        for twice in {value for value in seen if seen.count(value) > 1}:
            yield "components", f"{key} {twice!r} is used more than once"


def shown_text(components: list[Json]) -> str:
    return "\n".join(c.get("content", "") for c in walk(components) if c.get("type") == TEXT)


def alt_texts(components: list[Json]) -> Iterator[str]:
    for gallery in (c for c in walk(components) if c.get("type") == GALLERY):
        yield from (item["description"] for item in gallery["items"] if item.get("description"))
