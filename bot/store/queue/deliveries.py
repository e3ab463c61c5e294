"""Statements about deliveries as they wait: enqueued, snoozed, cancelled, passed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.records import Delivery, Rule
from bot.store.database import Row
from bot.store.statements import Statements

LATE = "it had waited so long that the next one was due"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A reminder to be enqueued: for which rule and date, its hour, and when it is to be sent."""

    id: str
    rule: Rule
    local_date: date
    slot_at: int
    due_at: int


class Deliveries(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def enqueue(self, deliveries: Sequence[NewDelivery], now: int) -> None:
        """Add deliveries; each replaces what its rule still has waiting for another date."""
        await self._tx.run_many(
            """
            UPDATE deliveries
            SET state = 'cancelled', reason = :reason, settled_at = :now,
                fence = fence + 1, lease_until = NULL
            WHERE rule_id = :rule AND local_date <> :day AND state IN ('pending', 'claimed')
            """,
            [
                {"rule": d.rule.id, "day": d.local_date.isoformat(), "reason": LATE, "now": now}
                for d in deliveries
            ],
        )
        # What was called off unsent, earlier on the same day, comes back at the new hour.
        await self._tx.run_many(
            """
            INSERT INTO deliveries (id, rule_id, local_date, platform, tenant, slot_at, due_at,
                state)
            VALUES (:id, :rule, :day, :platform, :tenant, :slot_at, :due_at, 'pending')
            ON CONFLICT (rule_id, local_date) DO UPDATE
            SET platform = excluded.platform, tenant = excluded.tenant,
                slot_at = excluded.slot_at, due_at = excluded.due_at, state = 'pending',
                reason = '', again_of = NULL, settled_at = NULL, hindered = NULL,
                hindered_at = NULL
            WHERE deliveries.state = 'cancelled' AND deliveries.asked_at IS NULL
            """,
            [_values(delivery) for delivery in deliveries],
        )

    async def snooze(self, new_id: str, delivery: str, day: date, due_at: int) -> None:
        """Have a delivery come again on a day, unless that day has its own."""
        await self._tx.run(
            """
            INSERT INTO deliveries (id, rule_id, local_date, platform, tenant, again_of,
                slot_at, due_at, state)
            SELECT :id, rule_id, :day, platform, tenant, id, :due_at, :due_at, 'pending'
            FROM deliveries WHERE id = :delivery
            ON CONFLICT (rule_id, local_date) DO UPDATE
            SET again_of = excluded.again_of, slot_at = excluded.slot_at,
                due_at = excluded.due_at, state = 'pending', reason = '', settled_at = NULL,
                hindered = NULL, hindered_at = NULL
            WHERE deliveries.state = 'cancelled' AND deliveries.asked_at IS NULL
            """,
            id=new_id,
            delivery=delivery,
            day=day.isoformat(),
            due_at=due_at,
        )

    async def cancel(self, member: str, reason: str, now: int) -> None:
        """Call off what waits for a member."""
        await self._tx.run(
            """
            UPDATE deliveries
            SET state = 'cancelled', reason = :reason, settled_at = :now,
                fence = fence + 1, lease_until = NULL
            WHERE state IN ('pending', 'claimed')
              AND rule_id = (SELECT id FROM reminder_rules WHERE member_id = :member)
            """,
            member=member,
            reason=reason,
            now=now,
        )

    async def skip_due(self, until: int, reason: str, now: int) -> int:
        """Close every delivery that was due by then and is not sent; how many that were."""
        rows = await self._tx.run(
            """
            UPDATE deliveries
            SET state = 'skipped', reason = :reason, settled_at = :now,
                fence = fence + 1, lease_until = NULL
            WHERE state IN ('pending', 'claimed') AND due_at <= :until
            RETURNING id
            """,
            until=until,
            reason=reason,
            now=now,
        )
        return len(rows)

    async def latest(self, member: str, limit: int = 10) -> tuple[Delivery, ...]:
        """The latest of the member's deliveries, the last one first."""
        rows = await self._tx.fetch(
            """
            SELECT d.* FROM deliveries d
            JOIN reminder_rules r ON r.id = d.rule_id
            WHERE r.member_id = :member
            ORDER BY d.local_date DESC
            LIMIT :limit
            """,
            member=member,
            limit=limit,
        )
        return tuple(map(read_delivery, rows))


def _values(new: NewDelivery) -> dict[str, object]:
    return {
        "id": new.id,
        "rule": new.rule.id,
        "day": new.local_date.isoformat(),
        "platform": new.rule.platform,
        "tenant": new.rule.tenant,
        "slot_at": new.slot_at,
        "due_at": new.due_at,
    }


def read_delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        local_date=date.fromisoformat(row["local_date"]),
        slot_at=row["slot_at"],
        due_at=row["due_at"],
        state=row["state"],
        kind=row["kind"],
        reason=row["reason"],
        attempts=row["attempts"],
        settled_at=row["settled_at"],
        again_of=row["again_of"],
    )
