"""What holds of every plan, however it is changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pack.load import default_pack_path, load
from bot.pack.model import Pack
from bot.planning import changes
from bot.planning.status import status_of
from bot.records import Plan, StepStatus

PACK = load(default_pack_path())
MONDAY = date(2026, 11, 23)
HOURS = st.integers(1, 60)
STATUSES: st.SearchStrategy[StepStatus] = st.sampled_from(("done", "skipped", "todo"))


def at(day: date) -> int:
    """Noon of a day, in epoch seconds."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


def changed(draw: st.DrawFn, plan: Plan, today: date) -> tuple[Plan, date]:
    """What a member may do with the whole of a plan, and the day on which it goes on."""
    match draw(st.sampled_from(("nothing", "hours", "pause", "keep", "move", "cut", "tick"))):
        case "hours":
            plan = changes.with_hours(PACK, plan, draw(HOURS), today, at(today))
        case "pause":
            paused, today = changes.pause(plan, today), today + timedelta(draw(st.integers(0, 60)))
            plan = changes.resume(paused, today)
        case "keep" | "move" | "cut" as choice:
            ways = changes.ways_on(PACK, plan, today, at(today))
            plan = next((w.plan for w in ways if w.choice == choice and not w.why_not), plan)
        case "tick":
            parted = [step for step in PACK.template(plan.start, plan.role).steps if step.parts]
            step = draw(st.sampled_from(parted))
            part = draw(st.sampled_from(step.parts)).id
            plan = changes.tick(plan, step, part, at(today), done=draw(st.booleans()))
        case _:
            pass
    return plan, today


@st.composite
def lives(draw: st.DrawFn) -> tuple[Plan, date]:
    """A plan some days on, with any of its steps done or skipped on the way."""
    template = PACK.templates[draw(st.integers(0, len(PACK.templates) - 1))]
    ids = [step.id for step in template.steps]
    plan = changes.new_plan(
        PACK,
        "plan",
        start=template.start,
        role=template.role,
        hours=draw(HOURS),
        start_on=MONDAY + timedelta(draw(st.integers(0, 14))),
        epoch=at(MONDAY),
    )
    today = MONDAY
    for _ in range(draw(st.integers(0, 3))):
        today += timedelta(draw(st.integers(0, 90)))
        for step in draw(st.lists(st.sampled_from(ids), max_size=6)):
            status = draw(STATUSES)
            plan = changes.mark(plan, step, status, at(today))
        plan, today = changed(draw, plan, today)
    return plan, today


@given(lives(), HOURS)
def test_another_pace_leaves_nothing_late_and_aims_at_its_own_finish(
    life: tuple[Plan, date], hours: int
) -> None:
    plan, today = life
    after = changes.with_hours(PACK, plan, hours, today, at(today))
    status = status_of(PACK, after, today)
    assert not status.agenda.overdue
    assert after.target_on == status.finish
    assert not status.behind
    assert {e.step.id for e in status.left} == {
        e.step.id for e in status_of(PACK, plan, today).left
    }


@given(lives())
def test_to_take_the_same_pace_again_changes_nothing_more(life: tuple[Plan, date]) -> None:
    plan, today = life
    once = changes.with_hours(PACK, plan, plan.hours, today, at(today))
    twice = changes.with_hours(PACK, once, plan.hours, today, at(today))
    assert twice == once


@given(lives())
def test_every_way_on_ends_when_the_card_afterwards_says(life: tuple[Plan, date]) -> None:
    plan, today = life
    status = status_of(PACK, plan, today)
    keep, move, cut = changes.ways_on(PACK, plan, today, at(today))
    if status.left:
        # To do nothing but accept the forecast is what moving the date does.
        assert status_of(PACK, move.plan, today).finish == move.plan.target_on == status.finish
    assert status_of(PACK, cut.plan, today).finish <= max(today, status.finish)
    if keep.plan.hours > max(plan.hours, 25):
        assert keep.why_not
    same = changes.with_hours(PACK, plan, plan.hours, today, at(today))
    assert status_of(PACK, same, today).finish == status.finish


@given(lives(), st.integers(0, 120))
def test_no_step_was_due_on_a_day_on_which_the_plan_was_paused(
    life: tuple[Plan, date], days: int
) -> None:
    plan, today = life
    resumed = changes.resume(changes.pause(plan, today), today + timedelta(days))
    status = status_of(PACK, resumed, today + timedelta(days))
    for slot in status.agenda.overdue:
        assert not any(pause.first <= slot.ends <= pause.last for pause in resumed.pauses)


