"""`/compare`: the roles side by side, a topic a card, every figure with source and year.

```mermaid
stateDiagram-v2
    [*] --> Topic: /compare [topic]
    Topic --> Topic: menu, next, previous
    Topic --> Shared: share with the channel
    Shared --> Topic: anybody's press, as their own private card
```

There is nothing to remember: every action names its topic and works for ever.
"""

import re
from datetime import datetime
from difflib import get_close_matches

from bot.calendar.typed import tidy
from bot.chat.actions import OpenTopic, ShareTopic
from bot.chat.event import Command
from bot.chat.limits import LABEL, cut
from bot.chat.parts import Button, Buttons, Menu, Option, Prose
from bot.chat.reply import Message, Reply
from bot.chat.text import Bold, text
from bot.commands.cards import rows_of, small_print, ways
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.said.words import Suggestion
from bot.commands.topics.about import ABOUT, TITLE
from bot.commands.topics.page import body, pages
from bot.commands.wording import listed
from bot.memo import of_pack
from bot.pack.facts import Topic
from bot.pack.model import Pack


def command(context: Context, asked: Command) -> Turn:
    """`/compare [topic]`: the topic that was asked for, else the overview."""
    if not asked.text.strip():
        return show(private_card(context, context.pack.topics[0]))
    return find_topic(context, asked.text)


def find_topic(context: Context, words: str) -> Turn:
    """The topic that goes by these words, else those that may be meant."""
    match matching(context.pack, words):
        case (topic,):
            return show(private_card(context, topic, _also(context.pack, topic, words)))
        case ():
            return show(_unknown(context.pack, words))
        case several:
            return show(_which(context.pack, words, several))


def _also(pack: Pack, topic: Topic, words: str) -> str:
    """The topics that may have been meant as well: “tools” is one's id, and how another begins."""
    if (wanted := _fold(words)) == _fold(topic.title):
        return ""
    others = [
        f"“{other.title}”"
        for other in pages(pack).values()
        if other is not topic and f"{_fold(other.title)} ".startswith(f"{wanted} ")
    ]
    return f"Did you mean {listed(others)}? It’s in the menu below." if others else ""


def open_topic(context: Context, action: OpenTopic) -> Turn:
    topic = pages(context.pack).get(action.topic)
    return show(private_card(context, topic) if topic else _unknown(context.pack, action.topic))


def share(context: Context, action: ShareTopic) -> Turn:
    """Post a topic for all; only the first press of one card does."""
    topic = pages(context.pack).get(action.topic)
    if topic is None:
        return show(_unknown(context.pack, action.topic))
    if context.repeated:
        return show(private_card(context, topic, "You’ve shared this card already."))
    card = private_card(context, topic, "Shared with the channel.")
    return Turn(Reply(show=card, post=room_card(context, topic)))


def find(pack: Pack, words: str) -> Topic | None:
    """The topic that goes by `words`: its id, title or an alias, or the start of one."""
    found = matching(pack, words)
    return found[0] if len(found) == 1 else None


def matching(pack: Pack, words: str) -> tuple[Topic, ...]:
    """The topics that may be meant: by name, else by its beginning, else by words of it."""
    wanted, names = _fold(words), _names(pack)
    if not wanted or wanted in names:
        return (names[wanted],) if wanted else ()
    starting = {topic.id: topic for name, topic in names.items() if name.startswith(wanted)}
    if starting:
        return tuple(starting.values())
    said = set(wanted.split())
    return tuple(
        {topic.id: topic for name, topic in names.items() if said <= set(name.split())}.values()
    )


def nearest(pack: Pack, words: str, cutoff: float = 0.5) -> Topic | None:
    """The topic whose name is most like `words`, if any is."""
    names = _names(pack)
    close = get_close_matches(_fold(words), names, n=1, cutoff=cutoff)
    return names[close[0]] if close else None


