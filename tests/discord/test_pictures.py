"""Charts reach Discord as pictures, whichever way a card goes, and are told where they cannot."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.discord import render
from adapters.discord.api import RefusedError, Rest
from adapters.discord.parse import Handle
from adapters.discord.respond import Promise, Responder
from adapters.discord.sender import DiscordSender
from adapters.shared.pictures import png as pngs
from adapters.shared.pictures.png import Picture
from bot.adapter import Sent
from bot.chat.chart import words
from bot.chat.event import Person as Member
from bot.chat.parts import Prose
from bot.chat.reply import Message, Reply
from tests.discord.conftest import Bot
from tests.fakes.discord import FakeDiscord, Person
from tests.fakes.discord.components import GALLERY, walk
from tests.fakes.discord.world import COMMAND, COMPONENT, Interaction, snowflake
from tests.fakes.discord.world import Message as Shown
from tests.pictures.charts import PAY, PROGRESS

PNG = b"\x89PNG\r\n\x1a\n"
CARD = Message(title="Pay", parts=(PAY,))
PLAIN = Message(title="No picture", parts=(Prose(text=("Words alone.",)),))


@pytest.fixture
async def rest(discord: FakeDiscord) -> AsyncIterator[Rest]:
    rest = Rest(discord.api_url, discord.token)
    rest.open()
    yield rest
    await rest.close()


def interaction(discord: FakeDiscord, alice: Person, source: Shown | None = None) -> Handle:
    """What Alice did just now, for whoever answers it; with `source`, she pressed on that card."""
    kind = COMPONENT if source else COMMAND
    live = Interaction(snowflake(), snowflake(), kind, alice.id, alice.place, {}, source)
    discord.world.interactions[live.token] = live
    own = source is not None
    return Handle(live.id, live.token, discord.app_id, own_card=own, direct=False, from_form=False)


async def answered(rest: Rest, handle: Handle, reply: Reply, *, late: bool = False) -> None:
    responder, arrived = Responder(rest), asyncio.get_running_loop().time()
    promise = Promise()
    if late:
        path = f"/interactions/{handle.id}/{handle.token}/callback"
        kind = {"type": 6} if handle.own_card else {"type": 5, "data": {"flags": render.EPHEMERAL}}
        await rest.call("POST", path, kind, authorized=False)
        promise = Promise(made=True, ours=True)
    await responder.show(handle, arrived, reply, promise)


def assert_pictured(message: Shown) -> None:
    (gallery,) = [c for c in walk(message.components) if c["type"] == GALLERY]
    (item,) = gallery["items"]
    (name,) = message.files
    assert item["media"]["url"] == f"attachment://{name}"
    assert item["description"] == words(PAY)
    assert message.files[name].startswith(PNG)


@pytest.mark.parametrize("late", [False, True], ids=["at once", "promised"])
async def test_an_answer_comes_with_its_picture(
    discord: FakeDiscord, rest: Rest, alice: Person, late: bool
) -> None:
    await answered(rest, interaction(discord, alice), Reply(show=CARD), late=late)
    assert_pictured(alice.last)
    assert discord.refused == []


async def test_what_the_room_sees_comes_with_its_picture(
    discord: FakeDiscord, rest: Rest, alice: Person, bob: Person
) -> None:
    shared = CARD.model_copy(update={"audience": "room"})
    await answered(rest, interaction(discord, alice), Reply(show=PLAIN, post=shared))
    assert_pictured(bob.last)


@pytest.mark.parametrize("late", [False, True], ids=["at once", "promised"])
async def test_a_picture_goes_with_its_card(
    discord: FakeDiscord, rest: Rest, alice: Person, late: bool
) -> None:
    await answered(rest, interaction(discord, alice), Reply(show=PLAIN))
    pressed = alice.last
    await answered(rest, interaction(discord, alice, pressed), Reply(show=CARD), late=late)
    assert_pictured(pressed)
    await answered(rest, interaction(discord, alice, pressed), Reply(show=PLAIN), late=late)
    assert pressed.files == {}
    assert discord.refused == []


async def test_a_message_that_nobody_asked_for_comes_with_its_picture(
    rest: Rest, alice: Person
) -> None:
    member = Member(platform="discord", tenant="discord", user=alice.id)
    assert isinstance(await DiscordSender(rest).send(member, CARD, "delivery-1"), Sent)
    assert_pictured(alice.in_dm.last)


async def test_two_charts_are_two_files_and_the_same_chart_is_one(
    rest: Rest, alice: Person
) -> None:
    member = Member(platform="discord", tenant="discord", user=alice.id)
    card = Message(title="Both", parts=(PAY, PROGRESS, PAY))
    await DiscordSender(rest).send(member, card, "delivery-2")
    assert len(alice.in_dm.last.files) == 2


async def test_a_chart_that_cannot_be_drawn_is_told_in_words(
    rest: Rest, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(picture: str) -> bytes:
        raise ValueError("not an SVG")

    monkeypatch.setattr(pngs, "png", fail)
    monkeypatch.setattr(pngs, "_made", pngs._made.__class__())
    member = Member(platform="discord", tenant="discord", user=alice.id)
    assert isinstance(await DiscordSender(rest).send(member, CARD, "delivery-3"), Sent)
    assert alice.in_dm.last.files == {}
    assert "$350,000–$550,000" in alice.in_dm.last.text


async def test_what_discord_would_refuse_is_refused_here(
    rest: Rest, alice: Person, discord: FakeDiscord
) -> None:
    path = f"/channels/{discord.world.dm(alice.id).channel_id}/messages"
    body = render.message(CARD)
    picture = Picture(body["attachments"][0]["filename"], PNG)
    with pytest.raises(RefusedError, match="names no file"):
        await rest.call("POST", path, body)
    with pytest.raises(RefusedError, match="is not shown"):
        await rest.call("POST", path, render.message(PLAIN), files=[picture])
    with pytest.raises(RefusedError, match="0 bytes"):
        await rest.call("POST", path, body, files=[Picture(picture.name, b"")])
    (gallery,) = [c for c in walk(body["components"]) if c["type"] == GALLERY]
    gallery["items"][0]["description"] = "x" * 1025
    with pytest.raises(RefusedError, match="1025"):
        await rest.call("POST", path, body, files=[picture])


async def test_pay_comes_as_a_picture_from_the_running_bot(
    discord: FakeDiscord, bot: Bot, alice: Person
) -> None:
    await bot.connected()
    await alice.command("/compare topic:pay")
    await discord.world.until(lambda: alice.last.files, "the picture")
    (content,) = alice.last.files.values()
    assert content.startswith(PNG)
    await alice.press("Share with the channel")
    await discord.world.until(
        lambda: all(message.files for message in alice.screen), "the pictures of both cards"
    )
    assert discord.refused == []