@given(lives())
def test_each_way_on_does_what_it_says(life: tuple[Plan, date]) -> None:
    plan, today = life
    keep, move, cut = changes.ways_on(PACK, plan, today, at(today))
    if not keep.why_not:
        assert status_of(PACK, keep.plan, today).finish <= plan.target_on
        assert keep.plan.hours >= plan.hours
    assert keep.plan.target_on == plan.target_on
    assert (move.plan.hours, move.why_not) == (plan.hours, "")
    assert not status_of(PACK, move.plan, today).behind
    assert status_of(PACK, cut.plan, today).finish <= cut.plan.target_on
    template = PACK.template(plan.start, plan.role)
    assert all(step.optional for step in template.steps if step.id in cut.dropped)
    for way in (keep, move, cut):
        assert not status_of(PACK, way.plan, today).agenda.overdue
        assert [s.status for s in way.plan.steps if s.id not in cut.dropped] == [
            s.status for s in plan.steps if s.id not in cut.dropped
        ]


@given(lives(), st.integers(0, 400))
def test_a_pause_moves_every_date_and_nothing_else(life: tuple[Plan, date], days: int) -> None:
    plan, today = life
    later = today + timedelta(days)
    paused = changes.pause(plan, today)
    before, resting = status_of(PACK, plan, today), status_of(PACK, paused, later)
    resumed = changes.resume(paused, later)
    after = status_of(PACK, resumed, later)
    assert resting.agenda == after.agenda
    assert after.agenda.overdue == before.agenda.overdue
    moved = resumed.target_on - plan.target_on
    assert moved == timedelta(max(0, (later - max(today, plan.anchor_on)).days))
    assert [slot.ends for slot in after.schedule.slots] == [
        slot.ends + (moved if slot.ends >= today else timedelta(0))
        for slot in before.schedule.slots
    ]
    if after.left:
        assert resting.finish == after.finish == before.finish + moved
    assert replace(resumed, pauses=plan.pauses, target_on=plan.target_on) == plan


@given(lives())
def test_switching_there_and_back_loses_nothing_that_is_done(life: tuple[Plan, date]) -> None:
    plan, today = life
    [other] = (role.id for role in PACK.other_roles(plan.role))
    there = changes.switch(PACK, plan, other, "there", today, at(today))
    back = changes.switch(PACK, there, plan.role, "back", today, at(today))
    done, kept, again = (
        {step.id for step in each.steps if step.status == "done"} for each in (plan, there, back)
    )
    assert done == kept == again
    status = status_of(PACK, there, today)
    assert not status.behind
    assert {entry.step.id for entry in status.entries} == {
        step.id for step in PACK.template(plan.start, other).steps
    }
    assert not {entry.step.id for entry in status.done} & {
        slot.step for slot in status.schedule.slots
    }


@given(lives())
def test_starting_again_opens_every_step(life: tuple[Plan, date]) -> None:
    plan, today = life
    again = changes.restart(PACK, plan, "again", today, at(today))
    status = status_of(PACK, again, today)
    assert status.entries == status.left
    assert (again.started_on, again.hours) == (today, plan.hours)
    assert changes.restart(PACK, again, "again", today, at(today)) == again


@given(lives(), st.data())
def test_marking_twice_is_marking_once(life: tuple[Plan, date], data: st.DataObject) -> None:
    plan, today = life
    step = data.draw(st.sampled_from([step.id for step in plan.steps]))
    status = data.draw(STATUSES)
    once = changes.mark(plan, step, status, at(today), "why")
    assert changes.mark(once, step, status, at(today) + 60, "another") == once
    assert [s.id for s in once.steps] == [s.id for s in plan.steps]


@pytest.fixture
def plan(pack: Pack) -> Plan:
    return changes.new_plan(
        pack,
        "plan",
        start="software",
        role="ai",
        hours=8,
        start_on=MONDAY,
        epoch=at(MONDAY),
    )


def test_a_step_that_a_newer_pack_no_longer_has_stays_in_the_plan(pack: Pack, plan: Plan) -> None:
    gone = replace(plan.steps[0], id="gone")
    status = status_of(pack, replace(plan, steps=(gone, *plan.steps[1:])), MONDAY)
    assert status.finish == status_of(pack, plan, MONDAY).finish
    entry = status.entry("gone")
    assert entry is not None
    assert (entry.step.title, entry.step.hours) == (gone.title, gone.hours)


def test_a_step_of_another_role_is_passed_over(pack: Pack, plan: Plan) -> None:
    other = replace(plan.steps[0], id="gone", title="", status="done")
    status = status_of(pack, replace(plan, steps=(other, *plan.steps)), MONDAY)
    assert status.entry("gone") is None
    assert len(status.entries) == len(plan.steps)


def test_a_step_that_a_newer_pack_makes_shorter_than_it_had_takes_none(
    pack: Pack, plan: Plan
) -> None:
    had = replace(plan.steps[0], had=50 * 14)
    status = status_of(pack, replace(plan, steps=(had, *plan.steps[1:])), MONDAY)
    assert status.schedule.slots[0].hours == 0


def test_a_step_that_is_not_in_the_plan_is_not_marked(plan: Plan) -> None:
    assert changes.mark(plan, "gone", "done", 0) == plan
