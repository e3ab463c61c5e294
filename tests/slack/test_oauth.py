"""Any number of workspaces: installs, removals in either order, sealed tokens and their renewal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from cryptography.fernet import Fernet, MultiFernet
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.slack.api import Api
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import Settings
from adapters.slack.tenants import installs as tenants
from adapters.slack.tenants.installs import SealedInstalls
from adapters.slack.tenants.oauth import InstallPages, States
from bot.store.database import Database, T, Transaction, UnavailableError
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.migrate import migrate
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.world import BOT_SCOPES
from tests.slack.process import Process

HOUR = 60 * 60


@pytest.mark.slow
class TestProcess:
    async def test_two_workspaces_whose_members_share_a_user_id(
        self, slack: FakeSlack, oauth_bot: Process, tmp_path: Path
    ) -> None:
        other = slack.workspace("T2", "globex")
        for team in (slack.team, other):
            status, page = await slack.install(oauth_bot.url, team)
            assert status == 200, page
        here, there = slack.person("alice"), slack.person("alice", other)
        assert here.user == there.user
        await here.command("/quiz")
        await here.press(here.last.buttons[0])
        await there.say("quiz")
        await there.sees("Question 1 of 13")
        posted = [call for call in slack.calls if call.method == "chat.postMessage"]
        assert [call.token for call in posted] == [slack.token_of(other).value]
        assert "Question 2 of 13" in here.last.text
        kept = everything_in(tmp_path)
        for token in slack.world.tokens:
            assert token.encode() not in kept
            assert token not in oauth_bot.log

    @pytest.mark.parametrize("revoked_first", [False, True])
    async def test_a_removed_workspace_is_off_and_a_new_install_wins(
        self, slack: FakeSlack, oauth_bot: Process, revoked_first: bool
    ) -> None:
        alice = slack.person("alice")
        await alice.command("/quiz")
        assert "no longer installed" in alice.last.text
        await slack.install(oauth_bot.url, slack.team)
        await alice.command("/quiz")
        assert "Question 1 of 13" in alice.last.text

        await slack.uninstall(slack.team, revoked_first)
        calls = len(slack.calls)
        await alice.say("help", quiet=True)
        await alice.command("/quiz")
        assert "no longer installed" in alice.last.text
        assert [call.method for call in slack.calls[calls:]] == []

        late = slack.event_payload(
            slack.team, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}
        )
        late["event_time"] -= 2
        await slack.install(oauth_bot.url, slack.team)
        await slack.deliver("events_api", late)
        await alice.command("/quiz")
        assert "You were at" in alice.last.text or "Question 1 of 13" in alice.last.text

    async def test_an_org_wide_install_serves_every_workspace(
        self, slack: FakeSlack, oauth_bot: Process
    ) -> None:
        north = slack.workspace("T8", "north", enterprise="E1", org_wide=True)
        south = slack.workspace("T9", "south", enterprise="E1", org_wide=True)
        await slack.install(oauth_bot.url, north)
        for team in (north, south):
            alice = slack.person("alice", team)
            await alice.command("/compare")
            await alice.say("quiz")
            await alice.sees("Question 1 of 13" if team is north else "You have an unfinished quiz")
        await slack.uninstall(south)
        gone = slack.person("alice", north)
        await gone.command("/quiz")
        assert "no longer installed" in gone.last.text

    async def test_only_a_workspaces_id_chooses_where_slack_leads(
        self, slack: FakeSlack, oauth_bot: Process
    ) -> None:
        async with aiohttp.ClientSession() as browser:

            async def leads(team: str) -> tuple[int, str]:
                page = URL(f"{oauth_bot.url}/slack/install").with_query({"team": team})
                async with browser.get(page, allow_redirects=False) as answer:
                    return answer.status, answer.headers.get("Location", "")

            status, where = await leads("T1")
            assert (status, URL(where).query["team"]) == (302, "T1")
            for team in ("T1&user_scope=admin", "T1\r\nSet-Cookie: a=b", "", "*"):
                assert await leads(team) == (400, "")

    async def test_a_state_is_good_once_and_for_one_browser(
        self, slack: FakeSlack, oauth_bot: Process
    ) -> None:
        status, _ = await slack.install(oauth_bot.url, slack.team)
        assert status == 200
        for asked in ("code=x&state=guess", "error=access_denied", "state=guess"):
            async with (
                aiohttp.ClientSession() as browser,
                browser.get(f"{oauth_bot.url}/slack/oauth_redirect?{asked}") as page,
            ):
                assert page.status in {200, 400, 401}
                assert "Thank you" not in await page.text()


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_000_000

    def __call__(self) -> int:
        return self.now


class Kept:
    """The installs of two processes on one database, and a clock for both."""

    def __init__(self, slack: FakeSlack, database: SQLiteDatabase) -> None:
        self.slack, self.database, self.clock = slack, database, Clock()
        self.client = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
        self.keys = [Fernet(Fernet.generate_key())]
        self.here, self.there = self.process(), self.process()

    def process(self, database: Database | None = None) -> SealedInstalls:
        return SealedInstalls(
            database or self.database,
            MultiFernet(self.keys),
            lambda: self.client,
            self.slack.api.client,
            self.clock,
        )

    async def install(self, expires_in: int | None = None) -> str:
        """Install in T1; the bot token."""
        token = self.slack.world.grant("T1").value
        refresh = None
        if expires_in is not None:
            refresh = f"xoxe-{token}"
            self.slack.world.refresh_tokens[refresh] = token
        await self.here.async_save(
            Installation(
                team_id="T1",
                user_id="UADMIN",
                bot_token=token,
                bot_id="BBOT",
                bot_user_id="UBOT",
                bot_refresh_token=refresh,
                bot_token_expires_at=self.clock.now + expires_in if expires_in else None,
            )
        )
        return token


@pytest.fixture
async def kept(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Kept]:
    database = await SQLiteDatabase.open(tmp_path / "kept.db")
    await migrate(database)
    yield Kept(slack, database)
    await database.close()


async def test_a_token_is_found_again_by_another_process(kept: Kept) -> None:
    token = await kept.install()
    for installs in (kept.here, kept.there):
        bot = await installs.bot("T1")
        assert bot is not None
        assert (bot.token, bot.user, bot.id) == (token, "UBOT", "BBOT")
        found = await installs.async_find_bot(enterprise_id=None, team_id="T1")
        assert found is not None
        assert found.bot_token == token
    assert await kept.here.bot("T2") is None


async def test_keys_rotate_and_a_lost_key_means_off(kept: Kept) -> None:
    await kept.install()
    kept.keys.insert(0, Fernet(Fernet.generate_key()))
    assert await kept.process().bot("T1") is not None
    kept.keys = [Fernet(Fernet.generate_key())]
    assert await kept.process().bot("T1") is None


async def test_one_refresh_however_many_ask_at_once(kept: Kept) -> None:
    old = await kept.install(expires_in=HOUR)
    asked = [process.bot("T1") for process in (kept.here, kept.there) for _ in range(10)]
    assert {bot.token for bot in await asyncio.gather(*asked) if bot} == {old}
    await renewed(kept, old)
    refreshes = [call for call in kept.slack.calls if call.method == "oauth.v2.access"]
    assert len(refreshes) == 1
    assert kept.slack.world.reused_refresh_tokens == 0


async def test_an_expired_token_is_renewed_before_it_is_used(kept: Kept) -> None:
    old = await kept.install(expires_in=HOUR)
    kept.clock.now += 2 * HOUR
    asked = [process.bot("T1") for process in (kept.here, kept.there) for _ in range(5)]
    tokens = {bot.token for bot in await asyncio.gather(*asked) if bot}
    assert len(tokens) == 1
    assert old not in tokens
    assert kept.slack.world.reused_refresh_tokens == 0


async def test_a_refused_refresh_switches_the_tenant_off(kept: Kept) -> None:
    await kept.install(expires_in=HOUR)
    kept.slack.world.refresh_tokens.clear()
    kept.clock.now += 2 * HOUR
    assert await kept.here.bot("T1") is None


async def test_a_token_lives_on_where_the_answer_to_its_renewal_was_lost(kept: Kept) -> None:
    """The token for renewing is spent then, and the one for calls is not: Slack is asked once, and
    once more when that one has expired.
    """
    old = await kept.install(expires_in=HOUR)
    kept.slack.world.refresh_tokens.clear()
    for _ in range(5):
        bot = await kept.here.bot("T1")
        await kept.here.drained()
        assert bot is not None
        assert bot.token == old
        kept.clock.now += 5 * 60
    assert [call.method for call in kept.slack.calls].count("oauth.v2.access") == 1
    kept.clock.now += HOUR
    assert await kept.here.bot("T1") is None
    assert [call.method for call in kept.slack.calls].count("oauth.v2.access") == 2


async def test_news_of_an_old_token_leaves_the_new_install_alone(kept: Kept) -> None:
    old = await kept.install()
    await kept.here.bot("T1")
    kept.clock.now += 5
    new = await kept.install()
    await kept.here.token_died("T1", old)
    await kept.here.uninstalled("T1", kept.clock.now - 1)
    kept.slack.world.tokens[old].refused_as = "token_revoked"
    await kept.here.uninstalled("T1", kept.clock.now)  # within the second of the install
    bot = await kept.here.bot("T1")
    assert bot is not None
    assert bot.token == new
    kept.slack.world.revoke("T1")
    await kept.here.uninstalled("T1", kept.clock.now)
    assert await kept.here.bot("T1") is None


async def test_what_one_process_switches_off_no_other_calls_with(kept: Kept) -> None:
    await kept.install()
    assert await kept.there.bot("T1") is not None
    kept.slack.world.revoke("T1")
    await kept.here.uninstalled("T1", kept.clock.now + 1)
    assert await kept.there.bot("T1") is None
    assert await kept.there.recent("T1") is None
    again = await kept.install()
    bot = await kept.there.recent("T1")
    assert bot is not None
    assert bot.token == again


async def test_whether_it_is_on_is_read_in_a_transaction_that_is_open_anyway(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants, "LOOKED_SECONDS", 600)
    token = await kept.install()
    database = kept.there.database
    await database.transact(lambda tx: kept.there.look(tx, "T1"))
    kept.there.database = away = Away(kept.there.database, lambda: True)
    bot = await kept.there.bot("T1")  # there is no database to ask
    assert bot is not None
    assert (bot.token, away.refused) == (token, 0)
    kept.slack.world.revoke("T1")
    await kept.here.uninstalled("T1", kept.clock.now + 1)
    await database.transact(lambda tx: kept.there.look(tx, "T1"))
    kept.there.database = database
    assert await kept.there.bot("T1") is None


class Away:
    """A database that is out of reach while `gone` says so."""

    def __init__(self, database: Database, gone: Callable[[], bool]) -> None:
        self._database, self._gone, self.refused = database, gone, 0

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        if self._gone():
            self.refused += 1
            raise UnavailableError("out of reach")
        return await self._database.transact(work, alone=alone, patient=patient)

    async def close(self) -> None:
        await self._database.close()


async def test_a_renewed_token_is_stored_as_soon_as_the_database_is_back(kept: Kept) -> None:
    """Slack takes a refresh token once: whoever loses the answer has lost the install."""
    old, outage = await kept.install(expires_in=HOUR), [True]

    def renewed_and_out() -> bool:
        return bool(outage) and any(c.method == "oauth.v2.access" for c in kept.slack.calls)

    away = Away(kept.database, renewed_and_out)
    installs = kept.process(away)
    await installs.bot("T1")
    async with asyncio.timeout(10):
        while True:
            if away.refused:
                break
            await asyncio.sleep(0.01)
    new = await installs.bot("T1")  # good for calls all the while
    assert new is not None
    assert new.token != old
    outage.clear()
    await installs.drained()
    assert await kept.there.bot("T1") == new


async def test_an_install_that_cannot_be_kept_is_told_to_wait(kept: Kept) -> None:
    client_id, client_secret = kept.slack.api.client
    settings = Settings(
        _env_file=None,
        slack_client_id=client_id,
        slack_client_secret=SecretStr(client_secret),
        slack_signing_secret=SecretStr("s"),
        encryption_keys=(SecretStr("k"),),
    )
    installs = kept.process(Away(kept.database, lambda: True))
    api = Api(installs, kept.slack.api_url)
    try:
        pages = InstallPages(settings, api, installs)
        answer = await pages.install(make_mocked_request("GET", "/slack/install"))
    finally:
        await api.close()
    assert answer.status == 503


async def test_a_state_is_good_once_and_not_for_long(kept: Kept) -> None:
    states = States(kept.database, kept.clock)
    first, second = await states.async_issue(), await states.async_issue()
    assert await states.async_consume(first)
    assert not await states.async_consume(first)
    assert not await states.async_consume("guess")
    kept.clock.now += 601
    assert not await states.async_consume(second)


def test_the_scopes_are_the_ones_that_the_fake_grants() -> None:
    assert frozenset(SCOPES) == BOT_SCOPES


async def renewed(kept: Kept, old: str) -> None:
    """Wait until a process that has just come finds another token than `old`."""
    deadline = time.monotonic() + 5
    while (bot := await kept.process().bot("T1")) is not None and bot.token == old:
        assert time.monotonic() < deadline, "the token was not renewed"
        await asyncio.sleep(0.02)


def everything_in(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.glob("crossroads.db*"))
