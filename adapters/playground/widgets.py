"""The small controls of the page."""

from collections.abc import Callable
from typing import cast

from nicegui import html
from nicegui.element import Element


def icon(sign: str, label: str) -> Element:
    """A button that shows a sign and says what it does."""
    button = html.button(sign).classes("icon").props("type=button")
    button.props.update({"aria-label": label, "title": label})
    return cast("Element", button)


def choice(taken: Callable[[], object]) -> Element:
    """One of several, of which one is current; draw its content inside."""
    button = html.button().classes("choice").props("type=button")
    return cast("Element", button.on("click", taken))


def switch(label: str, toggled: Callable[[], object]) -> Element:
    with html.button().classes("switch").props("type=button role=switch") as button:
        html.span(label).classes("label")
        html.span().classes("track").props("aria-hidden=true")
    return cast("Element", button.on("click", toggled))


def state(element: Element, attribute: str, on: bool) -> Element:
    """Say a state of a control to screen readers (and to the style sheet)."""
    element.props[attribute] = "true" if on else "false"
    return element


def count(element: Element, prop: str) -> None:
    """Tell a component that something has happened once more."""
    element.props[prop] = element.props.get(prop, 0) + 1
