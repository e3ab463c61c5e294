"""Discord on loopback: REST v10 and the gateway, judged by what arrives."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.discord import errors
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import SESSIONS_A_DAY, Gateway
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.people import Person
from tests.fakes.discord.rest import Rest
from tests.fakes.discord.world import Interaction, Place, World, snowflake

TOKEN = "MTIz.fake.token"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Arrived:
    """One request, as it came in, and the status it got."""

    method: str
    path: str
    status: int
    at: float
    headers: dict[str, str]


class FakeDiscord:
    """`async with FakeDiscord() as discord:` and point the bot at `api_url` with `token`."""

    def __init__(self, shards: int = 1, *, judging: bool = True) -> None:
        self.app_id = snowflake()
        self.token = TOKEN
        self.shards = shards
        self.world = World()
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.app_id)
        self.gateway.token = self.token
        self.arrived: list[Arrived] = []
        self.refused: list[str] = []
        self.api_url = ""
        self.endpoint_url: str | None = None  # where interactions go instead of the gateway
        self.day_ends_after = 86_400_000  # ms, until sessions are counted anew
        self._judging = judging  # a benchmark measures the bot, not the judge

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._record])
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_url = f"http://{host}:{port}/api/v10"
        self.gateway.url = f"ws://{host}:{port}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.faults.clear()
        await self.gateway.close_all(1001)
        await self._runner.cleanup()

    def _routes(self) -> list[web.RouteDef]:
        rest, live = (
            Rest(self.world, self.app_id),
            Interactions(self.world, self.app_id, judging=self._judging),
        )
        api = "/api/v10"
        hook = f"{api}/webhooks/{self.app_id}/{{token}}"
        commands = f"{api}/applications/{self.app_id}/commands"
        channel = f"{api}/channels/{{channel}}/messages"
        return [
            web.get("/", self.gateway.handle),
            web.get(f"{api}/gateway/bot", self._gateway_bot),
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.get(f"{api}/applications/@me", self._application),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", live.callback),
            web.post(hook, live.follow_up),
            web.get(f"{hook}/messages/@original", live.get_original),
            web.patch(f"{hook}/messages/@original", live.edit_original),
            web.delete(f"{hook}/messages/@original", live.delete_original),
            web.patch(f"{hook}/messages/{{message}}", live.edit_follow_up),
            web.post(f"{api}/users/@me/channels", rest.open_dm),
            web.get(channel, rest.list_messages),
            web.post(channel, rest.post_message),
            web.patch(f"{channel}/{{message}}", rest.edit_message),
            web.get(commands, rest.list_commands),
            web.put(commands, rest.replace_commands),
            web.post(commands, rest.add_command),
        ]

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == "/":
            return await handler(request)
        at = time.monotonic()
        response = await self.faults.around(request, lambda: self._answer(request, handler))
        headers = dict(request.headers)
        self.arrived.append(Arrived(request.method, request.path, response.status, at, headers))
        self.world.ring()
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if self._needs_token(request):
                raise errors.unauthorized()
            return await handler(request)
        except errors.RefusalError as refusal:
            self.refused.append(f"{request.method} {request.path}: {refusal}")
            return refusal.response()

    def _needs_token(self, request: web.Request) -> bool:
        """Interaction callbacks and webhooks carry their own token; all else needs the bot's."""
        if request.path.startswith(("/api/v10/interactions/", "/api/v10/webhooks/")):
            return False
        return request.headers.get("Authorization") != f"Bot {self.token}"

    async def _gateway_bot(self, request: web.Request) -> web.Response:
        limit = {
            "total": SESSIONS_A_DAY,
            "remaining": self.gateway.sessions_left,
            "reset_after": self.day_ends_after,
            "max_concurrency": self.shards,
        }
        return errors.reply(
            {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limit}
        )

    async def _me(self, request: web.Request) -> web.Response:
        bot = {"id": self.app_id, "username": "crossroads", "discriminator": "0", "avatar": None}
        return errors.reply({**bot, "bot": True, "verified": True, "flags": 0})

    async def _application(self, request: web.Request) -> web.Response:
        owner = {"id": snowflake(), "username": "owner", "discriminator": "0", "avatar": None}
        return errors.reply(
            {
                "id": self.app_id,
                "name": "crossroads",
                "icon": None,
                "description": "",
                "summary": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "owner": owner,
                "team": None,
                "interactions_endpoint_url": self.endpoint_url,
            }
        )

    # what tests do with it --------------------------------------------------------------------

    def add_guild(self, name: str = "Crossroads Community") -> str:
        return self.world.add_guild(name)

    def person(self, name: str, guild_id: str | None = None) -> Person:
        person_id = snowflake()
        self.world.names[person_id] = name
        if guild_id is None:
            place = self.world.dm(person_id)
        else:
            place = self.world.channels[self.world.guilds[guild_id]["channel"]]
        return Person(self, person_id, name, place)

    def visitor(self, name: str) -> Person:
        """Somebody who brought the app along into a server that has not installed it."""
        person = self.person(name)
        place = Place(snowflake(), snowflake(), installed=False)
        self.world.channels[place.channel_id] = place
        return Person(self, person.id, name, place)

    async def ready(self, sessions: int = 1, seconds: float = 60) -> None:
        """Wait until the bot has identified (or resumed) on this many shards."""
        await self.world.until(
            lambda: len(self.gateway.live) >= sessions, f"{sessions} sessions", seconds
        )

    async def deliver(self, live: Interaction, times: int = 1) -> None:
        self.world.interactions[live.token] = live
        for _ in range(times):
            await self.gateway.dispatch("INTERACTION_CREATE", live.payload, live.place.guild_id)

    async def remove_from(self, guild_id: str) -> None:
        """Throw the bot out of a server."""
        del self.world.guilds[guild_id]
        await self.gateway.dispatch("GUILD_DELETE", {"id": guild_id}, guild_id)

    def close_dms(self, person: Person, code: int = 50007) -> None:
        self.world.closed_dms[person.id] = code

    async def revoke_token(self) -> None:
        self.token = self.gateway.token = "revoked"
        await self.gateway.close_all(4004)

    def requests(self, method: str, ending: str) -> list[Arrived]:
        return [a for a in self.arrived if a.method == method and a.path.endswith(ending)]
