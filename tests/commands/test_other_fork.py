"""Members of a community with another fork: the same conversation, in that pack's own words."""

from pathlib import Path

import pytest

from bot.chat.actions import PlanFrom
from bot.core.handle import Core
from bot.pack.load import load
from bot.pack.model import Pack
from tests.packs import label_of
from tests.stories import Chat, buttons

ROOT = Path(__file__).parents[2] / "content" / "swe-vs-ds"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(ROOT)


@pytest.mark.parametrize(("place", "role"), [(0, "ds"), (4, "dev")])
async def test_from_the_first_question_to_a_plan(
    core: Core, pack: Pack, place: int, role: str
) -> None:
    ana = Chat(core)
    await ana.command("/quiz")
    for number in range(len(pack.quiz.questions)):
        await ana.press(label_of(pack, number, place))
    await ana.press("Skip")
    await ana.press("Analyst")
    await ana.press("5 h")
    await ana.press("The pay")
    await ana.press("See my result")
    assert ana.card.title == f"Clearly {pack.role(role).name}"
    assert "20 of 20 points" in ana.said
    assert "overlap over most of their range" in ana.said
    start = next(each for each in buttons(ana.card) if isinstance(each.action, PlanFrom))
    await ana.act(start.action)
    await ana.press("Use UTC")
    await ana.press("Today")
    plan = pack.template("analyst", role)
    assert pack.role(role).name in ana.said
    assert f"{len(plan.steps)} steps" in ana.said
    assert "Our steps add up to" in ana.said
    await ana.press("Start this plan")
    assert plan.steps[0].title in ana.said


async def test_a_state_is_asked_for_by_its_name(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/compare nevada")
    assert ana.card.title == "Pay by state: the West"
    assert "$128,810 (4,520 jobs, RSE 12.8%)" in ana.said
    await ana.command("/compare Puerto Rico")
    assert "Puerto Rico isn’t part of the national figures" in ana.said
    await ana.command("/compare salary")
    assert "$135,980" in ana.said
    assert "U.S. Bureau of Labor Statistics" in ana.said
