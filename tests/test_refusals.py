"""Whose doing a refusal is: only what is a member's own closes their door, and the docs say it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.discord import refusals as discord
from adapters.shared.refusals import Cause, judge
from adapters.slack import api
from adapters.slack import refusals as slack
from bot.adapter import Hindered, Refused

OPERATIONS = Path(__file__).parent.parent / "docs" / "operations.md"
DOORS = {
    "Discord": {"50007", "50278"},
    "Slack": {
        "cannot_dm_bot", "channel_not_found", "is_archived",
        "user_disabled", "user_not_found", "user_not_visible",
    },
}  # fmt: skip
TABLES: dict[str, Mapping[str, Cause]] = {"Discord": discord.CAUSES, "Slack": slack.CAUSES}


@pytest.mark.parametrize("platform", TABLES)
def test_only_a_members_own_door_is_theirs(platform: str) -> None:
    table = TABLES[platform]
    refused = {code for code in table if isinstance(judge(table, platform, code), Refused)}
    assert refused == DOORS[platform]
    never_met = judge(table, platform, "never_met")
    assert isinstance(never_met, Hindered)
    assert not never_met.known


def test_operations_lists_every_code() -> None:
    text = OPERATIONS.read_text("utf-8").split("## Refusals")[1].split("\n## ")[0]
    listed = set(re.findall(r"`([^`]+)`", text))
    codes = {*slack.CAUSES, *slack.BUSY, *api.DEAD, *discord.CAUSES, *discord.EDGES}
    assert codes <= listed, codes - listed
