"""Statements about workspaces and servers, which are on and which are not: table `tenants`."""

from bot.chat.event import Platform
from bot.store.database import Transaction
from bot.store.installs import Installs
from bot.store.members import Members
from bot.store.queue.pacing import Pacing
from bot.store.reminder_rules import ReminderRules
from bot.store.statements import Statements


class Tenants(Statements):
    """Within one transaction. Instants are epoch seconds."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._members, self._rules = Members(transaction), ReminderRules(transaction)
        self._installs, self._pacing = Installs(transaction), Pacing(transaction)

    async def set(self, platform: Platform, tenant: str, state: str, now: int) -> None:
        """Record that a workspace or server is "active", "off" (no good token) or "removed".

        Nothing is sent but to those that are active.
        """
        await self._tx.run(
            """
            INSERT INTO tenants (platform, tenant, state, changed_at)
            VALUES (:platform, :tenant, :state, :now)
            ON CONFLICT (platform, tenant) DO UPDATE
            SET state = excluded.state, changed_at = excluded.changed_at
            """,
            platform=platform,
            tenant=tenant,
            state=state,
            now=now,
        )
        if state == "active":
            await self._rules.wake_tenant(platform, tenant, now)

    async def switch_off(self, platform: Platform, tenant: str, began: int, now: int) -> None:
        """A request begun then was told that the token is dead: send nothing more there.

        A tenant that has been installed anew since then stays on.
        """
        await self._tx.run(
            """
            INSERT INTO tenants (platform, tenant, state, changed_at)
            VALUES (:platform, :tenant, 'off', :now)
            ON CONFLICT (platform, tenant) DO UPDATE
            SET state = 'off', changed_at = :now
            WHERE tenants.state = 'active'
              AND NOT tenants.changed_at BETWEEN :began + 1 AND :now
            """,
            platform=platform,
            tenant=tenant,
            began=began,
            now=now,
        )

    async def state(self, platform: Platform, tenant: str) -> str | None:
        """The state of one workspace or server; None if it was never told of, or is purged."""
        rows = await self._tx.fetch(
            "SELECT state FROM tenants WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
        )
        return str(rows[0]["state"]) if rows else None

    async def states(self, platform: Platform) -> dict[str, str]:
        """The state of every workspace or server that was ever told of."""
        rows = await self._tx.fetch(
            "SELECT tenant, state FROM tenants WHERE platform = :platform", platform=platform
        )
        return {row["tenant"]: row["state"] for row in rows}

    async def purge(self, before: int, most: int) -> int:
        """Delete up to `most` members of a tenant that was removed before then; how many.

        One more is counted than there were, so that 0 says that nothing is left to purge.
        """
        rows = await self._tx.fetch(
            """
            SELECT platform, tenant FROM tenants
            WHERE state = 'removed' AND changed_at < :before
            ORDER BY changed_at
            LIMIT 1
            """,
            before=before,
        )
        if not rows:
            return 0
        platform, tenant = rows[0]["platform"], rows[0]["tenant"]
        members = await self._members.of_tenant(platform, tenant, most)
        for member in members:
            await self._members.delete(member)
        if len(members) < most:
            await self._delete(platform, tenant)
        return len(members) + 1

    async def _delete(self, platform: Platform, tenant: str) -> None:
        await self._tx.run(
            "DELETE FROM tenants WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
        )
        await self._pacing.delete(platform, tenant)
        await self._installs.purge(platform, tenant)
