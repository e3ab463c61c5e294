"""The statements behind the promise: materialise, claim, send, settle.

A delivery goes pending -> claimed -> sending -> sent, refused, unknown, skipped or cancelled. Each
claim raises its fence, so that whoever held it before can no longer change it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.event import Person, Platform
from bot.records import Delivery, DeliveryState, Rule
from bot.store.database import Row, Transaction
from bot.store.rules import LAST_ON, read_delivery, read_rule

_ON = (
    "NOT EXISTS (SELECT 1 FROM tenants t WHERE t.platform = {0}.platform"
    " AND t.tenant = {0}.tenant AND t.state <> 'active')"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A reminder to be written down: for which rule and date, and when it is due."""

    id: str
    rule: Rule
    local_date: date
    slot_at: int
    due_at: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is this process's own as long as nobody raises the fence."""

    id: str
    tenant: str
    fence: int
    attempts: int
    asked_at: int | None


@dataclass(frozen=True, slots=True)
class Context:
    """A delivery with its rule, and how many before it went unanswered, one after the other."""

    delivery: Delivery
    rule: Rule
    member: str
    ignored: int

    @property
    def person(self) -> Person:
        rule = self.rule
        return Person(platform=rule.platform, tenant=rule.tenant, user=rule.user)


class Deliveries:
    """Within one transaction. Instants are epoch seconds, those of lanes microseconds."""

    def __init__(self, transaction: Transaction) -> None:
        self._fetch = transaction.fetch
        self._skip_locked = transaction.skip_locked

    # Materialise

    async def due_rules(self, platform: Platform, now: int, limit: int) -> list[tuple[Rule, bool]]:
        """Rules to look at, each with whether its tenant is on; locked for this transaction."""
        rows = await self._fetch(
            "WITH due AS MATERIALIZED (SELECT * FROM reminder_rules WHERE platform = :platform"
            f" AND next_at <= :now ORDER BY next_at LIMIT :limit {self._skip_locked})"
            f" SELECT r.*, m.zone, {LAST_ON}, {_ON.format('r')} AS is_on"
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
            " settled_at = :now, reason = 'it had waited so long that the next one was due'"
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
            " settled_at = NULL WHERE deliveries.state = 'cancelled'"
            " AND deliveries.asked_at IS NULL",
            **values,
        )

    # Claim

    async def lanes(self, platform: Platform, now: int) -> list[str]:
        """The tenants that are on and have something due."""
        # Steps from tenant to tenant in the index, however many deliveries each of them has.
        rows = await self._fetch(
            "WITH RECURSIVE lane (tenant) AS (SELECT MIN(tenant) FROM deliveries"
            " WHERE platform = :platform AND state = 'pending' UNION ALL"
            " SELECT (SELECT MIN(d.tenant) FROM deliveries d WHERE d.platform = :platform"
            " AND d.state = 'pending' AND d.tenant > lane.tenant)"
            " FROM lane WHERE lane.tenant IS NOT NULL)"
            " SELECT lane.tenant FROM lane WHERE EXISTS (SELECT 1 FROM deliveries d"
            " WHERE d.platform = :platform AND d.tenant = lane.tenant AND d.state = 'pending'"
            " AND d.due_at <= :now) AND NOT EXISTS (SELECT 1 FROM tenants t"
            " WHERE t.platform = :platform AND t.tenant = lane.tenant AND t.state <> 'active')",
            platform=platform,
            now=now,
        )
        return [str(row["tenant"]) for row in rows]

    async def enter_lane(self, platform: Platform, tenant: str, now: int) -> int:
        """Lock a lane; its next free slot."""
        rows = await self._fetch(
            "INSERT INTO send_lanes (platform, tenant, free_at) VALUES (:platform, :tenant, :now)"
            " ON CONFLICT (platform, tenant) DO UPDATE SET free_at ="
            " CASE WHEN send_lanes.free_at < :now THEN :now ELSE send_lanes.free_at END"
            " RETURNING free_at",
            platform=platform,
            tenant=tenant,
            now=now,
        )
        return int(rows[0]["free_at"])

    async def leave_lane(self, platform: Platform, tenant: str, free_at: int) -> None:
        await self._fetch(
            "UPDATE send_lanes SET free_at = :free_at"
            " WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
            free_at=free_at,
        )

    async def hold_lane(self, platform: Platform, tenant: str, until: int) -> None:
        """Send nothing there before that: the platform wants silence."""
        await self._fetch(
            "UPDATE send_lanes SET held_until = :until,"
            " free_at = CASE WHEN free_at < :until THEN :until ELSE free_at END"
            " WHERE platform = :platform AND tenant = :tenant AND held_until < :until",
            platform=platform,
            tenant=tenant,
            until=until,
        )

    async def claim(
        self, platform: Platform, tenant: str, now: int, lease_until: int, limit: int
    ) -> list[Claim]:
        """Take what is due, the longest due first."""
        rows = await self._fetch(
            "WITH due AS MATERIALIZED (SELECT id FROM deliveries d WHERE platform = :platform"
            f" AND tenant = :tenant AND state = 'pending' AND due_at <= :now AND {_ON.format('d')}"
            f" ORDER BY due_at LIMIT :limit {self._skip_locked})"
            " UPDATE deliveries SET state = 'claimed', fence = fence + 1,"
            " lease_until = :lease_until WHERE id IN (SELECT id FROM due)"
            " RETURNING id, tenant, fence, attempts, asked_at, due_at",
            platform=platform,
            tenant=tenant,
            now=now,
            lease_until=lease_until,
            limit=limit,
        )
        return [_claim(row) for row in sorted(rows, key=lambda row: int(row["due_at"]))]

    async def release(self, claim: Claim) -> None:
        """Give a claim back, unsent."""
        await self._fetch(
            "UPDATE deliveries SET state = 'pending', lease_until = NULL"
            " WHERE id = :id AND fence = :fence AND state = 'claimed'",
            id=claim.id,
            fence=claim.fence,
        )

    async def release_expired(self, platform: Platform, now: int) -> None:
        """Give back what a process had claimed that is no more."""
        await self._fetch(
            "UPDATE deliveries SET state = 'pending', lease_until = NULL, fence = fence + 1"
            " WHERE platform = :platform AND lease_until <= :now AND state = 'claimed'",
            platform=platform,
            now=now,
        )

    async def claim_lost(
        self, platform: Platform, now: int, lease_until: int, limit: int
    ) -> list[Claim]:
        """Take the requests of which nobody knows how they ended, where the tenant is on."""
        rows = await self._fetch(
            "WITH lost AS MATERIALIZED (SELECT id FROM deliveries d WHERE platform = :platform"
            f" AND lease_until <= :now AND state = 'sending' AND {_ON.format('d')}"
            f" ORDER BY lease_until LIMIT :limit {self._skip_locked})"
            " UPDATE deliveries SET fence = fence + 1, lease_until = :lease_until"
            " WHERE id IN (SELECT id FROM lost) RETURNING id, tenant, fence, attempts, asked_at",
            platform=platform,
            now=now,
            lease_until=lease_until,
            limit=limit,
        )
        return [_claim(row) for row in rows]

    # Send

    async def context(self, claim: Claim) -> Context | None:
        """What the message is made of; None if the claim is no longer good."""
        rows = await self._fetch(
            "SELECT d.*, r.member_id, m.seen_at FROM deliveries d"
            " JOIN reminder_rules r ON r.id = d.rule_id JOIN members m ON m.id = r.member_id"
            " WHERE d.id = :id AND d.fence = :fence",
            id=claim.id,
            fence=claim.fence,
        )
        if not rows:
            return None
        rules = await self._fetch(
            f"SELECT r.*, m.zone, {LAST_ON}, (SELECT COUNT(*) FROM deliveries d"
            " WHERE d.rule_id = r.id AND d.state = 'sent' AND d.again_of IS NULL"
            " AND d.settled_at > m.seen_at) AS ignored FROM reminder_rules r"
            " JOIN members m ON m.id = r.member_id WHERE r.id = :rule",
            rule=rows[0]["rule_id"],
        )
        return Context(
            read_delivery(rows[0]),
            read_rule(rules[0]),
            rows[0]["member_id"],
            rules[0]["ignored"],
        )

    async def begin(self, claim: Claim, kind: str, now: int, lease_until: int, tick: int) -> bool:
        """Write down that the request goes out now; False if it must not."""
        rows = await self._fetch(
            "UPDATE deliveries SET state = 'sending', kind = :kind, attempts = attempts + 1,"
            " asked_at = COALESCE(asked_at, :now), lease_until = :lease_until"
            " WHERE id = :id AND fence = :fence AND state = 'claimed'"
            f" AND {_ON.format('deliveries')} AND NOT EXISTS (SELECT 1 FROM send_lanes l"
            " WHERE l.platform = deliveries.platform AND l.tenant = deliveries.tenant"
            " AND l.held_until > :tick) RETURNING id",
            id=claim.id,
            fence=claim.fence,
            kind=kind,
            now=now,
            lease_until=lease_until,
            tick=tick,
        )
        return bool(rows)

    # Settle

    async def settle(self, claim: Claim, state: DeliveryState, reason: str, now: int) -> str | None:
        """Close a delivery; its kind, None if somebody else has it by now."""
        rows = await self._fetch(
            "UPDATE deliveries SET state = :state, reason = :reason, settled_at = :now,"
            " lease_until = NULL WHERE id = :id AND fence = :fence"
            " AND state IN ('claimed', 'sending') RETURNING kind",
            id=claim.id,
            fence=claim.fence,
            state=state,
            reason=reason,
            now=now,
        )
        return str(rows[0]["kind"]) if rows else None

    async def try_again(self, claim: Claim, due_at: int, *, nothing_sent: bool) -> None:
        """Put a delivery back. Where certainly nothing was sent, that was no attempt."""
        await self._fetch(
            "UPDATE deliveries SET state = 'pending', lease_until = NULL,"
            " due_at = CASE WHEN due_at < :due_at THEN :due_at ELSE due_at END,"
            " attempts = attempts - :spared,"
            " asked_at = CASE WHEN :spared = 1 AND attempts = 1 THEN NULL ELSE asked_at END"
            " WHERE id = :id AND fence = :fence AND state = 'sending'",
            id=claim.id,
            fence=claim.fence,
            due_at=due_at,
            spared=int(nothing_sent),
        )

    async def leave_unknown(self, claim: Claim, look_at: int) -> None:
        """Nobody knows how the request ended: look again at that time."""
        await self._fetch(
            "UPDATE deliveries SET lease_until = :look_at"
            " WHERE id = :id AND fence = :fence AND state = 'sending'",
            id=claim.id,
            fence=claim.fence,
            look_at=look_at,
        )

    async def switch_off(self, platform: Platform, tenant: str, began: int, now: int) -> None:
        """A request begun then was told that the token is dead: send nothing more there.

        A tenant that has been installed anew since then stays on.
        """
        await self._fetch(
            "INSERT INTO tenants (platform, tenant, state, changed_at)"
            " VALUES (:platform, :tenant, 'off', :now) ON CONFLICT (platform, tenant)"
            " DO UPDATE SET state = 'off', changed_at = :now"
            " WHERE tenants.state = 'active' AND tenants.changed_at <= :began",
            platform=platform,
            tenant=tenant,
            began=began,
            now=now,
        )

    async def rest_rule(self, rule: str, state: str, reason: str, *, tell: bool, now: int) -> None:
        """Pause or stop a rule on the bot's own account; `tell` the member when they come by."""
        await self._fetch(
            "UPDATE reminder_rules SET state = :state, reason = :reason, untold = :untold,"
            " next_at = NULL, updated_at = :now WHERE id = :rule AND state = 'active'",
            rule=rule,
            state=state,
            reason=reason,
            untold=int(tell),
            now=now,
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


def _claim(row: Row) -> Claim:
    return Claim(row["id"], row["tenant"], row["fence"], row["attempts"], row["asked_at"])
