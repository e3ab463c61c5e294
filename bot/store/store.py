"""Every statement of Crossroads, behind typed methods over one transaction."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.event import Person, Platform
from bot.records import Member, Plan, PlanStep, Run, Session
from bot.store.database import Row, Transaction
from bot.store.rules import Rules
from bot.store.upkeep import Upkeep

_SEEN_SECONDS = 3600  # how exact `seen_at` is for a member without reminders


class Store(Rules):
    """What is kept, within one transaction. Instants are epoch seconds."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._locking = transaction.locking
        self.upkeep = Upkeep(transaction)

    # Members

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

    # Conversations

    async def session(self, session: str) -> Session | None:
        rows = await self._fetch("SELECT * FROM sessions WHERE id = :id", id=session)
        return _session(rows[0]) if rows else None

    async def open_session(self, member: str, kind: str) -> Session | None:
        rows = await self._fetch(
            "SELECT * FROM sessions WHERE member_id = :member AND kind = :kind",
            member=member,
            kind=kind,
        )
        return _session(rows[0]) if rows else None

    async def sessions(self, member: str) -> tuple[Session, ...]:
        """The member's open conversations, the latest first."""
        rows = await self._fetch(
            "SELECT * FROM sessions WHERE member_id = :member ORDER BY updated_at DESC, kind",
            member=member,
        )
        return tuple(map(_session, rows))

    async def begin_session(self, session: Session, now: int) -> None:
        """Open a conversation; it takes the place of the member's earlier one of its kind."""
        await self._fetch(
            "INSERT INTO sessions (id, member_id, kind, turn, version, state, updated_at)"
            " VALUES (:id, :member, :kind, :turn, :version, :state, :now)"
            " ON CONFLICT (member_id, kind) DO UPDATE SET id = excluded.id, turn = excluded.turn,"
            " version = excluded.version, state = excluded.state, updated_at = excluded.updated_at",
            id=session.id,
            member=session.member,
            kind=session.kind,
            turn=session.turn,
            version=session.version,
            state=session.state,
            now=now,
        )

    async def advance_session(self, session: Session, now: int) -> bool:
        """Store the next step of a conversation; False if another event has been there first."""
        rows = await self._fetch(
            "UPDATE sessions SET turn = :turn, version = :version, state = :state,"
            " updated_at = :now WHERE id = :id AND turn = :turn - 1 RETURNING id",
            id=session.id,
            turn=session.turn,
            version=session.version,
            state=session.state,
            now=now,
        )
        return bool(rows)

    async def end_session(self, session: str) -> None:
        await self._fetch("DELETE FROM sessions WHERE id = :id", id=session)

    # Quiz results

    async def save_run(self, member: str, run: Run) -> None:
        await self._fetch(
            "INSERT INTO quiz_runs (id, member_id, pack, finished_at, outcome, answers, matters,"
            " start, hours, draw) VALUES (:id, :member, :pack, :finished_at, :outcome, :answers,"
            " :matters, :start, :hours, :draw)",
            id=run.id,
            member=member,
            pack=run.pack,
            finished_at=run.finished_at,
            outcome=run.outcome,
            answers=json.dumps(run.answers),
            matters=run.matters,
            start=run.start,
            hours=run.hours,
            draw=run.draw,
        )

    async def runs(self, member: str, limit: int = 10) -> tuple[Run, ...]:
        """The member's quiz results, the latest first."""
        rows = await self._fetch(
            "SELECT * FROM quiz_runs WHERE member_id = :member"
            " ORDER BY finished_at DESC, id DESC LIMIT :limit",
            member=member,
            limit=limit,
        )
        return tuple(map(_run, rows))

    # Plans

    async def plan(self, member: str) -> Plan | None:
        """The member's current plan, active or paused, with its steps in order."""
        rows = await self._fetch(
            "SELECT * FROM plans WHERE member_id = :member AND state <> 'ended'", member=member
        )
        if not rows:
            return None
        steps = await self._fetch(
            "SELECT * FROM plan_steps WHERE plan_id = :plan ORDER BY position", plan=rows[0]["id"]
        )
        return _plan(rows[0], steps)

    async def start_plan(self, member: str, plan: Plan, now: int) -> None:
        """Make `plan` the current one; an earlier one ends and is kept."""
        await self._fetch(
            "UPDATE plans SET state = 'ended', updated_at = :now"
            " WHERE member_id = :member AND state <> 'ended'",
            member=member,
            now=now,
        )
        await self._fetch(
            "INSERT INTO plans (id, member_id, start, role, hours, half_hour, started_on,"
            " anchor_on, anchored_at, target_on, state, paused_on, updated_at) VALUES (:id,"
            " :member, :start, :role, :hours, :half_hour, :started_on, :anchor_on, :anchored_at,"
            " :target_on, :state, :paused_on, :now)",
            member=member,
            started_on=plan.started_on.isoformat(),
            start=plan.start,
            role=plan.role,
            now=now,
            **_plan_values(plan),
        )
        for position, step in enumerate(plan.steps):
            await self._fetch(
                "INSERT INTO plan_steps (plan_id, step_id, position, status, changed_at, reason,"
                " had) VALUES (:plan, :step, :position, :status, :changed_at, :reason, :had)",
                plan=plan.id,
                step=step.id,
                position=position,
                status=step.status,
                changed_at=step.changed_at,
                reason=step.reason,
                had=step.had,
            )

    async def update_plan(self, plan: Plan, now: int) -> None:
        """Store the plan's own row; its steps go through `mark_step`."""
        await self._fetch(
            "UPDATE plans SET hours = :hours, half_hour = :half_hour, anchor_on = :anchor_on,"
            " anchored_at = :anchored_at, target_on = :target_on, state = :state,"
            " paused_on = :paused_on, updated_at = :now"
            " WHERE id = :id",
            now=now,
            **_plan_values(plan),
        )

    async def mark_step(self, plan: str, step: PlanStep) -> None:
        await self._fetch(
            "UPDATE plan_steps SET status = :status, changed_at = :changed_at, reason = :reason,"
            " had = :had WHERE plan_id = :plan AND step_id = :step",
            plan=plan,
            step=step.id,
            status=step.status,
            changed_at=step.changed_at,
            reason=step.reason,
            had=step.had,
        )

    # Shares, settings

    async def share_once(self, once: str, now: int) -> bool:
        """Whether this is the first time that `once` is asked for."""
        rows = await self._fetch(
            "INSERT INTO shares (once, shared_at) VALUES (:once, :now)"
            " ON CONFLICT DO NOTHING RETURNING once",
            once=once,
            now=now,
        )
        return bool(rows)

    async def setting(self, name: str) -> str | None:
        rows = await self._fetch("SELECT value FROM settings WHERE name = :name", name=name)
        return str(rows[0]["value"]) if rows else None

    async def set_setting(self, name: str, value: str) -> None:
        await self._fetch(
            "INSERT INTO settings (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name=name,
            value=value,
        )

    async def settings(self, prefix: str) -> dict[str, str]:
        """Every setting whose name begins with `prefix`, which has no % or _."""
        rows = await self._fetch(
            "SELECT name, value FROM settings WHERE name LIKE :pattern", pattern=f"{prefix}%"
        )
        return {row["name"]: row["value"] for row in rows}

    async def drop_setting(self, name: str) -> None:
        await self._fetch("DELETE FROM settings WHERE name = :name", name=name)

    # Tenants

    async def set_tenant(self, platform: Platform, tenant: str, state: str, now: int) -> None:
        """Record that a workspace or server is "active", "off" (no good token) or "removed".

        Nothing is sent but to those that are active.
        """
        await self._fetch(
            "INSERT INTO tenants (platform, tenant, state, changed_at)"
            " VALUES (:platform, :tenant, :state, :now) ON CONFLICT (platform, tenant)"
            " DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at",
            platform=platform,
            tenant=tenant,
            state=state,
            now=now,
        )
        if state == "active":
            await self.look_again_in(platform, tenant, now)


