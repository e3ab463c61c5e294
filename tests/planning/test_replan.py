"""The three ways on for a late plan: each is what it says, and takes no more than it must."""

from collections.abc import Sequence
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.pack.learning import Step
from bot.planning.replan import SUSTAINABLE_HOURS, cut_scope, keep_date, replan
from bot.planning.schedule import schedule, total_hours
from bot.planning.status import Remains
from bot.records import Hours
from tests.planning.test_schedule import DAY, HOURS, MONDAY, WEEK, make_step, templates

TARGETS = st.integers(-10, 700).map(lambda days: MONDAY + days * DAY)


def left(steps: Sequence[Step], hours: Hours = 8, today: date = MONDAY) -> Remains:
    """All of the steps, from a day on."""
    return Remains(tuple(steps), {}, schedule(steps, hours, today))


STEPS = (
    make_step("model", 12),
    make_step("blog", 6, "model", optional=True),
    make_step("serve", 10, "model"),
    make_step("talk", 4, "blog", optional=True),
)


def test_a_late_plan_has_three_ways_on() -> None:
    keep, move, cut = replan(left(STEPS), MONDAY + 3 * WEEK - DAY)

    assert (keep.choice, keep.hours_a_week, keep.possible) == ("keep", 11, True)
    assert keep.finish <= MONDAY + 3 * WEEK - DAY
    assert (move.choice, move.hours_a_week, move.dropped) == ("move", 8, ())
    assert move.finish == MONDAY + 4 * WEEK - DAY
    assert (cut.choice, cut.hours_a_week, cut.dropped) == ("cut", 8, ("blog", "talk"))
    assert [slot.step for slot in cut.schedule.slots] == ["model", "serve"]


def test_a_week_cut_short_by_the_target_has_its_share_of_the_hours() -> None:
    friday = MONDAY + 4 * DAY

    assert keep_date(left([make_step("rest", 5)], 4), friday).hours_a_week == 7
    assert keep_date(left([make_step("rest", 3)], 4, friday), friday).hours_a_week == 21


def test_a_date_that_takes_too_many_hours_a_week_no_longer_fits() -> None:
    friday = MONDAY + 4 * DAY
    late = left([make_step("rest", 20)], 8)

    assert keep_date(late, friday).why_not == (
        "That date no longer fits: even 25 hours a week would take longer."
    )
    assert keep_date(left([make_step("rest", 20)], 40), friday).possible


def test_a_date_that_has_passed_cannot_be_kept() -> None:
    keep = keep_date(left(STEPS), MONDAY - DAY)

    assert (keep.possible, keep.why_not) == (False, "That date has passed.")
    assert keep.hours_a_week == SUSTAINABLE_HOURS


def test_what_has_to_stay_cannot_be_cut() -> None:
    steps = (make_step("basics", 20, optional=True), make_step("exam", 20, "basics"))
    cut = cut_scope(left(steps, 10), MONDAY + WEEK)

    assert (cut.possible, cut.dropped) == (False, ())
    assert cut.why_not == "No step that is left can be dropped."


def test_nothing_is_cut_from_a_plan_that_is_on_time() -> None:
    cut = cut_scope(left(STEPS), MONDAY + 4 * WEEK - DAY)

    assert (cut.possible, cut.dropped) == (False, ())
    assert cut.why_not == "Nothing has to go: the plan is on time."


def test_a_cut_that_is_not_enough_still_drops_what_it_can() -> None:
    cut = cut_scope(left(STEPS), MONDAY)

    assert (cut.possible, cut.dropped) == (True, ("blog", "talk"))
    assert cut.finish > MONDAY


def test_a_small_step_comes_back_when_a_big_one_makes_the_room() -> None:
    steps = (
        make_step("core", 10),
        make_step("big", 10, optional=True),
        make_step("small", 1, optional=True),
    )
    assert cut_scope(left(steps, 10), MONDAY + 8 * DAY).dropped == ("big",)


def test_a_step_does_not_come_back_without_its_base() -> None:
    steps = (
        make_step("core", 10),
        make_step("big", 10, optional=True),
        make_step("sequel", 1, "big", optional=True),
    )
    assert cut_scope(left(steps, 10), MONDAY + 8 * DAY).dropped == ("big", "sequel")


@given(templates(), HOURS, TARGETS)
def test_keeping_the_date_takes_the_fewest_hours_that_do(
    steps: tuple[Step, ...], hours: Hours, target: date
) -> None:
    keep = keep_date(left(steps, hours), target)

    assert keep.possible == (keep.finish <= target) == (not keep.why_not)
    assert hours <= keep.hours_a_week <= max(hours, SUSTAINABLE_HOURS)
    assert keep.possible or keep.hours_a_week == max(hours, SUSTAINABLE_HOURS)
    assert keep.schedule == schedule(steps, keep.hours_a_week, MONDAY)
    if keep.possible and keep.hours_a_week > hours:
        assert schedule(steps, keep.hours_a_week - 0.5, MONDAY).finish > target


@given(templates(), HOURS, TARGETS)
def test_leaving_steps_out_never_ends_later_than_doing_nothing(
    steps: tuple[Step, ...], hours: Hours, target: date
) -> None:
    _, move, cut = replan(left(steps, hours), target)

    assert cut.finish <= move.finish
    assert not cut.dropped or cut.finish < move.finish


@given(templates(), HOURS, TARGETS)
def test_a_cut_drops_only_what_is_optional_and_leaves_no_step_without_its_base(
    steps: tuple[Step, ...], hours: int, target: date
) -> None:
    cut = cut_scope(left(steps, hours), target)

    for step in steps:
        assert step.optional or step.id not in cut.dropped
        assert step.id in cut.dropped or set(cut.dropped).isdisjoint(step.after)
    assert cut.schedule.hours_a_week == hours
    assert {slot.step for slot in cut.schedule.slots} | set(cut.dropped) == {s.id for s in steps}


@given(templates(), HOURS, TARGETS)
def test_a_cut_drops_no_step_that_could_stay(
    steps: tuple[Step, ...], hours: int, target: date
) -> None:
    cut = cut_scope(left(steps, hours), target)
    assume(cut.finish <= target)

    for step in steps:
        if step.id in cut.dropped and set(cut.dropped).isdisjoint(step.after):
            kept = [s for s in steps if s.id not in cut.dropped or s == step]
            assert schedule(kept, hours, MONDAY).finish > target


@given(templates(), HOURS, TARGETS)
def test_a_cut_that_misses_the_target_could_drop_no_more(
    steps: tuple[Step, ...], hours: int, target: date
) -> None:
    cut = cut_scope(left(steps, hours), target)
    if cut.finish <= target or not cut.possible:
        return  # all that is left fits, or nothing can go

    kept = [step for step in steps if step.id not in cut.dropped]
    needed = {base for step in kept for base in step.after}
    assert all(step.id in needed for step in kept if step.optional)


@given(templates(), HOURS, TARGETS)
def test_every_way_on_keeps_its_week(steps: tuple[Step, ...], hours: int, target: date) -> None:
    for way in replan(left(steps, hours), target):
        assert way.finish == way.schedule.finish
        assert way.hours_a_week == way.schedule.hours_a_week
        dropped = sum(step.hours for step in steps if step.id in way.dropped)
        assert sum(slot.hours for slot in way.schedule.slots) == total_hours(steps) - dropped
