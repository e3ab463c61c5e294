"""Members tick the parts of a long step: on its card, on the plan and in the reminder."""

import pytest

from bot.chat.actions import TickPart
from bot.chat.reply import Message
from bot.core.handle import Core
from bot.pack.learning import Step
from bot.pack.model import Pack
from tests.commands.test_plan_setup import HOURS, start
from tests.stories import Chat, Clock, buttons, rows


@pytest.fixture
def long(pack: Pack) -> Step:
    """The first step of the plan that has parts."""
    steps = pack.template("software", "ai").steps
    return next(step for step in steps if step.parts)


def tick_of(card: Message, part: str) -> TickPart:
    found = (button.action for button in buttons(card) if isinstance(button.action, TickPart))
    return next(action for action in found if action.part == part)


async def test_a_ticked_part_counts_in_hours_in_the_forecast_and_for_the_streak(
    core: Core, long: Step
) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/progress")
    before = rows(ana.card)["Expected finish"]
    assert rows(ana.card)["Weeks in a row"] == "Starts with “Read ten job ads closely”"
    first = long.parts[0]
    await ana.command(f"/plan {long.title}")
    await ana.act(tick_of(ana.card, first.id))
    assert f"Done: {first.title}." in ana.said
    assert f"✓ {first.title} – {first.hours} h" in ana.said
    await ana.command("/progress")
    assert f"{first.hours} of {HOURS} hours" in ana.said
    assert rows(ana.card)["Weeks in a row"] == "1 week with something done"
    assert rows(ana.card)["Expected finish"] != before
    assert rows(ana.card)["Expected finish"].endswith("earlier")


async def test_a_part_can_be_opened_again_and_pressing_twice_changes_nothing(
    core: Core, long: Step
) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command(f"/plan {long.title}")
    done = tick_of(ana.card, long.parts[0].id)
    await ana.act(done)
    await ana.act(done)
    assert "was done already" in ana.said
    await ana.act(tick_of(ana.card, long.parts[0].id))
    assert f"“{long.parts[0].title}” is open again." in ana.said
    assert f"✓ {long.parts[0].title}" not in ana.said


async def test_with_its_last_part_the_step_is_done_and_undo_opens_that_part_alone(
    core: Core, clock: Clock, long: Step
) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command(f"/plan {long.title}")
    for part in long.parts:
        await ana.act(tick_of(ana.card, part.id))
        clock.forward(minutes=1)
    assert f"That was the last part of “{long.title}”." in ana.said
    assert "✓ Done on" in ana.said
    assert not any(isinstance(button.action, TickPart) for button in buttons(ana.card))
    await ana.press("Not done yet")
    assert f"✓ {long.parts[-1].title}" not in ana.said
    assert f"✓ {long.parts[0].title}" in ana.said


async def test_the_plan_names_the_part_that_is_next(
    core: Core, pack: Pack, clock: Clock, long: Step
) -> None:
    ana = Chat(core)
    await start(ana)
    for step in pack.template("software", "ai").steps:
        if step.id == long.id:
            break
        await ana.command(f"/plan {step.title}")
        await ana.press("Done")
    for _ in range(20):  # until the step's weeks begin
        await ana.command("/plan")
        if "Next: part" in ana.said:
            break
        clock.forward(weeks=1)
    first = long.parts[0]
    assert f"Next: part 1 of {len(long.parts)}, {first.title} ({first.hours} h)" in ana.said
    await ana.act(tick_of(ana.card, first.id))
    assert f"Done: {first.title}." in ana.said
    assert f"Next: part 2 of {len(long.parts)}" in ana.said
    await ana.press("Undo")
    assert f"“{first.title}” is open again." in ana.said