def _member(row: Row) -> Member:
    return Member(row["id"], row["zone"], bool(row["zone_asked"]), row["created_at"])


def _session(row: Row) -> Session:
    return Session(
        id=row["id"],
        member=row["member_id"],
        kind=row["kind"],
        turn=row["turn"],
        version=row["version"],
        state=row["state"],
    )


def _run(row: Row) -> Run:
    return Run(
        id=row["id"],
        pack=row["pack"],
        finished_at=row["finished_at"],
        outcome=row["outcome"],
        answers=json.loads(row["answers"]),
        matters=row["matters"],
        start=row["start"],
        hours=row["hours"],
        draw=row["draw"],
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
    }


def _plan(row: Row, steps: Sequence[Row]) -> Plan:
    return Plan(
        id=row["id"],
        start=row["start"],
        role=row["role"],
        hours=row["hours"] + 0.5 if row["half_hour"] else row["hours"],
        started_on=date.fromisoformat(row["started_on"]),
        anchor_on=date.fromisoformat(row["anchor_on"]),
        anchored_at=row["anchored_at"],
        target_on=date.fromisoformat(row["target_on"]),
        state=row["state"],
        paused_on=_date(row["paused_on"]),
        steps=tuple(
            PlanStep(
                step["step_id"], step["status"], step["changed_at"], step["reason"], step["had"]
            )
            for step in steps
        ),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
