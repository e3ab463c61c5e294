"""Direct messages that nobody asked for just now: reminders, sent once each."""

import hashlib
import logging
from typing import Any, TypeAlias

from adapters.discord import render
from adapters.discord.rest import CallError, LimitedError, RefusedError, Rest, UnreachedError
from bot.event import Person
from bot.reply import Message
from bot.sending import Outcome, Refused, RetryAfter, Sent, TokenDead, Unknown

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

NONCE = 25  # characters
LATEST = 50  # messages that are read to find one again
UNREACHED_SECONDS = 15.0
UNKNOWN_CHANNEL = 10003
EPOCH_SECONDS = 1_420_070_400  # Discord's ids count from 2015


class DiscordSender:
    """One attempt a call, its outcome named; the pace and the next attempt are the caller's."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        body = {**render.message(message), "nonce": short(nonce), "enforce_nonce": True}
        if person.channel and (outcome := await self._post(person.channel, body)):
            return outcome
        try:
            channel = await self._open(person)
        except CallError as error:
            # Nothing has been sent yet, whatever went wrong.
            outcome = _outcome(error)
            return RetryAfter(UNREACHED_SECONDS) if isinstance(outcome, Unknown) else outcome
        return await self._post(channel, body) or Refused("the channel just opened is not there")

    async def _post(self, channel: str, body: Json) -> Outcome | None:
        """One attempt; None where there is no such channel."""
        try:
            sent = await self._rest.call("POST", f"/channels/{channel}/messages", body)
        except LimitedError as error:
            # Discord counts messages channel by channel: other members' may go on.
            return RetryAfter(error.seconds, alone=not error.everywhere)
        except CallError as error:
            return None if _unknown_channel(error) else _outcome(error)
        return Sent(str((sent or {}).get("id", "")), channel)

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        """Read the latest direct messages: the buttons of a reminder carry its delivery's id."""
        after = (since - 60 - EPOCH_SECONDS) * 1000 << 22
        try:
            channel = person.channel or await self._open(person)
            path = f"/channels/{channel}/messages?after={after}&limit={LATEST}"
            messages = await self._rest.call("GET", path) or []
        except CallError as error:
            log.info("a direct message cannot be looked up: %s", error)
            return None
        if any(_carries(message.get("components") or [], nonce) for message in messages):
            return True
        return None if len(messages) == LATEST else False

    async def _open(self, person: Person) -> str:
        opened = await self._rest.call("POST", "/users/@me/channels", {"recipient_id": person.user})
        return str(opened["id"])


def short(nonce: str) -> str:
    """`nonce` where it fits, else a digest of it that is always the same."""
    return nonce if len(nonce) <= NONCE else hashlib.sha256(nonce.encode()).hexdigest()[:NONCE]


def _carries(components: list[Json], nonce: str) -> bool:
    return any(
        nonce in str(component.get("custom_id", "")).split(":")
        or _carries(component.get("components") or [], nonce)
        or _carries([component["accessory"]] if component.get("accessory") else [], nonce)
        for component in components
    )


def _unknown_channel(error: CallError) -> bool:
    return isinstance(error, RefusedError) and error.code == UNKNOWN_CHANNEL


def _outcome(error: CallError) -> Outcome:
    match error:
        case LimitedError(seconds=seconds):
            return RetryAfter(seconds)
        case UnreachedError():
            return RetryAfter(UNREACHED_SECONDS)
        case RefusedError(status=401):
            return TokenDead(str(error))
        case RefusedError():
            return Refused(str(error))
        case _:
            return Unknown(str(error))
