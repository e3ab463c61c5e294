"""The parts of the page that run in the browser (web/*.js), and what one of them completes."""

from typing import Any

from nicegui.element import Element

from bot.calendar.clock import utc_now
from bot.commands.catalog import entries
from bot.commands.routes import suggestions
from bot.pack.packs import Packs


class PostView(Element, component="web/chat_post.js", esm={"crossroads": "web"}):
    """A post: `post` is what `view` makes; tells of "act" and "inspect"."""


class FormView(Element, component="web/chat_form.js"):
    """A form in a modal dialog: `tree` is what `render` makes; tells of "act" and "dismiss"."""


class Composer(Element, component="web/chat_composer.js"):
    """The line to type in: completes `commands`, tells of "words"."""


class JsonView(Element, component="web/chat_json.js"):
    """JSON (`text`) with its kinds of values told apart."""


def commands(packs: Packs) -> list[dict[str, Any]]:
    """What the line completes: the commands, and what one of them waits for, such as a topic."""
    return [
        {
            "name": entry.name,
            "description": entry.summary,
            "hint": entry.option.hint if entry.option else "",
            "options": [
                {"value": one.value, "label": one.name, "description": one.about}
                for one in suggestions(entry.name, packs, "", utc_now())
            ]
            if entry.option and entry.option.awaited
            else [],
        }
        for entry in entries(packs)
    ]
