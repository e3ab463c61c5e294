"""Statements about reminder rules, when a member is reminded: table `reminder_rules`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.chat.event import Platform
from bot.records import Rule
from bot.store.database import Row, Transaction
from bot.store.queue.deliveries import Deliveries
from bot.store.statements import Statements

_BETWEEN_ZONES = 26 * 60 * 60  # from the first clocks on earth to the last


class ReminderRules(Statements):
    """Within one transaction. Instants are epoch seconds."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._deliveries = Deliveries(transaction)

    async def find(self, member: str) -> Rule | None:
        """The member's rule."""
        rows = await self._tx.fetch(
            """
            SELECT r.*, m.zone, (
                SELECT MAX(d.local_date) FROM deliveries d
                WHERE d.rule_id = r.id AND d.again_of IS NULL AND d.state <> 'cancelled'
            ) AS last_on
            FROM reminder_rules r
            JOIN members m ON m.id = r.member_id
            WHERE r.member_id = :member
            """,
            member=member,
        )
        return _rule(rows[0]) if rows else None

    async def save(self, member: str, rule: Rule, now: int) -> None:
        """Store a rule as the member wants it now; what waited to be sent by the old one does not.

        Its zone is the member's, and goes through `Members.set_zone`.
        """
        await self._tx.run(
            """
            INSERT INTO reminder_rules (id, member_id, platform, tenant, user_id, weekday,
                minute, every, anchor_on, state, paused_until, reason, notice_pending,
                next_at, updated_at)
            VALUES (:id, :member, :platform, :tenant, :user, :weekday,
                :minute, :every, :anchor_on, :state, :paused_until, :reason, 0,
                :next_at, :now)
            ON CONFLICT (member_id) DO UPDATE
            SET platform = excluded.platform, tenant = excluded.tenant,
                user_id = excluded.user_id, weekday = excluded.weekday,
                minute = excluded.minute, every = excluded.every,
                anchor_on = excluded.anchor_on, state = excluded.state,
                paused_until = excluded.paused_until, reason = excluded.reason,
                notice_pending = 0, next_at = excluded.next_at, updated_at = excluded.updated_at
            """,
            member=member,
            now=now,
            **_values(rule),
        )
        await self._deliveries.cancel(member, "you changed your reminders", now)

    async def suspend(self, rule: str, state: str, reason: str, *, tell: bool, now: int) -> None:
        """Pause or stop a rule on the bot's own account; `tell` the member when they come by."""
        await self._tx.run(
            """
            UPDATE reminder_rules
            SET state = :state, reason = :reason, notice_pending = :notice_pending,
                next_at = NULL, updated_at = :now
            WHERE id = :rule AND state = 'active'
            """,
            rule=rule,
            state=state,
            reason=reason,
            notice_pending=int(tell),
            now=now,
        )

    async def take_notice(self, member: str) -> Rule | None:
        """The rule if it was paused without the member's doing and they have not been told."""
        rows = await self._tx.run(
            """
            UPDATE reminder_rules SET notice_pending = 0
            WHERE member_id = :member AND notice_pending = 1
            RETURNING id
            """,
            member=member,
        )
        return await self.find(member) if rows else None

    # When a rule is looked at next

    async def due(self, platform: Platform, now: int, limit: int) -> list[tuple[Rule, bool]]:
        """Rules to look at, each with whether its tenant is on; locked for this transaction."""
        rows = await self._tx.fetch(
            """
            WITH due AS MATERIALIZED (
                SELECT * FROM reminder_rules
                WHERE platform = :platform AND next_at <= :now
                ORDER BY next_at
                LIMIT :limit
                FOR UPDATE SKIP LOCKED
            )
            SELECT r.*, m.zone, (
                SELECT MAX(d.local_date) FROM deliveries d
                WHERE d.rule_id = r.id AND d.again_of IS NULL AND d.state <> 'cancelled'
            ) AS last_on, NOT EXISTS (
                SELECT 1 FROM tenants t
                WHERE t.platform = r.platform AND t.tenant = r.tenant AND t.state <> 'active'
            ) AS is_on
            FROM due r
            JOIN members m ON m.id = r.member_id
            """,
            platform=platform,
            now=now,
            limit=limit,
        )
        return [(_rule(row), bool(row["is_on"])) for row in rows]

    async def set_next(self, next_at: Sequence[tuple[str, int | None]]) -> None:
        """When each rule is to be looked at again; None for not before somebody says so."""
        # PostgreSQL has one type for all rows of a value, and NULL has none.
        await self._tx.run_many(
            "UPDATE reminder_rules SET next_at = NULLIF(:next_at, 0) WHERE id = :rule",
            [{"rule": rule, "next_at": at or 0} for rule, at in next_at],
        )

    async def reschedule(self, member: str, now: int) -> None:
        """Have the rule's next instant worked out anew: its zone has changed.

        What is overdue stays so; and an hour that has passed in the new zone, without having come
        in the old one, counts as long as the member has not set it since.
        """
        await self._tx.run(
            """
            UPDATE reminder_rules
            SET next_at = CASE
                WHEN next_at < :since THEN next_at
                WHEN updated_at < :since THEN :since
                WHEN next_at < updated_at + 1 THEN next_at
                ELSE updated_at + 1
            END
            WHERE member_id = :member AND next_at IS NOT NULL
            """,
            member=member,
            since=now - _BETWEEN_ZONES,
        )

    async def wake_tenant(self, platform: Platform, tenant: str, now: int) -> None:
        """Look at the rules of a workspace again that is back: they have rested."""
        await self._tx.run(
            """
            UPDATE reminder_rules SET next_at = :now
            WHERE platform = :platform AND tenant = :tenant
              AND state = 'active' AND next_at IS NULL
            """,
            platform=platform,
            tenant=tenant,
            now=now,
        )


def _values(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "platform": rule.platform,
        "tenant": rule.tenant,
        "user": rule.user,
        "weekday": rule.weekday,
        "minute": rule.minute,
        "every": rule.every,
        "anchor_on": rule.anchor_on and rule.anchor_on.isoformat(),
        "state": rule.state,
        "paused_until": rule.paused_until and rule.paused_until.isoformat(),
        "reason": rule.reason,
        "next_at": rule.next_at,
    }


def _rule(row: Row) -> Rule:
    return Rule(
        id=row["id"],
        platform=row["platform"],
        tenant=row["tenant"],
        user=row["user_id"],
        weekday=row["weekday"],
        minute=row["minute"],
        zone=row["zone"],
        every=row["every"],
        anchor_on=_date(row["anchor_on"]),
        state=row["state"],
        paused_until=_date(row["paused_until"]),
        reason=row["reason"],
        next_at=row["next_at"],
        last_on=_date(row["last_on"]),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
