"""Times of day as people type them, and dates and times as they are worded; English, no locale."""

import re
from datetime import date, datetime

from bot.calendar.typed import tidy
from bot.calendar.weekly import Occurrence
from bot.calendar.zones import say_zone, zone_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT = 3
"""Letters of a day's or month's name that are shown."""

_TIME = re.compile(
    r"(?:at )?(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d\d)|h)? ?(?:(?P<half>[ap])\.?m\.?)?"
)
_NAMED_TIMES = {"midnight": 0, "noon": 12 * 60, "midday": 12 * 60}


def parse_time(typed: str) -> int | None:
    """The minute of the day in "9", "9:30", "0930", "21h05", "9 pm" or "noon"."""
    words = tidy(typed).removesuffix(" o'clock")
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


def say_date(day: date, today: date | None = None) -> str:
    """As "Mon 30 Nov 2026"; without the year where that is the year of `today`."""
    weekday, month = DAYS[day.weekday()][:_SHORT], MONTHS[day.month - 1][:_SHORT]
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