def suggest(pack: Pack, typed: str, _: datetime) -> list[Suggestion]:
    """The topics that fit what was typed: those that begin with it before those that hold it."""
    wanted = tidy(typed)
    found = [
        topic
        for topic in pages(pack).values()
        if any(wanted in name.casefold() for name in (topic.title, topic.id, *topic.aliases))
    ]
    found.sort(key=lambda topic: not topic.title.casefold().startswith(wanted))
    return [Suggestion(topic.title, topic.id, topic.summary) for topic in found]


def _fold(words: str) -> str:
    """Without articles and the signs between words: people leave those out."""
    plain = re.sub(r"[^\w'’]+", " ", tidy(words))
    return " ".join(word for word in plain.split() if word not in ("a", "an", "the"))


@of_pack
def _names(pack: Pack) -> dict[str, Topic]:
    return {
        _fold(name): topic
        for topic in reversed(pages(pack).values())
        for name in (topic.id, topic.title, *topic.aliases)
    }


def _unknown(pack: Pack, words: str) -> Message:
    near = nearest(pack, words)
    said = text("There’s no topic called “", cut(words.strip(), 60), "”. ")
    if near is None:
        return Message(
            title="I don’t know that topic",
            parts=(Prose(text=text(said, "Here are the ones I have:")), _menu(pack, None)),
        )
    button = Button(
        label=cut(near.title, LABEL), action=OpenTopic(near.id, pack.id), style="primary"
    )
    return Message(
        title="I don’t know that topic",
        parts=(
            Prose(text=text(said, "Did you mean ", Bold(text=near.title), "?")),
            Buttons(buttons=(button,)),
            _menu(pack, None),
        ),
    )


def _which(pack: Pack, words: str, topics: tuple[Topic, ...]) -> Message:
    said = text("“", cut(words.strip(), 60), "” could be more than one. Which do you mean?")
    buttons = [Button(label=cut(t.title, LABEL), action=OpenTopic(t.id, pack.id)) for t in topics]
    return Message(
        title="Which topic?",
        parts=(Prose(text=said), *rows_of(buttons), _menu(pack, None)),
    )


def private_card(context: Context, topic: Topic, said: str = "") -> Message:
    """A topic as the asker sees it: with ways on, and to share it where there is a room."""
    topics = tuple(pages(context.pack).values())
    at = topics.index(topic)
    before = [(f"← {topics[at - 1].title}", topics[at - 1])] if at else []
    after = [(f"{topics[at + 1].title} →", topics[at + 1])] if at + 1 < len(topics) else []
    buttons = [
        Button(label=cut(label, LABEL), action=OpenTopic(other.id, context.pack.id))
        for label, other in before + after
    ]
    if topic in topics[:1] and ABOUT in pages(context.pack):
        buttons.append(Button(label=TITLE, action=OpenTopic(ABOUT, context.pack.id)))
    if not context.place.direct:
        once = context.new_id()
        buttons.append(
            Button(
                label="Share with the channel", action=ShareTopic(topic.id, once, context.pack.id)
            )
        )
    return Message(
        title=topic.title,
        parts=(
            *body(context.pack, topic.id, context.today.year),
            *((small_print(said),) if said else ()),
            _menu(context.pack, topic.id),
            Buttons(buttons=tuple(buttons)),
            ways("quiz", "plan", fork=context.pack.id),
        ),
    )


def room_card(context: Context, topic: Topic) -> Message:
    """A topic as the room sees it: whoever presses gets a private card of their own."""
    own = Button(label="Open my own copy", action=OpenTopic(topic.id, context.pack.id))
    return Message(
        title=topic.title,
        parts=(
            *body(context.pack, topic.id, context.today.year),
            Buttons(buttons=(own, *ways("quiz", fork=context.pack.id).buttons)),
        ),
        audience="room",
        placement="new",
    )


@of_pack
def _menu(pack: Pack, current: str | None) -> Menu:
    return Menu(
        action=OpenTopic(fork=pack.id),
        placeholder="Another topic",
        options=tuple(
            Option(value=t.id, label=cut(t.title, LABEL), description=cut(t.summary, LABEL))
            for t in pages(pack).values()
        ),
        selected=current,
    )
