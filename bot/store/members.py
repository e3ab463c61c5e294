"""The statements about members and the accounts behind them."""

from dataclasses import replace

from bot.chat.event import Person
from bot.records import Member
from bot.store.database import Row
from bot.store.reminder_rules import Rules

_SEEN_SECONDS = 3600  # how exact `seen_at` is for a member without reminders


class Members(Rules):
    """Within one transaction. Instants are epoch seconds."""

    async def member(self, person: Person, now: int, new_id: str) -> Member:
        """The member behind `person`, made if need be, and locked for this transaction."""
        if member := await self._seen(person, now):
            return member
        await self._fetch(
            "INSERT INTO members (id, zone, zone_at, created_at, seen_at)"
            " VALUES (:id, :zone, :zone_at, :now, :now)",
            id=new_id,
            zone=person.zone or "UTC",
            zone_at=(person.zone_at or now) if person.zone else 0,
            now=now,
        )
        taken = await self._fetch(
            "INSERT INTO identities (platform, tenant, user_id, member_id)"
            " VALUES (:platform, :tenant, :user, :member)"
            " ON CONFLICT DO NOTHING RETURNING member_id",
            platform=person.platform,
            tenant=person.tenant,
            user=person.user,
            member=new_id,
        )
        if not taken:  # another process met this person a moment ago
            await self._fetch("DELETE FROM members WHERE id = :id", id=new_id)
        member = await self._seen(person, now)
        if member is None:
            raise LookupError("a member vanished while being made")
        return member

    async def _seen(self, person: Person, now: int) -> Member | None:
        # Locked where the database locks rows: one member, one event at a time.
        rows = await self._fetch(
            "SELECT members.*, r.untold FROM identities"
            " JOIN members ON members.id = identities.member_id"
            " LEFT JOIN reminder_rules r ON r.member_id = members.id"
            " WHERE identities.platform = :platform AND identities.tenant = :tenant"
            f" AND identities.user_id = :user{self._locking('members')}",
            platform=person.platform,
            tenant=person.tenant,
            user=person.user,
        )
        if not rows:
            return None
        member, untold = _member(rows[0]), rows[0]["untold"]
        # Whether a reminder was ignored is told from this to the second; without reminders it only
        # counts who is active, and is not worth a write for every card that is read.
        if untold is not None or rows[0]["seen_at"] < now - _SEEN_SECONDS:
            await self._fetch(
                "UPDATE members SET seen_at = :now WHERE id = :id", now=now, id=member.id
            )
        return replace(member, untold=bool(untold))

    async def known(self, person: Person) -> Member | None:
        """The member behind `person`, if there is one; nothing is written."""
        rows = await self._fetch(
            "SELECT members.* FROM members JOIN identities ON member_id = members.id"
            " WHERE platform = :platform AND tenant = :tenant AND user_id = :user",
            platform=person.platform,
            tenant=person.tenant,
            user=person.user,
        )
        return _member(rows[0]) if rows else None

    async def member_by_id(self, member: str) -> Member:
        rows = await self._fetch("SELECT * FROM members WHERE id = :member", member=member)
        return _member(rows[0])

    async def set_zone(self, member: str, zone: str) -> None:
        """The member chose it; from then on the platform's word does not count."""
        await self._fetch(
            "UPDATE members SET zone = :zone, zone_asked = 1 WHERE id = :member",
            zone=zone,
            member=member,
        )

    async def follow_zone(self, person: Person, now: int) -> bool:
        """Take the platform's word for the member's zone; whether that moved their clocks.

        Nothing is written where there is no such member, where they chose a zone themselves, or
        where the platform has named another one since.
        """
        rows = await self._fetch(
            "UPDATE members SET zone = :zone, zone_at = :at WHERE id = (SELECT member_id"
            " FROM identities WHERE platform = :platform AND tenant = :tenant AND user_id = :user)"
            " AND zone_asked = 0 AND zone <> :zone AND zone_at <= :at RETURNING id",
            zone=person.zone or "",
            at=person.zone_at or now,
            platform=person.platform,
            tenant=person.tenant,
            user=person.user,
        )
        for row in rows:
            await self.look_again(row["id"], now)
        return bool(rows)


def _member(row: Row) -> Member:
    return Member(row["id"], row["zone"], bool(row["zone_asked"]), row["created_at"])
