"""Statements behind the pace, a lane for each workspace or server: table `send_lanes`."""

from bot.chat.event import Platform
from bot.store.statements import Statements

ASTRAY = 60 * 1_000_000
"""What is as far ahead as this, in microseconds, was written by a clock that went wrong: a lane is
given away for some seconds only, and clocks that are kept by NTP differ by less."""


class Pacing(Statements):
    """Within one transaction. Instants of lanes are epoch microseconds."""

    async def tenants_due(self, platform: Platform, now: int) -> list[str]:
        """The tenants that are on and have something due (`now` in seconds)."""
        # Steps from tenant to tenant in the index, however many deliveries each of them has.
        rows = await self._tx.fetch(
            """
            WITH RECURSIVE lane (tenant) AS (
                SELECT MIN(tenant) FROM deliveries
                WHERE platform = :platform AND state = 'pending'
                UNION ALL
                SELECT (
                    SELECT MIN(d.tenant) FROM deliveries d
                    WHERE d.platform = :platform AND d.state = 'pending'
                      AND d.tenant > lane.tenant
                )
                FROM lane WHERE lane.tenant IS NOT NULL
            )
            SELECT lane.tenant FROM lane
            WHERE EXISTS (
                SELECT 1 FROM deliveries d
                WHERE d.platform = :platform AND d.tenant = lane.tenant
                  AND d.state = 'pending' AND d.due_at <= :now
            )
              AND NOT EXISTS (
                SELECT 1 FROM tenants t
                WHERE t.platform = :platform AND t.tenant = lane.tenant AND t.state <> 'active'
            )
            """,
            platform=platform,
            now=now,
        )
        return [str(row["tenant"]) for row in rows]

    async def lock(self, platform: Platform, tenant: str, now: int) -> int:
        """Lock a lane; its next free slot.

        What lies further ahead than it can was written by a clock that has been put back since: a
        slot is then free now, and a silence begins again.
        """
        rows = await self._tx.run(
            """
            INSERT INTO send_lanes (platform, tenant, free_at)
            VALUES (:platform, :tenant, :now)
            ON CONFLICT (platform, tenant) DO UPDATE
            SET free_at = CASE
                    WHEN send_lanes.free_at BETWEEN :now AND :furthest THEN send_lanes.free_at
                    ELSE :now
                END,
                held_until = CASE
                    WHEN send_lanes.held_at > :furthest
                    THEN send_lanes.held_until - send_lanes.held_at + :now
                    ELSE send_lanes.held_until
                END,
                held_at = CASE
                    WHEN send_lanes.held_at > :furthest THEN :now
                    ELSE send_lanes.held_at
                END
            RETURNING free_at, held_until
            """,
            platform=platform,
            tenant=tenant,
            now=now,
            furthest=now + ASTRAY,
        )
        return max(int(rows[0]["free_at"]), int(rows[0]["held_until"]))

    async def take_until(self, platform: Platform, tenant: str, free_at: int) -> None:
        """Every slot before `free_at` is given away."""
        await self._tx.run(
            """
            UPDATE send_lanes SET free_at = :free_at
            WHERE platform = :platform AND tenant = :tenant
            """,
            platform=platform,
            tenant=tenant,
            free_at=free_at,
        )

    async def slow(self, platform: Platform, tenant: str, by: int) -> None:
        """Put the next free slot off."""
        await self._tx.run(
            """
            UPDATE send_lanes SET free_at = free_at + :by
            WHERE platform = :platform AND tenant = :tenant
            """,
            platform=platform,
            tenant=tenant,
            by=by,
        )

    async def hold(self, platform: Platform, tenant: str, now: int, until: int) -> None:
        """Send nothing there before that: the platform wants silence."""
        await self._tx.run(
            """
            UPDATE send_lanes SET held_until = :until, held_at = :now
            WHERE platform = :platform AND tenant = :tenant
              AND (held_until < :until OR held_at > :furthest)
            """,
            platform=platform,
            tenant=tenant,
            now=now,
            until=until,
            furthest=now + ASTRAY,
        )

    async def delete(self, platform: Platform, tenant: str) -> None:
        """Forget a lane: its workspace or server is purged."""
        await self._tx.run(
            "DELETE FROM send_lanes WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
        )
