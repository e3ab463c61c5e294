"""Weekly wall time in a zone -> the instants at which it comes round.

Where clocks go forward over the wall time, it moves by as much as they do (02:30 becomes 03:30), as
in iCalendar; where they go back over it, its first passing counts. A date that a zone leaves out
altogether has no occurrence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.calendar.zones import zone_of

_WEEK = timedelta(7)
_A_MONDAY = date(1970, 1, 5)
_LONGEST_GAP = timedelta(1)
"""The most that clocks ever left out at once: a whole day, where a zone crossed the date line."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A weekday (0 is Monday) and a minute of the local day, every week or every other one.

    `anchor` is any day of a week in which an every-other-week rule falls.
    """

    weekday: int
    minute: int
    zone: str
    every: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday}: it must be 0 (Monday) to 6 (Sunday)")
        if not 0 <= self.minute < 24 * 60:
            raise ValueError(f"minute {self.minute}: a day has 0 to 1439")
        if self.every not in (1, 2):
            raise ValueError(f"every {self.every} weeks: it must be 1 or 2")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One coming round of a rule.

    `local_date` is the rule's own day, which names the occurrence. `wall` is what a clock shows at
    that instant; where a gap late in the evening pushed it past midnight, that is on the day after.
    """

    local_date: date
    wall: time
    at: datetime


def next_occurrence(rule: Rule, after: datetime) -> Occurrence:
    """The first occurrence later than an aware instant."""
    return next(following(rule, after))


def occurrences(rule: Rule, after: datetime, n: int) -> tuple[Occurrence, ...]:
    """The next `n` occurrences later than an aware instant."""
    return tuple(islice(following(rule, after), n))


def following(rule: Rule, after: datetime) -> Iterator[Occurrence]:
    """Every occurrence later than an aware instant; without end."""
    zone = zone_of(rule.zone)
    day = _first_day(rule, after.astimezone(zone).date() - _LONGEST_GAP)
    while True:
        occurrence = _on(day, rule, zone)
        if occurrence is not None and occurrence.at > after:
            yield occurrence
        day += rule.every * _WEEK


def _first_day(rule: Rule, since: date) -> date:
    """The rule's first day that is not before `since`, whether the zone has it or not."""
    day = since + timedelta((rule.weekday - since.weekday()) % 7)
    weeks = (_monday(day) - _monday(rule.anchor or _A_MONDAY)) // _WEEK
    return day + weeks % rule.every * _WEEK


def _on(day: date, rule: Rule, zone: ZoneInfo) -> Occurrence | None:
    if not _has(zone, day):
        return None
    at = _instant(day, time(*divmod(rule.minute, 60)), zone)
    return Occurrence(day, at.astimezone(zone).time(), at)


def _has(zone: ZoneInfo, day: date) -> bool:
    # Only a gap of a whole day carries a midnight to another date.
    return _instant(day, time.min, zone).astimezone(zone).date() == day


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    # fold=0 is the first of two passings, and in a gap the offset from before it.
    return datetime.combine(day, wall, zone).replace(fold=0).astimezone(UTC)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
