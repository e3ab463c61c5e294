"""The one workspace of a token in the environment: reached late, removed, and installed again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.calls import UnreachedError
from adapters.slack.api import Api
from adapters.slack.sender import SlackSender
from adapters.slack.tenants import one_workspace
from adapters.slack.tenants.one_workspace import OneWorkspace
from bot.adapter import RetryAfter
from bot.chat.event import Person
from bot.chat.reply import Message
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import migrate
from tests.fakes.slack import FakeSlack, ServerError


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SQLiteDatabase]:
    database = await SQLiteDatabase.open(tmp_path / "tokens.db")
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
async def workspace(slack: FakeSlack, database: SQLiteDatabase) -> OneWorkspace:
    return OneWorkspace(slack.bot_token, database)


def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(base_url=slack.api_url, retry_handlers=[])


async def test_a_reminder_waits_for_a_slack_that_was_not_reached_yet(
    slack: FakeSlack, workspace: OneWorkspace
) -> None:
    """Nor is its tenant taken for one that is off."""
    with pytest.raises(UnreachedError):
        await workspace.bot("T1")
    api = Api(workspace, slack.api_url)
    alice = Person(platform="slack", tenant="T1", user="UALICE")
    outcome = await SlackSender(api).send(alice, Message(title="Your week"), "n1")
    await api.close()
    assert isinstance(outcome, RetryAfter)
    assert slack.calls == []


async def test_old_news_of_a_removal_leaves_an_app_that_works_alone(
    slack: FakeSlack, workspace: OneWorkspace
) -> None:
    await workspace.connect(client(slack))
    await workspace.uninstalled("T1", at=1)
    assert workspace.on
    slack.fail("auth.test", ServerError(503))
    await workspace.uninstalled("T1", at=1)  # nobody can say: the next call will show
    assert workspace.on
    slack.world.revoke("T1", "account_inactive")
    await workspace.uninstalled("T1", at=1)
    assert not workspace.on
    asked = len(slack.calls)
    await workspace.uninstalled("T1", at=1)
    assert len(slack.calls) == asked


async def test_an_end_that_another_process_noticed_is_read_with_an_answer(
    slack: FakeSlack,
    workspace: OneWorkspace,
    database: SQLiteDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(one_workspace, "LOOKED_SECONDS", 600)
    await workspace.connect(client(slack))
    await database.transact(lambda tx: workspace.look(tx, "T1"))
    await database.transact(lambda tx: Store(tx).tenants.set("slack", "T1", "removed", 0))
    assert await workspace.bot("T1") is not None, "it was looked at within the same answer"
    await database.transact(lambda tx: workspace.look(tx, "T1"))
    assert await workspace.bot("T1") is None
