"""The time that members live by; where nobody depends on it, it can be moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class MovableClock:
    """The time of day, and as much more as somebody has moved it by."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self._listeners: list[Callable[[], None]] = []

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move_to(self, instant: datetime) -> None:
        self.ahead = instant - datetime.now(UTC)
        self._moved()

    def reset(self) -> None:
        self.ahead = timedelta(0)
        self._moved()

    def listen(self, moved: Callable[[], None]) -> None:
        """Call `moved` after every move."""
        self._listeners.append(moved)

    def _moved(self) -> None:
        for moved in self._listeners:
            moved()


def utc_now() -> datetime:
    return datetime.now(UTC)
