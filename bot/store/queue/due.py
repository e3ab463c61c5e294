"""The statements that materialise: rules that are due become deliveries, once a local date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.chat.event import Platform
from bot.records import Rule
from bot.store.reminder_rules import LAST_ON, read_rule
from bot.store.statements import ON, Statements

LATE = "it had waited so long that the next one was due"


@dataclass(frozen=True, slots=True)
class Slot:
    """A reminder to be written down: for which rule and date, and when it is due."""

    id: str
    rule: Rule
    local_date: date
    slot_at: int
    due_at: int


class Due(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def due_rules(self, platform: Platform, now: int, limit: int) -> list[tuple[Rule, bool]]:
        """Rules to look at, each with whether its tenant is on; locked for this transaction."""
        rows = await self._fetch(
            "WITH due AS MATERIALIZED (SELECT * FROM reminder_rules WHERE platform = :platform"
            f" AND next_at <= :now ORDER BY next_at LIMIT :limit {self._skip_locked})"
            f" SELECT r.*, m.zone, {LAST_ON}, {ON.format('r')} AS is_on"
            " FROM due r JOIN members m ON m.id = r.member_id",
            platform=platform,
            now=now,
            limit=limit,
        )
        return [(read_rule(row), bool(row["is_on"])) for row in rows]

    async def plan_next(self, next_at: Sequence[tuple[str, int | None]]) -> None:
        """When each rule is to be looked at again; None for not before somebody says so."""
        # PostgreSQL takes a column of nothing but NULL for text.
        pairs, values = _values([(rule, at or 0) for rule, at in next_at])
        await self._fetch(
            "UPDATE reminder_rules SET next_at = NULLIF(v.column2, 0)"
            f" FROM (VALUES {pairs}) AS v WHERE reminder_rules.id = v.column1",
            **values,
        )

    async def write_down(self, slots: Sequence[Slot], now: int) -> None:
        """Add deliveries; each replaces what its rule still has waiting for another date."""
        pairs, values = _values([(slot.rule.id, slot.local_date.isoformat()) for slot in slots])
        await self._fetch(
            "UPDATE deliveries SET state = 'cancelled', fence = fence + 1, lease_until = NULL,"
            f" settled_at = :now, reason = '{LATE}'"
            f" FROM (VALUES {pairs}) AS v WHERE rule_id = v.column1 AND local_date <> v.column2"
            " AND state IN ('pending', 'claimed')",
            now=now,
            **values,
        )
        rows, values = _values([_slot_values(slot) for slot in slots])
        # What was called off unsent, earlier on the same day, comes back at the new hour.
        await self._fetch(
            "INSERT INTO deliveries (id, rule_id, local_date, platform, tenant, slot_at, due_at,"
            f" state) VALUES {rows} ON CONFLICT (rule_id, local_date) DO UPDATE SET"
            " platform = excluded.platform, tenant = excluded.tenant, slot_at = excluded.slot_at,"
            " due_at = excluded.due_at, state = 'pending', reason = '', again_of = NULL,"
            " settled_at = NULL, hindered = NULL, hindered_at = NULL"
            " WHERE deliveries.state = 'cancelled' AND deliveries.asked_at IS NULL",
            **values,
        )


def _values(rows: Sequence[tuple[object, ...]]) -> tuple[str, dict[str, object]]:
    """Rows as the text of VALUES, and the values by name."""
    named = {f"v{i}_{j}": value for i, row in enumerate(rows) for j, value in enumerate(row)}
    texts = (", ".join(f":v{i}_{j}" for j in range(len(row))) for i, row in enumerate(rows))
    return ", ".join(f"({text})" for text in texts), named


def _slot_values(slot: Slot) -> tuple[object, ...]:
    rule = slot.rule
    day = slot.local_date.isoformat()
    return (slot.id, rule.id, day, rule.platform, rule.tenant, slot.slot_at, slot.due_at, "pending")
