"""Slack's payloads as events: pure, and tolerant of fields that nobody asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.chat.actions import Action
from bot.chat.event import (
    Choice,
    Command,
    Event,
    Garbled,
    Input,
    Person,
    Place,
    Press,
    Submission,
    reader,
)
from bot.chat.limits import cut
from bot.chat.wire import UnreadableError, unpack

Json: TypeAlias = Mapping[str, Any]

WORDS = 300  # of a command or a direct message: what a member may sensibly type
SAID = {None, "file_share", "thread_broadcast"}  # other messages tell of something that happened
SHORTCUTS = {"open_quiz": "quiz"}
_MARK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))


@dataclass(frozen=True, slots=True)
class Installation:
    """Whose bot a payload is for: a workspace, or an organisation that installed it for all."""

    tenant: str
    org_wide: bool = False


@reader
def installation(body: Json) -> Installation | None:
    """The installation that a payload is for, whose id the other readers are given; None where it
    names none.
    """
    granted = _first(body.get("authorizations"))
    org_wide = str(
        granted.get("is_enterprise_install", body.get("is_enterprise_install"))
    ).lower() == "true"  # a slash command sends the word  # fmt: skip
    enterprise = (
        body.get("enterprise_id") or granted.get("enterprise_id") or _id(body.get("enterprise"))
    )
    if org_wide and enterprise:
        return Installation(_text(enterprise), org_wide=True)
    # In a channel that two organisations share, a stranger's view comes in under their own team.
    shown_by = (body.get("view") or {}).get("app_installed_team_id")
    team = granted.get("team_id") or shown_by or body.get("team_id") or _id(body.get("team"))
    return Installation(_text(team)) if team else None


@reader
def event_type(body: Json) -> str | None:
    """The kind of an event of the Events API; None for anything else."""
    event = body.get("event")
    return _text(event["type"]) if event else None


@reader
def uninstalled(body: Json, now: float) -> tuple[Installation, int] | None:
    """Whose bot was removed, and when; None where only members' own tokens were revoked."""
    whose, revoked = installation(body), body["event"].get("tokens")
    if whose is None or (revoked is not None and not revoked.get("bot")):
        return None
    return whose, int(body.get("event_time") or now)


@reader
def command(body: Json, tenant: str) -> Event:
    """A slash command: "/compare pay"."""
    said = Command(name=str(body["command"]).lstrip("/"), text=_words(body.get("text")))
    return _event(tenant, body["trigger_id"], body["user_id"], body["channel_id"], said)


@reader
def direct_message(body: Json, tenant: str) -> Event | None:
    """What a member says to the bot (without words, a call for help); None for edits and for the
    bot's own words.
    """
    event = body["event"]
    said_by_member = event.get("subtype") in SAID and not event.get("bot_id")
    if event.get("channel_type") != "im" or not said_by_member or "user" not in event:
        return None
    said = Command(name="crossroads", text=_words(event.get("text")))
    return _event(tenant, body["event_id"], event["user"], event["channel"], said)


@reader
def mention(body: Json, tenant: str) -> Event | None:
    """The bot was named in a channel; None where another bot did that, or in a direct message,
    which comes as a message too.
    """
    event = body["event"]
    if event.get("bot_id") or "user" not in event or event["channel"].startswith("D"):
        return None
    said = Command(name="mention", text=_words(event.get("text")))
    return _event(tenant, body["event_id"], event["user"], event["channel"], said)


@reader
def thread(body: Json) -> str:
    """The thread that a message was written in; "" where it stands by itself."""
    return _text(body["event"].get("thread_ts") or "")


@reader
def shortcut(body: Json, tenant: str) -> Event:
    """A global shortcut; it happens in no channel."""
    name = SHORTCUTS.get(body["callback_id"], "crossroads")
    return _event(tenant, body["trigger_id"], _id(body["user"]), "", Command(name=name))


@reader
def home_opened(body: Json, tenant: str) -> Event | None:
    """The member looks at the Home tab; None for the other tabs."""
    event = body["event"]
    if event.get("tab") != "home":
        return None
    return _event(tenant, body["event_id"], event["user"], "", Command(name="progress"))


@reader
def interaction(body: Json, tenant: str) -> Event | None:
    """A button pressed or an option taken; None for what needs no answer."""
    action = _first(body.get("actions"))
    if not action:
        return None
    shared = is_shared(body)
    taken: Input
    match action.get("type"), _unpacked(action.get("action_id")):
        case _, None:
            taken = Garbled()
        case "button", read if read:
            taken = Press(action=read, shared=shared)
        case "static_select", read if read:
            value = (action.get("selected_option") or {}).get("value", "")
            taken = Choice(action=read, value=value, shared=shared)
        case _:
            taken = Garbled()
    channel = _id(body.get("channel")) or (body.get("container") or {}).get("channel_id", "")
    return _event(tenant, body["trigger_id"], _id(body["user"]), channel, taken)


@reader
def is_shared(body: Json) -> bool:
    """Whether the card that was pressed stands in front of others."""
    container = body.get("container") or {}
    channel = _id(body.get("channel")) or container.get("channel_id", "")
    message = container.get("type") == "message"
    return message and not container.get("is_ephemeral") and not channel.startswith("D")


@reader
def submission(body: Json, tenant: str) -> Event:
    """A modal sent in."""
    view = body["view"]
    action = _unpacked(view.get("callback_id"))
    values = {
        block: _typed(next(iter(fields.values()), {}))
        for block, fields in view.get("state", {}).get("values", {}).items()
    }
    sent: Input = Submission(action=action, values=values) if action else Garbled()
    return _event(tenant, body["trigger_id"], _id(body["user"]), "", sent)


def _event(tenant: str, delivery: str, user: str, channel: str, said: Input) -> Event:
    return Event(
        id=delivery,
        person=Person(platform="slack", tenant=tenant, user=user),
        place=Place(tenant=tenant, channel=channel, direct=not channel or channel.startswith("D")),
        input=said,
    )


def _unpacked(packed: object) -> Action | None:
    try:
        return unpack(packed) if isinstance(packed, str) else None
    except UnreadableError:
        return None


def _words(said: str | None) -> str:
    """What somebody typed, as they typed it: Slack sends `&amp;` for `&`, marks around links and
    around those who are named.
    """
    plain = _MARK.sub(_unmarked, said or "")
    return cut(_ENTITY.sub(lambda one: _ENTITIES[one[0]], plain).strip(), WORDS)


def _unmarked(mark: re.Match[str]) -> str:
    target, label = mark[1], mark[2]
    if target.startswith(("@", "#", "!")):
        return ""  # who or what was named says nothing about what is wanted
    return str(label or target.removeprefix("mailto:"))


def _typed(field: Json) -> str:
    option = field.get("selected_option") or {}
    return str(field.get("value") or option.get("value") or "")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("an id or a name that is no text")
    return value


def _id(thing: Json | None) -> str:
    return str((thing or {}).get("id") or "")


def _first(things: object) -> Json:
    return things[0] if isinstance(things, list) and things else {}
