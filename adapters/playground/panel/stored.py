"""Records of a member, as plain data for the inspector."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendar.zones import zone_of
from bot.chat.event import Person
from bot.core.handle import Core
from bot.records import Delivery, Session
from bot.store.facade import Store


async def stored(core: Core, person: Person) -> dict[str, Any]:
    """Conversations, results, plan and reminder of a member; empty where they are not known yet."""
    return await core.database.transact(lambda transaction: _read(Store(transaction), person))


async def ledger(core: Core, person: Person) -> list[dict[str, Any]]:
    """What became of each of the member's reminders, the latest first, by the member's clock."""

    async def read(store: Store) -> list[dict[str, Any]]:
        if (member := await store.members.find(person)) is None:
            return []
        zone = zone_of(member.zone)
        return [_by_the_clock(d, zone) for d in await store.deliveries.latest(member.id, 50)]

    return await core.database.transact(lambda transaction: read(Store(transaction)))


def _by_the_clock(delivery: Delivery, zone: ZoneInfo) -> dict[str, Any]:
    row = asdict(delivery)
    instants = {name: row[name] for name in ("slot_at", "due_at", "settled_at")}
    return row | {
        name: at and datetime.fromtimestamp(at, zone).isoformat() for name, at in instants.items()
    }


async def _read(store: Store, person: Person) -> dict[str, Any]:
    member = await store.members.find(person)
    if member is None:
        return {}
    rule = await store.reminder_rules.find(member.id)
    return {
        "member": asdict(member),
        "sessions": [_session(session) for session in await store.conversations.all_of(member.id)],
        "plans": [asdict(plan) for plan in await store.plans.current(member.id)],
        "quiz_runs": [asdict(run) for run in await store.quiz_runs.latest(member.id)],
        "reminder_rule": rule and asdict(rule),
    }


def _session(session: Session) -> dict[str, Any]:
    return asdict(session) | {"state": json.loads(session.state)}
