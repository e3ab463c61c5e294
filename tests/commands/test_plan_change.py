"""Members change a plan: every change is previewed, and taken or left."""

import pytest

from bot.chat.actions import (
    ChangePlan,
    Confirm,
    MarkStep,
    OpenPlan,
    Pick,
    Resume,
    SkipStep,
    TurnAction,
)
from bot.chat.form import Form
from bot.chat.reply import Message
from bot.core.handle import Core
from tests.commands.test_plan import meter, plan_of
from tests.commands.test_plan_setup import HOURS, STEPS, start
from tests.commands.test_quiz import AI, ML, take
from tests.stories import Chat, Clock, button, labels, rows


async def test_the_ways_to_change_a_plan_stand_on_one_card(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Change my plan")
    for label in ("Hours a week", "Pause", "Catch up", "Switch to ML Engineer", "Start over"):
        assert label in labels(ana.card)
    assert "now 8; the dates follow" in ana.said


async def test_other_hours_are_previewed_and_then_taken(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Change my plan")
    await ana.press("Hours a week")
    assert "8 h" not in labels(ana.card)
    await ana.press("10 h")
    assert ana.card.title == "At 10 hours a week"
    assert rows(ana.card) == {
        "Each week": "8 hours → 10 hours",
        "Planned finish": "Sat 17 Jul 2027 → Wed 9 Jun 2027",
        "Expected finish": "Sat 17 Jul 2027 → Wed 9 Jun 2027, about 5 weeks earlier",
    }
    assert "your plan takes 29 weeks, 16 weeks more than that" in ana.said
    await ana.press("Yes, 10 hours a week")
    assert "Your plan is now set to 10 hours a week." in ana.said
    assert "you finish around Wed 9 Jun 2027" in ana.said


async def test_hours_can_be_typed_and_thought_over(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan hours")
    await ana.press("Another number…")
    await ana.fill(hours="loads")
    assert isinstance(ana.last, Form)
    assert ana.last.errors
    await ana.fill(hours="6")
    assert ana.card.title == "At 6 hours a week"
    await ana.press("← Back")
    await ana.press("Leave it as it is")
    assert "Nothing was changed." in ana.said
    assert "at 8 hours a week" in ana.said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/plan hours 6", "At 6 hours a week"),
        ("/plan HOURS 6 h", "At 6 hours a week"),
        ("/plan hours 8", "Your plan is set to 8 hours a week already."),
        ("/plan hours lots", "a number of hours"),
        ("/plan pause", "Pause your plan?"),
        ("/plan catch up", "Catch up"),
        ("/plan switch", "Switch to ML Engineer?"),
        ("/plan restart", "Start over from the first step?"),
        ("/plan stop", "Stop this plan?"),
        ("/plan change", "Change your plan"),
        ("/plan steps", "All steps, page 1 of 3"),
        ("/plan this week", "Your plan to become an AI Engineer"),
        ("/plan first rag", "First RAG project"),
        ("/plan resume", "nothing to resume"),
        ("/plan puase", "Did you mean Pause?"),
        ("/plan secnd rag project harder", "Did you mean Second RAG project, harder?"),
        ("/plan <!channel> qqqq", "I don’t know “<!channel> qqqq” in a plan."),
    ],
)
async def test_a_change_can_be_typed(core: Core, line: str, said: str) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command(line)
    assert said in ana.said


async def test_a_suggestion_leads_there(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan puase")
    await ana.press("Pause")
    assert ana.card.title == "Pause your plan?"


async def test_words_without_a_plan_lead_to_making_one(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/plan pause")
    assert ana.card.title == "No plan yet"
    await ana.press("My plan")
    assert "Which role" in ana.said


async def test_a_pause_moves_every_date_by_as_long_as_it_was(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await start(ana)
    clock.forward(days=3)
    await ana.command("/plan pause")
    await ana.press("Pause it")
    assert "Your plan is paused." in ana.said
    clock.forward(days=60)
    await ana.command("/plan")
    assert "paused since Thu 26 Nov" in ana.said
    assert "⏰" not in ana.said
    await ana.command("/progress")
    assert rows(ana.card)["Expected finish"].startswith("Wed 15 Sep")
    await ana.command("/plan pause")
    assert "paused already" in ana.said
    await ana.command("/plan hours 6")
    assert "paused" in ana.said
    await ana.press("Resume")
    assert "It was paused for about 9 weeks, and every date to come moves by as much." in ana.said
    assert rows(ana.card)["Planned finish"] == "Sat 17 Jul → Wed 15 Sep"
    await ana.press("Resume")
    assert "Welcome back. Your plan has resumed." in ana.said
    assert "You’re on time" in ana.said
    assert "Read ten job ads closely – 4 h, by Thu 28 Jan" in ana.said


async def test_a_pause_of_less_than_a_day_moves_nothing(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan pause")
    await ana.press("Pause it")
    await ana.press("Resume")
    assert "no dates change" in ana.said
    await ana.press("Resume")
    assert "you finish around Sat 17 Jul 2027." in ana.said


async def test_a_late_plan_keeps_its_date_with_more_hours(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await start(ana)
    clock.forward(weeks=4)
    await ana.command("/plan")
    await ana.press("Catch up")
    assert "• Keep the date: 9.5 hours a week instead of 8" in ana.said
    await ana.press("Keep the date")
    assert rows(ana.card)["Each week"] == "8 hours → 9.5 hours"
    assert "Planned finish" not in rows(ana.card)
    await ana.press("← Back")
    await ana.press("Keep the date")
    await ana.press("Keep the date")
    assert "Your steps have new dates." in ana.said
    assert "⏰" not in ana.said


async def test_a_late_plan_moves_its_date(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await start(ana)
    clock.forward(weeks=4)
    await ana.command("/plan catch up")
    await ana.press("Move the date")
    planned = rows(ana.card)["Planned finish"]
    await ana.press("Move the date")
    assert "You’re on time" in ana.said
    assert planned.partition(" → ")[2] in ana.said


async def test_a_late_plan_leaves_steps_out(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await start(ana)
    clock.forward(weeks=9)
    await ana.command("/plan catch up")
    await ana.press("Leave steps out")
    assert "• An agent over three APIs – 16 h" in ana.said
    assert "not enough: your date moves as well" in ana.said
    assert (
        rows(ana.card)["Left to do"]
        == f"{STEPS} steps, {HOURS} h → {STEPS - 3} steps, {HOURS - 48} h"
    )
    await ana.press("Leave steps out")
    await ana.command("/plan an agent over")
    assert "Left out, to keep your date" in ana.said
    await ana.press("Put it back")
    assert "is open again" in ana.said
    await ana.command("/plan")
    assert meter(ana.card).label.startswith(f"0 of {STEPS - 2} steps")


async def test_a_plan_on_time_says_so_and_may_still_be_moved(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan catch up")
    assert "You’re on time" in ana.said
    assert "nothing has to go: the plan is on time." in ana.said
    assert "Leave steps out" not in labels(ana.card)
    assert "8 hours a week is still enough" in ana.said
    await ana.press("Leave it as it is")
    assert "Nothing was changed." in ana.said


async def test_a_date_that_has_passed_cannot_be_kept(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan catch up")
    before = ana.card
    clock.forward(weeks=40)
    await ana.press("Keep the date", on=before)
    assert "that date has passed." in ana.said
    assert "Keep the date" not in labels(ana.card)


async def test_switching_keeps_what_both_roles_share_and_back_again(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Done: Read ten job ads closely")
    await ana.press("Done: Make the model a compon…")
    await ana.command("/plan switch")
    assert "1 step carries over: Read ten job ads closely." in ana.said
    assert "The other step you’ve done" in ana.said
    assert "12–18 months" in ana.said
    assert rows(ana.card)["Left to do"] == "15 steps, 226 h → 24 steps, 610 h"
    await ana.press("Switch to ML Engineer")
    assert meter(ana.card).label == "1 of 25 steps done, 4 of 614 hours"
    await ana.command("/progress")
    assert rows(ana.card)["Weeks in a row"] == "1 week with something done"
    await ana.command("/plan switch")
    assert "2 steps carry over" in ana.said
    await ana.press("Switch to AI Engineer")
    assert meter(ana.card).label == f"2 of {STEPS} steps done, 16 of {HOURS} hours"


async def test_switching_before_anything_is_done_says_so(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan switch")
    assert "it starts at its first step" in ana.said


async def test_an_old_card_from_before_a_switch_answers_kindly(core: Core) -> None:
    ana = Chat(core)
    card = await start(ana)
    await ana.command("/plan switch")
    preview = ana.card
    await ana.press("Switch to ML Engineer")
    await ana.press("Done: Read ten job ads closely", on=card)
    assert ana.card.title == "That is not your current plan"
    await ana.press("Switch to ML Engineer", on=preview)
    assert ana.card.title == "Your plan to become an ML Engineer"
    assert "answered already" in ana.said


async def test_starting_again_asks_first_and_opens_every_step(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Done: Read ten job ads closely")
    clock.forward(weeks=2)
    await ana.command("/plan restart")
    assert "What you’ve done so far (1 step) no longer counts." in ana.said
    assert button(ana.card, "Start over").style == "danger"
    await ana.press("Start over")
    assert f"0 of {STEPS} steps done" in ana.said
    await ana.command("/progress")
    assert rows(ana.card)["Towards"] == "AI Engineer, since Mon 7 Dec"


async def test_stopping_offers_a_pause_and_then_ends_the_plan(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan stop")
    assert f"with 0 of {STEPS} steps done" in ana.said
    preview = ana.card
    await ana.press("Pause it instead")
    assert ana.card.title == "Pause your plan?"
    await ana.press("Stop it", on=preview)
    assert ana.card.title == "Pause your plan?"
    await ana.command("/plan stop")
    preview = ana.card
    await ana.press("Stop it")
    assert ana.card.title == "Your plan has ended"
    await ana.press("Stop it", on=preview)
    assert ana.card.title == "You have no plan at the moment"
    await ana.command("/plan")
    assert "Which role" in ana.said


async def test_a_preview_that_has_gone_stale_is_shown_again_before_it_is_taken(
    core: Core, clock: Clock
) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan hours 10")
    clock.forward(days=2)
    await ana.press("Yes, 10 hours a week")
    assert "Your plan has changed since then: please look again." in ana.said
    assert rows(ana.card)["Planned finish"] == "Sat 17 Jul 2027 → Thu 10 Jun 2027"
    await ana.press("Yes, 10 hours a week")
    assert "Your plan is now set to 10 hours a week." in ana.said


async def test_a_step_done_meanwhile_is_in_the_preview_before_it_is_taken(core: Core) -> None:
    ana = Chat(core)
    plan = plan_of(await start(ana))
    await ana.command("/plan hours 10")
    preview = ana.card
    await ana.act(MarkStep(plan, "role-ads", "done"))
    await ana.press("Yes, 10 hours a week", on=preview)
    assert "look again" in ana.said
    await ana.press("Yes, 10 hours a week")
    assert f"1 of {STEPS} steps done" in ana.said


async def test_a_step_under_way_keeps_its_hours_when_the_pace_changes(
    core: Core, clock: Clock
) -> None:
    """Ten hours of a step are behind the member by now: they are not asked for again."""
    ana = Chat(core)
    await start(ana, role="ML Engineer", hours="8 h")
    for title in ("Read ten job ads closely", "Statistics, enough to evaluate"):
        await ana.command(f"/plan {title}")
        await ana.press("Done")
    clock.forward(weeks=3)
    await ana.command("/plan hours 10")
    assert rows(ana.card)["Planned finish"] == "Thu 1 Jun 2028 → Tue 22 Feb 2028"


async def test_a_quiz_taken_later_may_replace_the_plan_and_says_so(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.press("Done: Read ten job ads closely")
    await take(ana, core.packs.first, [ML] * len(core.packs.first.quiz.questions))
    await ana.press("Make my plan")
    await ana.press("Today")
    assert "This replaces your plan." in ana.said
    assert "You keep what you’ve done that’s in both (1 step)." in ana.said
    preview = ana.card
    await ana.press("Not now")
    assert "Your plan stays as it was." in ana.said
    await ana.command("/plan")
    assert ana.card.title == "Your plan to become an AI Engineer"
    await ana.press("Start this plan", on=preview)
    assert "That conversation is over" in ana.said
    await take(ana, core.packs.first, [AI] * len(core.packs.first.quiz.questions))
    await ana.press("Make my plan")
    await ana.press("Today")
    await ana.press("Start this plan")
    assert isinstance(ana.last, Message)
    assert f"1 of {STEPS} steps done, 4 of {HOURS} hours" in ana.said
    assert "at 5 hours a week" in ana.said
    await ana.act(OpenPlan(plan_of(ana.card), 0))
    assert ana.card.title == "All steps, page 1 of 3"


async def test_questions_left_open_when_another_plan_took_over_change_nothing(core: Core) -> None:
    ana = Chat(core)
    plan = plan_of(await start(ana))
    await ana.act(SkipStep(plan, "role-ads"))
    why = ana.card
    await ana.command("/plan hours 10")
    preview = ana.card
    await take(ana, core.packs.first, [AI] * len(core.packs.first.quiz.questions))
    for label in ("Make my plan", "Today", "Start this plan"):
        await ana.press(label)
    await ana.press("Yes, 10 hours a week", on=preview)
    assert ana.card.title == "That is not your current plan"
    await ana.press("Yes, 10 hours a week", on=preview)
    assert ana.card.title == "That is not your current plan"
    await ana.press("Not for me", on=why)
    assert ana.card.title == "That is not your current plan"
    await ana.press("Not for me", on=why)
    assert ana.card.title == "That is not your current plan"
    await ana.command("/plan")
    assert "at 5 hours a week" in ana.said
    assert f"0 of {STEPS} steps done" in ana.said


async def test_a_turn_that_does_not_fit_shows_the_card_where_it_stands(core: Core) -> None:
    """A forged or mistaken turn: the ticket is good, the action belongs to another card."""
    ana = Chat(core)
    plan = plan_of(await start(ana))
    for opening, card in (
        (ChangePlan(plan, "hours"), "Hours a week"),
        (ChangePlan(plan, "replan"), "Catch up"),
        (ChangePlan(plan, "pause"), "Pause your plan?"),
        (SkipStep(plan, "role-ads"), "Skip “Read ten job ads closely”?"),
    ):
        await ana.act(opening)
        ticket = next(a.ticket for a in ana.card.actions() if isinstance(a, TurnAction))
        await ana.act(Resume(ticket))
        assert ana.card.title == card
        await ana.act(Resume(ticket))
        assert ana.card.title == card
        assert "answered already" in ana.said
    ticket = next(a.ticket for a in ana.card.actions() if isinstance(a, TurnAction))
    await ana.act(Pick(ticket, "reason", "boredom"))
    assert ana.card.title == "Skip “Read ten job ads closely”?"


async def test_the_settled_conversation_answers_with_the_plan(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan hours 10")
    ticket = next(a.ticket for a in ana.card.actions() if isinstance(a, TurnAction))
    await ana.press("Leave it as it is")
    await ana.act(Confirm(ticket._replace(turn=ticket.turn + 1)))
    assert "at 8 hours a week" in ana.said


async def test_half_an_hour_a_week_counts_and_is_kept(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    await ana.command("/plan hours 6½")
    await ana.press("Yes")
    assert "is now set to 6.5 hours a week" in ana.said
    assert "At 6.5 hours a week" in ana.said or "at 6.5 hours a week" in ana.said
    await ana.command("/plan hours 6.5")
    assert "Your plan is set to 6.5 hours a week already." in ana.said
    await ana.press("Another number")
    assert isinstance(ana.last, Form)
    assert ana.last.fields[0].value == "6.5"
    await ana.fill(hours="7,0")
    await ana.press("Yes")
    await ana.command("/plan hours")
    assert "Your plan is set to 7 hours a week." in ana.said
