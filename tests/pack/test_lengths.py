"""What the check takes a topic's card to need is never less than what the card really needs."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chat.actions import Ticket
from bot.chat.event import Person, Place
from bot.chat.limits import length
from bot.chat.reply import Message
from bot.commands import compare
from bot.commands.context import Context
from bot.commands.topics.page import body, pages
from bot.pack.facts import Topic
from bot.pack.lengths import navigation, topic_components, topic_size
from bot.pack.load import built_in, default_pack_path, load
from bot.pack.packs import Packs
from bot.records import Member

PACK = load(default_pack_path())
CONTEXT = Context(
    packs=Packs((PACK,)),
    pack=PACK,
    now=datetime(2026, 3, 2, tzinfo=UTC),
    person=Person(platform="playground", tenant="local", user="mira"),
    place=Place(tenant="local", channel="room"),
    member=Member(id="m", zone="UTC", zone_asked=False, created_at=0),
    ticket=Ticket("s", 1),
    new_id=lambda: "0123456789abcdef",
)


def size(card: Message) -> int:
    return length("".join(card.shown()))


@pytest.mark.parametrize("year", [2026, 2040])
@pytest.mark.parametrize("name", sorted(built_in()))
def test_a_topic_shows_no_more_than_the_check_counts(name: str, year: int) -> None:
    """Also when all of it has grown old, and says so."""
    pack = load(built_in()[name])
    for topic in pack.topics:
        bare = Message(title=topic.title, parts=body(pack, topic.id, year))
        assert size(bare) <= topic_size(topic, pack.sources), topic.id
        assert len(bare.parts) <= topic_components(topic), topic.id


@pytest.mark.parametrize("name", sorted(built_in()))
def test_what_a_pack_says_of_itself_fits_a_card(name: str) -> None:
    pack = load(built_in()[name])
    context = replace(CONTEXT, packs=Packs((pack,)), pack=pack)
    assert compare.private_card(context, pages(pack)["about"]).title == "About these figures"


@pytest.mark.parametrize("topic", PACK.topics, ids=lambda topic: topic.id)
def test_the_controls_take_no_more_than_is_kept_free(topic: Topic) -> None:
    bare = Message(title=topic.title, parts=body(PACK, topic.id, 2026))
    assert size(compare.private_card(CONTEXT, topic)) - size(bare) <= navigation(PACK.topics)
