"""Statements about open conversations: table `sessions`."""

from bot.records import Session
from bot.store.database import Row
from bot.store.statements import Statements


class Conversations(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def get(self, session: str) -> Session | None:
        rows = await self._tx.fetch("SELECT * FROM sessions WHERE id = :id", id=session)
        return _session(rows[0]) if rows else None

    async def find(self, member: str, kind: str, pack: str) -> Session | None:
        """The member's open conversation of a kind about a pack; "" is about none."""
        rows = await self._tx.fetch(
            """
            SELECT * FROM sessions
            WHERE member_id = :member AND kind = :kind AND pack = :pack
            """,
            member=member,
            kind=kind,
            pack=pack,
        )
        return _session(rows[0]) if rows else None

    async def all_of(self, member: str) -> tuple[Session, ...]:
        """The member's open conversations, the latest first."""
        rows = await self._tx.fetch(
            """
            SELECT * FROM sessions
            WHERE member_id = :member
            ORDER BY updated_at DESC, kind
            """,
            member=member,
        )
        return tuple(map(_session, rows))

    async def begin(self, session: Session, now: int) -> None:
        """Open a conversation; it takes the place of the member's earlier one of its kind."""
        await self._tx.run(
            """
            INSERT INTO sessions (id, member_id, kind, pack, turn, version, state, updated_at)
            VALUES (:id, :member, :kind, :pack, :turn, :version, :state, :now)
            ON CONFLICT (member_id, kind, pack) DO UPDATE
            SET id = excluded.id, turn = excluded.turn, version = excluded.version,
                state = excluded.state, updated_at = excluded.updated_at
            """,
            id=session.id,
            member=session.member,
            kind=session.kind,
            pack=session.pack,
            turn=session.turn,
            version=session.version,
            state=session.state,
            now=now,
        )

    async def advance(self, session: Session, now: int) -> bool:
        """Store the next step of a conversation; False if another event has been there first."""
        rows = await self._tx.run(
            """
            UPDATE sessions
            SET turn = :turn, version = :version, state = :state, updated_at = :now
            WHERE id = :id AND turn = :turn - 1
            RETURNING id
            """,
            id=session.id,
            turn=session.turn,
            version=session.version,
            state=session.state,
            now=now,
        )
        return bool(rows)

    async def end(self, session: str) -> None:
        await self._tx.run("DELETE FROM sessions WHERE id = :id", id=session)


def _session(row: Row) -> Session:
    return Session(
        id=row["id"],
        member=row["member_id"],
        kind=row["kind"],
        turn=row["turn"],
        version=row["version"],
        state=row["state"],
        pack=row["pack"],
    )
