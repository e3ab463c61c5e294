"""What members type into forms, read kindly: a value, or a sentence that says what would do."""

import re
from collections.abc import Sequence
from datetime import date
from math import ceil, floor

from bot.calendar.date_parser import DateError, read_date
from bot.calendar.dates import say_date
from bot.calendar.typed import tidy
from bot.chat.limits import cut
from bot.planning.schedule import LEAST_HOURS, MOST_HOURS
from bot.records import Hours

_HOURS = re.compile(
    r"(?:about |around |~ ?)?(?P<hours>\d{1,4}(?:[.,]\d{1,2})?|\.\d{1,2})"
    r" ?(?:h|hrs?|hours?)?(?: ?(?:a|per|each|every|/) ?w(?:ee)?k)?"
)
_FRACTIONS = {" ½": ".5", "½": ".5", "¼": ".25", "¾": ".75", " and a half": ".5"}
_FURTHEST = 366
"""Days ahead that a plan may begin: whoever is not sure of next year decides then."""

_LONGEST_REASON = 100


class NotUnderstoodError(ValueError):
    """What was typed cannot be taken; the text is for the member."""


def read_hours(typed: str) -> Hours:
    """Hours a week out of "6", "6.5 h" or "6 hours a week"; NotUnderstoodError."""
    for fraction, decimals in _FRACTIONS.items():
        typed = typed.replace(fraction, decimals)
    match = _HOURS.fullmatch(tidy(typed))
    if match is None:
        raise NotUnderstoodError("Please type a number of hours, such as 6 or 6.5.")
    hours = float(match["hours"].replace(",", "."))
    if 2 * hours % 1:
        near = sorted({_half(floor(2 * hours) / 2), _half(ceil(2 * hours) / 2)})
        raise NotUnderstoodError(f"I count in half hours: {near[0]} or {near[1]} would work.")
    if hours < LEAST_HOURS:
        raise NotUnderstoodError("A plan needs at least one hour a week to get anywhere.")
    if hours > MOST_HOURS:
        raise NotUnderstoodError(
            f"{_half(hours)} hours would leave no room to sleep on things:"
            f" {MOST_HOURS} is the most."
        )
    return _half(hours)


def _half(hours: float) -> Hours:
    return int(hours) if hours.is_integer() else hours


class ZoneNeededError(ValueError):
    """What was typed is another day, or none, in another time zone."""


def read_day_anywhere(typed: str, todays: Sequence[date]) -> date:
    """As `read_day`, where it may be any of `todays`; NotUnderstoodError, ZoneNeededError."""
    readings = {_reading(typed, today) for today in todays}
    if len(readings) > 1:
        raise ZoneNeededError
    reading = readings.pop()
    if isinstance(reading, str):
        raise NotUnderstoodError(reading)
    return reading


def _reading(typed: str, today: date) -> date | str:
    """The day, or why it cannot be taken."""
    try:
        return read_day(typed, today)
    except NotUnderstoodError as error:
        return str(error)


def read_day(typed: str, today: date, first: date | None = None) -> date:
    """A day from `first` on, which is today unless it is said; NotUnderstoodError."""
    try:
        day = read_date(typed, today)
    except DateError as error:
        raise NotUnderstoodError(str(error)) from None
    if day < today:
        raise NotUnderstoodError(f"{say_date(day, today)} is over: pick today or a later day.")
    if first and day < first:
        raise NotUnderstoodError(f"Pick {say_date(first, today)} or a later day.")
    if (day - today).days > _FURTHEST:
        raise NotUnderstoodError(f"{say_date(day)} is far away: pick a day within a year.")
    return day


def read_reason(typed: str) -> str:
    """Why a step is skipped, in a member's own words; NotUnderstoodError."""
    reason = " ".join(typed.split())
    if not reason:
        raise NotUnderstoodError("Please type a few words, or close this and pick a reason.")
    return cut(reason, _LONGEST_REASON)
