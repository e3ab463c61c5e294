"""Where members, plans and reminders are kept."""

import os
import sqlite3
from pathlib import Path

from bot.config.settings import SettingError, Settings
from bot.store.database import DamagedError, Database, UnavailableError

PRIVATE = 0o600

_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


async def open_database(settings: Settings) -> Database:
    """The database that DATABASE_URL names.

    UnavailableError where waiting may mend what is wrong; SettingError and DamagedError where only
    a person can.
    """
    # Each driver loads only where it is used.
    path = settings.sqlite_path
    if path is None:
        return await _open_postgres(settings.database_url.get_secret_value())
    from bot.store.drivers.sqlite import SQLiteDatabase

    try:
        return await SQLiteDatabase.open(path)
    except OSError as error:
        raise SettingError("DATABASE_URL", f"cannot open the file ({error.strerror})") from None
    except sqlite3.Error as error:
        raise _why(error) from None


async def _open_postgres(url: str) -> Database:
    from bot.store.drivers.postgres import OpenError, PostgresDatabase

    try:
        return await PostgresDatabase.open(url)
    except OpenError as error:
        if error.passing:
            raise UnavailableError(str(error)) from None
        raise SettingError("DATABASE_URL", str(error)) from None


def _why(error: sqlite3.Error) -> Exception:
    # An extended code keeps the primary one in its last byte.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _PASSING:
        return UnavailableError(str(error))
    if code == sqlite3.SQLITE_CORRUPT:
        return DamagedError()
    if code == sqlite3.SQLITE_NOTADB:
        return SettingError("DATABASE_URL", "the file is no SQLite database: name another")
    return SettingError("DATABASE_URL", f"cannot use the file ({error})")


def make_private(path: Path) -> None:
    """Let nobody but its owner read or write the database and its log.

    SQLite gives a new log the mode of the database; a file that exists keeps the mode it has.
    """
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if open_to_others(file) and file.stat().st_uid == os.geteuid():
            file.chmod(PRIVATE)


def open_to_others(path: Path) -> bool:
    """Whether anybody but the owner may read or write the file, where files have such a mode."""
    return os.name == "posix" and path.is_file() and bool(path.stat().st_mode & 0o077)
