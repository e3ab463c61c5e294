"""`backup` and `restore`: the SQLite database as one file, copied while it is in use."""

import asyncio
import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.chat.event import PLATFORMS
from bot.commands.wording import count
from bot.config.settings import SettingError, Settings
from bot.core.handle import random_id
from bot.delivery import due
from bot.ops.erasure import erase_again
from bot.planning.occurrences import WINDOW_MINUTES
from bot.store.database import Database
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import SchemaError, migrate, newest

_POSTGRES = (
    "names a PostgreSQL database: {tool} does this there (docs/operations.md tells how"
    " deletions are kept)"
)


_MAY_HAVE_COME = "my records came back from a backup, and it may have reached you before"


class BackupError(Exception):
    """The copy cannot be made or used; the message says why and what to do."""


def backup(settings: Settings, target: Path) -> str:
    """Copy the database into a new file `target`, and check the copy; says what was done."""
    source = _sqlite_path(settings, "pg_dump")
    if not source.exists():
        raise BackupError(f"there is no database at {source}: nothing to back up")
    if target.exists():
        raise BackupError(f"{target} exists already: a backup never replaces another file")
    with _unfinished(target) as part:
        schema = _copied_and_checked(source, part)
        _put(part, target)
    return f"{target}: {target.stat().st_size:,} bytes, schema {schema}, integrity checked"


def restore(settings: Settings, source: Path) -> str:
    """Put the backup `source` in the database's place; says what was done."""
    target = _sqlite_path(settings, "pg_restore")
    if not source.is_file():
        raise BackupError(f"there is no file {source}")
    with _unfinished(target) as part:
        schema = _copied_and_checked(source, part)
        if schema > newest():
            raise SchemaError(
                f"{source} is at schema {schema}, which this version of Crossroads does not know:"
                " restore it with the version that made it, or a later one"
            )
        tombstones = _tombstones(target) if target.exists() else None
        amends = asyncio.run(_amended(part, tombstones or {}))
        _give_to_the_bot(part, target)
        aside = _kept_aside(target) if target.exists() else None
        _without_log(target)
        _put(part, target)
    lines = [f"{target}: restored from {source}"]
    if aside:
        lines.append(f"what was there before is kept as {aside}")
    lines += amends
    if tombstones is None:
        lines.append(
            "There was no database to replace, so nobody knows who deleted their data after the"
            " backup was taken: look into docs/operations.md before you start the bot"
        )
    return "\n".join(lines)


def _sqlite_path(settings: Settings, tool: str) -> Path:
    if settings.sqlite_path is None:
        raise SettingError("DATABASE_URL", _POSTGRES.format(tool=tool))
    return settings.sqlite_path


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A new private file beside `target`, gone at the end unless it was renamed."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        _without_log(part)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield part
    except OSError as error:
        raise BackupError(f"cannot write {target}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
        _without_log(part)


def _give_to_the_bot(part: Path, target: Path) -> None:
    """Whoever restores may be root, and the bot somebody else."""
    if os.geteuid() == 0:
        owner = (target if target.exists() else target.absolute().parent).stat()
        os.chown(part, owner.st_uid, owner.st_gid)


def _without_log(file: Path) -> None:
    """Remove the log of a database that is no more: SQLite would take it for that of the next."""
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _put(part: Path, target: Path) -> None:
    """Give the finished file its name at one stroke: whatever has it is whole at any time."""
    _on_disk(part)
    part.replace(target)
    _on_disk(target.absolute().parent)


def _on_disk(path: Path) -> None:
    """Wait until a file, or what a directory lists, would survive a power cut."""
    if os.name != "posix" and path.is_dir():
        return  # Windows opens no directory
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _copied_and_checked(source: Path, part: Path) -> int:
    try:
        _copy(source, part)
        return _checked(part)
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise BackupError(f"{source} cannot be copied ({error}): try again") from None
        raise BackupError(f"{source} is not a database of Crossroads") from None
    except sqlite3.DatabaseError:
        why = "is not a database of Crossroads, or it is damaged"
        raise BackupError(f"{source} {why}") from None


def _copy(source: Path, part: Path) -> None:
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as live,
        closing(sqlite3.connect(part)) as copy,
    ):
        live.backup(copy)
        # One file, without a log beside it that could be forgotten.
        copy.execute("PRAGMA journal_mode=DELETE")


def _checked(part: Path) -> int:
    """The schema number of a copy that is whole."""
    with closing(sqlite3.connect(part)) as copy:
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        (schema,) = copy.execute("SELECT MAX(number) FROM schema_versions").fetchone()
    return int(schema)


def _tombstones(target: Path) -> dict[str, int]:
    """Who deleted their data, as the database knows it that is to be replaced."""
    try:
        with closing(sqlite3.connect(target, timeout=0)) as old:
            # SQLite leaves WAL mode only for a connection that is the only one.
            old.execute("PRAGMA journal_mode=DELETE")
            known = old.execute("SELECT name FROM sqlite_master WHERE name = 'tombstones'")
            rows = old.execute("SELECT account, deleted_at FROM tombstones") if [*known] else []
            return {str(account): int(at) for account, at in rows}
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise BackupError(f"{target} cannot be read ({error}): move it away first") from None
        raise BackupError(f"{target} is in use: stop Crossroads, then restore") from None
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{target} cannot be read ({error}): move it away first") from None


def _kept_aside(target: Path) -> Path:
    """A second name for the file, which keeps the first one until another takes it."""
    name = f"{target.name}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    asides = (target.with_name(f"{name}-{n}" if n else name) for n in itertools.count())
    aside = next(free for free in asides if not free.exists())
    try:
        os.link(target, aside)
    except OSError:  # a file system without links
        shutil.copy2(target, aside)
        _on_disk(aside)
    return aside


async def _amended(part: Path, tombstones: dict[str, int]) -> list[str]:
    database = await SQLiteDatabase.open(part)
    try:
        await migrate(database)
        return await amend(database, tombstones)
    finally:
        await database.close()


async def amend(database: Database, tombstones: dict[str, int]) -> list[str]:
    """Make an old state of the database one to go on from; says what that took.

    Whoever deleted their data since is deleted again. What was due since may have been sent: it is
    passed over, for twice is worse than once too few.
    """
    gone = await erase_again(database, tombstones)
    now = datetime.now(UTC)
    for platform in PLATFORMS:
        enqueue = partial(due.enqueue, platform=platform, now=now, new_id=random_id)
        while await database.transact(enqueue):
            continue
    epoch = int(now.timestamp())
    until = epoch + 60 * WINDOW_MINUTES  # what is due now leaves within that time
    passed = await database.transact(
        lambda tx: Store(tx).deliveries.skip_due(until, _MAY_HAVE_COME, epoch)
    )
    lines = []
    if gone:
        members = count(gone, "member")
        lines.append(f"{members} had deleted their data since: it was deleted again")
    if passed:
        were = "was" if passed == 1 else "were"
        reminders = count(passed, "reminder")
        lines.append(f"{reminders} {were} due since, and may have been sent: passed over")
    return lines
