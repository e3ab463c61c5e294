"""Clock moves of the playground: where its time can be set to."""

from datetime import UTC, datetime, timedelta

from bot.calendar.zones import zone_of
from bot.chat.event import Person
from bot.core.handle import Core
from bot.planning.occurrences import WINDOW_MINUTES, next_three
from bot.store.database import Transaction
from bot.store.facade import Store

_DAY = timedelta(1)
_FURTHEST = 400  # days: clocks that change do so within a year


async def next_reminder(core: Core, person: Person) -> datetime | None:
    """When the member's next reminder will have been sent; None where none is to come."""

    async def find(transaction: Transaction) -> datetime | None:
        store, now = Store(transaction), core.clock()
        member = await store.members.find(person)
        rule = await store.reminder_rules.find(member.id) if member else None
        if member is None or rule is None or rule.next_at is None:
            return None
        waiting = [
            delivery.due_at
            for delivery in await store.deliveries.latest(member.id)
            if delivery.state == "pending"
        ]
        if waiting:
            return max(now, datetime.fromtimestamp(min(waiting), UTC))
        return next_three(rule, now)[0].at + timedelta(minutes=WINDOW_MINUTES)

    return await core.database.transact(find)


def after_clock_change(zone: str, now: datetime) -> datetime | None:
    """The day after clocks change next in a zone; None where they do not."""
    local = zone_of(zone)
    offset = now.astimezone(local).utcoffset()
    for days in range(1, _FURTHEST):
        day = now + days * _DAY
        if day.astimezone(local).utcoffset() != offset:
            return day
    return None
