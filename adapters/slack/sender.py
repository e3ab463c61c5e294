"""Direct messages that nobody asked for just now: reminders, each marked with its delivery's id."""

import logging

from adapters.slack import render
from adapters.slack.api import (
    Api,
    CallError,
    DeadTokenError,
    LimitedError,
    NoTokenError,
    RefusedError,
    UncertainError,
    UnreachedError,
)
from adapters.slack.surface import QUIET_LINKS
from bot.event import Person
from bot.reply import Message
from bot.sending import Outcome, Refused, RetryAfter, Sent, TokenDead, Unknown

log = logging.getLogger(__name__)

EVENT_TYPE = "crossroads_delivery"
BUSY = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
UNREACHED_SECONDS = 15.0


class SlackSender:
    """One attempt a call, its outcome named; the pace and the next attempt are the caller's."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"delivery": nonce}}
        try:
            answer = await self._api.call(
                person.tenant,
                "chat.postMessage",
                channel=person.user,
                metadata=metadata,
                **QUIET_LINKS,
                **render.message(message),
            )
        except CallError as error:
            return _outcome(error)
        return Sent(str(answer.get("ts", "")), str(answer.get("channel", "")))

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        """Read the conversation's latest messages by their metadata (needs `im:history`)."""
        try:
            history = await self._api.call(
                person.tenant,
                "conversations.history",
                channel=person.channel or await self._open(person),
                oldest=str(since - 60),
                limit=100,
                include_all_metadata="true",
            )
        except CallError as error:
            log.info("a direct message cannot be looked up: %s", error)
            return None
        if any(_delivery(message) == nonce for message in history.get("messages", [])):
            return True
        return None if history.get("has_more") else False

    async def _open(self, person: Person) -> str:
        opened = await self._api.call(person.tenant, "conversations.open", users=person.user)
        return str(opened["channel"]["id"])


def _outcome(error: CallError) -> Outcome:
    match error:
        case LimitedError(seconds=seconds):
            return RetryAfter(seconds)
        case UnreachedError():
            return RetryAfter(UNREACHED_SECONDS)
        case DeadTokenError() | NoTokenError():
            return TokenDead(str(error))
        case RefusedError(error=code) if code in BUSY:
            return Unknown(code)
        case RefusedError(error=code):
            return Refused(code)
        case UncertainError():
            return Unknown(str(error))
        case _:
            return Unknown(type(error).__name__)


def _delivery(message: dict[str, object]) -> object:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    return metadata.get("event_payload", {}).get("delivery")
