"""What Slack is told when a delivery could not be dealt with."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from adapters.slack.api import Api
from adapters.slack.handlers import Handlers
from bot.chat.event import MalformedError
from bot.core.handle import Core
from bot.store.database import UnavailableError
from tests.fakes.slack.tokens import OneToken


async def _first_time(_: str) -> bool:
    return True


@pytest.fixture
async def handlers(core: Core) -> AsyncIterator[Handlers]:
    api = Api(OneToken("xoxb-1"), "http://slack.test/api/")
    yield Handlers(api, core, _first_time)
    await api.close()


@pytest.mark.parametrize(
    ("error", "status", "level", "traced"),
    [
        (UnavailableError("database is locked"), 503, "WARNING", False),  # sent again: one line
        (MalformedError("no channel"), 400, "WARNING", False),
        (KeyError("a fault of ours"), 500, "ERROR", True),
    ],
)
async def test_only_a_fault_of_ours_is_logged_with_where_it_happened(
    handlers: Handlers,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    level: str,
    traced: bool,
) -> None:
    with caplog.at_level(logging.INFO):
        try:
            raise error
        except type(error) as raised:
            answer = await handlers.failed(raised)
    (record,) = caplog.records
    assert (answer.status, record.levelname, bool(record.exc_info)) == (status, level, traced)
