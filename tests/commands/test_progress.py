"""Members look at how far they are."""

from datetime import UTC, datetime

from bot.core.handle import Core
from bot.pack.model import Pack
from tests.commands.test_plan_setup import HOURS, STEPS, start
from tests.commands.test_quiz import AI, take
from tests.stories import Chat, Clock, labels, rows


async def test_without_anything_it_leads_to_the_quiz_and_the_plan(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/progress")
    assert "Nothing to show yet" in ana.said
    assert labels(ana.card) == ["Take the quiz", "My plan"]


async def test_it_says_what_is_done_and_left_and_when_it_ends(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Done: Read ten job ads closely")
    await ana.press("My progress")
    assert rows(ana.card) == {
        "Towards": "AI Engineer, since Mon 23 Nov",
        "Done": "1 step, about 4 hours",
        "Left": f"{STEPS - 1} steps, about {HOURS - 4} hours",
        "Weeks in a row": "1 week with something done",
        "Planned finish": "Sat 17 Jul 2027",
        "Expected finish": "Tue 13 Jul 2027, 4 days earlier",
    }
    clock.forward(days=28)
    await ana.command("/progress")
    # What a step that is on, or was until now, has had of its hours is not owed again.
    assert rows(ana.card)["Expected finish"] == "Tue 3 Aug 2027, about 2 weeks later"
    assert rows(ana.card)["Weeks in a row"].startswith("No streak yet")


async def test_weeks_in_a_row_follow_the_members_own_calendar(core: Core, clock: Clock) -> None:
    """Sunday evening in UTC is Monday already in Auckland."""
    ana, mei = Chat(core, "ana", zone="UTC"), Chat(core, "mei", zone="Pacific/Auckland")
    for member in (ana, mei):
        await start(member)
    clock.now = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
    for member in (ana, mei):
        await member.command("/plan read ten")
        await member.press("Done")
    clock.now = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    for member in (ana, mei):
        await member.command("/progress")
    assert rows(ana.card)["Weeks in a row"].startswith("No streak yet")
    assert rows(mei.card)["Weeks in a row"] == "1 week with something done"


async def test_past_results_open_from_here_with_and_without_a_plan(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * len(pack.quiz.questions))
    await ana.command("/progress")
    assert "You have no plan at the moment" in ana.said
    await ana.press("Mon 23 Nov: Clearly AI Engineer")
    assert ana.card.title == "Clearly AI Engineer"
    await ana.press("Make my plan")
    await ana.press("Today")
    await ana.press("Start this plan")
    await ana.command("/progress")
    await ana.press("Mon 23 Nov: Clearly AI Engineer")
    assert ana.card.title == "Clearly AI Engineer"


async def test_ahead_of_the_plan(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    for title in (
        "Make the model a component",
        "Engineer prompts against a test",
        "First RAG project",
    ):
        await ana.command(f"/plan {title}")
        await ana.press("Done")
    await ana.command("/progress")
    assert "You’re ahead: at 8 hours a week" in ana.said
    assert rows(ana.card)["Expected finish"].endswith("earlier")
