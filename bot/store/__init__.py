"""Where members, plans and reminders are kept."""

import sqlite3

from bot.config import SettingError, Settings
from bot.store.database import Database


async def open_database(settings: Settings) -> Database:
    """The database that DATABASE_URL names; SettingError where it cannot be opened."""
    # Each driver loads only where it is used.
    from bot.store.sqlite import SQLiteDatabase

    path = settings.sqlite_path
    if path is None:
        raise SettingError("DATABASE_URL", "PostgreSQL is not supported yet")
    try:
        return await SQLiteDatabase.open(path)
    except OSError as error:
        raise SettingError("DATABASE_URL", f"cannot open the file ({error.strerror})") from None
    except sqlite3.Error as error:
        raise SettingError("DATABASE_URL", f"cannot use the file ({error})") from None
