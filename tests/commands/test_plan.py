"""Members live with a plan: this week, its steps, what is done, late or left out."""

import pytest

from bot.chat.actions import ChangePlan, MarkStep, OpenPlan, OpenStep, SkipStep
from bot.chat.parts import Menu, Meter
from bot.chat.reply import Message
from bot.core.handle import Core
from bot.pack.model import Pack
from bot.store.drivers.sqlite import SQLiteDatabase
from tests.commands.test_plan_setup import HOURS, STEPS, start
from tests.stories import Chat, Clock, button, buttons, labels


def plan_of(card: Message) -> str:
    """The id of the plan that a card is about."""
    return next(each.action.plan for each in buttons(card) if isinstance(each.action, OpenPlan))


def offered(card: Message) -> list[str]:
    """What the card's menus offer."""
    menus = [part for part in card.parts if isinstance(part, Menu)]
    return [option.label for menu in menus for option in menu.options]


def meter(card: Message) -> Meter:
    return next(part for part in card.parts if isinstance(part, Meter))


async def test_a_step_is_done_and_the_meter_moves(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    assert meter(ana.card).label == f"0 of {STEPS} steps done, 0 of {HOURS} hours"
    await ana.press("Done: Read ten job ads closely")
    assert "Done: Read ten job ads closely. Well done!" in ana.said
    assert (meter(ana.card).done, meter(ana.card).total) == (4, HOURS)
    assert "Done: Read ten job ads closely" not in labels(ana.card)


async def test_pressing_done_twice_changes_nothing_the_second_time(
    core: Core, clock: Clock
) -> None:
    ana = Chat(core)
    before = await start(ana)
    await ana.press("Done: Read ten job ads closely")
    clock.forward(days=1)
    await ana.press("Done: Read ten job ads closely", on=before)
    assert "was done already" in ana.said
    assert f"1 of {STEPS} steps done" in ana.said
    await ana.choose("Make the model a component")
    await ana.press("← Read ten job ads closely")
    assert "✓ Done on Mon 23 Nov" in ana.said


async def test_undo_takes_it_back(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Done: Read ten job ads closely")
    await ana.press("Undo")
    assert "“Read ten job ads closely” is open again." in ana.said
    assert f"0 of {STEPS} steps done" in ana.said
    assert "Undo" not in labels(ana.card)


async def test_a_step_opens_in_full_and_is_marked_where_it_stands(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.choose("First RAG project")
    assert ana.card.title == "First RAG project"
    for said in ("What to do", "You are done when", "For your portfolio", "About 24 hours"):
        assert said in ana.said
    assert "Builds on: Make the model a component (open)" in ana.said
    assert "Open – Mon 28 Dec to Sun 17 Jan 2027" in ana.said
    await ana.press("Done")
    assert ana.card.title == "First RAG project"
    assert "✓ Done on Mon 23 Nov" in ana.said
    await ana.press("Not done yet")
    assert "Open – " in ana.said
    await ana.press("My plan")
    assert f"0 of {STEPS} steps done" in ana.said


async def test_all_steps_page_by_page_from_any_page(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    plan = plan_of(await start(ana))
    await ana.press("Done: Read ten job ads closely")
    await ana.press("All steps")
    assert ana.card.title == "All steps, page 1 of 3"
    assert "✓ Read ten job ads closely – done Mon 23 Nov" in ana.said
    seen = offered(ana.card)
    for _ in range(2):
        await ana.press("Later →")
        seen += offered(ana.card)
    assert seen == [step.title for step in pack.template("software", "ai").steps]
    assert "Later →" not in labels(ana.card)
    await ana.press("← Earlier")
    assert ana.card.title == "All steps, page 2 of 3"
    await ana.act(OpenPlan(plan, 99))
    assert ana.card.title == "All steps, page 3 of 3"


async def test_what_is_late_is_marked_and_the_way_to_catch_up_is_first(
    core: Core, clock: Clock
) -> None:
    ana = Chat(core)
    await start(ana)
    clock.forward(days=8)
    await ana.command("/plan")
    assert "⏰ Read ten job ads closely – 4 h, was due Sun 29 Nov" in ana.said
    assert button(ana.card, "Catch up").style == "primary"
    await ana.choose("Read ten job ads closely")
    assert "⏰ Overdue: it was due Sun 29 Nov" in ana.said
    await ana.press("All steps")
    assert "⏰ Read ten job ads closely" in ana.said


async def test_a_late_step_that_others_made_up_for_is_named_beside_being_on_time(
    core: Core, clock: Clock
) -> None:
    ana = Chat(core)
    await start(ana)
    for title in ("Make the model a component", "Engineer prompts against a test"):
        await ana.choose(title)
        await ana.press("Done")
        await ana.press("My plan")
    clock.forward(days=8)
    await ana.command("/plan")
    assert "1 step is overdue, but you’re" in ana.said


async def test_a_week_with_many_steps_shows_five_and_counts_the_rest(core: Core) -> None:
    ana = Chat(core)
    await start(ana, start="Data scientist")
    await ana.command("/plan hours 60")
    await ana.press("Yes, 60 hours a week")
    assert len([label for label in labels(ana.card) if label.startswith("Done: ")]) == 5
    assert "and 1 more step: see all steps" in ana.said


async def test_with_the_week_done_there_is_time_off_or_the_next_step(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Done: Read ten job ads closely")
    await ana.press("Done: Make the model a compon…")
    assert "Everything due is done." in ana.said
    assert "Done: Engineer prompts agains…" in labels(ana.card)


async def test_a_plan_that_begins_later_says_when(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/plan")
    for choice in ("AI Engineer", "Software engineer", "8 h", "Next Monday", "Start this plan"):
        await ana.press(choice)
    assert "It starts on Mon 30 Nov, and you finish around Sat 24 Jul 2027." in ana.said
    assert "This week" not in ana.said
    await ana.press("Done: Read ten job ads closely")
    assert f"1 of {STEPS} steps done" in ana.said


async def test_a_finished_plan_is_congratulated_and_says_what_next(
    core: Core, clock: Clock, pack: Pack
) -> None:
    ana = Chat(core)
    plan = plan_of(await start(ana))
    clock.forward(days=70)
    for step in pack.template("software", "ai").steps:
        await ana.act(MarkStep(plan, step.id, "done"))
    assert "Congratulations!" in ana.said
    assert "10 weeks later you’ve finished every step" in ana.said
    assert meter(ana.card).share == 1
    await ana.command("/progress")
    assert f"You’re through all of it: {STEPS} steps done." in ana.said
    assert "Expected finish" not in ana.said
    await ana.command("/plan hours")
    assert "nothing left to do" in ana.said
    await ana.press("Plan the move to ML Engineer")
    assert ana.card.title == "Switch to ML Engineer?"


async def test_a_plan_with_everything_skipped_is_not_congratulated(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    plan = plan_of(await start(ana))
    for step in pack.template("software", "ai").steps:
        await ana.act(SkipStep(plan, step.id))
        await ana.press("Not for me")
    await ana.command("/plan")
    assert "Congratulations" not in ana.said
    assert "You’ve skipped every step" in ana.said


@pytest.mark.parametrize(
    "action",
    [
        OpenStep("another", "rag-one"),
        OpenPlan("another", 0),
        MarkStep("another", "rag-one", "done"),
        MarkStep("another", "rag-one", "done", "step"),
        SkipStep("another", "rag-one"),
        ChangePlan("another", "choose"),
        ChangePlan("another", "remove"),
    ],
)
async def test_a_card_of_another_plan_gets_a_kind_answer(
    core: Core, action: MarkStep | OpenStep | OpenPlan | ChangePlan | SkipStep
) -> None:
    ana = Chat(core)
    await ana.act(action)
    assert ana.card.title == "You have no plan at the moment"
    await start(ana)
    await ana.act(action)
    assert ana.card.title == "That is not your current plan"
    await ana.press("My plan")
    assert f"0 of {STEPS} steps done" in ana.said


async def test_somebody_elses_plan_cannot_be_marked(core: Core) -> None:
    ana, ben = Chat(core, "ana"), Chat(core, "ben")
    card = await start(ana)
    await start(ben)
    await ben.press("Done: Read ten job ads closely", on=card)
    assert ben.card.title == "That is not your current plan"
    await ana.command("/plan")
    assert f"0 of {STEPS} steps done" in ana.said


@pytest.mark.parametrize("on", ["plan", "step"])
async def test_a_step_that_the_plan_does_not_have_gets_a_kind_answer(core: Core, on: str) -> None:
    ana = Chat(core)
    plan = plan_of(await start(ana))
    await ana.act(MarkStep(plan, "kaggle-first", "done", "step" if on == "step" else "plan"))
    assert ana.card.title == "That step is not in your plan"
    for action in (OpenStep(plan, "kaggle-first"), SkipStep(plan, "kaggle-first")):
        await ana.act(action)
        assert ana.card.title == "That step is not in your plan"
    await ana.act(MarkStep(plan, "rag-one", "skipped"))
    await ana.command("/plan")
    assert f"0 of {STEPS} steps done" in ana.said


async def test_a_step_is_skipped_with_a_reason_and_taken_up_again(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.choose("Make the model a component")
    await ana.press("Not now…")
    assert ana.card.title == "Skip “Make the model a component”?"
    assert "First RAG project, An agent over three APIs and" in ana.said
    await ana.press("I know this already")
    assert "Skipped on Mon 23 Nov: I know this already" in ana.said
    await ana.press("All steps")
    assert "✕ Make the model a component – skipped: I know this already" in ana.said
    await ana.press("My plan")
    assert meter(ana.card).label == f"0 of {STEPS - 1} steps done, 0 of {HOURS - 12} hours"
    await ana.command("/plan make the model")
    await ana.press("Put it back")
    assert "is open again" in ana.said


async def test_a_reason_can_be_typed_and_stays_plain_text(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.choose("Make the model a component")
    await ana.press("Not now…")
    await ana.press("In my own words…")
    await ana.fill(reason="   ")
    assert "Please type a few words" in ana.said
    await ana.fill(reason="<!channel> we   have **one**" + "!" * 200)
    assert "Skipped on Mon 23 Nov: <!channel> we have **one**!!!" in ana.said


async def test_a_step_is_kept_after_all(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.choose("Make the model a component")
    await ana.press("Not now…")
    asked = ana.card
    await ana.press("Keep it")
    assert "It stays in your plan." in ana.said
    await ana.press("Not for me", on=asked)
    assert "answered already" in ana.said
    assert "Skipped" not in ana.said


async def test_a_step_done_meanwhile_is_not_skipped(core: Core) -> None:
    ana = Chat(core)
    plan = plan_of(await start(ana))
    await ana.act(SkipStep(plan, "role-ads"))
    asked = ana.card
    await ana.act(MarkStep(plan, "role-ads", "done"))
    await ana.press("Not for me", on=asked)
    assert "That step is done or skipped already." in ana.said
    assert "✓ Done on" in ana.said
    await ana.act(SkipStep(plan, "role-ads"))
    assert "That step is done or skipped already." in ana.said


async def test_what_is_marked_is_on_disk(core: Core, database: SQLiteDatabase) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Done: Read ten job ads closely")
    rows = await database.transact(
        lambda transaction: transaction.fetch(
            "SELECT step_id, changed_at FROM plan_steps WHERE status = 'done'"
        )
    )
    assert [row["step_id"] for row in rows] == ["role-ads"]
