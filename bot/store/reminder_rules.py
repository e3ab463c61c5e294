"""The statements about reminder rules, as members see and change them."""

from datetime import date

from bot.chat.event import Platform
from bot.records import Delivery, Rule
from bot.store.database import Row
from bot.store.statements import Statements

LAST_ON = (
    "(SELECT MAX(d.local_date) FROM deliveries d WHERE d.rule_id = r.id"
    " AND d.again_of IS NULL AND d.state <> 'cancelled') AS last_on"
)

_BETWEEN_ZONES = 26 * 60 * 60  # from the first clocks on earth to the last
_SINCE = "(CASE WHEN updated_at < :since THEN :since ELSE updated_at + 1 END)"


class Rules(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def rule(self, member: str) -> Rule | None:
        rows = await self._fetch(
            f"SELECT r.*, m.zone, {LAST_ON} FROM reminder_rules r"
            " JOIN members m ON m.id = r.member_id WHERE r.member_id = :member",
            member=member,
        )
        return read_rule(rows[0]) if rows else None

    async def save_rule(self, member: str, rule: Rule, now: int) -> None:
        """Store a rule as the member wants it now; what waited to be sent by the old one does not.

        Its zone is the member's, and goes through `set_zone`.
        """
        await self._fetch(
            "INSERT INTO reminder_rules (id, member_id, platform, tenant, user_id, weekday, minute,"
            " every, anchor_on, state, paused_until, reason, untold, next_at, updated_at)"
            " VALUES (:id, :member, :platform, :tenant, :user, :weekday, :minute, :every,"
            " :anchor_on, :state, :paused_until, :reason, 0, :next_at, :now)"
            " ON CONFLICT (member_id) DO UPDATE SET platform = excluded.platform,"
            " tenant = excluded.tenant, user_id = excluded.user_id, weekday = excluded.weekday,"
            " minute = excluded.minute, every = excluded.every, anchor_on = excluded.anchor_on,"
            " state = excluded.state, paused_until = excluded.paused_until,"
            " reason = excluded.reason, untold = 0, next_at = excluded.next_at,"
            " updated_at = excluded.updated_at",
            id=rule.id,
            member=member,
            platform=rule.platform,
            tenant=rule.tenant,
            user=rule.user,
            weekday=rule.weekday,
            minute=rule.minute,
            every=rule.every,
            anchor_on=rule.anchor_on and rule.anchor_on.isoformat(),
            state=rule.state,
            paused_until=rule.paused_until and rule.paused_until.isoformat(),
            reason=rule.reason,
            next_at=rule.next_at,
            now=now,
        )
        await self.cancel_waiting(member, "you changed your reminders", now)

    async def look_again(self, member: str, now: int) -> None:
        """Have the rule's next instant worked out anew: its zone has changed.

        What is overdue stays so; and an hour that has passed in the new zone, without having come
        in the old one, counts as long as the member has not set it since.
        """
        await self._fetch(
            f"UPDATE reminder_rules SET next_at = CASE WHEN next_at < {_SINCE} THEN next_at"
            f" ELSE {_SINCE} END WHERE member_id = :member AND next_at IS NOT NULL",
            member=member,
            since=now - _BETWEEN_ZONES,
        )

    async def look_again_in(self, platform: Platform, tenant: str, now: int) -> None:
        """The same for a whole workspace that is back: its rules have rested."""
        await self._fetch(
            "UPDATE reminder_rules SET next_at = :now WHERE platform = :platform"
            " AND tenant = :tenant AND state = 'active' AND next_at IS NULL",
            platform=platform,
            tenant=tenant,
            now=now,
        )

    async def cancel_waiting(self, member: str, reason: str, now: int) -> None:
        await self._fetch(
            "UPDATE deliveries SET state = 'cancelled', reason = :reason, settled_at = :now,"
            " fence = fence + 1, lease_until = NULL WHERE state IN ('pending', 'claimed')"
            " AND rule_id = (SELECT id FROM reminder_rules WHERE member_id = :member)",
            member=member,
            reason=reason,
            now=now,
        )

    async def news(self, member: str) -> Rule | None:
        """The rule if it was paused without the member's doing and they have not been told."""
        rows = await self._fetch(
            "UPDATE reminder_rules SET untold = 0 WHERE member_id = :member AND untold = 1"
            " RETURNING id",
            member=member,
        )
        return await self.rule(member) if rows else None

    async def snooze(self, new_id: str, delivery: str, day: date, due_at: int) -> None:
        """Have a delivery come again on a day, unless that day has its own."""
        await self._fetch(
            "INSERT INTO deliveries (id, rule_id, local_date, platform, tenant, again_of, slot_at,"
            " due_at, state) SELECT :id, rule_id, :day, platform, tenant, id, :due_at, :due_at,"
            " 'pending' FROM deliveries WHERE id = :delivery"
            " ON CONFLICT (rule_id, local_date) DO UPDATE SET again_of = excluded.again_of,"
            " slot_at = excluded.slot_at, due_at = excluded.due_at, state = 'pending', reason = '',"
            " settled_at = NULL, hindered = NULL, hindered_at = NULL"
            " WHERE deliveries.state = 'cancelled'"
            " AND deliveries.asked_at IS NULL",
            id=new_id,
            delivery=delivery,
            day=day.isoformat(),
            due_at=due_at,
        )

    async def deliveries(self, member: str, limit: int = 10) -> tuple[Delivery, ...]:
        """The latest of the member's deliveries, the last one first."""
        rows = await self._fetch(
            "SELECT d.* FROM deliveries d JOIN reminder_rules r ON r.id = d.rule_id"
            " WHERE r.member_id = :member ORDER BY d.local_date DESC LIMIT :limit",
            member=member,
            limit=limit,
        )
        return tuple(map(read_delivery, rows))


def read_rule(row: Row) -> Rule:
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


def read_delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        local_date=date.fromisoformat(row["local_date"]),
        slot_at=row["slot_at"],
        due_at=row["due_at"],
        state=row["state"],
        kind=row["kind"],
        reason=row["reason"],
        attempts=row["attempts"],
        settled_at=row["settled_at"],
        again_of=row["again_of"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
