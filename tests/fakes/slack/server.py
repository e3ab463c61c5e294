"""The fake as a whole: one server on loopback, its workspaces and its people."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from tests.fakes.slack import methods as methods  # registers them
from tests.fakes.slack.delivery import Ack, Delivery, Kind, NotAcknowledgedError
from tests.fakes.slack.faults import Fault, Faults
from tests.fakes.slack.http import HttpDelivery
from tests.fakes.slack.person import Person
from tests.fakes.slack.socket import SocketMode
from tests.fakes.slack.web_api import Call, WebApi
from tests.fakes.slack.world import BOT_SCOPES, Json, Token, Workspace, World

EVENT_TRIES = 4  # Slack sends an event again three times


class FakeSlack:
    """`async with FakeSlack() as slack`: a workspace T1 whose bot token is `slack.bot_token`."""

    def __init__(self) -> None:
        self.world = World()
        self.faults = Faults()
        self.socket = SocketMode()
        self.api = WebApi(self.world, self.faults, self.socket.open_ticket)
        self.delivery: Delivery = self.socket
        self.people: dict[tuple[str, str], Person] = {}
        self.base_url = ""
        self._http: HttpDelivery | None = None
        self._runner: web.AppRunner | None = None
        self.team = self.workspace("T1", "acme")
        self.bot_token = self.world.grant("T1").value

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes([*self.api.routes(), *self.socket.routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = self.socket.base_url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.socket.close()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    @property
    def app_token(self) -> str:
        return self.api.app_token

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    def deliver_to(self, url: str, secret: str) -> HttpDelivery:
        """From now on, deliver over HTTP to the bot's request URL."""
        self._http = HttpDelivery(url, secret)
        self.delivery = self._http
        return self._http

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        self.faults.add(method, fault, times)

    # --- people and workspaces -----------------------------------------------------------------

    def workspace(
        self, team: str, name: str, enterprise: str | None = None, org_wide: bool = False
    ) -> Workspace:
        number = re.sub(r"\D", "", team)
        channels = {"general": f"C{number}GENERAL", "random": f"C{number}RANDOM"}
        workspace = Workspace(team, name, enterprise, org_wide, channels=channels)
        self.world.workspaces[team] = workspace
        return workspace

    def person(
        self,
        name: str,
        team: Workspace | None = None,
        zone: str = "Europe/Berlin",
        locale: str = "en-US",
    ) -> Person:
        """The member `name`; the same name in two workspaces is the same user id in both."""
        team = team or self.team
        user = f"U{name.upper()}"
        key = (team.id, user)
        if key not in self.people:
            team.members[user] = {
                "id": user,
                "name": name,
                "real_name": name.title(),
                "tz": zone,
                "locale": locale,
                "is_bot": False,
                "deleted": False,
            }
            self.people[key] = Person(self, team, user)
        return self.people[key]

    # --- delivery ------------------------------------------------------------------------------

    async def deliver(self, kind: Kind, payload: Json) -> Ack:
        """Events are sent again when nobody acknowledges; commands and presses are not."""
        tries = EVENT_TRIES if kind == "events_api" else 1
        for retry in range(tries):
            try:
                return await self.delivery.deliver(kind, payload, retry)
            except NotAcknowledgedError:
                if retry == tries - 1:
                    raise
        raise AssertionError

    def event_payload(self, team: Workspace, event: Json) -> Json:
        return {
            "token": "verification",
            "team_id": team.id,
            **({"enterprise_id": team.enterprise} if team.enterprise else {}),
            "api_app_id": "A1",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{self.world.number()}",
            "event_time": int(self.world.clock()),
            "authorizations": [
                {
                    "enterprise_id": team.enterprise,
                    "team_id": None if team.org_wide else team.id,
                    "user_id": "UBOT",
                    "is_bot": True,
                    "is_enterprise_install": team.org_wide,
                }
            ],
            "is_ext_shared_channel": False,
        }

    async def send_event(self, team: Workspace, event: Json) -> Ack:
        return await self.deliver("events_api", self.event_payload(team, event))

    async def uninstall(self, team: Workspace, revoked_first: bool = False) -> None:
        """Somebody removes the app: the tokens die, and two events say so in either order."""
        self.world.revoke(team.installed_as, "account_inactive")
        events: list[Json] = [
            {"type": "app_uninstalled"},
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}},
        ]
        for event in reversed(events) if revoked_first else events:
            await self.send_event(team, event)

    # --- OAuth ---------------------------------------------------------------------------------

    async def install(
        self, bot_url: str, team: Workspace, installer: str = "UADMIN"
    ) -> tuple[int, str]:
        """Walk through the install in a browser; the last page's status and text."""
        timeout = aiohttp.ClientTimeout(10)
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout
        ) as browser:
            async with browser.get(f"{bot_url}/slack/install", allow_redirects=False) as page:
                cookie = page.headers["Set-Cookie"].split(";")[0]
                link = page.headers.get("Location") or await page.text()
            state = _found(r"state=([\w-]+)", link)
            scopes = _found(r"(?<![_\w])scope=([^&\"]*)", link)
            code = self.code_for(team, scopes.replace("%3A", ":").replace("%2C", ","), installer)
            self.world.passed += [state, code]
            async with browser.get(
                f"{bot_url}/slack/oauth_redirect",
                params={"code": code, "state": state},
                headers={"Cookie": cookie},
            ) as done:
                return done.status, await done.text()

    def code_for(self, team: Workspace, scopes: str, installer: str = "UADMIN") -> str:
        """What Slack hands the browser once an admin pressed "Allow"."""
        code = f"code-{self.world.number()}"
        granted = scopes.split(",") if scopes else sorted(BOT_SCOPES)
        self.world.codes[code] = {"team": team.id, "scopes": granted, "user": installer}
        return code

    def token_of(self, team: Workspace) -> Token:
        """The newest token of a workspace that works."""
        owned = [t for t in self.world.tokens.values() if t.team == team.installed_as]
        return [t for t in owned if t.refused_as is None][-1]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"{pattern} is not in {text}"
    return match[1]
