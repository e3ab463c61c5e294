"""Rules about commands and buttons: whatever is listed has a handler, and leads somewhere."""

import ast
from collections.abc import Iterator
from itertools import chain
from typing import get_args, get_type_hints

import pytest

from adapters.discord.commands.tree import tree
from adapters.slack.manifest import manifest
from bot.chat.actions import KINDS, MyData, Open, StandingAction
from bot.chat.event import Command
from bot.commands import catalog, routes
from bot.commands.cards import note, opening, ways
from bot.commands.catalog import Entry
from bot.commands.said.words import Heard, Meaning
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from tests.test_architecture import Module, those

PACKS = Packs((load(default_pack_path()),))

DISCORD = 100  # characters of a description, and of an option's
MY_DATA = set(get_args(get_type_hints(MyData)["what"])) - {"show"} | {"mydata"}


def test_every_standing_action_has_a_handler() -> None:
    standing = {kind for kind in KINDS.values() if issubclass(kind, StandingAction)}
    assert set(routes.ACTIONS) == standing - {Open}


def test_every_word_has_a_handler() -> None:
    assert set(routes.WORDS) == set(get_args(Meaning)) - MY_DATA


def test_the_catalogue_and_the_handlers_have_the_same_commands() -> None:
    assert set(routes.COMMANDS) == set(catalog.COMMANDS)
    assert len(catalog.COMMANDS) == len(catalog.SECTIONS) == len(catalog.ENTRIES)


@pytest.mark.parametrize(
    ("asked", "handler"),
    [
        *((Command, handler) for handler in routes.COMMANDS.values()),
        *routes.ACTIONS.items(),
        *((Heard, handler) for handler in routes.WORDS.values()),
    ],
    ids=lambda each: each.__name__ if isinstance(each, type) else each.take.__name__,
)
def test_a_handler_takes_what_it_is_given(asked: type, handler: routes.Handler) -> None:
    context, what = list(get_type_hints(handler.take).values())[:2]
    assert context.__name__ == "Context"
    assert asked is what or asked in get_args(what)


def test_a_conversation_that_a_handler_opens_can_be_moved_on() -> None:
    handlers = chain(routes.COMMANDS.values(), routes.ACTIONS.values(), routes.WORDS.values())
    opened = {h.conversation.kind: h.conversation for h in handlers if h.conversation}
    assert opened == routes.CONVERSATIONS


@pytest.mark.parametrize("entry", catalog.ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_fits_wherever_it_is_shown(entry: Entry) -> None:
    assert len(entry.summary) <= DISCORD
    assert opening(entry.section).label == entry.label
    if entry.option:
        assert len(entry.option.what) <= DISCORD
        assert not entry.option.awaited or routes.COMMANDS[entry.name].complete


def test_both_platforms_list_the_catalogue() -> None:
    lines = [(entry.name, entry.summary) for entry in catalog.entries(PACKS)]
    assert lines[0][1] == PACKS.first.commands.compare
    assert [(each["name"], each["description"]) for each in tree(PACKS)] == lines
    slack = manifest(PACKS)["features"]["slash_commands"]
    assert [(each["command"].lstrip("/"), each["description"]) for each in slack] == lines


def test_what_is_said_for_a_front_page_is_said_for_one() -> None:
    said = [name for entry in catalog.ENTRIES for name in (entry.name, *entry.also)]
    assert len(set(said)) == len(said)


def sections(module: Module) -> Iterator[str]:
    """The front pages that a module names where it makes a button that opens one."""
    leading = {"Open": 0, "opening": 0, ways.__name__: 0, "ways_into": 0, note.__name__: 2}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = 1 if node.func.id == "opening" else None
            if (skip := leading.get(node.func.id)) is not None:
                for argument in node.args[skip:first]:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value)


def test_every_way_leads_to_a_front_page() -> None:
    named = {
        f"{module.name}: {section}"
        for module in those("bot", "adapters")
        for section in sections(module)
        if section not in catalog.SECTIONS
    }
    assert named == set()
