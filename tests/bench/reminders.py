"""What a claim costs with few and with many reminders, and how evenly a backlog is drained.

Rules that are not yet due stand in both for a town of that size; the database is SQLite, on disk.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bot.adapter import Outcome, Rates, RetryAfter, Sent
from bot.chat.event import Person
from bot.chat.reply import Message
from bot.delivery.worker import Worker
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from bot.planning.changes import new_plan
from bot.store.database import Transaction
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import migrate

FEW, MANY = 10_000, int(os.environ.get("BENCH_RULES", "1000000"))
CLAIMED, A_CLAIM, ROUNDS = 2_000, 50, 5
DRAINED, RATE = int(os.environ.get("BENCH_DRAIN", "1200")), 40.0
PACK = load(default_pack_path())
NOW = 1_800_000_000  # a Friday in January 2027


class Limited:
    """A platform that takes `rate` in any second, and says 429 to more."""

    def __init__(self, rate: float) -> None:
        self._rate, self._recent = rate, list[float]()
        self.taken, self.refused = 0, 0
        self.memory: list[int] = []

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        now = time.monotonic()
        self._recent = [at for at in self._recent if now - at < 1.0]
        if len(self._recent) >= self._rate:
            self.refused += 1
            return RetryAfter(1.0)
        self._recent.append(now)
        await asyncio.sleep(0.05)  # what a request takes
        self.taken += 1
        if self.taken % 100 == 0:
            self.memory.append(psutil.Process().memory_info().rss)
        return Sent()

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        return None


_MEMBERS = (
    "INSERT INTO members (id, zone, zone_asked, created_at, seen_at)"
    " SELECT 'm' || i, 'Europe/Berlin', 1, 0, 9999999999 FROM n"
)
_IDENTITIES = (
    "INSERT INTO identities (platform, tenant, user_id, member_id)"
    " SELECT 'slack', 'T1', 'u' || i, 'm' || i FROM n"
)
_RULES = (
    "INSERT INTO reminder_rules (id, member_id, platform, tenant, user_id, weekday, minute,"
    " every, state, next_at, updated_at) SELECT 'r' || i, 'm' || i, 'slack', 'T1', 'u' || i,"
    f" 0, 540, 1, 'active', {NOW} + 1000 + i, 0 FROM n"
)


async def settle(database: SQLiteDatabase, rules: int, waiting: int) -> None:
    """So many rules for next week, of which some have a delivery that is due now."""
    await migrate(database)

    async def insert(transaction: Transaction) -> None:
        numbers = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < :n)"
        for sql in (_MEMBERS, _IDENTITIES, _RULES):
            table, _, rest = sql.partition(" SELECT ")
            await transaction.run(f"{numbers} {table} SELECT {rest}", n=rules)
        await transaction.run(
            f"{numbers} INSERT INTO deliveries (id, rule_id, local_date, platform, tenant, slot_at,"
            " due_at, state) SELECT 'd' || i, 'r' || i, '2027-01-11', 'slack', 'T1',"
            f" {NOW} - 60, {NOW} - 60, 'pending' FROM n",
            n=waiting,
        )

    await database.transact(insert)


async def claims(directory: Path) -> tuple[float, float]:
    """Claims a second with few and with many rules: medians over rounds, taken in turns."""
    few = await SQLiteDatabase.open(directory / "few.db")
    many = await SQLiteDatabase.open(directory / "many.db")
    try:
        await settle(few, FEW, CLAIMED * ROUNDS)
        await settle(many, MANY, CLAIMED * ROUNDS)
        rates = [(await claim(few), await claim(many)) for _ in range(ROUNDS)]
        return statistics.median(r for r, _ in rates), statistics.median(r for _, r in rates)
    finally:
        await few.close()
        await many.close()


async def claim(database: SQLiteDatabase) -> float:
    began = time.perf_counter()
    for _ in range(CLAIMED // A_CLAIM):
        taken = await database.transact(
            lambda tx: Store(tx).claims.claim("slack", "T1", NOW, NOW + 90, A_CLAIM)
        )
        assert len(taken) == A_CLAIM
    return CLAIMED / (time.perf_counter() - began)


async def drain(path: Path) -> tuple[float, Limited]:
    """Seconds from the first look to the last arrival, at the rate that is set."""
    database, platform = await SQLiteDatabase.open(path), Limited(RATE * 1.25)
    try:
        await settle(database, DRAINED, DRAINED)
        await database.transact(_plan)
        now = datetime.fromtimestamp(NOW, UTC)
        worker = Worker(
            database,
            Packs((PACK,)),
            {"slack": platform},
            clock=lambda: now,
            rates={"slack": Rates(RATE)},
        )
        began = time.perf_counter()
        await worker.poll()
        await worker.drained()
        return time.perf_counter() - began, platform
    finally:
        await database.close()


async def _plan(transaction: Transaction) -> None:
    """Everybody has a plan."""
    store, today = Store(transaction), datetime.fromtimestamp(NOW, UTC).date()
    for number in range(1, DRAINED + 1):
        plan = new_plan(
            PACK, f"p{number}", start="software", role="ai", hours=8, start_on=today, epoch=NOW
        )
        await store.plans.start(f"m{number}", plan, NOW)


def main() -> None:
    write = sys.stdout.write
    with tempfile.TemporaryDirectory() as directory:
        few, many = asyncio.run(claims(Path(directory)))
        write(f"claims a second: {few:,.0f} with {FEW:,} rules, {many:,.0f} with {MANY:,};")
        write(f" ratio {few / many:.2f} (at most 1.3)\n")
        seconds, platform = asyncio.run(drain(Path(directory) / "drain.db"))
    ideal = DRAINED / RATE
    write(f"{platform.taken} of {DRAINED} at {RATE:.0f} a second in {seconds:.1f} s:")
    write(f" {seconds / ideal:.3f} of the ideal (at most 1.05), {platform.refused} refused\n")
    first, last = platform.memory[0] / 2**20, platform.memory[-1] / 2**20
    write(f"memory: {first:.0f} MiB after the first hundred, {last:.0f} MiB after the last\n")


if __name__ == "__main__":
    main()
