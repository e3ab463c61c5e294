"""Times are read the way people type them; dates and times are worded for reading."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.dates import parse_time, say_date, say_time, say_when, wall_clock
from bot.calendar.weekly import Rule, next_occurrence

WEDNESDAY = date(2026, 11, 25)


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
        ("9 o’clock", "09:00"),
        ("18:30\u200b", "18:30"),
        ("\u200f18:30", "18:30"),
        ("６：３０\u202fpm", "18:30"),
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


@given(st.text(max_size=30))
def test_whatever_is_typed_there_is_an_answer(typed: str) -> None:
    minute = parse_time(typed)
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
