"""The commands that set the Slack app up: `crossroads slack manifest`."""

import argparse
from collections.abc import Callable

from adapters.slack.manifest import printed
from adapters.slack.settings import Settings
from bot.pack.packs import Packs


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    manifest = commands.add_parser(
        "manifest", help="print the app manifest, to be pasted into Slack"
    )
    manifest.add_argument("--url", help="https://… of this bot; without it, for Socket Mode")
    manifest.set_defaults(text=_manifest)


def _manifest(
    options: argparse.Namespace, _: Callable[[], Settings], packs: Callable[[], Packs]
) -> str:
    return printed(packs(), options.url)
