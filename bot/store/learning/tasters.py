"""Statements about tasters: tables `tasters` and `taster_tasks`."""

from collections import defaultdict
from datetime import date

from bot.records import Trial, TrialState, Tried
from bot.store.database import Row
from bot.store.statements import Statements


class Tasters(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def all(self, member: str) -> tuple[Trial, ...]:
        """Every taster of the member, in all packs; the one begun last comes first."""
        rows = await self._tx.fetch(
            """
            SELECT * FROM tasters
            WHERE member_id = :member
            ORDER BY begun_at DESC, id DESC
            """,
            member=member,
        )
        if not rows:
            return ()
        tried = await self._tx.fetch(
            """
            SELECT k.* FROM taster_tasks k
            JOIN tasters t ON t.id = k.taster_id
            WHERE t.member_id = :member
            ORDER BY k.done_on, k.task_id
            """,
            member=member,
        )
        tasks: dict[str, list[Row]] = defaultdict(list)
        for row in tried:
            tasks[row["taster_id"]].append(row)
        return tuple(_trial(row, tasks[row["id"]]) for row in rows)

    async def begin(self, member: str, trial: Trial, now: int) -> None:
        await self._tx.run(
            """
            INSERT INTO tasters (id, member_id, pack, start, started_on, begun_at, state)
            VALUES (:id, :member, :pack, :start, :started_on, :now, :state)
            """,
            id=trial.id,
            member=member,
            pack=trial.pack,
            start=trial.start,
            started_on=trial.started_on.isoformat(),
            now=now,
            state=trial.state,
        )

    async def set_state(self, trial: str, state: TrialState) -> None:
        await self._tx.run(
            "UPDATE tasters SET state = :state WHERE id = :trial", trial=trial, state=state
        )

    async def rate(self, trial: str, tried: Tried) -> None:
        """Keep how a task was rated; rated again, it stays on the day that it was done."""
        await self._tx.run(
            """
            INSERT INTO taster_tasks (taster_id, task_id, role, done_on, flew, again)
            VALUES (:trial, :task, :role, :done_on, :flew, :again)
            ON CONFLICT (taster_id, task_id) DO UPDATE
            SET flew = excluded.flew, again = excluded.again
            """,
            trial=trial,
            task=tried.task,
            role=tried.role,
            done_on=tried.done_on.isoformat(),
            flew=tried.flew,
            again=tried.again,
        )


def _trial(row: Row, tasks: list[Row]) -> Trial:
    return Trial(
        id=row["id"],
        pack=row["pack"],
        start=row["start"],
        started_on=date.fromisoformat(row["started_on"]),
        state=row["state"],
        tasks=tuple(map(_tried, tasks)),
    )


def _tried(row: Row) -> Tried:
    return Tried(
        task=row["task_id"],
        role=row["role"],
        done_on=date.fromisoformat(row["done_on"]),
        flew=row["flew"],
        again=row["again"],
    )
