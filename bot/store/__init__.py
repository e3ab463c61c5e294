"""Where members, plans and reminders are kept."""

import sqlite3

from bot.config import SettingError, Settings
from bot.store.database import Database


async def open_database(settings: Settings) -> Database:
    """The database that DATABASE_URL names; SettingError where it cannot be opened."""
    # Each driver loads only where it is used.
    path = settings.sqlite_path
    if path is None:
        return await _open_postgres(settings.database_url.get_secret_value())
    from bot.store.sqlite import SQLiteDatabase

    try:
        return await SQLiteDatabase.open(path)
    except OSError as error:
        raise SettingError("DATABASE_URL", f"cannot open the file ({error.strerror})") from None
    except sqlite3.Error as error:
        raise SettingError("DATABASE_URL", f"cannot use the file ({error})") from None


async def _open_postgres(url: str) -> Database:
    from bot.store.postgres import OpenError, PostgresDatabase

    try:
        return await PostgresDatabase.open(url)
    except OpenError as error:
        raise SettingError("DATABASE_URL", str(error)) from None
