"""Statements about all that is kept of one member, shown and deleted: table `tombstones`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.store.database import Row, Transaction
from bot.store.members import Members
from bot.store.statements import Statements

OF_A_MEMBER: Final = {
    "members": "SELECT * FROM members WHERE id = :member",
    "identities": "SELECT * FROM identities WHERE member_id = :member",
    "sessions": "SELECT * FROM sessions WHERE member_id = :member",
    "quiz_runs": "SELECT * FROM quiz_runs WHERE member_id = :member ORDER BY finished_at, id",
    "plans": "SELECT * FROM plans WHERE member_id = :member ORDER BY started_on, id",
    "plan_steps": """
        SELECT * FROM plan_steps
        WHERE plan_id IN (SELECT id FROM plans WHERE member_id = :member)
        ORDER BY plan_id, position
        """,
    "recalls": "SELECT * FROM recalls WHERE member_id = :member ORDER BY due_on, pack, question_id",
    "interviews": "SELECT * FROM interviews WHERE member_id = :member ORDER BY pack",
    "tasters": "SELECT * FROM tasters WHERE member_id = :member ORDER BY begun_at, id",
    "taster_tasks": """
        SELECT * FROM taster_tasks
        WHERE taster_id IN (SELECT id FROM tasters WHERE member_id = :member)
        ORDER BY taster_id, done_on, task_id
        """,
    "reminder_rules": "SELECT * FROM reminder_rules WHERE member_id = :member",
    "deliveries": """
        SELECT * FROM deliveries
        WHERE rule_id IN (SELECT id FROM reminder_rules WHERE member_id = :member)
        ORDER BY due_at
        """,
}
"""What reads each table that holds something of a member."""


@dataclass(frozen=True, slots=True)
class Account:
    """A member's account on a platform, by (platform, tenant, user).

    `digest` is what a tombstone knows it by, from which the account cannot be read.
    """

    key: tuple[str, str, str]
    digest: str
    member: str
    created_at: int


class Privacy(Statements):
    """Within one transaction. Instants are epoch seconds."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._members = Members(transaction)

    async def export(self, member: str) -> dict[str, Sequence[Row]]:
        """All rows about a member, by table."""
        return {
            table: await self._tx.fetch(sql, member=member) for table, sql in OF_A_MEMBER.items()
        }

    async def forget(self, member: str, now: int) -> None:
        """Delete a member and all that hangs on them; what stays is a digest of the account."""
        accounts = await self._tx.fetch(
            "SELECT platform, tenant, user_id FROM identities WHERE member_id = :member",
            member=member,
        )
        await self.keep_tombstones({digest(_key(row)): now for row in accounts})
        await self._members.delete(member)

    async def tombstones(self, after: str, limit: int) -> dict[str, int]:
        """When each account was deleted, by its digest: the next ones after such a digest."""
        rows = await self._tx.fetch(
            """
            SELECT account, deleted_at FROM tombstones
            WHERE account > :after
            ORDER BY account
            LIMIT :limit
            """,
            after=after,
            limit=limit,
        )
        return {row["account"]: row["deleted_at"] for row in rows}

    async def keep_tombstones(self, tombstones: dict[str, int]) -> None:
        """Remember when each account was deleted, by its digest; the latest counts."""
        await self._tx.run_many(
            """
            INSERT INTO tombstones (account, deleted_at)
            VALUES (:account, :at)
            ON CONFLICT (account) DO UPDATE SET deleted_at = excluded.deleted_at
            WHERE tombstones.deleted_at < excluded.deleted_at
            """,
            [{"account": mark, "at": at} for mark, at in tombstones.items()],
        )

    async def accounts(self, after: Account | None, limit: int) -> list[Account]:
        """The next accounts, by platform, tenant and user; the first ones after None."""
        platform, tenant, user = after.key if after else ("", "", "")
        rows = await self._tx.fetch(
            """
            SELECT i.platform, i.tenant, i.user_id, i.member_id, m.created_at
            FROM identities i
            JOIN members m ON m.id = i.member_id
            WHERE (i.platform, i.tenant, i.user_id) > (:platform, :tenant, :user)
            ORDER BY i.platform, i.tenant, i.user_id
            LIMIT :limit
            """,
            platform=platform,
            tenant=tenant,
            user=user,
            limit=limit,
        )
        return [
            Account(_key(row), digest(_key(row)), row["member_id"], row["created_at"])
            for row in rows
        ]


def _key(identity: Row) -> tuple[str, str, str]:
    return identity["platform"], identity["tenant"], identity["user_id"]


def digest(key: tuple[str, str, str]) -> str:
    """What a tombstone knows an account by: SHA-256 of platform, tenant and user, in hex."""
    return hashlib.sha256("\0".join(key).encode()).hexdigest()
