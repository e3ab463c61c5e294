"""The Web API: each method checks its token, scope and arguments, and changes what people see."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.slack import limits
from tests.fakes.slack.faults import (
    Faults,
    Held,
    RateLimited,
    Refused,
    ResetAfterAccepting,
    ServerError,
)
from tests.fakes.slack.world import Json, Message, Token, Trigger, View, World

TRIGGER_SECONDS = 3
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60


class ApiError(Exception):
    def __init__(self, error: str, *messages: str) -> None:
        super().__init__(error, *messages)
        self.error, self.messages = error, list(messages)


@dataclass(frozen=True)
class Call:
    """One request that reached the Web API, and how it was answered."""

    method: str
    token: str | None
    args: Json
    error: str | None
    at: float


Method = Callable[["WebApi", Token, Json], Json]


@dataclass(frozen=True)
class Rule:
    method: Method
    takes: frozenset[str]
    scope: str | None


FORM_ONLY = {"users.info", "conversations.history", "oauth.v2.access"}
METHODS: dict[str, Rule] = {}


def api(name: str, takes: str = "", scope: str | None = None) -> Callable[[Method], Method]:
    def register(method: Method) -> Method:
        METHODS[name] = Rule(method, frozenset(takes.split()), scope)
        return method

    return register


class WebApi:
    """The routes `/api/{method}` and `/respond/{id}`."""

    def __init__(self, world: World, faults: Faults, open_ticket: Callable[[], str]) -> None:
        self.world, self.faults, self.open_ticket = world, faults, open_ticket
        self.calls: list[Call] = []
        self.app_token = "xapp-1-test"
        self.client = ("client-id", "client-secret")
        self.seconds_between_posts = 0.0  # pacing a channel, when a test turns it on
        self._last_post: dict[str, float] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._handle_api),
            web.post("/respond/{id}", self._handle_response_url),
        ]

    # --- one request -----------------------------------------------------------------------

    async def _handle_api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        token, args = await _arguments(request)
        if name in FORM_ONLY and request.content_type == "application/json":
            return web.json_response({"ok": False, "error": "invalid_form_data"})
        response = await self._guarded(
            name, token, args, request, lambda: self._call(name, token, args)
        )
        if known := self.world.tokens.get(token or ""):
            response.headers["X-OAuth-Scopes"] = ",".join(sorted(known.scopes))
        return response

    async def _handle_response_url(self, request: web.Request) -> web.StreamResponse:
        args = await request.json()
        return await self._guarded(
            "response_url",
            None,
            args,
            request,
            lambda: self._respond(request.match_info["id"], args),
        )

    async def _guarded(
        self,
        name: str,
        token: str | None,
        args: Json,
        request: web.Request,
        act: Callable[[], Json],
    ) -> web.StreamResponse:
        fault = self.faults.take(name)
        now = self.world.clock()
        match fault:
            case RateLimited(seconds):
                self.calls.append(Call(name, token, args, "ratelimited", now))
                return web.json_response(
                    {"ok": False, "error": "ratelimited"},
                    status=429,
                    headers={"Retry-After": f"{seconds:g}"},
                )
            case ServerError(status):
                self.calls.append(Call(name, token, args, "server_error", now))
                return web.Response(status=status, text="<html>upstream</html>")
            case Held(until):
                await until.wait()
        try:
            if isinstance(fault, Refused):
                raise ApiError(fault.error)
            answer = {"ok": True, **act()}
            error = None
        except ApiError as refusal:
            error = refusal.error
            answer = {
                "ok": False,
                "error": error,
                "response_metadata": {"messages": refusal.messages},
            }
        self.calls.append(Call(name, token, args, error, now))
        if isinstance(fault, ResetAfterAccepting) and request.transport is not None:
            request.transport.abort()
        if name == "response_url" and error is None:
            return web.Response(text="ok")
        if error == "ratelimited":
            return web.json_response(answer, status=429, headers={"Retry-After": "1"})
        status = 404 if name == "response_url" and error in {"used_url", "expired_url"} else 200
        return web.json_response(answer, status=status)

    def _call(self, name: str, token: str | None, args: Json) -> Json:
        rule = METHODS.get(name)
        if rule is None:
            raise ApiError("unknown_method", name)
        if unknown := set(args) - rule.takes:
            raise ApiError("invalid_arguments", f"unknown arguments {sorted(unknown)}")
        if name == "oauth.v2.access":
            return rule.method(self, _NOBODY, args)
        if name == "apps.connections.open":
            if token in self.world.tokens:
                raise ApiError("not_allowed_token_type")
            if token != self.app_token:
                raise ApiError("invalid_auth")
            return rule.method(self, _NOBODY, args)
        return rule.method(self, self._working(token, rule.scope), args)

    def _working(self, value: str | None, scope: str | None) -> Token:
        if value is None:
            raise ApiError("not_authed")
        if value == self.app_token:
            raise ApiError("not_allowed_token_type")
        token = self.world.tokens.get(value)
        if token is None:
            raise ApiError("invalid_auth")
        if token.refused_as:
            raise ApiError(token.refused_as)
        if token.expires_at is not None and token.expires_at <= self.world.clock():
            raise ApiError("token_expired")
        if scope and scope not in token.scopes:
            raise ApiError("missing_scope", f"needed: {scope}")
        return token

    # --- parts that several methods share ----------------------------------------------------

    def check_message(self, args: Json) -> None:
        problems = limits.problems_of_message(args.get("text"), args.get("blocks"))
        problems += limits.problems_of_metadata(args.get("metadata"))
        if problems:
            head = problems[0].split(":")[0]
            raise ApiError(head if head.startswith("msg_") else "invalid_blocks", *problems)
        if not args.get("text"):
            raise ApiError("no_text", "every message needs a plain `text` [/text]")

    def check_view(self, args: Json) -> Json:
        view = args.get("view")
        if problems := limits.problems_of_view(view):
            raise ApiError("invalid_arguments", *problems)
        assert isinstance(view, dict)
        return view

    def channel_of(self, token: Token, channel: str) -> tuple[str, str]:
        """The workspace and channel that `channel` (a channel, DM or user id) names."""
        for team in sorted(self.world.teams_of(token)):
            workspace = self.world.workspaces[team]
            if channel in workspace.channels.values():
                return team, channel
            for user in workspace.members:
                direct = self.world.direct_channel(team, user)
                if channel in {user, direct}:
                    return team, direct
        raise ApiError("channel_not_found")

    def post(self, team: str, channel: str, args: Json, only_for: str | None = None) -> Message:
        message = Message(
            team,
            channel,
            self.world.ts(),
            "UBOT",
            args["text"],
            args.get("blocks") or [],
            only_for,
            args.get("metadata"),
            args.get("thread_ts"),
            revision=self.world.number(),
        )
        self.world.messages.append(message)
        return message

    def change(self, message: Message, args: Json) -> None:
        message.text, message.blocks = args.get("text") or "", args.get("blocks") or []
        message.typed = {}
        message.revision = self.world.number()
        message.changed.set()

    def redeem(self, trigger_id: object) -> Trigger:
        trigger = self.world.triggers.get(str(trigger_id))
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if self.world.clock() - trigger.issued > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        trigger.used = True
        return trigger

    def new_view(self, team: str, user: str, payload: Json) -> View:
        number = self.world.number()
        return View(f"V{number}", team, user, with_ids(payload), f"hash-{number}", revision=number)

    def pace(self, channel: str) -> None:
        now = self.world.clock()
        if now - self._last_post.get(channel, 0) < self.seconds_between_posts:
            raise ApiError("ratelimited")
        self._last_post[channel] = now

    # --- response_url ------------------------------------------------------------------------

    def _respond(self, name: str, args: Json) -> Json:
        url = self.world.response_urls.get(name)
        known = {
            "text",
            "blocks",
            "response_type",
            "replace_original",
            "delete_original",
            "metadata",
            "thread_ts",
        }
        if url is None:
            raise ApiError("invalid_url")
        if unknown := set(args) - known:
            raise ApiError("invalid_payload", f"unknown fields {sorted(unknown)}")
        if self.world.clock() - url.issued > RESPONSE_URL_SECONDS:
            raise ApiError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise ApiError("used_url")
        url.uses += 1
        if args.get("delete_original") and url.message:
            url.message.deleted = True
            url.message.revision = self.world.number()
            return {}
        self.check_message(args)
        if args.get("replace_original") and url.message:
            kinds = {None, "ephemeral" if url.message.only_for else "in_channel"}
            if args.get("response_type") not in kinds:
                raise ApiError("invalid_payload", "a card cannot change its response_type")
            if "thread_ts" in args:
                raise ApiError("invalid_payload", "a card cannot move into a thread")
            self.change(url.message, args)
        else:
            public = args.get("response_type") == "in_channel"
            self.post(url.team, url.channel, args, None if public else url.user)
        return {}


_NOBODY = Token("", "", frozenset(), "")


def with_ids(payload: Json) -> Json:
    """Slack names the blocks that an app left nameless."""
    blocks = [
        {**block, "block_id": block.get("block_id") or f"auto{index}"}
        for index, block in enumerate(payload["blocks"])
    ]
    return {**payload, "blocks": blocks}


async def _arguments(request: web.Request) -> tuple[str | None, Json]:
    """The token and the arguments, from wherever the SDK put them."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.can_read_body:
        form = await request.post()
        args |= {name: limits.decoded(value) for name, value in form.items()}
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        args["client_id"], _, args["client_secret"] = (
            base64.b64decode(secret).decode().partition(":")
        )
    token = args.pop("token", None) or (secret if kind == "Bearer" else None)
    return token, args
