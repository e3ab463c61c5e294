"""Plans on the calendar: every step gets its weeks, and no week gets more than it has."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pack.learning import Step, Timeline
from bot.planning.schedule import (
    Honest,
    Schedule,
    against_honest,
    behind,
    in_order,
    remaining,
    schedule,
    streak,
    this_week,
)
from bot.records import Hours, Pause

MONDAY = date(2026, 11, 30)
DAY = timedelta(1)
WEEK = timedelta(7)

DATES = st.dates(date(1990, 1, 1), date(2100, 1, 1))
HOURS = st.integers(2, 120).map(lambda halves: halves / 2 if halves % 2 else halves // 2)


def make_step(name: str, hours: int, *after: str, optional: bool = False) -> Step:
    return Step(
        id=name,
        title=name,
        phase="one",
        hours=hours,
        do=(),
        done=(),
        after=after,
        optional=optional,
    )


@st.composite
def templates(draw: st.DrawFn, most: int = 8) -> tuple[Step, ...]:
    """Steps in any order that build on one another, and on steps that are not in the plan."""
    ids = [f"s{number}" for number in range(draw(st.integers(0, most)))]
    steps = [
        make_step(
            name,
            draw(st.integers(1, 90)),
            *draw(st.lists(st.sampled_from([*ids[:place], "elsewhere"]), max_size=3, unique=True)),
            optional=draw(st.booleans()),
        )
        for place, name in enumerate(ids)
    ]
    return tuple(draw(st.permutations(steps)))


@st.composite
def pauses(draw: st.DrawFn, around: date = MONDAY) -> tuple[Pause, ...]:
    """Pauses that may overlap, lie before the start, or end before they begin."""
    drawn = draw(st.lists(st.tuples(st.integers(-20, 200), st.integers(-2, 40)), max_size=4))
    return tuple(
        Pause(around + begin * DAY, around + (begin + length) * DAY) for begin, length in drawn
    )


def rows(plan: Schedule) -> list[tuple[str, int, int]]:
    return [(slot.step, slot.first_week, slot.last_week) for slot in plan.slots]


STEPS = (make_step("python", 8), make_step("project", 14, "python"), make_step("talk", 3))


def test_a_plan_fills_one_week_after_the_other() -> None:
    plan = schedule(STEPS, 10, MONDAY)

    assert rows(plan) == [("python", 1, 1), ("project", 1, 3), ("talk", 3, 3)]
    assert dict(plan.slots[1].by_week) == {1: 2, 2: 10, 3: 2}
    assert (plan.slots[1].starts, plan.slots[0].ends) == (MONDAY, MONDAY + 6 * DAY)
    assert plan.slots[2].starts == MONDAY + 2 * WEEK
    assert plan.weeks == 3
    # 25 hours at ten a week are 17.5 days: the eighteenth is the last.
    assert plan.finish == plan.slots[2].ends == MONDAY + 17 * DAY


def test_a_plan_may_begin_on_any_weekday() -> None:
    thursday = date(2026, 12, 3)
    plan = schedule(STEPS, 25, thursday)

    assert (plan.start, plan.finish, plan.weeks) == (thursday, date(2026, 12, 9), 1)


def test_prerequisites_come_first_and_the_template_s_order_holds_otherwise() -> None:
    steps = (
        make_step("deploy", 1, "model"),
        make_step("notes", 1),
        make_step("model", 1, "data", "known-already"),
        make_step("data", 1),
    )
    assert [step.id for step in in_order(steps)] == ["notes", "data", "model", "deploy"]


def test_steps_that_wait_for_one_another_are_named() -> None:
    with pytest.raises(ValueError, match="steps wait for one another: egg, hen"):
        schedule((make_step("hen", 1, "egg"), make_step("egg", 1, "hen")), 10, MONDAY)


@pytest.mark.parametrize("hours", [-1, 0, 61])
def test_hours_that_no_week_has_are_refused(hours: int) -> None:
    with pytest.raises(ValueError, match=f"{hours} hours a week: it must be 1 to 60"):
        schedule(STEPS, hours, MONDAY)


def test_a_plan_without_steps_is_over_as_it_begins() -> None:
    plan = schedule((), 10, MONDAY)

    assert (plan.slots, plan.weeks, plan.finish) == ((), 0, MONDAY)


@given(templates(), HOURS, DATES)
def test_no_week_gets_more_than_it_has(steps: tuple[Step, ...], hours: Hours, start: date) -> None:
    used: Counter[int] = Counter()
    for slot in schedule(steps, hours, start).slots:
        used.update(dict(slot.by_week))

    assert all(spent <= hours for spent in used.values())
    assert all(used[week] == hours for week in range(1, len(used)))


@given(templates(), HOURS, DATES)
def test_every_step_is_placed_once_and_whole(
    steps: tuple[Step, ...], hours: Hours, start: date
) -> None:
    plan = schedule(steps, hours, start)

    assert sorted(slot.step for slot in plan.slots) == sorted(step.id for step in steps)
    for slot in plan.slots:
        assert sum(spent for _, spent in slot.by_week) == slot.hours
        assert all(spent > 0 for _, spent in slot.by_week)
        assert [week for week, _ in slot.by_week] == [*range(slot.first_week, slot.last_week + 1)]
    assert plan.weeks == max((slot.last_week for slot in plan.slots), default=0)
    assert plan.finish == max((slot.ends for slot in plan.slots), default=start)


@given(templates(), HOURS)
def test_nothing_begins_before_what_it_builds_on_is_over(
    steps: tuple[Step, ...], hours: Hours
) -> None:
    slots = {slot.step: slot for slot in schedule(steps, hours, MONDAY).slots}
    place = {step: number for number, step in enumerate(slots)}

    for step in steps:
        for earlier in set(step.after) & set(slots):
            assert place[earlier] < place[step.id]
            assert slots[earlier].last_week <= slots[step.id].first_week


@given(templates())
def test_a_step_is_moved_only_for_its_prerequisites(steps: tuple[Step, ...]) -> None:
    ordered = in_order(steps)
    place = {step.id: number for number, step in enumerate(steps)}

    for number, step in enumerate(ordered):
        waiting = {later.id for later in ordered[number:]}
        ready = [later for later in ordered[number:] if waiting.isdisjoint(later.after)]
        assert step == min(ready, key=lambda later: place[later.id])


@given(templates(), HOURS, DATES)
def test_the_same_plan_comes_out_every_time(
    steps: tuple[Step, ...], hours: Hours, start: date
) -> None:
    assert schedule(steps, hours, start) == schedule(list(steps), hours, start)


@given(templates(), HOURS, HOURS)
def test_more_hours_a_week_never_finish_later(
    steps: tuple[Step, ...], hours: int, more: int
) -> None:
    fewer, more = sorted((hours, more))
    assert schedule(steps, more, MONDAY).finish <= schedule(steps, fewer, MONDAY).finish


def test_a_pause_stops_the_plan_s_clock() -> None:
    holidays = Pause(date(2026, 12, 9), date(2026, 12, 11))
    plan = schedule(STEPS, 10, MONDAY, [holidays])

    assert rows(plan) == rows(schedule(STEPS, 10, MONDAY))
    assert plan.slots[2].starts == MONDAY + 2 * WEEK + 3 * DAY
    assert plan.finish == MONDAY + 20 * DAY
    assert [plan.week_of(MONDAY + days * DAY) for days in (-1, 0, 9, 11, 16, 17)] == [
        *(0, 1, 2, 2, 2, 3)
    ]


@given(pauses(), templates(), HOURS)
def test_a_plan_works_on_as_many_days_with_pauses_as_without(
    breaks: tuple[Pause, ...], steps: tuple[Step, ...], hours: Hours
) -> None:
    plain, paused = schedule(steps, hours, MONDAY), schedule(steps, hours, MONDAY, breaks)

    assert work_days(paused.start, paused.finish, breaks) == (plain.finish - plain.start).days + 1
    assert not stands(paused.finish, breaks)
    assert all(not stands(slot.starts, breaks) for slot in paused.slots)
    assert [slot.by_week for slot in paused.slots] == [slot.by_week for slot in plain.slots]


def stands(day: date, breaks: Sequence[Pause]) -> bool:
    return any(pause.first <= day <= pause.last for pause in breaks)


def work_days(start: date, end: date, breaks: Sequence[Pause]) -> int:
    days = (start + number * DAY for number in range((end - start).days + 1))
    return sum(not stands(day, breaks) for day in days)


@given(pauses(), st.integers(1, 60))
def test_a_week_begins_on_the_day_that_it_says(breaks: tuple[Pause, ...], week: int) -> None:
    plan = schedule(STEPS, 10, MONDAY, breaks)

    assert plan.week_of(plan.week_starts(week)) == week
    assert plan.week_of(plan.week_starts(week) - DAY) < week


def test_this_week_shows_what_is_late_what_is_on_and_what_comes() -> None:
    plan = schedule(STEPS, 10, MONDAY)
    agenda = this_week(plan, {"nothing"}, MONDAY + WEEK)

    assert [slot.step for slot in agenda.overdue] == ["python"]
    assert [slot.step for slot in agenda.now] == ["project"]
    assert [slot.step for slot in agenda.upcoming] == ["talk"]
    assert behind(plan, (), MONDAY + WEEK) == agenda.overdue
    assert behind(plan, {"python"}, MONDAY + WEEK) == ()


@given(templates(), HOURS, st.integers(-30, 2000), st.data())
def test_every_open_step_is_in_one_place_of_the_agenda(
    steps: tuple[Step, ...], hours: Hours, days: int, data: st.DataObject
) -> None:
    plan = schedule(steps, hours, MONDAY)
    settled = data.draw(st.sets(st.sampled_from([step.id for step in steps] or ["none"])))
    agenda = this_week(plan, settled, MONDAY + days * DAY)

    shown = [slot.step for slot in (*agenda.overdue, *agenda.now, *agenda.upcoming)]
    assert sorted(shown) == sorted(step.id for step in remaining(steps, settled))


def bound(name: str, hours: int, weeks: int, *after: str) -> Step:
    return make_step(name, hours, *after).model_copy(update={"at_least_weeks": weeks})


def test_a_step_that_needs_the_calendar_leaves_the_rest_of_its_weeks_to_others() -> None:
    steps = (bound("apply", 8, 4), make_step("practise", 16), make_step("talk", 4, "apply"))
    plan = schedule(steps, 10, MONDAY)

    # Two hours a week for the applications, eight for what goes on beside them.
    assert rows(plan) == [("apply", 1, 4), ("practise", 1, 2), ("talk", 5, 5)]
    assert [dict(slot.by_week) for slot in plan.slots[:2]] == [
        {1: 2, 2: 2, 3: 2, 4: 2},
        {1: 8, 2: 8},
    ]
    assert plan.finish == MONDAY + 4 * WEEK + 2 * DAY  # 4 hours at 10 a week take three days


def test_where_nothing_can_go_on_beside_it_the_calendar_makes_the_end_date() -> None:
    steps = (bound("releases", 12, 6), make_step("write-up", 5, "releases"))

    assert schedule(steps, 60, MONDAY).finish == MONDAY + 6 * WEEK
    assert schedule(steps, 1, MONDAY).finish == MONDAY + 17 * WEEK - DAY


@given(templates(), HOURS, st.data())
def test_a_step_takes_at_least_the_weeks_that_it_needs(
    steps: tuple[Step, ...], hours: Hours, data: st.DataObject
) -> None:
    some = st.none() | st.integers(1, 8)
    bound_ = [s.model_copy(update={"at_least_weeks": data.draw(some)}) for s in steps]
    plan = schedule(bound_, hours, MONDAY)

    used: Counter[int] = Counter()
    for step in bound_:
        slot = plan.by_step[step.id]
        days = slot.stretches[-1].until - slot.stretches[0].since
        assert days >= (step.at_least_weeks or 0) * 7
        assert slot.hours == step.hours == slot.spent(10**6)
        for earlier in set(step.after) & set(plan.by_step):
            assert plan.by_step[earlier].stretches[-1].until <= slot.stretches[0].since
        used.update(dict(slot.by_week))
    assert all(spent <= hours for spent in used.values())


@pytest.mark.parametrize(
    ("days", "honest"),
    [
        (1, Honest("shorter", weeks=1, by=11)),
        (77, Honest("shorter", weeks=11, by=1)),
        (78, Honest("within", weeks=12, by=0)),
        (112, Honest("within", weeks=16, by=0)),
        (113, Honest("longer", weeks=17, by=1)),
    ],
)
def test_a_finish_is_set_against_the_honest_timeline(days: int, honest: Honest) -> None:
    timeline = Timeline(least_weeks=12, most_weeks=16, text=())
    assert against_honest(MONDAY + (days - 1) * DAY, MONDAY, timeline) == honest


def test_a_move_whose_length_nobody_states_is_measured_against_nothing() -> None:
    assert against_honest(MONDAY, MONDAY, Timeline(text=())) == Honest("unstated", weeks=1, by=0)
    open_ended = Timeline(least_weeks=12, text=())
    assert against_honest(MONDAY + 99 * WEEK, MONDAY, open_ended).verdict == "within"


@pytest.mark.parametrize(
    ("days_ago", "weeks"),
    [
        ([], 0),
        ([0], 1),
        ([1, 8], 2),
        ([3, 11, 17], 3),
        ([10, 16], 0),
        ([2, 10, 16], 1),
        ([-8, 7], 1),
    ],
)
def test_weeks_in_a_row_go_by_the_calendar_s_weeks(days_ago: list[int], weeks: int) -> None:
    wednesday = date(2026, 12, 2)
    assert streak([wednesday - days * DAY for days in days_ago], wednesday) == weeks


def test_an_excused_week_breaks_no_streak_and_counts_for_nothing() -> None:
    done = [date(2026, 11, 10), date(2026, 12, 1)]
    away = {date(2026, 11, 16), date(2026, 11, 23)}
    assert streak(done, date(2026, 12, 2)) == 1
    assert streak(done, date(2026, 12, 2), away) == 2
    assert streak([], date(2026, 12, 2), away) == 0


def test_a_streak_runs_over_the_turn_of_the_year() -> None:
    done = [date(2026, 12, 22), date(2026, 12, 31), date(2027, 1, 4)]
    assert streak(done, date(2027, 1, 17)) == 3
    assert streak(done, date(2027, 1, 18)) == 0
