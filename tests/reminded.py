"""A reminder's hour comes for a process that lives by the real time."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path


def let_the_hour_come(database: Path) -> None:
    """The reminder in the database was for two days ago, and is due at the next look."""
    then = datetime.now(UTC) - timedelta(days=2)
    with sqlite3.connect(database, timeout=10) as connection:
        found = connection.execute(
            "UPDATE reminder_rules SET weekday = ?, minute = 600, next_at = ?",
            (then.weekday(), int((then - timedelta(days=2)).timestamp())),
        )
        assert found.rowcount == 1
    connection.close()


def states(database: Path, table: str) -> list[str]:
    """The states of all the reminders, or deliveries, that the process has written down."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        found = connection.execute(f"SELECT state FROM {table} ORDER BY state").fetchall()
    connection.close()
    return [state for (state,) in found]
