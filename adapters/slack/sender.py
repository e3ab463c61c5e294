"""Reminders as direct messages on Slack, each marked with its delivery's id."""

import logging

from adapters.shared.calls import CallError, LimitedError, UncertainError, UnreachedError
from adapters.slack import render
from adapters.slack.api import Api, DeadTokenError, NoTokenError, RefusedError
from adapters.slack.refusals import BUSY, UNTELLABLE, refusal
from adapters.slack.respond import QUIET_LINKS
from bot.adapter import Found, Outcome, Rates, RetryAfter, Sent, TokenDead, Unknown
from bot.chat.event import Person
from bot.chat.reply import Message

log = logging.getLogger(__name__)

# A workspace takes "several hundred a minute", and a channel one message a second.
RATES = Rates(requests=4.0, channel_seconds=1.0)
EVENT_TYPE = "crossroads_delivery"
PAGE, PAGES = 100, 10  # messages that are read at once to find one again, and how often
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
        return Sent(str(answer.get("channel", "")))

    async def arrived(self, person: Person, nonce: str, since: int) -> Found:
        """Read the conversation's latest messages by their metadata (needs `im:history`)."""
        try:
            return await self._search(person, nonce, since)
        except CallError as error:
            log.info("a direct message cannot be looked up: %s", error)
            return _not_now(error)

    async def _search(self, person: Person, nonce: str, since: int) -> bool | None:
        channel, cursor = person.channel or await self._open(person), ""
        for _ in range(PAGES):
            history = await self._api.call(
                person.tenant,
                "conversations.history",
                channel=channel,
                oldest=str(since),
                limit=PAGE,
                include_all_metadata="true",
                **({"cursor": cursor} if cursor else {}),
            )
            if any(_delivery(message) == nonce for message in history.get("messages", [])):
                return True
            cursor = (history.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None if history.get("has_more") else False
        return None

    async def _open(self, person: Person) -> str:
        opened = await self._api.call(person.tenant, "conversations.open", users=person.user)
        return str(opened["channel"]["id"])


def _not_now(error: CallError) -> Found:
    """Why a look-up failed: None where it would fail again."""
    match error:
        case LimitedError(seconds=seconds):
            return RetryAfter(seconds)
        case DeadTokenError() | NoTokenError():
            return TokenDead(str(error))
        case RefusedError(error=code) if code in UNTELLABLE:
            return None
        case _:
            return Unknown(str(error) or type(error).__name__)


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
            return refusal(code)
        case UncertainError():
            return Unknown(str(error))
        case _:
            return Unknown(type(error).__name__)


def _delivery(message: dict[str, object]) -> object:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    return metadata.get("event_payload", {}).get("delivery")
