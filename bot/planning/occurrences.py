"""When a member's reminders come: their weekly hour, never twice in a local week, never paused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from itertools import islice

from bot.calendar.weekly import Occurrence, following
from bot.calendar.weekly import Rule as Weekly
from bot.records import Rule

ASK_AFTER, PAUSE_AFTER = 2, 4
"""How many reminders in a row go unanswered before it asks, and before it pauses by itself."""

WINDOW_MINUTES = 10
"""Reminders for the same hour are spread over this long, so that they do not all go out at once."""

_SECOND = timedelta(seconds=1)
_TWO_DAYS = timedelta(2)


def coming(rule: Rule, since: datetime) -> Iterator[Occurrence]:
    """The rule's occurrences from an instant on, in order; without end."""
    after = since - _SECOND
    if rule.paused_until:
        # Two days more than any zone is away from UTC.
        back = datetime.combine(rule.paused_until, time(), UTC) - _TWO_DAYS
        after = max(after, back)
    weekly = Weekly(rule.weekday, rule.minute, rule.zone, rule.every, rule.anchor_on)
    for occurrence in following(weekly, after):
        if rule.paused_until and occurrence.local_date < rule.paused_until:
            continue
        if rule.last_on and monday(occurrence.local_date) <= monday(rule.last_on):
            continue
        yield occurrence


def next_three(rule: Rule, now: datetime) -> tuple[Occurrence, ...]:
    """What `/reminders` shows."""
    since = max(now, datetime.fromtimestamp(rule.next_at or 0, UTC))
    return tuple(islice(coming(rule, since), 3))


def on_day(rule: Rule, day: date) -> Occurrence:
    """The rule's hour on a day of its own; on the next one, where the zone leaves that day out."""
    since = datetime.combine(day, time(), UTC) - _TWO_DAYS
    for ahead in range(7):
        weekday = (day.weekday() + ahead) % 7
        weekly = Weekly(weekday, rule.minute, rule.zone)
        found = next(o for o in following(weekly, since) if o.local_date >= day)
        if found.local_date == day + timedelta(ahead):
            return found
    raise AssertionError("a zone has a day in every week")


def jitter(rule_id: str, day: date) -> int:
    """Seconds after its hour at which a reminder leaves: always the same for the same one."""
    digest = blake2b(f"{rule_id} {day}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % (WINDOW_MINUTES * 60)


def monday(day: date) -> date:
    """The first day of a date's local week."""
    return day - timedelta(day.weekday())
