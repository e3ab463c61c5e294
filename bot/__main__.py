"""The command line: `python -m bot`, or `crossroads`.

What takes long to import is imported by the command that needs it, so that `run` hears early when
it is told to stop, and `--help` answers at once.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot import __version__, platforms
from bot.chat.platform import PLATFORMS, Platform

if TYPE_CHECKING:
    from bot.config.settings import Configuration, Settings
    from bot.pack.packs import Packs

T = TypeVar("T")

_ABOUT = "A chat bot for communities whose members stand at a fork."
_NOT_WINDOWS = "crossroads: made for Linux and macOS; on Windows, run it inside WSL."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status: 0 done, 1 a problem was found, 2 a bad setting or usage."""
    if sys.platform == "win32":
        print(_NOT_WINDOWS, file=sys.stderr)  # noqa: T201
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(*arguments[:1]).parse_args(arguments)
    from bot.config.settings import SettingError
    from bot.pack.named import PackError
    from bot.store.database import DamagedError, RefusedError, UnavailableError
    from bot.store.migrate import SchemaError

    try:
        return int(options.take(options))
    except (SettingError, PackError, SchemaError, RefusedError) as error:
        return _failed(str(error), 2)
    except DamagedError as error:
        return _failed(f"DATABASE_URL: {error}", 2)
    except UnavailableError as error:
        return _failed(f"the database cannot be used just now: {error}", 1)
    except KeyboardInterrupt:
        return _failed("interrupted", 130)


def _failed(why: str, status: int) -> int:
    print(f"crossroads: {why}", file=sys.stderr)  # noqa: T201
    return status


def _parser(first: str = "") -> argparse.ArgumentParser:
    """The commands; those of a platform alone only where it is the first word."""
    parser = argparse.ArgumentParser(prog="crossroads", description=_ABOUT)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.set_defaults(take=_run, platforms=[])
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    run = commands.add_parser("run", help="run the platforms whose tokens are set, or those named")
    run.add_argument(
        "platforms", nargs="*", type=_platform, metavar="PLATFORM", help=", ".join(PLATFORMS)
    )
    run.set_defaults(take=_run)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.add_argument(
        "--restored",
        action="store_true",
        help="it has just come back from a backup: what was due since is not sent again",
    )
    migrate.set_defaults(take=_migrate)
    check = commands.add_parser("check", help="validate a content pack")
    check.add_argument("packs", nargs="*", metavar="PACK", help="its name or its directory")
    check.add_argument(
        "--links", action="store_true", help="also try every address in it: needs internet"
    )
    check.set_defaults(take=_check)
    pack = commands.add_parser("pack", help="begin a content pack of your own")
    parts = pack.add_subparsers(title="commands", metavar="COMMAND", required=True)
    new = parts.add_parser("new", help="write a small pack with comments, to be filled in")
    new.add_argument("directory", type=Path, metavar="DIR")
    new.set_defaults(take=_pack_new)
    schema = parts.add_parser("schema", help="write JSON Schemas of its files, for an editor")
    schema.add_argument("directory", type=Path, nargs="?", metavar="DIR", default=Path("schemas"))
    schema.set_defaults(take=_pack_schema)
    doctor = commands.add_parser("doctor", help="say what stands in the way of running")
    doctor.set_defaults(take=_doctor)
    stats = commands.add_parser("stats", help="count members, quizzes, plans and reminders")
    stats.set_defaults(take=_stats)
    save = commands.add_parser("backup", help="copy the SQLite database while it is in use")
    save.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    save.set_defaults(take=_backup)
    back = commands.add_parser("restore", help="put a backup in the place of the database")
    back.add_argument("file", type=Path, metavar="FILE")
    back.set_defaults(take=_restore)
    for name in platforms.with_commands():
        one = commands.add_parser(name, help=f"set up the {name.capitalize()} app")
        one.set_defaults(take=_set_up, platform=name)
        if name == first:
            parts = one.add_subparsers(title="commands", metavar="COMMAND", required=True)
            platforms.add_commands(name)(parts)
    return parser


def _platform(name: str) -> Platform:
    for platform in PLATFORMS:
        if name == platform:
            return platform
    raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(PLATFORMS)}")


def _configuration() -> "Configuration":
    from bot.telemetry import logs

    configuration = platforms.load()
    level, style = configuration.shared.log_level, configuration.shared.log_format
    logs.configure(level, style, configuration.loggers, configuration.secret_patterns)
    return configuration


def _settings() -> "Settings":
    return _configuration().shared


def _done(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    return asyncio.run(work)


def _say(words: str) -> int:
    print(words, flush=True)  # noqa: T201
    return 0


def _run(options: argparse.Namespace) -> int:
    # Before what takes long to import: a process that is told to stop at once does so.
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, _leave) for number in signals]
    try:
        from bot.run import run

        _done(run(_configuration(), tuple(options.platforms), last_resort=True))
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
    return 0


def _leave(*_: object) -> None:
    """Nothing has begun that would have to be finished."""
    raise SystemExit(0)


def _migrate(options: argparse.Namespace) -> int:
    from bot.run import migrate_database

    return _say(_done(migrate_database(_settings(), restored=options.restored)))


def _doctor(_: argparse.Namespace) -> int:
    from bot.ops.doctor import examine

    return 0 if _done(examine(platforms.load, platforms.look, _say)) else 1


def _backup(options: argparse.Namespace) -> int:
    from bot.ops.backup import backup

    return _copied(backup, options)


def _restore(options: argparse.Namespace) -> int:
    from bot.ops.backup import restore

    return _copied(restore, options)


def _copied(copy: Callable[["Settings", Path], str], options: argparse.Namespace) -> int:
    from bot.ops.backup import BackupError

    try:
        return _say(copy(_settings(), options.file))
    except BackupError as error:
        return _failed(str(error), 1)


def _stats(_: argparse.Namespace) -> int:
    from bot.ops.stats import stats

    return _say(_done(stats(_settings())))


def _check(options: argparse.Namespace) -> int:
    from bot.pack.load import built_in, run_check

    known, names = built_in(), options.packs or _settings().crossroads_packs
    roots = [known.get(name, Path(name)) for name in names]
    found = max(map(run_check, roots))
    if found or not options.links:
        return found
    from bot.ops.links import run_links
    from bot.pack.load import load

    return max(run_links(load(root)) for root in roots)


def _pack_new(options: argparse.Namespace) -> int:
    from bot.calendar.clock import utc_now
    from bot.pack.authoring.scaffold import ScaffoldError, new_pack

    try:
        written = new_pack(options.directory, utc_now().date())
    except ScaffoldError as error:
        return _failed(str(error), 1)
    lines = [str(file) for file in written]
    where = options.directory
    return _say("\n".join([*lines, f"Next: python -m bot check {where}", _try(where)]))


def _try(where: Path) -> str:
    return f"Then try it: CROSSROADS_PACKS={where} python -m bot"


def _pack_schema(options: argparse.Namespace) -> int:
    from bot.pack.authoring.schema import write_schemas

    return _say("\n".join(map(str, write_schemas(options.directory))))


def _set_up(options: argparse.Namespace) -> int:
    from bot.pack.named import packs_of

    def packs() -> "Packs":
        return packs_of(_settings().crossroads_packs)

    return _say(options.text(options, lambda: _configuration().own[options.platform], packs))


if __name__ == "__main__":
    sys.exit(main())
