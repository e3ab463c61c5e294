"""A zone that changes: one reminder in every local week, neither two nor none."""

from datetime import UTC, datetime

import pytest

from bot.delivery.worker import Worker
from tests.delivery.town import Post, Town, on, work
from tests.stories import Clock

EARLY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday: 08:00 in Berlin, 16:00 in Tokyo


@pytest.fixture
def clock() -> Clock:
    return Clock(EARLY)


async def move(town: Town, zone: str) -> None:
    person = town.chat("ana").person.model_copy(update={"zone": zone, "zone_at": town.epoch})
    await town.core.follow_zone(person)


async def through(town: Town, worker: Worker, hours: int) -> None:
    for _ in range(hours):
        town.clock.forward(hours=1)
        await work(worker)


async def test_an_hour_that_has_passed_where_she_lands_still_comes(
    town: Town, post: Post, worker: Worker
) -> None:
    town.clock.now = EARLY.replace(day=20)
    ana = await town.settle("ana")
    town.clock.now = EARLY
    await work(worker)
    await move(town, "Asia/Tokyo")
    await work(worker)
    assert post.users == ["ana"]
    await through(town, worker, 6 * 24)
    assert post.users == ["ana"], "and only once that week"
    assert [d.local_date for d in await town.deliveries(ana)] == [on(23)]


async def test_an_hour_that_had_passed_when_it_was_set_does_not_come(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    await town.change(ana, minute=7 * 60)  # 07:00 in Berlin was an hour ago
    town.clock.forward(minutes=10)
    await move(town, "Europe/Paris")
    await through(town, worker, 24)
    assert post.users == []


async def test_what_an_outage_held_up_comes_although_the_zone_has_changed(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    await work(worker)
    town.clock.now = EARLY.replace(day=25)
    await move(town, "America/New_York")
    await work(worker)
    await through(town, worker, 4 * 24)
    assert post.users == ["ana"]
    assert [d.local_date for d in await town.deliveries(ana)] == [on(23)]


async def test_who_has_had_it_before_the_flight_has_had_it(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    town.clock.forward(hours=2)
    await work(worker)
    assert post.users == ["ana"]
    for zone in ("America/New_York", "Asia/Tokyo", "Europe/Berlin"):
        await move(town, zone)
        await through(town, worker, 36)
    assert post.users == ["ana"]
