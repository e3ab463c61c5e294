"""The forecast: when what is left is done, if the member goes on today at the plan's pace."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.pack.learning import Portion, Step, Template, Timeline
from bot.planning.changes import mark, tick
from bot.planning.schedule import schedule
from bot.planning.status import remains
from bot.records import Hours, Plan, PlanStep
from tests.planning.test_schedule import DAY, HOURS, MONDAY, STEPS, WEEK, make_step, templates

TODAYS = st.integers(-30, 800).map(lambda days: MONDAY + days * DAY)


def begin(steps: tuple[Step, ...], hours: Hours = 10) -> tuple[Template, Plan]:
    template = Template.model_construct(  # it may be without steps
        start="software", role="ai", title="", pace=10, timeline=Timeline(text=()), steps=steps
    )
    plan = Plan(
        id="plan",
        pack="pack",
        pack_version=1,
        start="software",
        role="ai",
        hours=hours,
        started_on=MONDAY,
        anchor_on=MONDAY,
        anchored_at=0,
        target_on=schedule(steps, hours, MONDAY).finish,
        state="active",
        paused_on=None,
        steps=tuple(PlanStep(step.id) for step in steps),
    )
    return template, plan


def forecast(steps: tuple[Step, ...], done: Collection[str], today: date, pace: Hours = 10) -> date:
    template, plan = begin(steps, pace)
    for step in done:
        plan = mark(plan, step, "done", 1)
    return remains(template, plan, today).finish


def test_it_holds_to_the_plan_as_long_as_nothing_is_late() -> None:
    finish = MONDAY + 17 * DAY

    assert forecast(STEPS, (), MONDAY - 3 * WEEK) == finish
    assert forecast(STEPS, (), MONDAY + 6 * DAY) == finish
    assert forecast(STEPS, {"python"}, MONDAY + WEEK + 6 * DAY) == finish


def test_it_is_later_for_a_week_that_went_by() -> None:
    # "python" (8 h) is late, and 15 h of the others are to come: 23 h from the second week on.
    assert forecast(STEPS, (), MONDAY + WEEK) == MONDAY + WEEK + 16 * DAY


def test_it_is_earlier_for_whoever_is_ahead() -> None:
    assert forecast(STEPS, {"python", "project"}, MONDAY) == MONDAY + 2 * DAY


def test_it_never_lies_in_the_past() -> None:
    assert forecast(STEPS, {"python", "project"}, MONDAY + 18 * DAY) == MONDAY + 20 * DAY


def test_a_late_step_takes_a_week_more_for_each_week_that_it_is_late() -> None:
    long = (make_step("long", 35),)
    template, plan = begin(long)
    found = [
        remains(template, plan, MONDAY + week * WEEK).owed["long"] for week in (-1, 0, 1, 2, 3)
    ]
    late = [remains(template, plan, MONDAY + week * WEEK).owed["long"] for week in range(4, 9)]

    assert found == [35, 35, 25, 15, 5]
    assert late == [10, 20, 30, 35, 35]


def test_a_ticked_part_has_had_its_hours_and_the_last_one_makes_the_step_done() -> None:
    parts = (Portion(id="one", title="One", hours=12), Portion(id="two", title="Two", hours=8))
    step = make_step("long", 20).model_copy(update={"parts": parts})
    template, plan = begin((step,))
    once = tick(plan, step, "one", 5, done=True)
    again = tick(once, step, "one", 6, done=True)

    assert remains(template, once, MONDAY).owed == {"long": 8}
    assert again == once
    assert tick(once, step, "one", 7, done=False) == plan
    both = tick(once, step, "two", 8, done=True)
    assert (both.steps[0].status, both.steps[0].changed_at) == ("done", 8)
    assert tick(plan, step, "three", 9, done=True) == plan
    assert tick(replace(plan, steps=()), step, "one", 9, done=True).steps == ()


@given(templates(), HOURS, TODAYS)
def test_whoever_keeps_up_is_forecast_to_finish_as_planned(
    steps: tuple[Step, ...], hours: Hours, today: date
) -> None:
    plan = schedule(steps, hours, MONDAY)
    today = min(today, plan.finish)
    done = {slot.step for slot in plan.slots if slot.ends < today}
    if len(done) < len(steps):
        assert forecast(steps, done, today, hours) == plan.finish


@given(templates(), HOURS, TODAYS, st.data())
def test_a_step_done_never_makes_it_later(
    steps: tuple[Step, ...], hours: Hours, today: date, data: st.DataObject
) -> None:
    done = data.draw(st.sets(st.sampled_from([step.id for step in steps] or ["none"])))
    fewer = done - data.draw(st.sets(st.sampled_from(sorted(done) or ["none"])))

    assert today <= forecast(steps, done, today, hours) <= forecast(steps, fewer, today, hours)
