"""Statements behind the promise of one attempt at a delivery: it is sent, and settled, once."""

from dataclasses import dataclass

from bot.chat.event import Person, Platform
from bot.records import Delivery, DeliveryState, Rule
from bot.store.database import Transaction
from bot.store.queue.claims import Claim
from bot.store.queue.deliveries import LATE, read_delivery
from bot.store.queue.pacing import ASTRAY
from bot.store.reminder_rules import ReminderRules
from bot.store.statements import Statements


@dataclass(frozen=True, slots=True)
class Reminder:
    """A delivery with its rule, and how many before it went unanswered, one after the other."""

    delivery: Delivery
    rule: Rule
    member: str
    ignored: int
    channel: str | None

    @property
    def person(self) -> Person:
        rule = self.rule
        return Person(
            platform=rule.platform, tenant=rule.tenant, user=rule.user, channel=self.channel
        )


class Attempts(Statements):
    """Within one transaction. Instants are epoch seconds."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._rules = ReminderRules(transaction)

    async def reminder(self, claim: Claim) -> Reminder | None:
        """What the message is made of; None if the claim is no longer good."""
        rows = await self._tx.fetch(
            """
            SELECT d.*, r.member_id, (
                SELECT COUNT(*) FROM deliveries e
                WHERE e.rule_id = r.id AND e.state = 'sent' AND e.again_of IS NULL
                  AND e.settled_at > m.seen_at
            ) AS ignored
            FROM deliveries d
            JOIN reminder_rules r ON r.id = d.rule_id
            JOIN members m ON m.id = r.member_id
            WHERE d.id = :id AND d.fence = :fence
            """,
            id=claim.id,
            fence=claim.fence,
        )
        if not rows:
            return None
        row = rows[0]
        if (rule := await self._rules.find(row["member_id"])) is None:
            return None  # their data are being deleted
        return Reminder(read_delivery(row), rule, row["member_id"], row["ignored"], claim.channel)

    async def begin(self, claim: Claim, kind: str, epoch: int, now: int, lease_until: int) -> bool:
        """Record that the request goes out now (microseconds); False if it must not.

        `epoch` is the time by which members live.
        """
        rows = await self._tx.run(
            """
            UPDATE deliveries
            SET state = 'sending', kind = :kind, attempts = attempts + 1,
                asked_at = COALESCE(asked_at, :now / 1000000), lease_until = :lease_until
            WHERE id = :id AND fence = :fence AND state = 'claimed'
              AND NOT EXISTS (
                  SELECT 1 FROM tenants t
                  WHERE t.platform = deliveries.platform AND t.tenant = deliveries.tenant
                    AND t.state <> 'active'
              )
              AND NOT EXISTS (
                  SELECT 1 FROM reminder_rules r
                  WHERE r.id = deliveries.rule_id AND r.next_at <= :epoch
              )
              AND NOT EXISTS (
                  SELECT 1 FROM send_lanes l
                  WHERE l.platform = deliveries.platform AND l.tenant = deliveries.tenant
                    AND l.held_until > :now AND l.held_at <= :now + :astray
              )
            RETURNING id
            """,
            id=claim.id,
            fence=claim.fence,
            kind=kind,
            epoch=epoch,
            now=now,
            lease_until=lease_until,
            astray=ASTRAY,
        )
        return bool(rows)

    async def settle(self, claim: Claim, state: DeliveryState, reason: str, now: int) -> str | None:
        """Close a delivery; its kind, None if somebody else has it by now."""
        rows = await self._tx.run(
            """
            UPDATE deliveries
            SET state = :state, reason = :reason, settled_at = :now, lease_until = NULL
            WHERE id = :id AND fence = :fence AND state IN ('claimed', 'sending')
            RETURNING kind
            """,
            id=claim.id,
            fence=claim.fence,
            state=state,
            reason=reason,
            now=now,
        )
        return str(rows[0]["kind"]) if rows else None

    async def retry(self, claim: Claim, due_at: int, now: int, *, nothing_sent: bool) -> None:
        """Put a delivery back. Where certainly nothing was sent, that was no attempt.

        One that has been overtaken by the next of its rule while it was under way stays away.
        """
        await self._tx.run(
            """
            UPDATE deliveries
            SET state = 'pending', lease_until = NULL,
                due_at = CASE WHEN due_at < :due_at THEN :due_at ELSE due_at END,
                attempts = attempts - :spared,
                asked_at = CASE WHEN :spared = 1 AND attempts = 1 THEN NULL ELSE asked_at END
            WHERE id = :id AND fence = :fence AND state = 'sending'
            """,
            id=claim.id,
            fence=claim.fence,
            due_at=due_at,
            spared=int(nothing_sent),
        )
        await self._tx.run(
            """
            UPDATE deliveries SET state = 'cancelled', reason = :reason, settled_at = :now
            WHERE id = :id AND fence = :fence AND state = 'pending'
              AND EXISTS (
                  SELECT 1 FROM deliveries n
                  WHERE n.rule_id = deliveries.rule_id AND n.local_date > deliveries.local_date
                    AND n.again_of IS NULL AND n.state <> 'cancelled'
              )
            """,
            id=claim.id,
            fence=claim.fence,
            reason=LATE,
            now=now,
        )

    async def resolve_later(self, claim: Claim, at: int) -> None:
        """Nobody knows how the request ended: ask the platform again at that time."""
        await self._tx.run(
            """
            UPDATE deliveries SET lease_until = :at
            WHERE id = :id AND fence = :fence AND state = 'sending'
            """,
            id=claim.id,
            fence=claim.fence,
            at=at,
        )

    async def hinder(self, claim: Claim, code: str, now: int) -> int | None:
        """A refusal that is not the member's doing: since when it is waited out."""
        rows = await self._tx.run(
            """
            UPDATE deliveries
            SET hindered = :code,
                hindered_at = CASE WHEN hindered_at <= :now THEN hindered_at ELSE :now END
            WHERE id = :id AND fence = :fence AND state = 'sending'
            RETURNING hindered_at
            """,
            id=claim.id,
            fence=claim.fence,
            code=code,
            now=now,
        )
        return int(rows[0]["hindered_at"]) if rows else None

    async def hindered_since(self, platform: Platform, tenant: str) -> int | None:
        """Since when the first of those has waited that are refused in a tenant."""
        rows = await self._tx.fetch(
            """
            SELECT MIN(hindered_at) AS since FROM deliveries
            WHERE platform = :platform AND tenant = :tenant
              AND hindered IS NOT NULL AND settled_at IS NULL
            """,
            platform=platform,
            tenant=tenant,
        )
        return None if rows[0]["since"] is None else int(rows[0]["since"])
