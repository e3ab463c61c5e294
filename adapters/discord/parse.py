"""Discord's interactions and direct messages as events: pure, tolerant of what nobody asked for."""

import re
from collections.abc import Iterator, Mapping
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

TENANT = "discord"  # user ids are unique in all of Discord
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
BUTTON, STRING_SELECT = 2, 3
EPHEMERAL = 1 << 6
BOT_DM = 1
DEFAULT, REPLY = 0, 19
SAID = (DEFAULT, REPLY)
WORDS = 300  # of a command or a direct message: what a member may sensibly type
_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>|</[^:>]+:\d+>")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")


@dataclass(frozen=True, slots=True)
class Handle:
    """What it takes to answer an interaction.

    `own_card`: it was pressed on, or opened from, a card that the member alone sees, so that the
    answer may take its place. `direct`: nobody else reads here. `from_form`: it is a form sent in,
    which Discord does not let be answered with another form.
    """

    id: str
    token: str
    application: str
    own_card: bool
    direct: bool
    from_form: bool


@reader
def handle(payload: Json) -> Handle:
    message = payload.get("message")
    return Handle(
        id=str(payload["id"]),
        token=str(payload["token"]),
        application=str(payload["application_id"]),
        own_card=bool(message) and not is_shared(payload),
        direct=is_direct(payload),
        from_form=payload.get("type") == MODAL,
    )


@reader
def event(payload: Json) -> Event | None:
    """The event in an interaction; None for a kind that the bot has no use for."""
    said = _input(payload)
    if said is None:
        return None
    guild = payload.get("guild_id")
    return Event(
        id=str(payload["id"]),
        person=Person(
            platform="discord",
            tenant=TENANT,
            user=_user(payload),
            locale=payload.get("locale"),
        ),
        place=Place(
            tenant=str(guild) if guild else TENANT,
            channel=str(payload.get("channel_id") or ""),
            direct=is_direct(payload),
        ),
        input=said,
    )


@reader
def direct_message(payload: Json) -> Event | None:
    """What a member writes to the bot (without words, a call for help); None for what Discord
    says itself, such as a pinned message, and for bots' words, its own included.
    """
    author = payload["author"]
    if author.get("bot") or author.get("system") or payload.get("type", DEFAULT) not in SAID:
        return None
    words = _EMOJI.sub(r"\1", _MENTION.sub("", payload.get("content") or "")).strip()
    return Event(
        id=str(payload["id"]),
        person=Person(platform="discord", tenant=TENANT, user=str(author["id"])),
        place=Place(tenant=TENANT, channel=str(payload["channel_id"]), direct=True),
        input=Command(name="crossroads", text=cut(words, WORDS)),
    )


@reader
def typed(payload: Json) -> str:
    """What has been typed of the option that asks for completion."""
    for option in _options(payload["data"]):
        if option.get("focused"):
            return str(option.get("value") or "")
    return ""


def is_direct(payload: Json) -> bool:
    """Whether this is the direct messages of the member and the bot."""
    context = payload.get("context")
    return context == BOT_DM if context is not None else not payload.get("guild_id")


def is_shared(payload: Json) -> bool:
    """Whether the card that was pressed stands in front of others."""
    flags = int((payload.get("message") or {}).get("flags") or 0)
    return not flags & EPHEMERAL and not is_direct(payload)


def _input(payload: Json) -> Input | None:
    data = payload.get("data") or {}
    match payload.get("type"):
        case 2:
            words = " ".join(str(option.get("value", "")) for option in _options(data))
            return Command(name=str(data.get("name", "")), text=cut(words.strip(), WORDS))
        case 3:
            return _component(data, shared=is_shared(payload))
        case 5:
            action = _unpacked(data.get("custom_id"))
            return Submission(action=action, values=_values(data)) if action else Garbled()
        case _:
            return None


def _component(data: Json, *, shared: bool) -> Input:
    action = _unpacked(data.get("custom_id"))
    values = data.get("values") or []
    match data.get("component_type"):
        case 2 if action:
            return Press(action=action, shared=shared)
        case 3 if action and values:
            return Choice(action=action, value=str(values[0]), shared=shared)
        case _:
            return Garbled()


def _options(data: Json) -> Iterator[Json]:
    """The options that were filled in, those of a subcommand included."""
    for option in data.get("options") or []:
        if "value" in option:
            yield option
        yield from _options(option)


def _values(data: Json) -> dict[str, str]:
    """What was typed, by field; a field stands in a label, or in a row of an older form."""
    values: dict[str, str] = {}
    for holder in data.get("components") or []:
        for field in [holder.get("component"), *(holder.get("components") or [])]:
            if field and "custom_id" in field:
                values[str(field["custom_id"])] = _filled(field)
    return values


def _filled(field: Json) -> str:
    if "values" in field:
        return str(next(iter(field["values"] or []), ""))
    return str(field.get("value") or "")


def _user(payload: Json) -> str:
    """In a server the user stands in the member, elsewhere by themselves."""
    user = (payload.get("member") or {}).get("user") or payload["user"]
    return str(user["id"])


def _unpacked(packed: object) -> Action | None:
    try:
        return unpack(packed) if isinstance(packed, str) else None
    except UnreadableError:
        return None
