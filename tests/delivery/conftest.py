"""A town of members with plans and reminders, and the post that brings them: on both databases."""

import pytest

from bot.delivery.worker import Worker
from bot.pack.model import Pack
from bot.store.database import Database
from tests.delivery.town import Post, Town
from tests.store.conftest import another, database, server_url
from tests.stories import Clock

__all__ = ["another", "database", "server_url"]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def town(database: Database, pack: Pack, clock: Clock) -> Town:
    return Town(database, pack, clock)


@pytest.fixture
def worker(town: Town, post: Post) -> Worker:
    return town.worker(post)
