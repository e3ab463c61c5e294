"""Who sees what: private cards, shared ones, direct messages; and that all of it is kept."""

import json

import pytest

from adapters.playground import transcript
from adapters.playground.chat import Answer, Chat
from adapters.playground.members import BY_ID, Channel
from adapters.playground.panel.stored import stored
from adapters.playground.transcript import BOT, PAGE, Post
from adapters.playground.view import view
from bot.adapter import Refused, Sent
from bot.chat.event import Event
from bot.chat.form import Form
from bot.chat.reply import Message, Reply
from bot.chat.wire import pack
from bot.commands.cards import note
from bot.core.handle import Core
from bot.store.database import Transaction, UnavailableError
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from tests.configured import log_as
from tests.contract.cards import EVERY_PART
from tests.core.test_handle import BrokenDatabase
from tests.stories import Clock, button, labels


class Page:
    """One member's browser, without the browser."""

    def __init__(self, chat: Chat, member: str, channel: Channel = "room") -> None:
        self.chat, self.member, self.channel = chat, member, channel

    async def say(self, words: str) -> Answer:
        return await self._take({"kind": "words", "text": words})

    async def press(self, label: str, on: Post | None = None) -> Answer:
        post = on or self.posts[-1]
        assert post.card is not None
        action = pack(button(post.card, label).action)
        return await self._take({"kind": "press", "action": action}, post.id)

    async def _take(self, what: dict[str, str], pressed: str = "") -> Answer:
        sent = {**what, "member": self.member, "channel": self.channel}
        return await self.chat.take(sent, pressed)

    @property
    def posts(self) -> list[Post]:
        return self.chat.seen_by(self.member, self.channel)

    @property
    def titles(self) -> list[str]:
        return [post.card.title if post.card else post.said for post in self.posts]


@pytest.fixture
def chat(core: Core) -> Chat:
    return Chat(core)


@pytest.fixture
def ana(chat: Chat) -> Page:
    return Page(chat, "ana")


@pytest.fixture
def ben(chat: Chat) -> Page:
    return Page(chat, "ben")


async def test_an_answer_is_seen_by_the_asker_alone(ana: Page, ben: Page) -> None:
    answer = await ana.say("/compare pay")
    assert [post.id for post in ana.posts] == [answer.post]
    assert ana.titles == ["Pay"]
    assert ben.posts == []
    assert view(ana.posts[0], BY_ID["ana"], None)["mark"] == "Only you can see this"


async def test_a_pressed_card_is_replaced_in_place(ana: Page) -> None:
    await ana.say("/compare pay")
    await ana.say("/quiz")
    first = ana.posts[0]
    assert first.card is not None
    (onwards,) = (label for label in labels(first.card) if label.endswith("→"))
    answer = await ana.press(onwards, on=first)
    assert answer.post == first.id
    assert ana.titles == [onwards.removesuffix(" →"), "Question 1 of 13"]


async def test_a_shared_card_is_seen_by_all_and_opens_a_copy_of_ones_own(
    ana: Page, ben: Page
) -> None:
    await ana.say("/compare pay")
    answer = await ana.press("Share with the channel")
    assert ana.titles == ["Pay", "Pay"]
    assert answer.post == ben.posts[-1].id
    await ben.press("Open my own copy")
    assert ben.titles == ["Pay", "Pay"]
    assert ben.posts[-1].only == "ben"
    assert len(ana.posts) == 2


async def test_pressing_somebody_elses_card_gets_a_kind_answer_and_changes_nothing(
    chat: Chat, ana: Page, ben: Page
) -> None:
    await ana.say("/quiz")
    before = ana.posts
    seen = chat.seen_by("ben", "room", everyones=True)
    assert view(seen[0], BY_ID["ben"], None)["mark"] == "Only Ana can see this"
    await ben.press("Skip", on=seen[0])
    assert ben.titles == ["That’s somebody else’s card"]
    assert ana.posts == before


async def test_words_in_the_room_are_heard_by_all_and_the_page_says_why_nobody_answers(
    ana: Page, ben: Page
) -> None:
    await ana.say("<b>hello</b>")
    assert ben.titles == ["<b>hello</b>"]
    assert [post.author for post in ana.posts] == ["ana", PAGE]
    assert await ana.say("   ") == Answer()
    assert len(ana.posts) == 2


async def test_in_direct_messages_every_word_is_answered(chat: Chat, ana: Page) -> None:
    direct = Page(chat, "ana", "direct")
    await direct.say("pay")
    assert direct.posts[0].author == BOT
    assert ana.posts == []
    assert view(direct.posts[0], BY_ID["ana"], None)["mark"] == ""


async def test_a_form_leaves_the_conversation_as_it_is(ana: Page) -> None:
    await ana.say("/plan")
    for _ in range(3):
        await ana.press("AI Engineer" if "role" in ana.titles[-1].lower() else "Software")
        if "hours" in ana.titles[-1].lower():
            break
    before = ana.posts
    answer = await ana.press("Another number")
    assert isinstance(answer.form, Form)
    assert ana.posts == before


async def test_everything_is_there_after_a_restart(core: Core, ana: Page) -> None:
    await ana.say("/compare pay")
    await ana.press("Share with the channel")
    await ana.say("/quiz")
    again = Chat(core)
    await again.restore()
    assert again.posts == ana.chat.posts
    later = Page(again, "ana")
    await later.press("Skip")
    assert later.titles == ["Pay", "Pay", "Question 2 of 13"]
    await later.say("/crossroads")
    assert len({post.id for post in later.posts}) == 4


