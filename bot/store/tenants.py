"""The statements about workspaces and servers: which are on, and what goes with one."""

from bot.chat.event import Platform
from bot.store.reminder_rules import Rules


class Tenants(Rules):
    """Within one transaction. Instants are epoch seconds."""

    async def set_tenant(self, platform: Platform, tenant: str, state: str, now: int) -> None:
        """Record that a workspace or server is "active", "off" (no good token) or "removed".

        Nothing is sent but to those that are active.
        """
        await self._fetch(
            "INSERT INTO tenants (platform, tenant, state, changed_at)"
            " VALUES (:platform, :tenant, :state, :now) ON CONFLICT (platform, tenant)"
            " DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at",
            platform=platform,
            tenant=tenant,
            state=state,
            now=now,
        )
        if state == "active":
            await self.look_again_in(platform, tenant, now)

    async def tenants(self, platform: Platform) -> dict[str, str]:
        """The state of every workspace or server that was ever told of."""
        rows = await self._fetch(
            "SELECT tenant, state FROM tenants WHERE platform = :platform", platform=platform
        )
        return {row["tenant"]: row["state"] for row in rows}

    async def tenant(self, platform: Platform, tenant: str) -> str | None:
        """The state of one workspace or server; None if it was never told of, or is purged."""
        rows = await self._fetch(
            "SELECT state FROM tenants WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
        )
        return str(rows[0]["state"]) if rows else None

    async def purge_tenant(self, before: int, most: int) -> int:
        """Delete up to `most` members of a tenant that was removed before then; how many."""
        rows = await self._fetch(
            "SELECT platform, tenant FROM tenants WHERE state = 'removed' AND changed_at < :before"
            " ORDER BY changed_at LIMIT 1",
            before=before,
        )
        if not rows:
            return 0
        where = {"platform": rows[0]["platform"], "tenant": rows[0]["tenant"]}
        members = await self._fetch(
            "SELECT member_id FROM identities WHERE platform = :platform AND tenant = :tenant"
            " LIMIT :most",
            most=most,
            **where,
        )
        for row in members:
            await self._fetch("DELETE FROM members WHERE id = :id", id=row["member_id"])
        if len(members) < most:
            await self._fetch(
                "DELETE FROM tenants WHERE platform = :platform AND tenant = :tenant", **where
            )
            await self._fetch("DELETE FROM slack_installs WHERE tenant = :tenant", **where)
            await self._fetch(
                "DELETE FROM send_lanes WHERE platform = :platform AND tenant = :tenant", **where
            )
        return len(members) + 1
