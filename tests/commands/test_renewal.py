"""A pack's steps change under a plan: nothing moves until the member has seen it and chosen."""

from datetime import date

import pytest

from bot.core.handle import Core
from bot.pack.learning import Step
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.planning.changes import new_plan
from bot.planning.own_steps import steps_change, template_of
from tests.packs import changed, make_pack
from tests.stories import Chat, Clock, labels

OLD = make_pack(2)


def new_version(pack: Pack = OLD) -> Pack:
    """The same fork with another name and more hours for its step, and one step more."""
    templates = []
    for template in pack.templates:
        [step] = template.steps
        longer = step.model_copy(update={"title": f"{step.title} well", "hours": 15})
        extra = Step.model_validate(
            {"id": "frame", "title": "Frame it", "hours": 5, "do": "Frame.", "done": "Framed.",
             "phase": step.phase}
        )  # fmt: skip
        templates.append(template.model_copy(update={"steps": (longer, extra)}))
    return changed(pack, version=pack.version + 1, templates=tuple(templates))


def without_steps(pack: Pack = OLD) -> Pack:
    """A version that has another step in the place of the first."""
    templates = [
        template.model_copy(update={"steps": template.steps[1:]})
        for template in new_version(pack).templates
    ]
    return changed(pack, version=pack.version + 1, templates=tuple(templates))


@pytest.fixture
async def ana(core: Core, clock: Clock) -> Chat:
    """With a plan of the old version."""
    chat = Chat(Core(core.database, Packs((OLD,)), clock))
    await chat.command("/plan")
    for label in ("Red Painter", "5 h", "Today", "Start this plan"):
        await chat.press(label)
    return chat


def on(core: Core, clock: Clock, pack: Pack) -> Chat:
    return Chat(Core(core.database, Packs((pack,)), clock))


async def test_the_difference_is_shown_and_nothing_has_moved(
    core: Core, clock: Clock, ana: Chat
) -> None:
    await ana.command("/progress")
    before = ana.said
    later = on(core, clock, new_version())
    await later.command("/progress")
    assert later.said == before
    await later.command("/plan")
    assert later.card.title == "Your plan has new steps to offer"
    assert "Frame it (5 h)" in later.said
    assert "Paint red: 5 h → 15 h" in later.said.replace("Paint red well", "Paint red")
    assert "Paint red → Paint red well" in later.said
    assert "around Sun 29 Nov, with the new ones around Sun 20 Dec" in later.said


async def test_the_new_steps_are_taken_and_what_is_done_stays_done(
    core: Core, clock: Clock, ana: Chat
) -> None:
    await ana.press("Done: Paint red")
    later = on(core, clock, new_version())
    await later.command("/plan")
    await later.press("Take the new steps")
    assert "Your plan has the new steps now" in later.said
    assert "1 of 2 steps done" in later.said
    await later.command("/plan")
    assert later.card.title == "Your plan to become a Red Painter"


async def test_whoever_stays_keeps_their_steps_and_is_not_asked_again(
    core: Core, clock: Clock, ana: Chat
) -> None:
    later = on(core, clock, without_steps())
    await later.command("/plan")
    assert "No longer part of it" in later.said
    await later.press("Keep my steps")
    assert "Your plan keeps the steps that it has" in later.said
    await later.command("/plan")
    assert "Done: Paint red" in labels(later.card)
    await later.press("Done: Paint red")
    assert "1 of 1 step" in later.said


async def test_a_version_without_other_steps_says_nothing(
    core: Core, clock: Clock, ana: Chat
) -> None:
    later = on(core, clock, changed(OLD, version=9))
    await later.command("/plan")
    assert later.card.title == "Your plan to become a Red Painter"


async def test_an_old_button_does_nothing_twice(core: Core, clock: Clock, ana: Chat) -> None:
    later = on(core, clock, new_version())
    card = await later.command("/plan")
    assert card.kind == "message"
    await later.press("Keep my steps", on=card)
    await later.press("Keep my steps", on=card)
    assert "has the latest steps already" in later.said


def test_the_pack_s_own_template_serves_a_plan_that_agrees_with_it() -> None:
    plan = new_plan(OLD, "p", start="s0", role="red", hours=5, start_on=date(2026, 11, 23), epoch=1)
    template = OLD.template("s0", "red")
    assert template_of(OLD, plan) is template
    assert not steps_change(template, plan)
