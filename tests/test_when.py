"""Dates and times are read the way people type them, and worded so that they read back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import Rule, next_occurrence
from bot.when import parse_date, parse_time, say_date, say_time, say_when, wall_clock

WEDNESDAY = date(2026, 11, 25)
DATES = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9", "09:00"),
        ("09", "09:00"),
        ("9:30", "09:30"),
        ("9.30", "09:30"),
        ("930", "09:30"),
        ("0930", "09:30"),
        ("21:05", "21:05"),
        ("21h", "21:00"),
        ("21h05", "21:05"),
        ("9am", "09:00"),
        ("9 AM", "09:00"),
        ("9:30 p.m.", "21:30"),
        ("at 7pm", "19:00"),
        ("12am", "00:00"),
        ("12 pm", "12:00"),
        (" Noon ", "12:00"),
        ("midnight", "00:00"),
        ("0:00", "00:00"),
        ("23:59", "23:59"),
    ],
)
def test_a_time_of_day_is_read_as_people_type_it(typed: str, said: str) -> None:
    minute = parse_time(typed)
    assert minute is not None
    assert say_time(minute) == said


@pytest.mark.parametrize(
    "typed",
    ["", "morning", "24:00", "25", "9:60", "9:5", "13pm", "0am", "-1", "9:30:10", "99999", "9 10"],
)
def test_what_is_no_time_of_day_is_not_guessed_at(typed: str) -> None:
    assert parse_time(typed) is None


@given(st.integers(0, 1439))
def test_a_time_that_was_said_reads_back(minute: int) -> None:
    assert parse_time(say_time(minute)) == minute


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-11-30", "2026-11-30"),
        ("2026/12/1", "2026-12-01"),
        ("30 Nov", "2026-11-30"),
        ("30 november 2027", "2027-11-30"),
        ("Nov 30", "2026-11-30"),
        ("November 30th, 2026", "2026-11-30"),
        ("the 1st of Sept.", "2027-09-01"),
        ("Mon 30 Nov", "2026-11-30"),
        ("Monday, November 30", "2026-11-30"),
        ("24 Nov", "2027-11-24"),
        ("25 Nov", "2026-11-25"),
        ("29 Feb", "2028-02-29"),
        ("30.11.", "2026-11-30"),
        ("30.11.27", "2027-11-30"),
        ("3. 4. 2027", "2027-04-03"),
        ("30/11", "2026-11-30"),
        ("11/30/2026", "2026-11-30"),
        ("5/5", "2027-05-05"),
        ("today", "2026-11-25"),
        ("Tomorrow", "2026-11-26"),
        ("day after tomorrow", "2026-11-27"),
        ("monday", "2026-11-30"),
        ("wed", "2026-11-25"),
        ("on thurs", "2026-11-26"),
        ("this friday", "2026-11-27"),
        ("next friday", "2026-12-04"),
        ("next monday", "2026-11-30"),
        ("next week", "2026-11-30"),
        ("in 3 days", "2026-11-28"),
        ("in a week", "2026-12-02"),
        ("in two weeks", "2026-12-09"),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, expected: str) -> None:
    assert parse_date(typed, WEDNESDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "soon", "30", "nov", "31 Nov", "30 Feb", "2026-13-01", "2026-02-30", "30 Foo"),
        *("3/4", "3/4/2027", "13/13", "0/5", "Tue 30 Nov", "Foo 30 Nov", "next fooday", "foo"),
        *("in 9999 days", "in many days", "0000-01-01"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_not_guessed_at(typed: str) -> None:
    assert parse_date(typed, WEDNESDAY) is None


def test_next_monday_is_a_week_off_on_a_monday_and_a_bare_one_is_today() -> None:
    monday = date(2026, 11, 30)
    assert parse_date("monday", monday) == monday
    assert parse_date("next monday", monday) == date(2026, 12, 7)


def test_there_is_no_next_date_after_the_last() -> None:
    assert parse_date("30 Nov", date.max) is None
    assert parse_date("29 Feb", date(2096, 3, 1)) == date(2104, 2, 29)
    assert parse_date("tomorrow", date.max) is None


@given(DATES, DATES)
def test_a_date_that_was_said_reads_back(day: date, today: date) -> None:
    assert parse_date(say_date(day), today) == day
    assert parse_date(day.isoformat(), today) == day
    if day >= today:
        assert parse_date(say_date(day, today), today) == day


@given(st.text(max_size=30), DATES)
def test_whatever_is_typed_there_is_an_answer(typed: str, today: date) -> None:
    day, minute = parse_date(typed, today), parse_time(typed)

    assert day is None or date.min <= day <= date.max
    assert minute is None or 0 <= minute < 24 * 60


def test_a_date_names_its_year_where_that_is_not_plain() -> None:
    monday = date(2026, 11, 30)
    assert say_date(monday) == say_date(monday, date(2027, 1, 1)) == "Mon 30 Nov 2026"
    assert say_date(monday, WEDNESDAY) == "Mon 30 Nov"


def test_an_occurrence_reads_as_the_member_s_own_clock() -> None:
    after = datetime(2026, 11, 25, tzinfo=UTC)
    monday = next_occurrence(Rule(0, 540, "Europe/Berlin"), after)

    assert say_when(monday, "Europe/Berlin") == "Mon 30 Nov, 09:00, Europe/Berlin"
    assert say_when(monday, "America/New_York") == "Mon 30 Nov, 03:00, America/New York"
    assert wall_clock("Pacific/Auckland", after + timedelta(hours=12)) == "Thu 26 Nov, 01:00"


def test_an_occurrence_that_a_gap_moved_reads_as_what_clocks_show() -> None:
    night = next_occurrence(Rule(5, 1400, "America/Nuuk"), datetime(2026, 3, 28, tzinfo=UTC))

    assert night.local_date == date(2026, 3, 28)
    assert say_when(night, "America/Nuuk") == "Sun 29 Mar, 00:20, America/Nuuk"
