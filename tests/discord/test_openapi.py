"""Everything rendered, held against Discord's own description of its API."""

import pytest

from adapters.discord import render
from adapters.discord.commands.completion import choices
from adapters.discord.commands.tree import tree
from adapters.discord.parse import Handle
from adapters.discord.respond import defer, first, form_card
from adapters.discord.sender import short
from bot.commands.catalog import COMMANDS
from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from tests.contract.cards import EVERY_FIELD, EVERY_PART
from tests.fakes.discord import openapi
from tests.stories import MONDAY, Chat

PACKS = Packs((load(default_pack_path()),))

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not openapi.described(), reason=openapi.WHERE),
]

HANDLES = [
    Handle("1", "token", "2", own_card, direct, from_form)
    for own_card in (False, True)
    for direct in (False, True)
    for from_form in (False, True)
]


@pytest.mark.parametrize("handle", HANDLES, ids=str)
def test_first_responses_are_as_described(handle: Handle) -> None:
    for shown in (EVERY_PART, EVERY_FIELD, form_card(EVERY_FIELD)):
        assert openapi.callback_problems(first(handle, shown)) == []
    assert openapi.callback_problems(defer(handle)) == []


def test_choices_are_as_described() -> None:
    for command in COMMANDS:
        found = choices(command, "", PACKS, MONDAY)
        callback = {"type": 8, "data": {"choices": found}}
        assert openapi.callback_problems(callback) == []


def test_the_commands_are_as_described() -> None:
    path = "/applications/{application_id}/commands"
    assert openapi.body_problems("put", path, tree(PACKS)) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/channels/{channel_id}/messages"),
        ("post", "/webhooks/{webhook_id}/{webhook_token}"),
        ("patch", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"),
    ],
)
async def test_messages_are_as_described(method: str, path: str, core: Core) -> None:
    chat = Chat(core)
    cards = [EVERY_PART, await chat.command("/quiz"), await chat.command("/crossroads")]
    cards += [await chat.command(f"/compare {topic.id}") for topic in core.packs.first.topics]
    for card in cards:
        assert openapi.body_problems(method, path, render.payload(card)) == []


def test_a_direct_message_is_as_described() -> None:
    body = {**render.message(EVERY_PART), "nonce": short("x" * 99), "enforce_nonce": True}
    path = "/channels/{channel_id}/messages"
    assert openapi.body_problems("post", path, body) == []


def test_the_description_would_notice() -> None:
    wrong = render.message(EVERY_PART)
    wrong["components"][0]["accent_color"] = "blue"
    assert openapi.callback_problems({"type": 4, "data": wrong}) != []
