"""Statements about members and their accounts: tables `members` and `identities`."""

from dataclasses import replace

from bot.chat.event import Person, Platform
from bot.records import Member
from bot.store.database import Row, Transaction
from bot.store.reminder_rules import ReminderRules
from bot.store.statements import Statements

_SEEN_SECONDS = 3600  # how exact `seen_at` is for a member without reminders
_ASTRAY = 60 * 1_000_000  # microseconds: a channel is taken for a second or so


class Members(Statements):
    """Within one transaction. Instants are epoch seconds, those of channels microseconds."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._rules = ReminderRules(transaction)

    async def find_or_create(self, person: Person, now: int, new_id: str) -> Member:
        """The member behind `person`, made if need be, and locked for this transaction."""
        if member := await self._seen(person, now):
            return member
        await self._create(person, now, new_id)
        member = await self._seen(person, now)
        if member is None:
            raise LookupError("a member vanished while being made")
        return member

    async def find(self, person: Person) -> Member | None:
        """The member behind `person`, if there is one; nothing is written."""
        rows = await self._tx.fetch(
            """
            SELECT m.* FROM members m
            JOIN identities i ON i.member_id = m.id
            WHERE i.platform = :platform AND i.tenant = :tenant AND i.user_id = :user
            """,
            **_of(person),
        )
        return _member(rows[0]) if rows else None

    async def get(self, member: str) -> Member:
        rows = await self._tx.fetch("SELECT * FROM members WHERE id = :member", member=member)
        return _member(rows[0])

    async def of_tenant(self, platform: Platform, tenant: str, limit: int) -> list[str]:
        """Some members of a workspace or server."""
        rows = await self._tx.fetch(
            """
            SELECT member_id FROM identities
            WHERE platform = :platform AND tenant = :tenant
            LIMIT :limit
            """,
            platform=platform,
            tenant=tenant,
            limit=limit,
        )
        return [str(row["member_id"]) for row in rows]

    async def delete(self, member: str) -> None:
        """Delete a member, and by the schema's cascades all that hangs on them."""
        await self._tx.run("DELETE FROM members WHERE id = :member", member=member)

    async def _create(self, person: Person, now: int, new_id: str) -> None:
        await self._tx.run(
            """
            INSERT INTO members (id, zone, zone_at, created_at, seen_at)
            VALUES (:id, :zone, :zone_at, :now, :now)
            """,
            id=new_id,
            zone=person.zone or "UTC",
            zone_at=(person.zone_at or now) if person.zone else 0,
            now=now,
        )
        taken = await self._tx.run(
            """
            INSERT INTO identities (platform, tenant, user_id, member_id)
            VALUES (:platform, :tenant, :user, :member)
            ON CONFLICT DO NOTHING
            RETURNING member_id
            """,
            member=new_id,
            **_of(person),
        )
        if not taken:  # another process met this person a moment ago
            await self.delete(new_id)

    async def _seen(self, person: Person, now: int) -> Member | None:
        # Locked where the database locks rows: one member, one event at a time.
        rows = await self._tx.fetch(
            """
            SELECT m.*, r.notice_pending FROM identities i
            JOIN members m ON m.id = i.member_id
            LEFT JOIN reminder_rules r ON r.member_id = m.id
            WHERE i.platform = :platform AND i.tenant = :tenant AND i.user_id = :user
            FOR UPDATE OF m
            """,
            **_of(person),
        )
        if not rows:
            return None
        member, notice_pending = _member(rows[0]), rows[0]["notice_pending"]
        # Whether a reminder was ignored is told from this to the second; without reminders it only
        # counts who is active, and is not worth a write for every card that is read.
        if notice_pending is not None or rows[0]["seen_at"] < now - _SEEN_SECONDS:
            await self._tx.run(
                "UPDATE members SET seen_at = :now WHERE id = :id", now=now, id=member.id
            )
        return replace(member, notice_pending=bool(notice_pending))

    # Time zones

    async def set_zone(self, member: str, zone: str, now: int) -> None:
        """The member chose it; from then on the platform's word does not count."""
        await self._tx.run(
            "UPDATE members SET zone = :zone, zone_asked = 1 WHERE id = :member",
            zone=zone,
            member=member,
        )
        await self._rules.reschedule(member, now)

    async def follow_zone(self, person: Person, now: int) -> bool:
        """Take the platform's word for the member's zone; whether that moved their clocks.

        Nothing is written where there is no such member, where they chose a zone themselves, or
        where the platform has named another one since.
        """
        rows = await self._tx.run(
            """
            UPDATE members SET zone = :zone, zone_at = :at
            WHERE id = (
                SELECT member_id FROM identities
                WHERE platform = :platform AND tenant = :tenant AND user_id = :user
            )
              AND zone_asked = 0 AND zone <> :zone AND zone_at <= :at
            RETURNING id
            """,
            zone=person.zone or "",
            at=person.zone_at or now,
            **_of(person),
        )
        for row in rows:
            await self._rules.reschedule(row["id"], now)
        return bool(rows)

    # Channels of direct messages

    async def reserve_channel(self, person: Person, now: int, free_at: int) -> bool:
        """Take a person's channel until `free_at` (microseconds); False where it is taken already.

        What is taken far ahead was written by a clock that has been put back since.
        """
        rows = await self._tx.run(
            """
            UPDATE identities SET channel_free_at = :free_at
            WHERE platform = :platform AND tenant = :tenant AND user_id = :user
              AND (channel_free_at <= :now OR channel_free_at > :furthest)
            RETURNING user_id
            """,
            now=now,
            free_at=free_at,
            furthest=free_at + _ASTRAY,
            **_of(person),
        )
        return bool(rows)

    async def remember_channel(self, person: Person, channel: str) -> None:
        """The platform has said where the person's direct messages go."""
        await self._tx.run(
            """
            UPDATE identities SET channel = :channel
            WHERE platform = :platform AND tenant = :tenant AND user_id = :user
            """,
            channel=channel,
            **_of(person),
        )


def _of(person: Person) -> dict[str, str]:
    return {"platform": person.platform, "tenant": person.tenant, "user": person.user}


def _member(row: Row) -> Member:
    return Member(row["id"], row["zone"], bool(row["zone_asked"]), row["created_at"])
