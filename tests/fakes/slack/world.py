"""Who and what exists on the far side: workspaces, members, tokens, messages and views."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

BOT_SCOPES = frozenset(
    {"app_mentions:read", "commands", "chat:write", "im:history", "im:write", "users:read"}
)
"""What a test workspace grants unless it says otherwise."""


class Clock:
    """Slack's clock, which a test may move forwards."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds


@dataclass
class Token:
    value: str
    team: str  # the workspace, or the organisation of an org-wide install
    scopes: frozenset[str]
    bot_user: str
    refused_as: str | None = None  # the error of a token that no longer works
    expires_at: float | None = None


@dataclass
class Message:
    team: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    only_for: str | None = None  # the member an ephemeral message is shown to
    metadata: Json | None = None
    thread: str | None = None
    typed: dict[tuple[str, str], Json] = field(default_factory=dict)
    revision: int = 0
    deleted: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)  # for whoever waits for it


@dataclass
class View:
    id: str
    team: str
    user: str
    payload: Json
    hash: str
    typed: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    revision: int = 0

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.payload["blocks"]
        return blocks


@dataclass
class Trigger:
    team: str
    user: str
    issued: float
    used: bool = False


@dataclass
class ResponseUrl:
    team: str
    user: str
    channel: str
    issued: float
    message: Message | None = None
    uses: int = 0


@dataclass
class Workspace:
    id: str
    name: str
    enterprise: str | None = None
    org_wide: bool = False  # installed for the whole organisation
    members: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)  # name -> id

    @property
    def installed_as(self) -> str:
        """Whom the bot's token belongs to."""
        return self.enterprise if self.org_wide and self.enterprise else self.id


class World:
    """Everything Slack remembers; no network in here."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.workspaces: dict[str, Workspace] = {}
        self.tokens: dict[str, Token] = {}
        self.messages: list[Message] = []
        self.modals: dict[tuple[str, str], list[View]] = defaultdict(list)
        self.homes: dict[tuple[str, str], View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.codes: dict[str, Json] = {}
        self.passed: list[str] = []  # the states and codes of installs
        self.said: list[str] = []  # what people typed, and what their controls carried
        self.refresh_tokens: dict[str, str] = {}  # refresh token -> the access token it replaces
        self.rotating = False
        self.reused_refresh_tokens = 0
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """Grows by one each time: an order of everything that happened."""
        return next(self._numbers)

    def ts(self) -> str:
        return f"{int(self.clock())}.{self.number():06d}"

    def trigger(self, team: str, user: str) -> str:
        name = f"{self.number()}.{team}.{user}"
        self.triggers[name] = Trigger(team, user, self.clock())
        return name

    def grant(
        self, owner: str, value: str | None = None, scopes: frozenset[str] = BOT_SCOPES
    ) -> Token:
        """A bot token that works for the workspace or organisation `owner`."""
        value = value or f"xoxb-{owner}-{self.number()}"
        self.tokens[value] = Token(value, owner, scopes, bot_user="UBOT")
        return self.tokens[value]

    def revoke(self, owner: str, error: str = "token_revoked") -> None:
        for token in self.tokens.values():
            if token.team == owner:
                token.refused_as = token.refused_as or error

    def teams_of(self, token: Token) -> set[str]:
        """The workspaces a token reaches: one, or all of its organisation."""
        return {w.id for w in self.workspaces.values() if token.team in {w.id, w.enterprise}}

    def direct_channel(self, team: str, user: str) -> str:
        return f"D{team[1:]}{user}"

    def find_message(self, channel: str, ts: str) -> Message | None:
        for message in reversed(self.messages):
            if message.channel == channel and message.ts == ts and not message.deleted:
                return message
        return None

    def find_view(self, view_id: str) -> View | None:
        views = itertools.chain.from_iterable(self.modals.values())
        return next((view for view in views if view.id == view_id), None)
