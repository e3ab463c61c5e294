"""What Discord refuses: the documented limits on messages, modals, choices and commands."""

import re
from collections.abc import Iterator

from tests.fakes.discord.components import (
    CONTAINER,
    LABEL,
    LAYOUT,
    ROW,
    TEXT,
    Json,
    Problem,
    children,
    integer,
    optional,
    shown_text,
    size,
    string,
    unique,
    walk,
)

COMPONENTS_V2 = 1 << 15
EPHEMERAL = 1 << 6
ENTRY_POINT = 4  # the command that opens an app's Activity: Discord made it
MENTION_KINDS = {"everyone", "users", "roles"}
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def _layout(message: Json) -> Iterator[Problem]:
    components = message.get("components")
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if message.get(key):
            yield key, "cannot stand beside Components V2"
    if not isinstance(components, list) or not components:
        yield "components", "Components V2 needs at least one component"
        return
    yield from children("", components, LAYOUT | {CONTAINER})
    if any(not isinstance(component, dict) for component in components):
        return
    if (count := sum(1 for _ in walk(components))) > 40:
        yield "components", f"40 components at most, nested ones counted; these are {count}"
    if (shown := size(shown_text(components))) > 4000:
        yield "components", f"4000 characters shown in all; these are {shown}"
    yield from unique(components)


def _classic(message: Json) -> Iterator[Problem]:
    yield from optional(string, "", message, "content", 0, 2000)
    components = message.get("components") or []
    if len(components) > 5:
        yield "components", "five rows at most"
    yield from children("", components, {ROW})
    yield from unique(components)
    if not (message.get("content") or message.get("embeds") or components):
        yield "", "Cannot send an empty message"


def message_problems(message: object, kept_flags: int = 0) -> list[Problem]:
    """Judge a message; `kept_flags` are those of the message that this one edits."""
    if not isinstance(message, dict):
        return [("data", "must be an object")]
    flags = message.get("flags") or 0
    if isinstance(flags, bool) or not isinstance(flags, int):
        return [("flags", "must be an integer")]
    rules = _layout if (flags | kept_flags) & COMPONENTS_V2 else _classic
    return [*rules(message), *_mentions(message), *_nonce(message)]


def _mentions(message: Json) -> Iterator[Problem]:
    allowed = message.get("allowed_mentions")
    if allowed is None:
        return
    if not isinstance(allowed, dict):
        yield "allowed_mentions", "must be an object"
    elif not set(allowed.get("parse") or []) <= MENTION_KINDS:
        yield "allowed_mentions.parse", "must be of everyone, users, roles"


def _nonce(message: Json) -> Iterator[Problem]:
    nonce = message.get("nonce")
    if isinstance(nonce, str):
        yield from string("nonce", nonce, 0, 25)
    elif nonce is not None and (isinstance(nonce, bool) or not isinstance(nonce, int)):
        yield "nonce", "must be a string or an integer"


def modal_problems(modal: object) -> list[Problem]:
    if not isinstance(modal, dict):
        return [("data", "must be an object")]
    problems = [
        *string("title", modal.get("title"), 1, 45),
        *string("custom_id", modal.get("custom_id"), 1, 100),
    ]
    components = modal.get("components")
    if not isinstance(components, list) or not 1 <= len(components) <= 5:
        return [*problems, ("components", "must be 1 to 5 components")]
    problems += children("", components, {LABEL, TEXT})
    return [*problems, *unique(components)]


def choices_problems(data: object) -> list[Problem]:
    choices = data.get("choices") if isinstance(data, dict) else None
    if not isinstance(choices, list) or len(choices) > 25:
        return [("choices", "must be at most 25 choices")]
    problems: list[Problem] = []
    for index, choice in enumerate(choices):
        problems += string(f"choices.{index}.name", choice.get("name"), 1, 100)
        problems += string(f"choices.{index}.value", choice.get("value"), 1, 100)
    return problems


def _command_option(at: str, option: Json) -> Iterator[Problem]:
    yield from integer(f"{at}.type", option.get("type"), 1, 11)
    yield from _command_name(f"{at}.name", option.get("name"))
    yield from string(f"{at}.description", option.get("description"), 1, 100)
    if option.get("autocomplete") and option.get("choices"):
        yield f"{at}.autocomplete", "cannot stand beside choices"


def _command_name(at: str, name: object) -> Iterator[Problem]:
    yield from string(at, name, 1, 32)
    if isinstance(name, str) and (not COMMAND_NAME.fullmatch(name) or name != name.lower()):
        yield at, "must be lowercase letters, digits, - or _"


def _command(at: str, command: Json) -> Iterator[Problem]:
    yield from _command_name(f"{at}.name", command.get("name"))
    if command.get("type") != ENTRY_POINT:
        yield from string(f"{at}.description", command.get("description"), 1, 100)
    options = command.get("options") or []
    if len(options) > 25:
        yield f"{at}.options", "25 options at most"
    for index, option in enumerate(options):
        yield from _command_option(f"{at}.options.{index}", option)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{at}.options", "required options come first"
    if not set(command.get("contexts") or []) <= {0, 1, 2}:
        yield f"{at}.contexts", "must be of 0, 1, 2"
    if not set(command.get("integration_types") or []) <= {0, 1}:
        yield f"{at}.integration_types", "must be of 0, 1"


def commands_problems(commands: object) -> list[Problem]:
    if not isinstance(commands, list) or len(commands) > 100:
        return [("", "must be a list of at most 100 commands")]
    problems: list[Problem] = []
    for index, command in enumerate(commands):
        problems += _command(str(index), command)
    names = [command.get("name") for command in commands]
    if len(set(names)) != len(names):
        problems.append(("", "command names must be unique"))
    return problems
