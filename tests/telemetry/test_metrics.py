"""What Prometheus is told beside interactions: reminders, their lag, waits; and who asks for it."""

import json
import re
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import REGISTRY, Counter, Gauge, Histogram

from bot.adapter import Refused
from bot.chat.actions import Open, OpenTopic
from bot.chat.event import Command, Event, Garbled, Input, Person, Place, Press
from bot.config.settings import Settings
from bot.core.handle import Core
from bot.ops.server import server
from bot.pack.model import Pack
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.telemetry import metrics
from tests.delivery.town import Post, Town
from tests.stories import Clock

BOARD = Path(__file__).parents[2] / "docs" / "grafana-dashboard.json"


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_reminders_are_counted_by_how_they_ended_and_their_lag_is_told(
    database: SQLiteDatabase, pack: Pack, clock: Clock
) -> None:
    town, post = Town(database, pack, clock), Post()
    for member in ("ana", "bo"):
        await town.settle(member)
    post.once["bo"] = Refused("user_not_found")
    clock.forward(days=8)
    assert await lag(town.core) > 60

    outcomes = ("sent", "refused")
    before = [figure("crossroads_reminders_total", platform="slack", outcome=o) for o in outcomes]
    worker = town.worker(post)
    for _ in range(2):  # each leaves some minutes after its hour
        await worker.poll()
        await worker.drained()
        clock.forward(minutes=15)
    after = [figure("crossroads_reminders_total", platform="slack", outcome=o) for o in outcomes]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1]
    assert await lag(town.core) == 0


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (Command(name="quiz"), "/quiz"),
        (Command(name="whatever a member types"), "other"),
        (Press(action=Open("plan")), "Open plan"),
        (Press(action=Open("whatever-a-card-says")), "other"),
        (Press(action=OpenTopic("pay")), "OpenTopic"),
        (Garbled(), "other"),
    ],
)
def test_what_was_sent_has_one_of_few_names(sent: Input, name: str) -> None:
    person = Person(platform="slack", tenant="T1", user="U1")
    place = Place(tenant="T1", channel="C1")
    assert metrics.command(Event(id="1", person=person, place=place, input=sent)) == name


async def lag(core: Core) -> float:
    """What a scrape of this process says."""
    runner = await server(Settings(_env_file=None, port=0), core, [])
    try:
        host, port = runner.addresses[0][:2]
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{host}:{port}/metrics") as answer,
        ):
            scraped = await answer.text()
    finally:
        await runner.cleanup()
    found = re.search(r"^crossroads_reminder_lag_seconds (\S+)", scraped, re.MULTILINE)
    assert found
    return float(found[1])


def test_waits_are_counted_and_added_up() -> None:
    names = ("crossroads_rate_limit_waits_total", "crossroads_rate_limit_wait_seconds_total")
    before = [figure(name, platform="discord") for name in names]
    metrics.waited("discord", 0.25)
    after = [figure(name, platform="discord") for name in names]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 0.25]


QUERIES = [
    target["expr"]
    for panel in json.loads(BOARD.read_text("utf-8"))["panels"]
    for target in panel["targets"]
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_dashboard_asks_by_labels_that_there_are(query: str) -> None:
    labels = {
        label
        for collector in vars(metrics).values()
        if isinstance(collector, Counter | Gauge | Histogram) and collector._name in query
        for label in collector._labelnames
    }
    grouped = [
        name.strip() for by in re.findall(r"by \(([^)]*)\)", query) for name in by.split(",")
    ]
    picked = re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", query)
    assert set(grouped + picked) <= labels | {"le", "job", "instance"}
