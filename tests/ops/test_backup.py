"""A database that comes back from a backup is one to go on from."""

from datetime import UTC, datetime, timedelta

from bot.ops.backup import amend
from bot.pack.model import Pack
from bot.store.database import Database
from bot.store.privacy import digest
from tests.delivery.town import Post, Town
from tests.store.conftest import another, database, server_url
from tests.stories import Clock

__all__ = ["another", "database", "server_url"]


async def test_what_may_have_been_sent_before_is_not_sent_again(
    database: Database, pack: Pack
) -> None:
    clock, post = Clock(datetime.now(UTC)), Post()
    town = Town(database, pack, clock)
    for member in ("ana", "bo"):
        await town.settle(member)
    last_week = int((clock.now - timedelta(days=8)).timestamp())
    await database.transact(
        lambda tx: tx.run("UPDATE reminder_rules SET next_at = :at", at=last_week)
    )
    said = await amend(database, {})
    assert said == ["2 reminders were due since, and may have been sent: passed over"]
    assert await amend(database, {}) == []
    worker = town.worker(post)
    await worker.poll()
    await worker.drained()
    assert post.arrivals == []
    ledger = await database.transact(lambda tx: tx.fetch("SELECT state, reason FROM deliveries"))
    assert {row["state"] for row in ledger} == {"skipped"}
    assert "came back from a backup" in ledger[0]["reason"]

    clock.forward(days=8)
    await worker.poll()
    await worker.drained()
    assert sorted(post.users) == ["ana", "bo"]  # and all goes on


async def test_who_deleted_their_data_is_not_reminded(database: Database, pack: Pack) -> None:
    clock, post = Clock(datetime.now(UTC)), Post()
    town = Town(database, pack, clock)
    await town.settle("ana")
    person = town.chat("ana").person
    mark = digest(("slack", person.tenant, person.user))
    said = await amend(database, {mark: int(clock.now.timestamp()) + 1})
    assert said == ["1 member had deleted their data since: it was deleted again"]
    worker = town.worker(post)
    clock.forward(days=15)
    await worker.poll()
    await worker.drained()
    assert post.calls == []
