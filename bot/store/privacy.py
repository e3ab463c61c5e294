"""The statements about all that is kept of one member: shown, deleted, and kept deleted."""

import hashlib
from collections.abc import Sequence
from typing import Final

from bot.store.database import Row
from bot.store.statements import Statements

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


class Privacy(Statements):
    """Within one transaction. Instants are epoch seconds."""

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


def account(identity: Row) -> str:
    """A digest of a platform's account, from which the account cannot be read."""
    whose = "\0".join(identity[part] for part in ("platform", "tenant", "user_id"))
    return hashlib.sha256(whose.encode()).hexdigest()
