"""What a member sees unasked: their week and their progress, with nothing to press twice."""

from bot.chat.wire import pack as packed
from bot.core.handle import Core
from tests.commands.test_plan_setup import start
from tests.stories import Chat, labels, words


async def test_without_a_plan_it_leads_to_one(core: Core) -> None:
    ana = Chat(core)
    progress, leading = await core.dashboard(ana.person)
    assert progress.title == "Nothing to show yet"
    assert leading.title == "Where to?"
    assert "Take the quiz" in labels(progress)
    assert "Compare the roles" in labels(leading)


async def test_a_plan_comes_before_how_far_it_is(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    week, progress, leading = await core.dashboard(ana.person)
    assert week.title.startswith("Your plan to become")
    assert progress.title == "Your progress"
    assert "Weeks in a row" in words(progress)
    cards = (week, progress, leading)
    pressable = [packed(action) for card in cards for action in card.actions()]
    assert len(set(pressable)) == len(pressable)


async def test_it_begins_no_conversation(core: Core) -> None:
    ana = Chat(core)
    await core.dashboard(ana.person)
    await ana.command("/plan")
    first = ana.said
    await core.dashboard(ana.person)
    await ana.command("/plan")
    assert ana.said == first
