"""The command line: `python -m bot`, or `crossroads`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bot import logs
from bot.config import SettingError, Settings, load
from bot.store.migrate import SchemaError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status: 0 done, 1 a problem was found, 2 a bad setting or usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.take(options))
    except (SettingError, SchemaError) as error:
        print(f"crossroads: {error}", file=sys.stderr)  # noqa: T201
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="crossroads", description=__doc__)
    parser.set_defaults(take=_run, platforms=[])
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    run = commands.add_parser("run", help="run the platforms whose tokens are set, or those named")
    run.add_argument("platforms", nargs="*", metavar="PLATFORM", help="slack, discord, playground")
    run.set_defaults(take=_run)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(take=_migrate)
    check = commands.add_parser("check", help="validate a content pack")
    check.add_argument("pack", nargs="?", type=Path, metavar="DIR")
    check.set_defaults(take=_check)
    slack = commands.add_parser("slack", help="set up the Slack app")
    parts = slack.add_subparsers(title="commands", metavar="COMMAND", required=True)
    manifest = parts.add_parser("manifest", help="print the app manifest, to be pasted into Slack")
    manifest.add_argument("--url", help="https://… of this bot; without it, for Socket Mode")
    manifest.set_defaults(take=_slack_manifest)
    discord = commands.add_parser("discord", help="set up the Discord app")
    parts = discord.add_subparsers(title="commands", metavar="COMMAND", required=True)
    invite = parts.add_parser("invite", help="print the links that bring the bot to Discord")
    invite.set_defaults(take=_discord_invite)
    return parser


def _settings() -> Settings:
    settings = load()
    logs.configure(settings.log_level, settings.log_format)
    return settings


def _run(options: argparse.Namespace) -> int:
    from bot.run import run

    asyncio.run(run(_settings(), tuple(options.platforms)))
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from bot.run import migrate_database

    print(asyncio.run(migrate_database(_settings())))  # noqa: T201
    return 0


def _check(options: argparse.Namespace) -> int:
    from bot.pack import default_pack_path, run_check

    return run_check(options.pack or default_pack_path())


def _slack_manifest(options: argparse.Namespace) -> int:
    # By name, because the core does not import adapters.
    print(import_module("adapters.slack.manifest").printed(options.url))  # noqa: T201
    return 0


def _discord_invite(_: argparse.Namespace) -> int:
    invite = import_module("adapters.discord.invite")
    print(asyncio.run(invite.printed(_settings())))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
