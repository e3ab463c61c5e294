"""Several forks in one process: each has its quiz, its plan and its words, and nothing is lost."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chat.actions import Open, OpenTopic, PlanFrom
from bot.commands.routes import suggestions
from bot.core.handle import Core
from bot.pack.model import Pack
from bot.pack.packs import Packs
from tests.commands.test_quiz import SOFTWARE, take
from tests.packs import make_pack
from tests.stories import Chat, buttons, labels

COLOURS = make_pack(3)


@pytest.fixture
def both(core: Core, pack: Pack) -> Core:
    return with_packs(core, pack, COLOURS)


def with_packs(core: Core, *packs: Pack) -> Core:
    """Another process on the same database, with these packs."""
    return Core(core.database, Packs(packs), core.clock)


async def plan_in_colours(chat: Chat) -> None:
    await chat.command("/quiz colours")
    for _ in range(6):
        await chat.press("A")
    for label in ("Skip", "5 h", "Curiosity", "See my result", "Make my plan", "Today"):
        await chat.press(label)
    await chat.press("Start this plan")


@pytest.mark.parametrize("command", ["compare", "quiz", "plan"])
async def test_a_command_asks_which_fork_and_takes_its_name_as_a_word(
    both: Core, pack: Pack, command: str
) -> None:
    ana = Chat(both)
    await ana.command(f"/{command}")
    assert ana.card.title == "Which fork are you at?"
    assert labels(ana.card) == [pack.name, COLOURS.name]
    await ana.press(pack.name)
    asked = ana.card
    for number, name in enumerate((pack.id, pack.name.upper(), pack.title, *pack.words)):
        ben = Chat(both, f"ben-{number}")
        await ben.command(f"/{command} {name}")
        assert ben.card.title == asked.title


async def test_a_conversation_in_each_goes_on_by_itself(both: Core) -> None:
    ana = Chat(both)
    first = await ana.command("/quiz ai-vs-ml")
    assert first.kind == "message"
    await ana.command("/quiz colours")
    assert ana.card.title == "Question 1 of 9"
    await ana.press("A")
    await ana.press("B", on=first)
    assert ana.card.title == "Question 2 of 13"
    await ana.command("/quiz colours")
    assert "You were at: Question 2 of 9" in ana.said


async def test_results_and_plans_belong_to_their_pack_and_progress_shows_each(
    both: Core, pack: Pack
) -> None:
    ana = Chat(both)
    await plan_in_colours(ana)
    await ana.command("/quiz ai-vs-ml")
    for number in range(9):
        await ana.press("A" if number % 2 else "E")
    for label in (*SOFTWARE, "See my result"):
        await ana.press(label)
    assert ana.card.title == "Clearly AI Engineer"
    assert "Since" not in ana.said
    await ana.press("Make my plan")
    await ana.press("Today")
    await ana.press("Start this plan")
    assert "takes the place" not in ana.said
    await ana.command("/progress")
    assert pack.title in ana.said
    assert COLOURS.title in ana.said
    assert ana.said.count("You are on time") + ana.said.count("You’re on time") == 2
    await ana.press(f"More: {COLOURS.name}")
    assert "Red Painter" in ana.said


async def test_a_topic_that_one_fork_alone_has_needs_no_name(both: Core) -> None:
    ana = Chat(both)
    await ana.command("/compare pay")
    assert ana.card.title == "Pay"
    assert all(
        action.fork == "ai-vs-ml"
        for each in buttons(ana.card)
        if isinstance(action := each.action, OpenTopic | Open)
    )


async def test_without_its_pack_a_members_rows_are_safe_and_said_to_be(
    core: Core, both: Core, pack: Pack
) -> None:
    ana = Chat(both)
    await plan_in_colours(ana)
    card = ana.card
    alone = Chat(with_packs(core, pack))
    await alone.command("/progress")
    assert "Nothing of it is lost" in alone.said
    await alone.press("Change my plan", on=card)
    assert alone.card.title == "That fork isn’t here at the moment"
    await alone.command("/plan")
    assert alone.card.title != "Your plan to become a Red Painter"
    again = Chat(both)
    await again.command("/plan")
    assert again.card.title == "Your plan to become a Red Painter"


async def test_an_open_question_of_a_pack_that_is_gone_says_so(
    core: Core, both: Core, pack: Pack
) -> None:
    ana = Chat(both)
    card = await ana.command("/quiz colours")
    assert card.kind == "message"
    alone = Chat(with_packs(core, pack))
    await alone.press("A", on=card)
    assert alone.card.title == "That fork isn’t here at the moment"
    await Chat(both).press("A", on=card)


async def test_a_plan_is_made_for_the_fork_that_was_named(both: Core) -> None:
    ana = Chat(both)
    await ana.command("/plan ai-vs-ml")
    await ana.press("AI Engineer")
    assert "Software engineer" in labels(ana.card)


async def test_the_only_pack_is_never_asked_for(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [4] * 9)
    result = ana.card
    await ana.press("Compare the roles", on=result)
    assert ana.card.title == pack.topics[0].title
    await ana.press("Take it again", on=result)
    assert ana.card.title == "Question 1 of 13"
    plan = next(each.action for each in buttons(result) if isinstance(each.action, PlanFrom))
    await ana.act(replace(plan))
    assert ana.card.title != "Which fork are you at?"


def test_forks_are_completed_and_then_what_each_of_them_offers(pack: Pack) -> None:
    packs, now = Packs((pack, COLOURS)), datetime(2026, 11, 25, tzinfo=UTC)
    assert [one.value for one in suggestions("quiz", packs, "", now)] == [pack.id, COLOURS.id]
    assert [one.value for one in suggestions("quiz", packs, "col", now)] == [COLOURS.id]
    offered = [one.value for one in suggestions("compare", packs, "ai-vs-ml pa", now)]
    assert offered[0] == "ai-vs-ml pay"
    assert [one.value for one in suggestions("quiz", Packs((pack,)), "", now)] == []
