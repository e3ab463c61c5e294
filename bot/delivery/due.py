"""Due rules become deliveries that are enqueued, one for all that were missed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.calendar.weekly import Occurrence
from bot.chat.event import Platform
from bot.planning.occurrences import coming, jitter
from bot.records import Rule
from bot.store.database import Transaction
from bot.store.facade import Store
from bot.store.queue.deliveries import NewDelivery

BATCH = 200
"""Rules that are looked at in one transaction."""

_LOOK_BACK = timedelta(weeks=5)


async def enqueue(
    transaction: Transaction, platform: Platform, now: datetime, new_id: Callable[[], str]
) -> bool:
    """Turn due rules into deliveries and move the rules on; whether there may be more."""
    store, epoch = Store(transaction), int(now.timestamp())
    new: list[NewDelivery] = []
    next_at: list[tuple[str, int | None]] = []
    rules = await store.reminder_rules.due(platform, epoch, BATCH)
    for rule, is_on in rules:
        due, following = _latest(rule, now)
        next_at.append((rule.id, int(following.at.timestamp()) if is_on else None))
        if due is not None and is_on:
            new.append(_delivery(new_id(), rule, due))
    if new:
        await store.deliveries.enqueue(new, epoch)
    if next_at:
        await store.reminder_rules.set_next(next_at)
    return len(rules) == BATCH


def _latest(rule: Rule, now: datetime) -> tuple[Occurrence | None, Occurrence]:
    """The latest occurrence that has come, standing for those missed before; the next one."""
    # Only the latest counts, and it is not further back than that.
    since = max(datetime.fromtimestamp(rule.next_at or 0, UTC), now - _LOOK_BACK)
    occurrences = coming(rule, since)
    due, following = None, next(occurrences)
    while following.at <= now:
        due, following = following, next(occurrences)
    return due, following


def _delivery(delivery: str, rule: Rule, due: Occurrence) -> NewDelivery:
    slot_at = int(due.at.timestamp())
    due_at = slot_at + jitter(rule.id, due.local_date)
    return NewDelivery(delivery, rule, due.local_date, slot_at, due_at)
