"""Statements by which processes share deliveries: whose claim one is, and for how long.

Each claim raises the delivery's fence, so that whoever held it before can no longer change it.
"""

from dataclasses import dataclass

from bot.chat.event import Platform
from bot.store.database import Row
from bot.store.statements import Statements


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is this process's own as long as nobody raises the fence.

    `channel` is where it goes, if the platform has said so before.
    """

    id: str
    tenant: str
    fence: int
    attempts: int
    asked_at: int | None
    channel: str | None = None


class Claims(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def claim(
        self, platform: Platform, tenant: str, now: int, lease_until: int, limit: int
    ) -> list[Claim]:
        """Take what is due, the longest due first.

        Not where the tenant is off, nor where another reminder of the same rule is due: that one
        takes its place once it is enqueued.
        """
        rows = await self._tx.run(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM deliveries d
                WHERE platform = :platform AND tenant = :tenant
                  AND state = 'pending' AND due_at <= :now
                  AND NOT EXISTS (
                      SELECT 1 FROM tenants t
                      WHERE t.platform = d.platform AND t.tenant = d.tenant
                        AND t.state <> 'active'
                  )
                  AND NOT EXISTS (
                      SELECT 1 FROM reminder_rules r
                      WHERE r.id = d.rule_id AND r.next_at <= :now
                  )
                ORDER BY due_at
                LIMIT :limit
                FOR UPDATE SKIP LOCKED
            )
            UPDATE deliveries
            SET state = 'claimed', fence = fence + 1, lease_until = :lease_until
            WHERE id IN (SELECT id FROM due)
            RETURNING id, tenant, fence, attempts, asked_at, due_at, (
                SELECT i.channel FROM reminder_rules r
                JOIN identities i ON i.platform = r.platform AND i.tenant = r.tenant
                    AND i.user_id = r.user_id
                WHERE r.id = deliveries.rule_id
            ) AS channel
            """,
            platform=platform,
            tenant=tenant,
            now=now,
            lease_until=lease_until,
            limit=limit,
        )
        return [_claim(row) for row in sorted(rows, key=lambda row: int(row["due_at"]))]

    async def claim_unresolved(
        self, platform: Platform, now: int, lease_until: int, limit: int
    ) -> list[Claim]:
        """Take the requests of which nobody knows how they ended, where the tenant is on."""
        rows = await self._tx.run(
            """
            WITH unresolved AS MATERIALIZED (
                SELECT id FROM deliveries d
                WHERE platform = :platform AND lease_until <= :now AND state = 'sending'
                  AND NOT EXISTS (
                      SELECT 1 FROM tenants t
                      WHERE t.platform = d.platform AND t.tenant = d.tenant
                        AND t.state <> 'active'
                  )
                ORDER BY lease_until
                LIMIT :limit
                FOR UPDATE SKIP LOCKED
            )
            UPDATE deliveries SET fence = fence + 1, lease_until = :lease_until
            WHERE id IN (SELECT id FROM unresolved)
            RETURNING id, tenant, fence, attempts, asked_at, (
                SELECT i.channel FROM reminder_rules r
                JOIN identities i ON i.platform = r.platform AND i.tenant = r.tenant
                    AND i.user_id = r.user_id
                WHERE r.id = deliveries.rule_id
            ) AS channel
            """,
            platform=platform,
            now=now,
            lease_until=lease_until,
            limit=limit,
        )
        return [_claim(row) for row in rows]

    async def release(self, claim: Claim) -> None:
        """Give a claim back, unsent."""
        await self._tx.run(
            """
            UPDATE deliveries SET state = 'pending', lease_until = NULL
            WHERE id = :id AND fence = :fence AND state = 'claimed'
            """,
            id=claim.id,
            fence=claim.fence,
        )

    async def release_expired(self, platform: Platform, now: int) -> None:
        """Give back what a process had claimed that is no more."""
        await self._tx.run(
            """
            UPDATE deliveries SET state = 'pending', lease_until = NULL, fence = fence + 1
            WHERE platform = :platform AND lease_until <= :now AND state = 'claimed'
            """,
            platform=platform,
            now=now,
        )

    # After a clock that was put back

    async def shorten_leases(
        self, platform: Platform, now: int, *, claimed: int, sending: int
    ) -> None:
        """Cut leases to what they may last, in seconds: a clock that was put back since wrote more.

        Nobody loses a claim by that; it is looked at again in time.
        """
        await self._tx.run(
            """
            UPDATE deliveries SET lease_until = :now + :claimed
            WHERE platform = :platform
              AND lease_until > :now + CASE state WHEN 'sending' THEN :sending ELSE :claimed END
            """,
            platform=platform,
            now=now,
            claimed=claimed,
            sending=sending,
        )

    async def hasten(self, platform: Platform, latest: int, spread: int) -> None:
        """Bring forward what was put off beyond `latest`: a clock that was put back since did it.

        Nothing leaves before its own hour: what was never put off is due `spread` seconds after
        it at the most, and what is snoozed at its hour.
        """
        await self._tx.run(
            """
            UPDATE deliveries
            SET due_at = CASE
                WHEN slot_at + :spread > :latest THEN slot_at + :spread
                ELSE :latest
            END
            WHERE platform = :platform AND state = 'pending'
              AND due_at > :latest AND due_at > slot_at + :spread
            """,
            platform=platform,
            latest=latest,
            spread=spread,
        )


def _claim(row: Row) -> Claim:
    return Claim(
        id=row["id"],
        tenant=row["tenant"],
        fence=row["fence"],
        attempts=row["attempts"],
        asked_at=row["asked_at"],
        channel=row["channel"],
    )
