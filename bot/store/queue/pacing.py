"""The statements behind the pace: a lane for each workspace, a bucket for each channel."""

from bot.chat.event import Person, Platform
from bot.store.statements import Statements

ASTRAY = 60 * 1_000_000
"""What is as far ahead as this, in microseconds, was written by a clock that went wrong: a lane is
given away for some seconds only, and clocks that are kept by NTP differ by less."""


class Lanes(Statements):
    """Within one transaction. Instants of lanes and channels are epoch microseconds."""

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
        """Lock a lane; its next free slot.

        What lies further ahead than it can was written by a clock that has been put back since: a
        slot is then free now, and a silence begins again.
        """
        rows = await self._fetch(
            "INSERT INTO send_lanes (platform, tenant, free_at) VALUES (:platform, :tenant, :now)"
            " ON CONFLICT (platform, tenant) DO UPDATE SET"
            " free_at = CASE WHEN send_lanes.free_at BETWEEN :now AND :furthest"
            " THEN send_lanes.free_at ELSE :now END,"
            " held_until = CASE WHEN send_lanes.held_at > :furthest"
            " THEN send_lanes.held_until - send_lanes.held_at + :now"
            " ELSE send_lanes.held_until END,"
            " held_at = CASE WHEN send_lanes.held_at > :furthest THEN :now"
            " ELSE send_lanes.held_at END RETURNING free_at, held_until",
            platform=platform,
            tenant=tenant,
            now=now,
            furthest=now + ASTRAY,
        )
        return max(int(rows[0]["free_at"]), int(rows[0]["held_until"]))

    async def leave_lane(self, platform: Platform, tenant: str, free_at: int) -> None:
        await self._fetch(
            "UPDATE send_lanes SET free_at = :free_at"
            " WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
            free_at=free_at,
        )

    async def slow_lane(self, platform: Platform, tenant: str, by: int) -> None:
        """Put the next free slot off."""
        await self._fetch(
            "UPDATE send_lanes SET free_at = free_at + :by"
            " WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
            by=by,
        )

    async def hold_lane(self, platform: Platform, tenant: str, now: int, until: int) -> None:
        """Send nothing there before that: the platform wants silence."""
        await self._fetch(
            "UPDATE send_lanes SET held_until = :until, held_at = :now"
            " WHERE platform = :platform AND tenant = :tenant"
            " AND (held_until < :until OR held_at > :furthest)",
            platform=platform,
            tenant=tenant,
            now=now,
            until=until,
            furthest=now + ASTRAY,
        )

    async def enter_channel(self, person: Person, now: int, free_at: int) -> bool:
        """Take a person's channel until then; False where it is taken already."""
        rows = await self._fetch(
            "UPDATE identities SET channel_free_at = :free_at WHERE platform = :platform"
            " AND tenant = :tenant AND user_id = :user"
            " AND (channel_free_at <= :now OR channel_free_at > :furthest) RETURNING user_id",
            platform=person.platform,
            tenant=person.tenant,
            user=person.user,
            now=now,
            free_at=free_at,
            furthest=free_at + ASTRAY,
        )
        return bool(rows)

    async def remember_channel(self, person: Person, channel: str) -> None:
        """The platform has said where the person's direct messages go."""
        await self._fetch(
            "UPDATE identities SET channel = :channel WHERE platform = :platform"
            " AND tenant = :tenant AND user_id = :user",
            platform=person.platform,
            tenant=person.tenant,
            user=person.user,
            channel=channel,
        )
