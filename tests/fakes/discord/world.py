"""What exists on this Discord: servers, channels, messages, interactions, and who may see what."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.fakes.discord.components import BUTTON, STRING_SELECT, Json, alt_texts, shown_text, walk
from tests.fakes.discord.limits import EPHEMERAL

EPOCH_MS = 1420070400000
FIRST_RESPONSE_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5

T = TypeVar("T")
_serial = itertools.count(1)


def snowflake() -> str:
    """Make a new id that carries the time, as Discord's do."""
    now = int(time.time() * 1000) - EPOCH_MS
    return str((now << 22) | (next(_serial) & 0x3FFFFF))


def files_of(body: Json) -> dict[str, bytes]:
    """What was uploaded with a body (see uploads.py)."""
    return dict(getattr(body, "files", {}))


@dataclass(frozen=True)
class Place:
    """A channel: in a server, or a person's direct messages with the bot."""

    channel_id: str
    guild_id: str | None = None
    installed: bool = True  # the server has the bot; else the person brought it along

    @property
    def context(self) -> int:
        if not self.installed:
            return 2
        return 0 if self.guild_id else 1


@dataclass
class Message:
    """A message as it stands now, with who may see it (`audience`: one person, or everybody)."""

    id: str
    place: Place
    audience: str | None
    body: Json = field(default_factory=dict)
    thinking: bool = False
    edits: int = 0
    touched: int = 0
    deleted: bool = False
    nonce: str | int | None = None
    files: dict[str, bytes] = field(default_factory=dict)  # by name: the pictures

    @property
    def flags(self) -> int:
        return int(self.body.get("flags") or 0)

    @property
    def private(self) -> bool:
        return self.audience is not None

    @property
    def components(self) -> list[Json]:
        return self.body.get("components") or []

    @property
    def text(self) -> str:
        """All that is read, also by whoever is told what the pictures show."""
        said = [self.body.get("content") or "", shown_text(self.components)]
        return "\n".join([*filter(None, said), *alt_texts(self.components)])

    @property
    def buttons(self) -> list[str]:
        return [c.get("label", "") for c in walk(self.components) if c["type"] == BUTTON]

    @property
    def choices(self) -> list[str]:
        selects = [c for c in walk(self.components) if c["type"] == STRING_SELECT]
        return [option["label"] for select in selects for option in select["options"]]

    def apply(self, body: Json, touched: int) -> None:
        kept = self.flags
        self.body = {**self.body, **body}
        self.body["flags"] = kept | int(body.get("flags") or 0)
        if "attachments" in body:
            self.files = files_of(body)
        self.thinking = False
        self.touched = touched


@dataclass
class Modal:
    """A form that is open on one person's screen."""

    body: Json
    interaction: "Interaction"
    touched: int = 0

    @property
    def title(self) -> str:
        return str(self.body["title"])

    @property
    def text(self) -> str:
        return "\n".join([self.title, *self.labels, shown_text(self.body["components"])])

    @property
    def fields(self) -> list[Json]:
        return [c for c in self.body["components"] if c.get("component")]

    @property
    def labels(self) -> list[str]:
        return [c["label"] for c in self.fields]


@dataclass
class Interaction:
    """One thing a person did, and what the bot has answered so far."""

    id: str
    token: str
    kind: int
    person: str
    place: Place
    payload: Json
    source: Message | None = None
    sent: float = field(default_factory=time.monotonic)
    response: Json | None = None
    answered_after: float | None = None
    original: Message | None = None
    deferred: bool = False
    follow_ups: int = 0
    expired: bool = False

    @property
    def age(self) -> float:
        return time.monotonic() - self.sent

    @property
    def settled(self) -> bool:
        """Whether the person sees an answer, and not just a spinner."""
        return self.response is not None and not self.deferred


class World:
    """All of it, with a bell that rings whenever something changed."""

    def __init__(self) -> None:
        self.guilds: dict[str, Json] = {}
        self.channels: dict[str, Place] = {}
        self.messages: dict[str, Message] = {}
        self.modals: dict[str, Modal] = {}  # by person
        self.interactions: dict[str, Interaction] = {}  # by token
        self.dms: dict[str, str] = {}  # person -> channel
        self.names: dict[str, str] = {}
        self.commands: list[Json] = []
        self.visitors_whisper = False  # what apps say that people bring along stays private
        self.said: list[str] = []  # what people typed, and what their controls carried
        self.pings: list[str] = []
        self.closed_dms: dict[str, int] = {}  # person -> error code
        self._touches = itertools.count(1)
        self._changed = asyncio.Event()

    def ring(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, look: Callable[[], T | None], what: str, seconds: float = 30) -> T:
        """Wait until `look` finds something true; looks again at every change."""
        deadline = time.monotonic() + seconds
        while not (found := look()):
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._changed.wait()
            except TimeoutError:
                raise AssertionError(f"waited {seconds} s for {what}") from None
        return found

    def add_guild(self, name: str) -> str:
        guild_id, channel_id = snowflake(), snowflake()
        self.guilds[guild_id] = {"id": guild_id, "name": name, "channel": channel_id}
        self.channels[channel_id] = Place(channel_id, guild_id)
        return guild_id

    def dm(self, person: str) -> Place:
        if person not in self.dms:
            channel_id = snowflake()
            self.dms[person] = channel_id
            self.channels[channel_id] = Place(channel_id)
        return self.channels[self.dms[person]]

    def touch(self) -> int:
        return next(self._touches)

    def post(
        self, place: Place, body: Json, *, asker: str | None, thinking: bool = False
    ) -> Message:
        private = asker if int(body.get("flags") or 0) & EPHEMERAL else None
        message = Message(snowflake(), place, private, dict(body), thinking, touched=self.touch())
        message.nonce, message.files = body.get("nonce"), files_of(body)
        self.messages[message.id] = message
        self._note_pings(body)
        return message

    def edit(self, message: Message, body: Json) -> Message:
        message.apply(body, self.touch())
        message.edits += 1
        self._note_pings(body)
        return message

    def seen_by(self, person: str, place: Place) -> list[Message]:
        """Return what this person can see in this place, oldest touched first."""
        shown = [
            message
            for message in self.messages.values()
            if message.place.channel_id == place.channel_id
            and message.audience in (None, person)
            and not message.deleted
        ]
        return sorted(shown, key=lambda message: message.touched)

    def _note_pings(self, body: Json) -> None:
        """Note who would be pinged: an absent `allowed_mentions` lets everything through."""
        parse = (body.get("allowed_mentions") or {}).get("parse", ["everyone", "users", "roles"])
        text = (body.get("content") or "") + shown_text(body.get("components") or [])
        for kind, marks in {
            "everyone": ("@everyone", "@here"),
            "users": ("<@1", "<@2", "<@3", "<@!"),
            "roles": ("<@&",),
        }.items():
            if kind in parse and any(mark in text for mark in marks):
                self.pings.append(text)
