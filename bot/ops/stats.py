"""`stats`: how many members, quizzes, plans and reminders there are."""

import time

from bot.config.settings import SettingError, Settings
from bot.store import open_database
from bot.store.facade import Store
from bot.store.migrate import check_current


async def stats(settings: Settings) -> str:
    """A line for each figure. Raises SettingError, SchemaError."""
    if settings.sqlite_path and not settings.sqlite_path.exists():
        raise SettingError("DATABASE_URL", "there is no such file yet: the first start makes it")
    database = await open_database(settings)
    try:
        await check_current(database)
        now = int(time.time())
        counts = await database.transact(lambda tx: Store(tx).overview.counts(now), patient=True)
    finally:
        await database.close()
    width = max(len(f"{number:,}") for number in counts.values())
    return "\n".join(f"{number:>{width},}  {name}" for name, number in counts.items())
