"""Statements that only read, for whoever runs the bot: counts, what is overdue, what is refused."""

from bot.chat.platform import PLATFORMS
from bot.store.statements import Statements

_DAY = 24 * 60 * 60


class Overview(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def counts(self, now: int) -> dict[str, int]:
        """How much there is of everything, by its name in words."""
        rows = await self._tx.fetch(
            """
            SELECT
                (SELECT COUNT(*) FROM members) AS "members",
                (SELECT COUNT(*) FROM members WHERE seen_at > :month)
                    AS "members seen in the last 30 days",
                (SELECT COUNT(*) FROM quiz_runs) AS "quizzes finished",
                (SELECT COUNT(*) FROM plans WHERE state <> 'ended') AS "plans under way",
                (SELECT COUNT(*) FROM plan_steps WHERE status = 'done') AS "steps done",
                (SELECT COUNT(*) FROM reminder_rules WHERE state = 'active')
                    AS "reminders set up",
                (SELECT COUNT(*) FROM deliveries WHERE state = 'sent') AS "reminders sent"
            """,
            month=now - 30 * _DAY,
        )
        return {name: int(number) for name, number in rows[0].items()}

    async def oldest_due(self, now: int) -> int | None:
        """When the reminder was due that has been waiting longest; None where none is waiting."""
        due: list[int | None] = []
        for platform in PLATFORMS:  # one by one, so that the index by platform and instant serves
            rows = await self._tx.fetch(
                """
                SELECT MIN(r.next_at) AS due FROM reminder_rules r
                WHERE r.platform = :platform AND r.next_at <= :now
                  AND NOT EXISTS (
                      SELECT 1 FROM tenants t
                      WHERE t.platform = r.platform AND t.tenant = r.tenant AND t.state <> 'active'
                  )
                """,
                platform=platform,
                now=now,
            )
            due += (row["due"] for row in rows)
        rows = await self._tx.fetch(
            """
            SELECT MIN(d.due_at) AS due FROM deliveries d
            WHERE d.state = 'pending' AND d.due_at <= :now
              AND NOT EXISTS (
                  SELECT 1 FROM tenants t
                  WHERE t.platform = d.platform AND t.tenant = d.tenant AND t.state <> 'active'
              )
            """,
            now=now,
        )
        due += (row["due"] for row in rows)
        return min((instant for instant in due if instant is not None), default=None)

    async def hindered(self) -> list[tuple[str, str, int, int]]:
        """Refusals that reminders wait out: platform, code, how many reminders, since when."""
        rows = await self._tx.fetch(
            """
            SELECT platform, hindered, COUNT(*) AS number, MIN(hindered_at) AS since
            FROM deliveries
            WHERE hindered IS NOT NULL AND settled_at IS NULL
            GROUP BY platform, hindered
            ORDER BY platform, hindered
            """
        )
        return [(r["platform"], r["hindered"], int(r["number"]), int(r["since"])) for r in rows]
