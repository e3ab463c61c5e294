"""Reminders as direct messages on Discord, sent once each."""

import hashlib
import logging
from collections.abc import Sequence
from typing import Any, TypeAlias

from adapters.discord import render
from adapters.discord.api import RefusedError, Rest
from adapters.discord.refusals import gone, refusal, silence
from adapters.shared.calls import CallError, LimitedError, UnreachedError
from adapters.shared.pictures.cards import illustrated
from adapters.shared.pictures.png import Picture
from bot.adapter import Found, Outcome, Rates, RetryAfter, Sent, TokenDead, Unknown
from bot.chat.event import Person
from bot.chat.reply import Message

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

RATES = Rates(
    requests=40.0,  # 50 are allowed to the bot as a whole
    opens_channels=True,
    refusal_seconds=0.05,  # who gets 10 000 refusals in ten minutes is shut out
    nonce_seconds=120,
)
NONCE = 25  # characters
PAGE, PAGES = 100, 10  # messages that are read at once to find one again, and how often
UNREACHED_SECONDS = 15.0
UNKNOWN_CHANNEL = 10003
EPOCH_SECONDS = 1_420_070_400  # Discord's ids count from 2015


class DiscordSender:
    """One attempt a call, its outcome named; the pace and the next attempt are the caller's."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        card, files = await illustrated(message)
        body = {**render.message(card), "nonce": short(nonce), "enforce_nonce": True}
        if person.channel and (outcome := await self._post(person.channel, body, files)):
            return outcome
        try:
            channel = await self._open(person)
        except CallError as error:
            # Nothing has been sent yet, whatever went wrong.
            outcome = _outcome(error)
            return RetryAfter(UNREACHED_SECONDS) if isinstance(outcome, Unknown) else outcome
        return await self._post(channel, body, files) or gone()

    async def _post(self, channel: str, body: Json, files: Sequence[Picture]) -> Outcome | None:
        """One attempt; None where there is no such channel."""
        try:
            path = f"/channels/{channel}/messages"
            await self._rest.call("POST", path, body, files=files)
        except CallError as error:
            if isinstance(error, LimitedError) and not error.everywhere:
                # Discord counts messages channel by channel: other members' may go on.
                return RetryAfter(error.seconds, alone=True)
            return None if _unknown_channel(error) else _outcome(error)
        return Sent(channel)

    async def arrived(self, person: Person, nonce: str, since: int) -> Found:
        """Read the direct messages: the buttons of a reminder carry its delivery's id."""
        try:
            channel = person.channel or await self._open(person)
            return await self._search(channel, nonce, (since - EPOCH_SECONDS) * 1000 << 22)
        except CallError as error:
            log.info("a direct message cannot be looked up: %s", error)
            return _not_now(error)

    async def _search(self, channel: str, nonce: str, after: int) -> bool | None:
        """Page by page: Discord gives the oldest messages after an id, the latest of them first."""
        for _ in range(PAGES):
            path = f"/channels/{channel}/messages?after={after}&limit={PAGE}"
            messages = await self._rest.call("GET", path) or []
            if any(_carries(message.get("components") or [], nonce) for message in messages):
                return True
            if len(messages) < PAGE:
                return False
            after = max(int(message["id"]) for message in messages)
        return None

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


def _not_now(error: CallError) -> Found:
    """Why a look-up failed: None where it would fail again."""
    match error:
        case LimitedError(seconds=seconds, everywhere=everywhere):
            return RetryAfter(seconds, alone=not everywhere)
        case RefusedError(status=401, edge=False):
            return TokenDead(str(error))
        case RefusedError(edge=False):
            return None
        case _:
            return Unknown(str(error))


def _outcome(error: CallError) -> Outcome:
    match error:
        case LimitedError(edge=True):
            return silence(error)
        case LimitedError(seconds=seconds):
            return RetryAfter(seconds)
        case UnreachedError():
            return RetryAfter(UNREACHED_SECONDS)
        case RefusedError(status=401, edge=False):
            return TokenDead(str(error))
        case RefusedError():
            return refusal(error)
        case _:
            return Unknown(str(error))
