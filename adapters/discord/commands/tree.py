"""The application commands as Discord is told of them."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

STRING = 3
CHAT_INPUT = 1
EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}  # servers, DMs, user installs


def tree() -> list[Json]:
    return [
        _command(
            "compare",
            "AI Engineer and ML Engineer side by side, with sources",
            _option("topic", "What to compare; begin to type to see the topics", complete=True),
        ),
        _command("quiz", "Find out which of the two roles fits you, and why"),
        _command(
            "plan",
            "A dated learning plan from where you start",
            _option("what", "What to do with it, such as pause, hours 6 or switch", complete=True),
        ),
        _command("progress", "How far you are, and when you will be there"),
        _command(
            "reminders",
            "A word once a week, at an hour that suits you",
            _option(
                "place",
                "Your city or time zone, or a word such as pause, snooze or stop",
                complete=True,
            ),
        ),
        _command(
            "crossroads",
            "Help, and the way into everything else",
            _option("about", "A command or a word, such as plan or privacy"),
        ),
    ]


def _command(name: str, description: str, *options: Json) -> Json:
    command: Json = {"name": name, "description": description, "type": CHAT_INPUT, **EVERYWHERE}
    return {**command, "options": list(options)} if options else command


def _option(name: str, description: str, *, complete: bool = False) -> Json:
    option = {"type": STRING, "name": name, "description": description, "required": False}
    return {**option, "autocomplete": True} if complete else option
