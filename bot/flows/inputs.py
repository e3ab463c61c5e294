"""What members type into forms, read kindly: a value, or a sentence that says what would do."""

import re
from datetime import date

from bot.limits import cut
from bot.planner import LEAST_HOURS, MOST_HOURS
from bot.when import parse_date, say_date

_HOURS = re.compile(r"(\d{1,4})\s*(?:h|hrs?|hours?)?(?:\s*(?:a|per|/)\s*w(?:ee)?k)?", re.IGNORECASE)
_FURTHEST = 366
"""Days ahead that a plan may begin: whoever is not sure of next year decides then."""

_LONGEST_REASON = 100


class NotUnderstoodError(ValueError):
    """What was typed cannot be taken; the text is for the member."""


def read_hours(typed: str) -> int:
    """Hours a week out of "6", "6 h" or "6 hours a week"; NotUnderstoodError."""
    match = _HOURS.fullmatch(typed.strip())
    if match is None:
        raise NotUnderstoodError("Please type a whole number of hours, such as 6.")
    hours = int(match[1])
    if hours < LEAST_HOURS:
        raise NotUnderstoodError("A plan needs at least one hour a week to get anywhere.")
    if hours > MOST_HOURS:
        raise NotUnderstoodError(
            f"{hours} hours would leave no room to sleep on things: {MOST_HOURS} is the most."
        )
    return hours


def read_day(typed: str, today: date) -> date:
    """The day on which a plan begins; NotUnderstoodError."""
    day = parse_date(typed, today)
    if day is None:
        raise NotUnderstoodError(
            "I cannot read that as a date. “30 Nov”, “next monday” or “2026-11-30” work."
        )
    if day < today:
        raise NotUnderstoodError(f"{say_date(day)} is over: pick today or a later day.")
    if (day - today).days > _FURTHEST:
        raise NotUnderstoodError(f"{say_date(day)} is far away: pick a day within a year.")
    return day


def read_reason(typed: str) -> str:
    """Why a step is skipped, in a member's own words; NotUnderstoodError."""
    reason = " ".join(typed.split())
    if not reason:
        raise NotUnderstoodError("Please type a few words, or close this and pick a reason.")
    return cut(reason, _LONGEST_REASON)
