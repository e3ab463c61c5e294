"""The commands that set the Discord app up: `crossroads discord invite`."""

import argparse
import asyncio
from collections.abc import Callable

from adapters.discord.invite import printed
from adapters.discord.settings import Settings
from bot.pack.packs import Packs


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    invite = commands.add_parser("invite", help="print the links that bring the bot to Discord")
    invite.set_defaults(text=_invite)


def _invite(
    _: argparse.Namespace, settings: Callable[[], Settings], _packs: Callable[[], Packs]
) -> str:
    return asyncio.run(printed(settings()))
