"""Events from what the page sends: pure, and tolerant, for a page can be older than the process."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from adapters.playground.members import BY_ID, Channel
from bot.chat.event import Choice, Command, Event, Garbled, Input, Press, Submission, reader
from bot.chat.limits import cut
from bot.chat.wire import UnreadableError, unpack

Json: TypeAlias = Mapping[str, Any]

WORDS = 300  # of a command or a direct message: what a member may sensibly type


@reader
def event(sent: Json) -> Event | None:
    """The event behind what the page sent; None for words in the room that are no command.

    `sent` names the `member`, the `channel` and a `kind`: "words" with `text`, or "press", "choice"
    and "submission" with the packed `action` and what goes with it. MalformedError for a stranger.
    """
    member = BY_ID[str(sent.get("member"))]
    channel: Channel = "direct" if sent.get("channel") == "direct" else "room"
    taken = (
        _words(str(sent.get("text", "")), channel) if sent.get("kind") == "words" else _act(sent)
    )
    if taken is None:
        return None
    return Event(
        id=str(sent.get("id", "")),
        person=member.person,
        place=member.place(channel),
        input=taken,
    )


def _words(typed: str, channel: Channel) -> Input | None:
    """A slash command; in direct messages every word is for the bot, as it is on Slack."""
    words = cut(typed.strip(), WORDS)
    if words.startswith("/"):
        name, _, rest = words[1:].partition(" ")
        return Command(name=name.lower() or "crossroads", text=rest.strip())
    return Command(name="crossroads", text=words) if channel == "direct" else None


def _act(sent: Json) -> Input:
    try:
        action = unpack(str(sent.get("action", "")))
    except UnreadableError:
        return Garbled()
    shared = sent.get("shared") is True
    match sent.get("kind"):
        case "press":
            return Press(action=action, shared=shared)
        case "choice":
            return Choice(action=action, value=str(sent.get("value", "")), shared=shared)
        case "submission" if isinstance(values := sent.get("values"), Mapping):
            typed = {str(name): str(value) for name, value in values.items()}
            return Submission(action=action, values=typed)
        case _:
            return Garbled()
