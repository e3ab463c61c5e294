"""The ledger beside the chat: what became of each reminder, by the member's own clock."""

from adapters.playground.panel.stored import ledger
from bot.chat.event import Person
from bot.core.handle import Core
from tests.delivery.town import Post, Town, work
from tests.stories import Clock


async def test_a_reminder_is_written_down_with_its_hour_and_its_end(
    core: Core, clock: Clock
) -> None:
    town, post = Town(core.database, core.packs.first, clock), Post()
    ana = Person(platform="playground", tenant="local", user="ana")
    assert await ledger(core, ana) == []
    clock.forward(hours=-1)
    await town.settle("ana", "playground")
    assert await ledger(core, ana) == []
    clock.forward(hours=1, minutes=30)
    await work(town.worker(post, "playground"))
    (row,) = await ledger(core, ana)
    assert row["slot_at"] == "2026-11-23T09:00:00+01:00"
    assert row["settled_at"] == "2026-11-23T09:30:00+01:00"
    assert (row["state"], row["kind"], row["reason"]) == ("sent", "weekly", "")
