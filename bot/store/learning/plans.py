"""Statements about plans: tables `plans` and `plan_steps`."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.records import Pause, Plan, PlanStep
from bot.store.database import Row
from bot.store.statements import Statements


class Plans(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def current(self, member: str) -> tuple[Plan, ...]:
        """The member's current plan of each pack, active or paused, the latest changed first.

        Their steps are in order.
        """
        rows = await self._tx.fetch(
            """
            SELECT * FROM plans
            WHERE member_id = :member AND state <> 'ended'
            ORDER BY updated_at DESC, id
            """,
            member=member,
        )
        plans = []
        for row in rows:
            steps = await self._tx.fetch(
                "SELECT * FROM plan_steps WHERE plan_id = :plan ORDER BY position", plan=row["id"]
            )
            plans.append(_plan(row, steps))
        return tuple(plans)

    async def start(self, member: str, plan: Plan, now: int) -> None:
        """Make `plan` the current one; an earlier one ends and is kept."""
        await self._tx.run(
            """
            UPDATE plans SET state = 'ended', updated_at = :now
            WHERE member_id = :member AND pack = :pack AND state <> 'ended'
            """,
            member=member,
            pack=plan.pack,
            now=now,
        )
        await self._tx.run(
            """
            INSERT INTO plans (id, member_id, pack, pack_version, start, role, hours, half_hour,
                started_on, anchor_on, anchored_at, target_on, state, paused_on, pauses,
                updated_at)
            VALUES (:id, :member, :pack, :pack_version, :start, :role, :hours, :half_hour,
                :started_on, :anchor_on, :anchored_at, :target_on, :state, :paused_on, :pauses,
                :now)
            """,
            member=member,
            pack=plan.pack,
            pack_version=plan.pack_version,
            started_on=plan.started_on.isoformat(),
            start=plan.start,
            role=plan.role,
            now=now,
            **_plan_values(plan),
        )
        for position, step in enumerate(plan.steps):
            await self._tx.run(
                """
                INSERT INTO plan_steps (plan_id, step_id, position, status, changed_at,
                    reason, had, parts, title, hours)
                VALUES (:plan, :step, :position, :status, :changed_at, :reason, :had, :parts,
                    :title, :hours)
                """,
                position=position,
                title=step.title,
                hours=step.hours,
                **_step_values(plan.id, step),
            )

    async def update(self, plan: Plan, now: int) -> None:
        """Store the plan's own row; its steps go through `update_step`."""
        await self._tx.run(
            """
            UPDATE plans
            SET hours = :hours, half_hour = :half_hour, anchor_on = :anchor_on,
                anchored_at = :anchored_at, target_on = :target_on, state = :state,
                paused_on = :paused_on, pauses = :pauses, pack_version = :pack_version,
                updated_at = :now
            WHERE id = :id
            """,
            now=now,
            pack_version=plan.pack_version,
            **_plan_values(plan),
        )

    async def update_step(self, plan: str, step: PlanStep) -> None:
        await self._tx.run(
            """
            UPDATE plan_steps
            SET status = :status, changed_at = :changed_at, reason = :reason, had = :had,
                parts = :parts
            WHERE plan_id = :plan AND step_id = :step
            """,
            **_step_values(plan, step),
        )


def _plan_values(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "hours": int(plan.hours),
        "half_hour": int(plan.hours % 1 > 0),
        "anchor_on": plan.anchor_on.isoformat(),
        "anchored_at": plan.anchored_at,
        "target_on": plan.target_on.isoformat(),
        "state": plan.state,
        "paused_on": plan.paused_on and plan.paused_on.isoformat(),
        "pauses": json.dumps([[p.first.isoformat(), p.last.isoformat()] for p in plan.pauses]),
    }


def _step_values(plan: str, step: PlanStep) -> dict[str, Any]:
    return {
        "plan": plan,
        "step": step.id,
        "status": step.status,
        "changed_at": step.changed_at,
        "reason": step.reason,
        "had": step.had,
        "parts": json.dumps(dict(step.ticked)),
    }


def _plan(row: Row, steps: Sequence[Row]) -> Plan:
    return Plan(
        id=row["id"],
        pack=row["pack"],
        pack_version=row["pack_version"],
        start=row["start"],
        role=row["role"],
        hours=row["hours"] + 0.5 if row["half_hour"] else row["hours"],
        started_on=date.fromisoformat(row["started_on"]),
        anchor_on=date.fromisoformat(row["anchor_on"]),
        anchored_at=row["anchored_at"],
        target_on=date.fromisoformat(row["target_on"]),
        state=row["state"],
        paused_on=date.fromisoformat(row["paused_on"]) if row["paused_on"] else None,
        steps=tuple(map(_step, steps)),
        pauses=tuple(
            Pause(date.fromisoformat(first), date.fromisoformat(last))
            for first, last in json.loads(row["pauses"])
        ),
    )


def _step(row: Row) -> PlanStep:
    return PlanStep(
        row["step_id"],
        row["status"],
        row["changed_at"],
        row["reason"],
        row["had"],
        tuple(json.loads(row["parts"]).items()),
        row["title"],
        row["hours"],
    )
