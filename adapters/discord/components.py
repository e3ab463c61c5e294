"""Buttons, menus and the fields of forms, as Discord's components."""

from typing import Any, TypeAlias, assert_never

from bot.chat.form import FormField, SelectField, TextField
from bot.chat.limits import cut
from bot.chat.parts import Button, Menu, Option
from bot.chat.wire import pack

Json: TypeAlias = dict[str, Any]

BUTTON, SELECT, INPUT, LABEL = 2, 3, 4, 18
STYLES = {"primary": 1, "plain": 2, "danger": 4}
SHORT = 1  # of a text input: one line
DESCRIPTION = 100


def button(shown: Button) -> Json:
    return {
        "type": BUTTON,
        "style": STYLES[shown.style],
        "label": shown.label,
        "custom_id": pack(shown.action),
    }


def menu(shown: Menu) -> Json:
    return {
        "type": SELECT,
        "custom_id": pack(shown.action),
        "placeholder": shown.placeholder,
        "options": [_option(option, shown.selected) for option in shown.options],
    }


def _option(option: Option, selected: str | None) -> Json:
    shown: Json = {"label": option.label, "value": option.value}
    if option.description:
        shown["description"] = option.description
    if option.value == selected:
        shown["default"] = True
    return shown


def field(asked: FormField, error: str | None) -> Json:
    label: Json = {"type": LABEL, "label": asked.label, "component": _input(asked)}
    if error:
        label["description"] = cut(f"⚠️ {error}", DESCRIPTION)
    elif asked.hint:
        label["description"] = asked.hint
    return label


def _input(field: FormField) -> Json:
    match field:
        case TextField():
            shown: Json = {
                "type": INPUT,
                "custom_id": field.name,
                "style": SHORT,
                "required": field.required,
                "max_length": field.most,
            }
            if field.value:
                shown["value"] = cut(field.value, field.most)
            return shown
        case SelectField():
            return {
                "type": SELECT,
                "custom_id": field.name,
                "required": field.required,
                "options": [_option(option, field.value) for option in field.options],
            }
        case _:
            assert_never(field)
