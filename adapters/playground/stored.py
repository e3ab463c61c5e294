"""What the store holds of a member, as plain data for the inspector."""

import json
from dataclasses import asdict
from typing import Any

from bot.core import Core
from bot.event import Person
from bot.records import Session
from bot.store.store import Store


async def stored(core: Core, person: Person) -> dict[str, Any]:
    """Conversations, results, plan and reminder of a member; empty where they are not known yet."""
    return await core.database.transact(lambda transaction: _read(Store(transaction), person))


async def ledger(core: Core, person: Person) -> list[dict[str, Any]]:
    """What became of each of the member's reminders, the latest first."""

    async def read(store: Store) -> list[dict[str, Any]]:
        member = await store.known(person)
        found = await store.deliveries(member.id, 50) if member else ()
        return [asdict(delivery) for delivery in found]

    return await core.database.transact(lambda transaction: read(Store(transaction)))


async def _read(store: Store, person: Person) -> dict[str, Any]:
    member = await store.known(person)
    if member is None:
        return {}
    plan, rule = await store.plan(member.id), await store.rule(member.id)
    return {
        "member": asdict(member),
        "sessions": [_session(session) for session in await store.sessions(member.id)],
        "plan": plan and asdict(plan),
        "quiz_runs": [asdict(run) for run in await store.runs(member.id)],
        "reminder_rule": rule and asdict(rule),
    }


def _session(session: Session) -> dict[str, Any]:
    return asdict(session) | {"state": json.loads(session.state)}
