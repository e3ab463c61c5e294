"""Statements about a member or a workspace as a whole, and about all that is kept."""

import hashlib
from collections.abc import Sequence
from typing import Final

from bot.event import Platform
from bot.store.database import Row, Transaction

# Every table that holds something of a member.
_OF_MEMBER: Final = {
    "members": "SELECT * FROM members WHERE id = :member",
    "identities": "SELECT * FROM identities WHERE member_id = :member",
    "sessions": "SELECT * FROM sessions WHERE member_id = :member",
    "quiz_runs": "SELECT * FROM quiz_runs WHERE member_id = :member ORDER BY finished_at, id",
    "plans": "SELECT * FROM plans WHERE member_id = :member ORDER BY started_on, id",
    "plan_steps": (
        "SELECT * FROM plan_steps WHERE plan_id IN"
        " (SELECT id FROM plans WHERE member_id = :member) ORDER BY plan_id, position"
    ),
    "reminder_rules": "SELECT * FROM reminder_rules WHERE member_id = :member",
    "deliveries": (
        "SELECT * FROM deliveries WHERE rule_id IN"
        " (SELECT id FROM reminder_rules WHERE member_id = :member) ORDER BY due_at"
    ),
}
_COUNTS: Final = {
    "members": "SELECT COUNT(*) AS number FROM members",
    "members seen in the last 30 days": (
        "SELECT COUNT(*) AS number FROM members WHERE seen_at > :month"
    ),
    "quizzes finished": "SELECT COUNT(*) AS number FROM quiz_runs",
    "plans under way": "SELECT COUNT(*) AS number FROM plans WHERE state <> 'ended'",
    "steps done": "SELECT COUNT(*) AS number FROM plan_steps WHERE status = 'done'",
    "reminders set up": "SELECT COUNT(*) AS number FROM reminder_rules WHERE state = 'active'",
    "reminders sent": "SELECT COUNT(*) AS number FROM deliveries WHERE state = 'sent'",
}
_OLDEST_DUE: Final = """
    SELECT MIN(r.next_at) AS due FROM reminder_rules r
    WHERE r.platform IN ('slack', 'discord', 'playground') AND r.next_at <= :now
    AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.platform = r.platform
        AND t.tenant = r.tenant AND t.state <> 'active')
    UNION ALL SELECT MIN(d.due_at) FROM deliveries d
    WHERE d.state = 'pending' AND d.due_at <= :now
    AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.platform = d.platform
        AND t.tenant = d.tenant AND t.state <> 'active')
"""
_DAY = 24 * 60 * 60


class Upkeep:
    """Looks after the whole, within one transaction. Instants are epoch seconds."""

    def __init__(self, transaction: Transaction) -> None:
        self._fetch = transaction.fetch

    async def kept(self, member: str) -> dict[str, Sequence[Row]]:
        """All rows about a member, by table."""
        return {table: await self._fetch(sql, member=member) for table, sql in _OF_MEMBER.items()}

    async def forget(self, member: str, now: int) -> None:
        """Delete a member and all that hangs on them; what stays is a digest of the account."""
        for row in await self._fetch(
            "SELECT platform, tenant, user_id FROM identities WHERE member_id = :member",
            member=member,
        ):
            await self._fetch(
                "INSERT INTO tombstones (account, deleted_at) VALUES (:account, :now)"
                " ON CONFLICT (account) DO UPDATE SET deleted_at = excluded.deleted_at",
                account=account(row),
                now=now,
            )
        await self._fetch("DELETE FROM members WHERE id = :member", member=member)

    async def tombstones(self) -> dict[str, int]:
        """When each account was deleted."""
        rows = await self._fetch("SELECT account, deleted_at FROM tombstones")
        return {row["account"]: row["deleted_at"] for row in rows}

    async def bury(self, tombstones: dict[str, int]) -> int:
        """Keep these tombstones, and delete again who lies under one; how many that were."""
        for mark, deleted_at in tombstones.items():
            await self._fetch(
                "INSERT INTO tombstones (account, deleted_at) VALUES (:account, :at)"
                " ON CONFLICT (account) DO UPDATE SET deleted_at = excluded.deleted_at"
                " WHERE tombstones.deleted_at < excluded.deleted_at",
                account=mark,
                at=deleted_at,
            )
        gone = 0
        if known := await self.tombstones():
            for row in await self._fetch(
                "SELECT platform, tenant, user_id, member_id, created_at"
                " FROM identities JOIN members ON members.id = member_id"
            ):
                # Whoever came back after the deletion has begun anew, and stays.
                if row["created_at"] < known.get(account(row), 0):
                    await self._fetch("DELETE FROM members WHERE id = :id", id=row["member_id"])
                    gone += 1
        return gone

    async def pass_over(self, until: int, reason: str, now: int) -> int:
        """Close every delivery that was due by then and is not sent; how many that were."""
        rows = await self._fetch(
            "UPDATE deliveries SET state = 'skipped', reason = :reason, settled_at = :now,"
            " fence = fence + 1, lease_until = NULL"
            " WHERE state IN ('pending', 'claimed') AND due_at <= :until RETURNING id",
            until=until,
            reason=reason,
            now=now,
        )
        return len(rows)

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

    async def purge_shares(self, before: int) -> None:
        """Forget which deliveries and presses came once: nothing repeats them after so long."""
        await self._fetch("DELETE FROM shares WHERE shared_at < :before", before=before)

    async def oldest_due(self, now: int) -> int | None:
        """When the reminder was due that has been waiting longest; None where none is waiting."""
        rows = await self._fetch(_OLDEST_DUE, now=now)
        return min((row["due"] for row in rows if row["due"] is not None), default=None)

    async def hindered(self) -> list[tuple[str, str, int, int]]:
        """Refusals that reminders wait out: platform, code, how many reminders, since when."""
        rows = await self._fetch(
            "SELECT platform, hindered, COUNT(*) AS number, MIN(hindered_at) AS since"
            " FROM deliveries WHERE hindered IS NOT NULL AND settled_at IS NULL"
            " GROUP BY platform, hindered ORDER BY platform, hindered"
        )
        return [(r["platform"], r["hindered"], int(r["number"]), int(r["since"])) for r in rows]

    async def counts(self, now: int) -> dict[str, int]:
        """How much there is of everything, by its name in words."""
        counted = {}
        for name, sql in _COUNTS.items():
            values = {"month": now - 30 * _DAY} if ":month" in sql else {}
            counted[name] = int((await self._fetch(sql, **values))[0]["number"])
        return counted


def account(identity: Row) -> str:
    """A digest of a platform's account, from which the account cannot be read."""
    whose = "\0".join(identity[part] for part in ("platform", "tenant", "user_id"))
    return hashlib.sha256(whose.encode()).hexdigest()
