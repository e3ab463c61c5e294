"""The parts of the page that run in the browser (web/*.js), and what one of them completes."""

from typing import Any

from nicegui.element import Element

from bot.commands.catalog import COMMANDS
from bot.pack.model import Pack


class PostView(Element, component="web/chat_post.js", esm={"crossroads": "web"}):
    """A post: `post` is what `view` makes; tells of "act" and "inspect"."""


class FormView(Element, component="web/chat_form.js"):
    """A form in a modal dialog: `tree` is what `render` makes; tells of "act" and "dismiss"."""


class Composer(Element, component="web/chat_composer.js"):
    """The line to type in: completes `commands`, tells of "words"."""


class JsonView(Element, component="web/chat_json.js"):
    """JSON (`text`) with its kinds of values told apart."""


def commands(pack: Pack) -> list[dict[str, Any]]:
    """What the line completes: the commands, and the topics of the one that takes them."""
    topics = [
        {"value": topic.id, "label": topic.title, "description": topic.summary}
        for topic in pack.topics
    ]
    return [
        {
            "name": name,
            "description": line.replace("`", ""),
            "topics": topics if name == "compare" else [],
        }
        for name, line in COMMANDS.items()
    ]
