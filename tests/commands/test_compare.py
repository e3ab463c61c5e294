"""Members compare the roles, topic by topic, and share what they find."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from bot.chat.actions import OpenTopic, ShareTopic
from bot.chat.chart import Bars, Chart
from bot.chat.parts import Menu, Note, texts_of
from bot.chat.reply import Message
from bot.chat.text import Link, plain
from bot.commands.cards import accent_of
from bot.commands.topics.page import body
from bot.core.handle import Core
from bot.pack.model import Pack
from tests.stories import Chat, Clock, buttons, labels, rows, words


async def test_it_opens_on_the_overview_with_a_menu_of_all_topics(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/compare")
    assert ana.card.title == pack.topics[0].title
    menu = next(part for part in ana.card.parts if isinstance(part, Menu))
    assert [one.value for one in menu.options] == [*(topic.id for topic in pack.topics), "about"]
    assert pack.subtitle in ana.said
    assert ana.card.audience == "asker"


async def test_next_and_previous_walk_through_every_topic_and_back(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/compare")
    seen = [ana.card.title]
    while following := [label for label in labels(ana.card) if label.endswith("→")]:
        await ana.press(following[0])
        seen.append(ana.card.title)
    assert seen == [*(topic.title for topic in pack.topics), "About these figures"]
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
    [chart] = [part for part in ana.card.parts if isinstance(part, Chart)]
    assert isinstance(chart.figure, Bars)
    assert len(chart.figure.bars) + len(facts) >= 8
    assert "$130,000–$145,000" in words(ana.card)
    assert Counter(fact.source for fact in facts) == {
        "": 3,
        "2025 figure, reported by Ismat Samadov in 2026": 1,
        "Levels.fyi, reported by Ismat Samadov, 2026": 1,
    }
    [rise] = [fact for fact in facts if "+32%" in plain(fact.value)]
    mark, _, note = plain(rise.value).partition("\n")
    assert mark == "$50,000 · 2025 figure, reported by Ismat Samadov in 2026"
    assert note.startswith("Crossroads’ note:"), "which nobody else signs"
    shared = "All figures on this page: reported by Ismat Samadov, 2026, unless marked."
    assert ana.said.count(shared) == 1


async def test_pay_of_both_roles_stands_on_one_scale(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/compare pay")
    [chart] = [part for part in ana.card.parts if isinstance(part, Chart)]
    assert isinstance(chart.figure, Bars)
    bars = {bar.label: bar for bar in chart.figure.bars}
    assert chart.figure.unit == "$"
    assert (bars["ML · Senior"].low, bars["ML · Senior"].high) == (185_000, 230_000)
    assert "FAANG class" in bars["AI · Senior, top-tier employers"].note
    for role in ("ai", "ml"):
        drawn = {bar.accent for label, bar in bars.items() if label.startswith(role.upper())}
        assert drawn == {accent_of(pack, role)}


async def test_the_article_opens_from_below_every_page_that_cites_it(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await ana.command("/compare pay")
    small = [piece for part in ana.card.parts if isinstance(part, Note) for piece in part.text]
    [link] = [piece for piece in small if isinstance(piece, Link)]
    assert (link.text, link.url) == ("Ismat Samadov", pack.source_by_id["article"].url)


@pytest.mark.parametrize(("year", "old"), [(2027, 0), (2028, 2), (2029, 3)])
async def test_a_figure_that_has_grown_old_says_so(pack: Pack, year: int, old: int) -> None:
    """Two are of 2025; what most of the page is from is marked above it, once."""
    [said] = [topic for topic in pack.topics if topic.id == "pay"]
    shown = " ".join(" ".join(texts_of(part)) for part in body(pack, said.id, year))
    assert shown.count("may be out of date") == old + (year == 2029)
    assert ("This page is from 2026: may be out of date." in shown) == (year == 2029)


async def test_old_is_what_is_old_on_the_members_own_date(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    clock.now = datetime(2028, 12, 31, 23, 0, tzinfo=UTC)
    await ana.command("/compare day")
    assert "may be out of date" not in ana.said
    clock.forward(hours=2)
    await ana.command("/compare day")
    assert "This page is from 2026: may be out of date." in ana.said


async def test_what_nobody_else_said_is_marked_as_our_own(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare drawbacks")
    assert "Out of your hands, What others see: Crossroads’ own words" in ana.said
    await ana.command("/compare story")
    assert "A story, told by Ismat Samadov:" in ana.said
    assert "Crossroads’ note: One person’s story" in ana.said


async def test_a_page_says_whose_all_this_is_and_how_a_verdict_comes_about(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core)
    await ana.command("/compare about")
    by_word = words(ana.card)
    await ana.command("/compare")
    await ana.press("About these figures")
    assert (ana.card.title, words(ana.card)) == ("About these figures", by_word)
    for told in (
        "an article by Ismat Samadov",
        "Nobody paid for either answer",
        "Last reviewed on 25 November 2026.",
        f"a lead of {pack.quiz.thresholds.leaning:.0%} of the possible points",
        "What you enjoy says little about how good you’d be at a job",
    ):
        assert told in ana.said


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
    assert "You’ve shared this card already." in ana.said
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
    assert "There’s no topic called “bitcoin”" in ana.said
    await ana.act(ShareTopic("bitcoin", "once"))
    assert "There’s no topic called “bitcoin”" in ana.said
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
        assert body(pack, topic.id, 2026)


async def test_rows_of_a_comparison_name_their_source_once(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare skills")
    assert rows(ana.card) == {}
    assert ana.said.count("reported by Ismat Samadov, 2026") == 1
