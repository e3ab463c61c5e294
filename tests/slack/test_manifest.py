"""The manifest holds all that the adapter needs, and nothing that Slack would refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from adapters.slack.manifest import manifest
from adapters.slack.parse import SHORTCUTS
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from tests.fakes.forks import ROOT

PACKS = Packs((load(default_pack_path()),))

URL = "https://bot.example.org"


@pytest.mark.parametrize("url", [None, URL])
def test_it_is_within_slacks_limits(url: str | None) -> None:
    about = manifest(PACKS, url)["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    commands = manifest(PACKS, url)["features"]["slash_commands"]
    assert len(commands) <= 50
    for command in commands:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert command["command"] not in {"/remind", "/help"}  # Slack's own
    for shortcut in manifest(PACKS, url)["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert shortcut["callback_id"] in SHORTCUTS


def test_socket_mode_has_no_urls() -> None:
    made = manifest(PACKS)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(made).replace("shortcut", "")


def test_http_has_the_same_url_everywhere() -> None:
    made = manifest(PACKS, URL)
    settings = made["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["org_deploy_enabled"] is True
    assert settings["interactivity"]["request_url"] == f"{URL}/slack/events"
    assert settings["event_subscriptions"]["request_url"] == f"{URL}/slack/events"
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert {c["url"] for c in made["features"]["slash_commands"]} == {f"{URL}/slack/events"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "slack", "manifest", *arguments],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_line_prints_it_without_any_setting() -> None:
    printed: dict[str, Any] = json.loads(run("--url", URL + "/").stdout)
    assert printed == manifest(PACKS, URL)
    assert json.loads(run().stdout) == manifest(PACKS)


@pytest.mark.parametrize("url", ["bot.example.org", "http://bot.example.org", "https://"])
def test_a_url_that_slack_would_refuse_is_named(url: str) -> None:
    done = run("--url", url)
    assert done.returncode == 2
    assert "https://" in done.stderr
    assert "Traceback" not in done.stderr
