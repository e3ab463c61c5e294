"""Dates and times of day as people type them, and as they are worded back; English, no locale."""

import re
from datetime import date, datetime, timedelta

from bot.schedule import Occurrence
from bot.zones import say_zone, zone_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT = 3
"""Letters of a day's or month's name that are shown, and that have to be typed at least."""

_WEEKDAY = r"(?!the )(?P<weekday>[a-z]{3,9})"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)"

_TIME = re.compile(
    r"(?:at )?(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d\d)|h)? ?(?:(?P<half>[ap])\.?m\.?)?"
)
_NAMED_TIMES = {"midnight": 0, "noon": 12 * 60, "midday": 12 * 60}

_NEAR = {"today": 0, "now": 0, "tomorrow": 1, "day after tomorrow": 2}
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_IN = re.compile(r"in (?P<count>\d{1,3}|a|one|two|three|four) (?P<unit>day|week)s?")
_ON = re.compile(rf"(?:on )?(?:(?P<which>this|next) )?{_WEEKDAY}")
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_DOTTED = re.compile(rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})(?:\. ?{_YEAR}?)?")
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})[-/](?P<second>\d{{1,2}})(?:[-/]{_YEAR})?")
_WORDED = (
    re.compile(rf"(?:{_WEEKDAY} )?(?:the )?{_DAY} (?:of )?{_MONTH}(?: {_YEAR})?"),
    re.compile(rf"(?:{_WEEKDAY} )?{_MONTH} (?:the )?{_DAY}(?: {_YEAR})?"),
)


def parse_time(typed: str) -> int | None:
    """The minute of the day in "9", "9:30", "0930", "21h05", "9 pm" or "noon"."""
    words = _tidy(typed)
    if words in _NAMED_TIMES:
        return _NAMED_TIMES[words]
    match = _TIME.fullmatch(words)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if half := match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def parse_date(typed: str, today: date) -> date | None:
    """The date in "2026-11-30", "30 Nov", "30.11.", "tomorrow", "monday", "next week", "in 3 days".

    Without a year it is the next such date, today included; so is a bare weekday. "next monday" is
    the one of the next week, Monday to Sunday. Slashes count only where it is plain which number is
    the month: 3/4 is April to some and March to others.
    """
    words = _tidy(typed).replace(",", "")
    try:
        return _relative(words, today) or _numbered(words, today) or _worded(words, today)
    except (ValueError, OverflowError):
        return None  # well formed, but there is no such day


def say_date(day: date, today: date | None = None) -> str:
    """As "Mon 30 Nov 2026"; without the year where that is the year of `today`."""
    weekday, month = DAYS[day.weekday()][:_SHORT], _MONTHS[day.month - 1][:_SHORT]
    said = f"{weekday} {day.day} {month}"
    return said if today and today.year == day.year else f"{said} {day.year:04}"


def say_time(minute: int) -> str:
    """A minute of the day as "09:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def wall_clock(zone: str, now: datetime) -> str:
    """What clocks and calendars in a zone show at an aware instant: "Mon 30 Nov, 09:00"."""
    local = now.astimezone(zone_of(zone))
    return f"{say_date(local.date(), local.date())}, {local.time().isoformat('minutes')}"


def say_when(occurrence: Occurrence, zone: str) -> str:
    """As "Mon 30 Nov, 09:00, Europe/Berlin"."""
    return f"{wall_clock(zone, occurrence.at)}, {say_zone(zone)}"


def _tidy(typed: str) -> str:
    return " ".join(typed.casefold().split())


def _relative(words: str, today: date) -> date | None:
    if words in _NEAR:
        return today + timedelta(_NEAR[words])
    if words == "next week":
        return _monday(today) + timedelta(7)
    if match := _IN.fullmatch(words):
        count = _COUNTS.get(match["count"]) or int(match["count"])
        return today + timedelta(count * (7 if match["unit"] == "week" else 1))
    if match := _ON.fullmatch(words):
        weekday = _number(match["weekday"], DAYS)
        if match["which"] == "next":
            return _monday(today) + timedelta(7 + weekday)
        return today + timedelta((weekday - today.weekday()) % 7)
    return None


def _numbered(words: str, today: date) -> date | None:
    if match := _ISO.fullmatch(words) or _DOTTED.fullmatch(words):
        return _dated(match["year"], int(match["month"]), int(match["day"]), today)
    if match := _SLASHED.fullmatch(words):
        first, second = int(match["first"]), int(match["second"])
        if first > 12 or first == second:
            return _dated(match["year"], second, first, today)
        if second > 12:
            return _dated(match["year"], first, second, today)
    return None


def _worded(words: str, today: date) -> date | None:
    for pattern in _WORDED:
        if match := pattern.fullmatch(words):
            month = _number(match["month"], _MONTHS) + 1
            day = _dated(match["year"], month, int(match["day"]), today)
            said = match["weekday"]
            return day if day and (not said or _number(said, DAYS) == day.weekday()) else None
    return None


def _dated(year: str | None, month: int, day: int, today: date) -> date | None:
    """The date; without a year the next such date: for 29 February that can be eight years off."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    date(2000, month, day)  # a leap year: what it does not have, no year has
    for ahead in range(9):
        try:
            found = date(today.year + ahead, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _number(said: str, names: tuple[str, ...]) -> int:
    """Which of the names somebody began to type; ValueError if none."""
    return [name.startswith(said.capitalize()) for name in names].index(True)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
