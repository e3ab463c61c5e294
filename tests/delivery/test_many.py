"""Four processes on one PostgreSQL share a morning's reminders: each arrives once.

`CROSSROADS_DUE` says how many are due; 200000 take several minutes.
"""

import asyncio
import logging
import os
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from bot.adapter import Outcome, Sent
from bot.chat.event import Person
from bot.chat.reply import Message
from bot.delivery.worker import Worker
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.store.drivers.postgres import PostgresDatabase
from bot.store.migrate import migrate
from tests.delivery.town import FAST, Town
from tests.fakes.forks import PROCESSES as FORKS
from tests.stories import Clock

log = logging.getLogger(__name__)

DUE = int(os.environ.get("CROSSROADS_DUE", "1000"))
PROCESSES = 4
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Mailbag:
    """Writes down what arrives, a line a message, in a file of this process."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        self._file.write(f"{person.user}\n")
        self._file.flush()
        return Sent()

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        return None


def deliver(url: str, bag: Path) -> None:
    asyncio.run(_deliver(url, bag))


async def _deliver(url: str, bag: Path) -> None:
    from bot.pack.load import default_pack_path, load

    database = await PostgresDatabase.open(url)
    try:
        worker = Worker(
            database,
            Packs((load(default_pack_path()),)),
            {"slack": Mailbag(bag)},
            poll_seconds=0.2,
            clock=Clock(MONDAY),
            rates=FAST,
        )
        while not await _nothing_left(database):
            await worker.poll()
            await worker.drained()
    finally:
        await database.close()


async def _nothing_left(database: PostgresDatabase) -> bool:
    rows = await database.transact(
        lambda tx: tx.fetch(
            "SELECT (SELECT COUNT(*) FROM deliveries WHERE state = 'sent')"
            " = (SELECT COUNT(*) FROM reminder_rules) AS over"
        )
    )
    return bool(rows[0]["over"])


@pytest.mark.slow
@pytest.mark.postgres
async def test_four_processes_share_the_work_and_double_nothing(
    postgres_url: str, pack: Pack, tmp_path: Path
) -> None:
    await _everybody_settles(postgres_url, pack)
    bags = [tmp_path / f"{number}.txt" for number in range(PROCESSES)]
    processes = [FORKS.Process(target=deliver, args=(postgres_url, bag)) for bag in bags]
    began = time.monotonic()
    for process in processes:
        process.start()
    try:
        for process in processes:
            await asyncio.to_thread(process.join, 60 + DUE / 50)
            assert process.exitcode == 0
    finally:
        for process in processes:
            process.kill()
    seconds = time.monotonic() - began

    shares = [bag.read_text().split() for bag in bags]
    arrived = Counter(user for share in shares for user in share)
    assert len(arrived) == DUE
    assert set(arrived.values()) == {1}
    assert sum(map(bool, shares)) > 1, "one of them had nothing to share"
    log.info("%d in %.1f s by %d processes: %s", DUE, seconds, PROCESSES, [*map(len, shares)])


async def _everybody_settles(url: str, pack: Pack) -> None:
    database = await PostgresDatabase.open(url)
    try:
        await migrate(database)
        await Town(database, pack, Clock(datetime(2026, 11, 22, tzinfo=UTC))).settle("0")
    finally:
        await database.close()
    connection = await asyncpg.connect(url)
    try:
        for table, copied in _COPIES.items():
            columns = ", ".join(copied)
            values = ", ".join(copied.values())
            await connection.execute(
                f"INSERT INTO {table} ({columns}) SELECT {values}"
                f" FROM {table} t, generate_series(1, {DUE - 1}) AS n"
            )
        await connection.execute("ANALYZE")
        await connection.execute("UPDATE reminder_rules SET next_at = 0")
    finally:
        await connection.close()


_COPIES = {
    "members": {
        "id": "'m' || n", "zone": "zone", "zone_asked": "zone_asked",
        "created_at": "created_at", "seen_at": "seen_at",
    },
    "identities": {
        "platform": "platform", "tenant": "'T' || n % 50", "user_id": "n::text",
        "member_id": "'m' || n",
    },
    "plans": {
        "id": "'p' || n", "member_id": "'m' || n", "start": "start", "role": "role",
        "hours": "hours", "started_on": "started_on", "anchor_on": "anchor_on",
        "anchored_at": "anchored_at", "target_on": "target_on", "state": "state",
        "updated_at": "updated_at",
    },
    "plan_steps": {
        "plan_id": "'p' || n", "step_id": "step_id", "position": "position", "status": "status",
    },
    "reminder_rules": {
        "id": "'r' || n", "member_id": "'m' || n", "platform": "platform",
        "tenant": "'T' || n % 50", "user_id": "n::text", "weekday": "weekday",
        "minute": "minute", "every": "every", "state": "state", "next_at": "next_at",
        "updated_at": "updated_at",
    },
}  # fmt: skip