async def test_with_a_members_data_goes_what_was_said(
    core: Core, chat: Chat, ana: Page, ben: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ana.say("/compare pay")
    await ana.press("Share with the channel")
    await ana.say("hello")
    await ben.say("/quiz")

    async def forget(_: Event) -> Reply:
        await core.database.transact(_forget_ana)
        return Reply(show=note("Deleted", "Nothing is kept of you any more."))

    monkeypatch.setattr(core, "handle", forget)
    await ana.say("/crossroads mydata")
    assert ana.titles == ["Deleted"]
    assert ben.titles == ["Question 1 of 13"]
    again = Chat(core)
    await again.restore()
    assert again.posts == chat.posts


async def _forget_ana(transaction: Transaction) -> None:
    member = await Store(transaction).members.find(BY_ID["ana"].person)
    assert member is not None
    await Store(transaction).privacy.forget(member.id, 0)


async def test_only_the_latest_posts_are_kept(
    core: Core, ana: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.playground.chat._KEPT", 3)
    for topic in ("pay", "demand", "day", "tools"):
        await ana.say(f"/compare {topic}")
    assert len(ana.posts) == 3
    again = Chat(core)
    await again.restore()
    assert again.posts == ana.chat.posts


async def test_a_post_of_another_version_is_left_out(core: Core, chat: Chat) -> None:
    assert transcript.load('{"id": "1", "mood": "sunny"}') is None
    assert transcript.load("not even JSON") is None


def test_a_post_comes_back_as_it_was() -> None:
    post = Post("00000001", "room", BOT, 1, card=EVERY_PART, by="ana", prompt="/x")
    assert transcript.load(transcript.dump(post)) == post


async def test_what_cannot_be_saved_is_still_shown(
    chat: Chat, ana: Page, database: SQLiteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: object) -> None:
        raise UnavailableError("the disk is full")

    monkeypatch.setattr(database, "transact", refuse)
    await ana.say("/compare pay")
    assert ana.titles == ["Please try that again"]


async def test_every_open_page_hears_of_a_change_until_it_is_closed(chat: Chat, ana: Page) -> None:
    heard: list[int] = []
    forget = chat.listen(lambda: heard.append(len(chat.posts)))
    await ana.say("/compare pay")
    forget()
    await ana.say("/quiz")
    assert heard == [1]


async def test_a_direct_message_arrives_once(chat: Chat) -> None:
    first = await chat.send("ana", EVERY_PART, "nonce")
    assert await chat.send("ana", EVERY_PART, "nonce") == first
    assert isinstance(first, Sent)
    assert len(chat.seen_by("ana", "direct")) == 1
    assert chat.sent("ana", "nonce") is not None
    assert chat.sent("ana", "another") is None


async def test_closed_direct_messages_and_strangers_are_refused(chat: Chat) -> None:
    chat.closed.add("ana")
    assert await chat.send("ana", EVERY_PART, "1") == Refused("direct messages are closed")
    assert isinstance(await chat.send("mallory", EVERY_PART, "1"), Refused)
    assert chat.posts == {}


async def test_days_are_divided_and_times_are_the_readers_own(
    clock: Clock, chat: Chat, ana: Page
) -> None:
    await ana.say("/quiz")
    clock.forward(hours=20)
    await ana.say("/crossroads")
    first, second = ana.posts
    assert view(first, BY_ID["ana"], None)["day"] == "Monday, 23 November"
    assert view(first, BY_ID["ana"], None)["time"] == "09:00"
    assert view(first, BY_ID["chi"], None)["time"] == "13:30"
    assert view(second, BY_ID["ana"], first)["day"] == "Tuesday, 24 November"
    assert view(second, BY_ID["ben"], first)["day"] == ""


async def test_the_inspector_reads_what_is_stored(core: Core, chat: Chat, ana: Page) -> None:
    assert await stored(core, BY_ID["ana"].person) == {}
    await ana.say("/quiz")
    await ana.press("Skip")
    held = await stored(core, BY_ID["ana"].person)
    assert held["member"]["zone"] == "Europe/Madrid"
    assert held["sessions"][0]["turn"] == 2
    assert held["sessions"][0]["state"]["step"] == "asking"
    last = chat.last["ana"]
    shown = json.dumps(transcript.neutral(last.reply) | transcript.neutral(last.event))
    assert f"s:{held['sessions'][0]['id']}:1:" in shown
    assert isinstance(last.reply.show, Message)


async def test_one_request_id_goes_from_what_was_sent_to_where_it_is_put(
    core: Core, capsys: pytest.CaptureFixture[str], logging_as_it_was: None
) -> None:
    log_as("INFO", "json")
    core.database = BrokenDatabase(UnavailableError("the disk is full"))
    await Page(Chat(core), "ana").say("/quiz")
    await Page(Chat(core), "ana").say("/plan")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = ("the database is unavailable", "interaction", "what was said is shown, and not kept")
    assert [line["event"].partition(":")[0] for line in lines] == [*told, *told]
    first, second = ({line["request"] for line in part} for part in (lines[:3], lines[3:]))
    assert (len(first), len(second), len(first | second)) == (1, 1, 2)
