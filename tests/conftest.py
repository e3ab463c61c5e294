"""What most tests stand on: the shipped pack, a clock that stands still, a core on a real file."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate
from bot.telemetry.logs import TALKATIVE
from tests import postgres
from tests.configured import configured
from tests.stories import Clock

settings.register_profile(
    "crossroads", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("crossroads")

pytest_plugins = ("tests.skips",)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first, so that no worker is left alone with one at the end.

    Coverage is what the plain examples reach. Tracing doubles the time of every line, also of
    those that it does not measure; and properties take the same lines a hundred times, while what
    is slow runs mostly in processes of its own, which are not measured anyway.
    """
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)
    for item in items:
        if item.get_closest_marker("hypothesis") or item.get_closest_marker("slow"):
            item.add_marker("no_cover")


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load(default_pack_path())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SQLiteDatabase]:
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture
def core(database: SQLiteDatabase, pack: Pack, clock: Clock) -> Core:
    return Core(database, Packs((pack,)), clock)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.running() as server:
        yield server


@pytest.fixture
async def postgres_url(postgres_server: postgres.Server) -> AsyncIterator[str]:
    """The address of an empty database on a real server; gone after the test."""
    url = await postgres_server.create()
    yield url
    await postgres_server.drop(url)


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """For tests that configure logging: afterwards it is pytest's again."""
    root, levels = logging.getLogger(), {}
    for name in (*TALKATIVE, *configured().loggers):
        levels[name] = logging.getLogger(name).level
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
