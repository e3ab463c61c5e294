"""Members compare the roles, topic by topic, and share what they find."""

import pytest

from bot.chat.actions import OpenTopic, ShareTopic
from bot.chat.parts import Menu
from bot.chat.reply import Message
from bot.commands import compare
from bot.core.handle import Core
from bot.pack.model import Pack
from tests.stories import Chat, buttons, labels, rows, words


async def test_it_opens_on_the_overview_with_a_menu_of_all_topics(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/compare")
    assert ana.card.title == pack.topics[0].title
    menu = next(part for part in ana.card.parts if isinstance(part, Menu))
    assert [option.value for option in menu.options] == [topic.id for topic in pack.topics]
    assert ana.card.audience == "asker"


async def test_next_and_previous_walk_through_every_topic_and_back(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/compare")
    seen = [ana.card.title]
    while following := [label for label in labels(ana.card) if label.endswith("→")]:
        await ana.press(following[0])
        seen.append(ana.card.title)
    assert seen == [topic.title for topic in pack.topics]
    while any(label.startswith("←") for label in labels(ana.card)):
        await ana.press("←")
    assert ana.card.title == pack.topics[0].title


async def test_a_topic_is_taken_from_the_menu_in_place(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare")
    assert ana.card.placement == "new"
    await ana.choose("Pay")
    assert (ana.card.title, ana.card.placement) == ("Pay", "replace")


async def test_every_figure_of_the_pay_topic_stands_there_with_its_source_and_year(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await ana.command("/compare pay")
    facts = [fact for part in ana.card.parts if part.kind == "facts" for fact in part.rows]
    assert len(facts) >= 8
    assert all("as reported" in fact.source and "202" in fact.source for fact in facts)
    assert "$130,000–$145,000" in words(ana.card)
    assert any(fact.source == "Levels.fyi, Ismat Samadov, as reported, 2026" for fact in facts)


@pytest.mark.parametrize("typed", ["pay", "PAY", " Pay ", "salary"])
async def test_a_topic_can_be_typed_by_any_of_its_names(core: Core, typed: str) -> None:
    ana = Chat(core)
    await ana.command(f"/compare {typed}")
    assert ana.card.title == "Pay"


async def test_a_misspelt_topic_gets_the_nearest_suggestion(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare intervews")
    assert "Did you mean Interviews?" in ana.said
    await ana.press("Interviews")
    assert ana.card.title == "Interviews"


async def test_a_word_like_nothing_gets_the_list_and_is_shown_as_typed(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare <!channel> zzzzzzzz")
    assert "<!channel> zzzzzzzz" in ana.said
    assert "Did you mean" not in ana.said
    await ana.choose("Demand")
    assert ana.card.title == "Demand"


async def test_sharing_posts_for_the_room_and_only_once(core: Core) -> None:
    ana = Chat(core)
    private = await ana.command("/compare pay")
    assert isinstance(private, Message)
    await ana.press("Share with the channel")
    assert "Shared with the channel." in ana.said
    [posted] = ana.room
    assert (posted.audience, posted.title) == ("room", "Pay")
    await ana.press("Share with the channel", on=private)
    assert "had been shared already" in ana.said
    assert len(ana.room) == 1


async def test_anybody_pressing_a_shared_card_gets_a_private_copy(core: Core) -> None:
    ana, ben = Chat(core, "ana"), Chat(core, "ben")
    await ana.command("/compare pay")
    await ana.press("Share with the channel")
    await ben.press("Open my own copy", on=ana.room[0], shared=True)
    assert (ben.card.title, ben.card.audience, ben.card.placement) == ("Pay", "asker", "new")


async def test_in_a_direct_message_there_is_no_room_to_share_with(core: Core) -> None:
    ana = Chat(core, direct=True)
    await ana.command("/compare")
    assert not any(isinstance(each.action, ShareTopic) for each in buttons(ana.card))


async def test_a_topic_that_is_gone_gets_a_kind_answer(core: Core) -> None:
    ana = Chat(core)
    await ana.act(OpenTopic("bitcoin"))
    assert "There is no topic called “bitcoin”" in ana.said
    await ana.act(ShareTopic("bitcoin", "once"))
    assert "There is no topic called “bitcoin”" in ana.said
    assert ana.room == []


async def test_a_name_that_could_be_another_topic_too_says_so(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare tools")
    assert ana.card.title == "Tools of the day"
    assert "Did you mean “Tools to learn”? It’s in the menu below." in ana.said
    await ana.choose("Tools to learn")
    assert ana.card.title == "Tools to learn"
    await ana.command("/compare Tools of the day")
    assert "Did you mean" not in ana.said


async def test_every_topic_fits_and_speaks_of_both_roles_where_it_compares(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    for topic in pack.topics:
        await ana.command(f"/compare {topic.id}")
        assert ana.card.title == topic.title
        assert compare.body(pack, topic.id)


async def test_rows_of_a_comparison_name_their_source_once(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare skills")
    assert rows(ana.card) == {}
    assert ana.said.count("Ismat Samadov, as reported, 2026\n") == 1
