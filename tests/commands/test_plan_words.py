"""What can be said after `/plan` is offered while it is typed, and all of it is understood."""

import pytest

from bot.commands.plan.words import PLAN_WORDS, suggest
from bot.core.handle import Core
from bot.pack.model import Pack
from tests.commands.test_plan_setup import start
from tests.stories import MONDAY, Chat


def offered(pack: Pack, typed: str) -> list[str]:
    return [suggestion.value for suggestion in suggest(pack, typed, MONDAY)]


def test_before_anything_is_typed_the_words_come_before_the_steps(pack: Pack) -> None:
    assert offered(pack, "")[: len(PLAN_WORDS)] == [word.word for word in PLAN_WORDS]
    assert "pause – Pause your plan" in suggest(pack, "", MONDAY)[4].name


@pytest.mark.parametrize(
    ("typed", "first"),
    [("re", "resume"), ("Catch", "catch up"), ("behind", "catch up"), ("  HOU", "hours")],
)
def test_what_was_begun_is_completed_by_the_words_people_use(
    pack: Pack, typed: str, first: str
) -> None:
    assert first in offered(pack, typed)[:2]


def test_a_step_is_found_by_any_part_of_its_title_and_once(pack: Pack) -> None:
    title = pack.templates[0].steps[3].title
    assert offered(pack, title.upper()[2:]).count(title) == 1
    assert not offered(pack, "no such thing")


async def test_whatever_is_offered_is_understood(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await start(ana)
    assert ana.card.title == "Your plan to become an AI Engineer"
    theirs = {step.title for step in pack.template("software", "ai").steps}
    for said in (name for word in PLAN_WORDS for name in (word.word, *word.also)):
        await ana.command(f"/plan {said}")
        assert "I do not know" not in ana.said, said
    for said in theirs & set(offered(pack, "")):
        await ana.command(f"/plan {said}")
        assert ana.card.title == said
