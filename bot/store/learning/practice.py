"""Statements about practice for interviews: tables `recalls` and `interviews`."""

from dataclasses import asdict
from datetime import date

from bot.records import Recall
from bot.store.database import Row
from bot.store.statements import Statements


class PracticeRecords(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def recalls(self, member: str) -> tuple[Recall, ...]:
        """Every question that the member has rated, in all packs; the first due comes first."""
        rows = await self._tx.fetch(
            """
            SELECT * FROM recalls
            WHERE member_id = :member
            ORDER BY due_on, reviewed_at, question_id
            """,
            member=member,
        )
        return tuple(map(_recall, rows))

    async def save(self, member: str, recall: Recall) -> None:
        await self._tx.run(
            """
            INSERT INTO recalls (member_id, pack, question_id, begun_on, reviewed_at, rating,
                stability, difficulty, reps, due_on)
            VALUES (:member, :pack, :question, :begun_on, :reviewed_at, :rating,
                :stability, :difficulty, :reps, :due_on)
            ON CONFLICT (member_id, pack, question_id) DO UPDATE
            SET reviewed_at = excluded.reviewed_at, rating = excluded.rating,
                stability = excluded.stability, difficulty = excluded.difficulty,
                reps = excluded.reps, due_on = excluded.due_on
            """,
            member=member,
            **asdict(recall)
            | {"begun_on": recall.begun_on.isoformat(), "due_on": recall.due_on.isoformat()},
        )

    async def interviews(self, member: str) -> dict[str, date]:
        """The days of the member's interviews, by pack."""
        rows = await self._tx.fetch(
            "SELECT * FROM interviews WHERE member_id = :member", member=member
        )
        return {row["pack"]: date.fromisoformat(row["held_on"]) for row in rows}

    async def set_interview(self, member: str, pack: str, day: date | None) -> None:
        """The interview is on this day; None for no interview."""
        if day is None:
            await self._tx.run(
                "DELETE FROM interviews WHERE member_id = :member AND pack = :pack",
                member=member,
                pack=pack,
            )
            return
        await self._tx.run(
            """
            INSERT INTO interviews (member_id, pack, held_on)
            VALUES (:member, :pack, :day)
            ON CONFLICT (member_id, pack) DO UPDATE SET held_on = excluded.held_on
            """,
            member=member,
            pack=pack,
            day=day.isoformat(),
        )


def _recall(row: Row) -> Recall:
    return Recall(
        pack=row["pack"],
        question=row["question_id"],
        begun_on=date.fromisoformat(row["begun_on"]),
        reviewed_at=row["reviewed_at"],
        rating=row["rating"],
        stability=row["stability"],
        difficulty=row["difficulty"],
        reps=row["reps"],
        due_on=date.fromisoformat(row["due_on"]),
    )
