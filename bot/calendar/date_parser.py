"""Dates as people type them, in English; what cannot be read, or could be two days, says why."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches

from bot.calendar.dates import DAYS, MONTHS, say_date
from bot.calendar.typed import tidy

UNREADABLE = "I can’t read that as a date. “30 Nov”, “next Monday” or “2026-11-30” work."

_LEAP_YEARS_APART = 8
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_NEAR = {
    **dict.fromkeys(("today", "now", "right now", "tonight", "immediately"), 0),
    **dict.fromkeys(("tomorrow", "tmrw", "tmr"), 1),
    "day after tomorrow": 2,
    "yesterday": -1,
    "day before yesterday": -2,
}
_ENDS = {"end": 31, "mid": 15, "middle": 15, "start": 1, "beginning": 1}

_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_UNIT = r"(?P<unit>day|week|fortnight|month|year)s?"
_WEEKDAY = r"(?!the )(?P<weekday>[a-z]{3,9})"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)"

_AHEAD = (re.compile(rf"in {_COUNT} {_UNIT}"), re.compile(rf"{_COUNT} {_UNIT} from (?:now|today)"))
_AGO = re.compile(rf"{_COUNT} {_UNIT} ago")
_ON = re.compile(rf"(?:on )?(?:(?P<which>this|next|last) )?{_WEEKDAY}")
_PART = re.compile(
    rf"(?:the )?(?P<part>{'|'.join(_ENDS)})[ -](?:of )?(?:the )?(?:(?P<which>this|next) )?"
    rf"{_MONTH}(?: {_YEAR})?"
)
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_DOTTED = re.compile(rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})(?:\. ?{_YEAR}?)?")
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})[-/](?P<second>\d{{1,2}})(?:[-/]{_YEAR})?")
_WORDED = (
    re.compile(rf"(?:{_WEEKDAY} )?(?:the )?{_DAY} ?(?:of )?{_MONTH}(?: {_YEAR})?"),
    re.compile(rf"(?:{_WEEKDAY} )?{_MONTH} ?(?:the )?{_DAY}(?: {_YEAR})?"),
)


class DateError(ValueError):
    """What was typed is not one date; the text is for the member."""


def read_date(typed: str, today: date) -> date:
    """The date in "2026-11-30", "30 Nov", "next monday", "in 3 days", "end of January"; DateError.

    Without a year it is the next such date, today included, unless the last one is nearer: then it
    is asked about. A bare weekday is the next one; "next monday" is that of the next week, Monday
    to Sunday. Slashes count only where it is plain which number is the month.
    """
    words = _words(typed)
    try:
        for read in (_near, _counted, _weekday, _part, _numbered, _worded):
            if (day := read(words, today)) is not None:
                return day
    except OverflowError:
        raise DateError("That is too far away: pick a day within a year.") from None
    raise DateError(_why_not(words, today))


def _words(typed: str) -> str:
    words = tidy(typed).replace(",", " ").strip(" !?")
    words = re.sub(r" ?([-/]) ?", r"\1", words)
    # "30-Nov-2026", but neither "2026-11-30" nor "mid-january"
    words = re.sub(r"(?<=\d)[-/](?=[a-z])|(?<=[a-z])[-/](?=\d)", " ", words)
    return " ".join(words.split()).removeprefix("from ")


def _near(words: str, today: date) -> date | None:
    match words.removeprefix("the "):
        case near if near in _NEAR:
            return today + timedelta(_NEAR[near])
        case "next week":
            return _monday(today) + timedelta(7)
        case "weekend" | "this weekend":
            return max(today, _monday(today) + timedelta(5))
        case "next weekend":
            return _monday(today) + timedelta(12)
        case "next month":
            return _months_on(today.replace(day=1), 1)
        case "next year" | "new year":
            return _existing(today.year + 1, 1, 1)
        case _:
            return None


def _counted(words: str, today: date) -> date | None:
    words = words.replace("half a year", "6 months")
    for sign, pattern in ((1, _AHEAD[0]), (1, _AHEAD[1]), (-1, _AGO)):
        if match := pattern.fullmatch(words):
            count = sign * (_COUNTS.get(match["count"]) or int(match["count"]))
            match match["unit"]:
                case "month":
                    return _months_on(today, count)
                case "year":
                    return _months_on(today, 12 * count)
                case unit:
                    return today + timedelta(count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    return None


def _weekday(words: str, today: date) -> date | None:
    match = _ON.fullmatch(words)
    if match is None or (weekday := _number(match["weekday"], DAYS)) is None:
        return None
    match match["which"]:
        case "next":
            return _monday(today) + timedelta(7 + weekday)
        case "last":
            return today - timedelta((today.weekday() - weekday - 1) % 7 + 1)
        case _:
            return today + timedelta((weekday - today.weekday()) % 7)


def _part(words: str, today: date) -> date | None:
    """The date in "end of January", "mid-March 2027", "start of next month", "end of the year"."""
    match = _PART.fullmatch(words)
    if match is None:
        return None
    day, following = _ENDS[match["part"]], match["which"] == "next"
    if match["month"] == "month":
        first = _months_on(today.replace(day=1), 1) if following else today.replace(day=1)
        return first.replace(day=min(day, monthrange(first.year, first.month)[1]))
    if match["month"] == "year":
        year = today.year + following
        return _existing(year, {31: 12, 15: 7, 1: 1}[day], day if day != 15 else 1)
    month = _number(match["month"], MONTHS)
    return None if month is None else _dated(match["year"], month + 1, day, today, clamp=True)


def _numbered(words: str, today: date) -> date | None:
    if match := _ISO.fullmatch(words) or _DOTTED.fullmatch(words):
        return _dated(match["year"], int(match["month"]), int(match["day"]), today)
    if match := _SLASHED.fullmatch(words):
        first, second = int(match["first"]), int(match["second"])
        if first > 12 or first == second:
            return _dated(match["year"], second, first, today)
        if second > 12:
            return _dated(match["year"], first, second, today)
        if first and second:
            either = [
                f"{day} {MONTHS[month - 1]}" for day, month in ((first, second), (second, first))
            ]
            raise DateError(
                f"{words} could be {either[0]} or {either[1]}: please write the month as a word."
            )
    return None


def _worded(words: str, today: date) -> date | None:
    for pattern in _WORDED:
        if match := pattern.fullmatch(words):
            month, said = _number(match["month"], MONTHS), match["weekday"]
            weekday = _number(said, DAYS) if said else None
            if month is None or (said and weekday is None):
                continue
            return _dated(match["year"], month + 1, int(match["day"]), today, weekday)
    return None


def _dated(
    year: str | None,
    month: int,
    day: int,
    today: date,
    weekday: int | None = None,
    *,
    clamp: bool = False,
) -> date:
    """The date that is meant; DateError where there is none, or where it could be two."""
    if year:
        full = int(year) + (2000 if len(year) == 2 else 0)
        found = [_existing(full, month, day, clamp=clamp)]
    else:
        found = list(_nearest(month, day, today, clamp=clamp))
    meant = [one for one in found if weekday in (None, one.weekday())]
    if not meant:
        raise DateError(f"{found[-1].day} {_on_a(found[-1])}, not a {DAYS[weekday or 0]}.")
    if len(meant) == 2 and today - meant[0] < meant[1] - today:
        raise DateError(
            f"Did you mean {say_date(meant[0], today)}, {_ago(today - meant[0])}, or"
            f" {say_date(meant[1])}? Please type it with its year."
        )
    return meant[-1]


def _nearest(month: int, day: int, today: date, *, clamp: bool) -> Iterator[date]:
    """The latest such date before today, if the calendar has one, and the next from today on."""
    _existing(2000, month, day, clamp=clamp)  # a leap year: what it does not have, no year has
    past, coming = None, None
    for years in range(_LEAP_YEARS_APART + 1):
        for found in (
            _on(today.year - years, month, day, clamp),
            _on(today.year + years, month, day, clamp),
        ):
            if found and found < today:
                past = past or found
            elif found:
                coming = coming or found
    if past and coming:
        yield past
    if coming is None:
        raise OverflowError
    yield coming


def _on(year: int, month: int, day: int, clamp: bool) -> date | None:
    try:
        return _existing(year, month, day, clamp=clamp)
    except DateError:
        return None


def _existing(year: int, month: int, day: int, *, clamp: bool = False) -> date:
    """The date, or a sentence that says why there is none; `clamp` takes the month's last day."""
    if not date.min.year <= year <= date.max.year:
        raise DateError(f"I know no year {year}.")
    if not 1 <= month <= 12:
        raise DateError(f"There is no month {month}: a year has twelve.")
    last = monthrange(year, month)[1]
    if day < 1 or (day > last and not clamp):
        leap = f" in {year}" if (month, day) == (2, 29) else ""
        raise DateError(f"There is no {day} {MONTHS[month - 1]}{leap}: it has {last} days.")
    return date(year, month, min(day, last))


def _why_not(words: str, today: date) -> str:
    """Why words are no date, where that can be told."""
    if words.isdecimal() and len(words) <= 2 and 1 <= int(words) <= 31:
        return f"Which month? “{int(words)} {MONTHS[today.month - 1][:3]}” works."
    bare = words.removeprefix("in ").removeprefix("this ")
    if (month := _number(bare, MONTHS)) is not None:
        name = MONTHS[month]
        return f"Which day of {name}? “1 {name}” or “end of {name}” work."
    return UNREADABLE


def _months_on(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    if not date.min.year <= day.year + years <= date.max.year:
        raise OverflowError
    return _existing(day.year + years, month + 1, day.day, clamp=True)


def _number(said: str, names: tuple[str, ...]) -> int | None:
    """Which of the names somebody began to type, or nearly typed."""
    if len(said) < 3 or not said.isalpha():
        return None
    near = [name for name in names if name.casefold().startswith(said)] or get_close_matches(
        said.capitalize(), names, n=1, cutoff=0.75
    )
    return names.index(near[0]) if near else None


def _on_a(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year} is a {DAYS[day.weekday()]}"


def _ago(gone: timedelta) -> str:
    return "yesterday" if gone.days == 1 else f"{gone.days} days ago"


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
