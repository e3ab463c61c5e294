"""Weekly wall time comes round in every zone of the world, also when its clocks jump."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.weekly import Occurrence, Rule, next_occurrence, occurrences
from bot.calendar.zones import zone_of

DAY = timedelta(1)
MINUTE = timedelta(minutes=1)
MON, WED, FRI, SAT, SUN = 0, 2, 4, 5, 6

ALL_ZONES = sorted(available_timezones() - {"Factory", "localtime"})
TRICKY = (
    *("Africa/Casablanca", "America/Nuuk", "America/Sao_Paulo", "Antarctica/Troll", "Asia/Beirut"),
    *("Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia", "Pacific/Kiritimati"),
    *("Pacific/Kwajalein", "Asia/Pyongyang", "America/Caracas"),
)
ZONES = st.sampled_from(TRICKY) | st.sampled_from(ALL_ZONES)
INSTANTS = st.integers(0, 48 * 365 * 24 * 60).map(
    lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + minutes * MINUTE
)
RULES = st.builds(
    Rule,
    weekday=st.integers(0, 6),
    minute=st.integers(0, 1439),
    zone=ZONES,
    every=st.sampled_from([1, 2]),
    anchor=st.none() | st.dates(date(1990, 1, 1), date(2037, 12, 1)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def weekly(weekday: int, wall: str, zone: str) -> Rule:
    clock = time.fromisoformat(wall)
    return Rule(weekday, clock.hour * 60 + clock.minute, zone)


def test_monday_morning_in_berlin_stays_nine_when_summer_ends() -> None:
    found = occurrences(weekly(MON, "09:00", "Europe/Berlin"), at("2026-10-15"), 3)

    assert [occurrence.at for occurrence in found] == [
        *(at("2026-10-19T07:00"), at("2026-10-26T08:00"), at("2026-11-02T08:00"))
    ]
    assert {occurrence.wall for occurrence in found} == {time(9)}


@pytest.mark.parametrize(
    ("weekday", "wall", "zone", "after", "expected"),
    [
        pytest.param(
            *(SUN, "02:30", "Europe/Berlin", "2026-03-28"),
            ("2026-03-29", "03:30", "2026-03-29T01:30"),
            id="an hour that is left out moves by an hour",
        ),
        pytest.param(
            *(SUN, "02:30", "Europe/Berlin", "2026-10-24"),
            ("2026-10-25", "02:30", "2026-10-25T00:30"),
            id="an hour that comes twice rings the first time",
        ),
        pytest.param(
            *(SUN, "02:15", "Australia/Lord_Howe", "2026-10-03"),
            ("2026-10-04", "02:45", "2026-10-03T15:45"),
            id="half an hour that is left out",
        ),
        pytest.param(
            *(SUN, "01:45", "Australia/Lord_Howe", "2026-04-04"),
            ("2026-04-05", "01:45", "2026-04-04T14:45"),
            id="half an hour that comes twice",
        ),
        pytest.param(
            *(SUN, "01:15", "Antarctica/Troll", "2026-03-28"),
            ("2026-03-29", "03:15", "2026-03-29T01:15"),
            id="two hours that are left out",
        ),
        pytest.param(
            *(SUN, "00:10", "America/Sao_Paulo", "2018-11-03"),
            ("2018-11-04", "01:10", "2018-11-04T03:10"),
            id="a midnight that is left out",
        ),
        pytest.param(
            *(SAT, "23:20", "America/Nuuk", "2026-03-28"),
            ("2026-03-28", "00:20", "2026-03-29T01:20"),
            id="a gap late in the evening pushes past midnight, and is not lost",
        ),
    ],
)
def test_when_clocks_jump(
    weekday: int, wall: str, zone: str, after: str, expected: tuple[str, str, str]
) -> None:
    local_date, shown, instant = expected
    assert next_occurrence(weekly(weekday, wall, zone), at(after)) == Occurrence(
        date.fromisoformat(local_date), time.fromisoformat(shown), at(instant)
    )


@pytest.mark.parametrize(
    ("weekday", "zone", "dates"),
    [
        (FRI, "Pacific/Apia", ("2011-12-23", "2012-01-06")),
        (SAT, "Pacific/Kwajalein", ("1993-08-14", "1993-08-28")),
        (SAT, "Pacific/Kiritimati", ("1994-12-24", "1995-01-07")),
    ],
)
def test_a_date_that_a_zone_left_out_is_skipped(
    weekday: int, zone: str, dates: tuple[str, str]
) -> None:
    first, second = (date.fromisoformat(day) for day in dates)
    after = datetime.combine(first, time(), UTC) - 2 * DAY
    found = occurrences(weekly(weekday, "09:00", zone), after, 2)

    assert [occurrence.local_date for occurrence in found] == [first, second]


def test_an_occurrence_pushed_past_midnight_is_still_found_on_the_day_after() -> None:
    ten_past_midnight = at("2026-03-29T01:10")
    night = next_occurrence(weekly(SAT, "23:20", "America/Nuuk"), ten_past_midnight)
    assert night.at == ten_past_midnight + 10 * MINUTE


def test_a_rule_does_not_come_round_at_the_very_instant_it_is_asked_after() -> None:
    rule = weekly(MON, "09:00", "UTC")

    assert next_occurrence(rule, at("2026-11-30T08:59")).at == at("2026-11-30T09:00")
    assert next_occurrence(rule, at("2026-11-30T09:00")).at == at("2026-12-07T09:00")


def test_every_other_week_follows_the_week_of_its_anchor() -> None:
    wednesday = date(2026, 12, 2)
    rule = Rule(MON, 540, "Europe/Berlin", every=2, anchor=wednesday)

    found = occurrences(rule, at("2026-11-20"), 3)
    assert [day.local_date.isoformat() for day in found] == [
        *("2026-11-30", "2026-12-14", "2026-12-28")
    ]
    later = Rule(MON, 540, "Europe/Berlin", every=2, anchor=wednesday + 7 * DAY)
    assert next_occurrence(later, at("2026-11-20")).local_date == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("weekday", "minute", "every", "what"),
    [(7, 0, 1, "weekday 7"), (-1, 0, 1, "weekday -1"), (0, 1440, 1, "minute"), (0, 0, 3, "every")],
)
def test_a_rule_that_cannot_be_is_refused(weekday: int, minute: int, every: int, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Rule(weekday, minute, "UTC", every)


@given(RULES, INSTANTS)
def test_occurrences_come_one_after_the_other_on_their_days(rule: Rule, after: datetime) -> None:
    found = occurrences(rule, after, 4)

    assert found[0] == next_occurrence(rule, after)
    assert [o.at for o in found] == sorted({o.at for o in found})
    assert found[0].at > after
    for occurrence in found:
        assert occurrence.local_date.weekday() == rule.weekday
        local = occurrence.at.astimezone(zone_of(rule.zone))
        assert local.time() == occurrence.wall
        assert local.date() - occurrence.local_date in {0 * DAY, DAY}
    for one, another in pairwise(found):
        weeks, rest = divmod(another.local_date - one.local_date, 7 * DAY)
        assert not rest
        assert weeks in {rule.every, 2 * rule.every}, "at most one day in a row can be left out"


@given(RULES, INSTANTS, st.timedeltas(timedelta(0), timedelta(40)))
def test_none_is_passed_over_however_often_one_asks(
    rule: Rule, after: datetime, wait: timedelta
) -> None:
    first = next_occurrence(rule, after)
    again = next_occurrence(rule, after + wait)

    assert again == first if after + wait < first.at else again.at > first.at
    assert next_occurrence(rule, first.at - MINUTE) == first


@pytest.mark.slow
def test_every_jump_of_every_zone_is_taken_as_promised() -> None:
    # Many zones are other names of the same one: each is looked through, and checked once.
    names = {tuple(jumps_of(zone_of(zone))): zone for zone in ALL_ZONES}
    assert sum(map(len, names)) > 9_000

    for jumps, zone in names.items():
        for instant, before, after in jumps:
            for wall in walls_around(instant, before, after):
                check(zone, wall, instant, before, after)


def jumps_of(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """(instant, offset before, offset after), found by looking once a week and halving."""
    left, end = at("1990-01-01"), at("2038-01-01")
    while left < end:
        right = left + 7 * DAY
        if offset(zone, left) != offset(zone, right):
            instant = first_minute(zone, left, right)
            yield instant, offset(zone, instant - MINUTE), offset(zone, instant)
        left = right


def first_minute(zone: ZoneInfo, left: datetime, right: datetime) -> datetime:
    """The first minute after `left` with another offset."""
    before = offset(zone, left)
    while right - left > MINUTE:
        middle = left + (right - left) // 2 // MINUTE * MINUTE
        left, right = (middle, right) if offset(zone, middle) == before else (left, middle)
    return right


def offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    found = instant.astimezone(zone).utcoffset()
    assert found is not None
    return found


def walls_around(instant: datetime, before: timedelta, after: timedelta) -> Iterator[datetime]:
    edges = sorted((instant.replace(tzinfo=None) + shift) for shift in (before, after))
    middle = edges[0] + (edges[1] - edges[0]) // 2 // MINUTE * MINUTE
    yield from (edges[0] - MINUTE, edges[0], middle, edges[1] - MINUTE, edges[1])


def check(
    zone: str, wall: datetime, instant: datetime, before: timedelta, after: timedelta
) -> None:
    """The promise, told from the jump itself: no `fold`, no look at how the zone resolves it."""
    rule = Rule(wall.weekday(), wall.hour * 60 + wall.minute, zone)
    found = next_occurrence(rule, instant - 3 * DAY)
    midnight = datetime.combine(wall.date(), time(), UTC)
    if instant + before <= midnight and midnight + DAY <= instant + after:
        assert found.local_date == wall.date() + 7 * DAY, (zone, wall)
        return
    aware = wall.replace(tzinfo=UTC)
    passings = [aware - before] * (aware - before < instant) + [aware - after] * (
        aware - after >= instant
    )
    expected = min(passings, default=aware - before)
    assert (found.local_date, found.at) == (wall.date(), expected), (zone, wall)
