"""The statements about the whole: counts, what is overdue, what has had its time."""

from typing import Final

from bot.store.database import Transaction

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
