"""Statements about finished quizzes: table `quiz_runs`."""

import json

from bot.records import Run
from bot.store.database import Row
from bot.store.statements import Statements


class QuizRuns(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def save(self, member: str, run: Run) -> None:
        await self._tx.run(
            """
            INSERT INTO quiz_runs (id, member_id, pack, pack_version, finished_at, outcome,
                answers, matters, start, hours, draw)
            VALUES (:id, :member, :pack, :pack_version, :finished_at, :outcome,
                :answers, :matters, :start, :hours, :draw)
            """,
            id=run.id,
            member=member,
            pack=run.pack,
            pack_version=run.pack_version,
            finished_at=run.finished_at,
            outcome=run.outcome,
            answers=json.dumps(run.answers),
            matters=run.matters,
            start=run.start,
            hours=run.hours,
            draw=run.draw,
        )

    async def latest(self, member: str, limit: int = 10) -> tuple[Run, ...]:
        """The member's quiz results, the latest first."""
        rows = await self._tx.fetch(
            """
            SELECT * FROM quiz_runs
            WHERE member_id = :member
            ORDER BY finished_at DESC, id DESC
            LIMIT :limit
            """,
            member=member,
            limit=limit,
        )
        return tuple(map(_run, rows))


def _run(row: Row) -> Run:
    return Run(
        id=row["id"],
        pack=row["pack"],
        pack_version=row["pack_version"],
        finished_at=row["finished_at"],
        outcome=row["outcome"],
        answers=json.loads(row["answers"]),
        matters=row["matters"],
        start=row["start"],
        hours=row["hours"],
        draw=row["draw"],
    )
