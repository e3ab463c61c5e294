"""Dates are read the way people type and paste them; what cannot be taken says why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.date_parser import UNREADABLE, DateError, read_date
from bot.calendar.dates import say_date

WEDNESDAY = date(2026, 11, 25)
DATES = st.dates(date(1990, 1, 1), date(2100, 1, 1))
UNSEEN = st.sampled_from(["\u200b", "\u200e", "\u200f", "\u2060", "\ufeff", "\u00ad", "\ufe0f"])


def read(typed: str, today: date) -> date | str:
    """The date, or why it is none."""
    try:
        return read_date(typed, today)
    except DateError as refused:
        return str(refused)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-11-30", "2026-11-30"),
        ("2026/12/1", "2026-12-01"),
        ("2026 - 11 - 30", "2026-11-30"),
        ("30 Nov", "2026-11-30"),
        ("30nov", "2026-11-30"),
        ("30-Nov-2026", "2026-11-30"),
        ("30 november 2027", "2027-11-30"),
        ("Nov 30", "2026-11-30"),
        ("November 30th, 2026", "2026-11-30"),
        ("30 Novmber", "2026-11-30"),
        ("5 Feburary", "2027-02-05"),
        ("the 1st of Sept. 2027", "2027-09-01"),
        ("Mon 30 Nov", "2026-11-30"),
        ("Monday, November 30!", "2026-11-30"),
        ("25 Nov", "2026-11-25"),
        ("29 Feb", "2028-02-29"),
        ("24 Nov 2026", "2026-11-24"),
        ("24 Nov 2027", "2027-11-24"),
        ("Tue 24 Nov", "2026-11-24"),
        ("Wed 24 Nov", "2027-11-24"),
        ("5 Jan", "2027-01-05"),
        ("30.11.", "2026-11-30"),
        ("30.11.27", "2027-11-30"),
        ("3. 4. 2027", "2027-04-03"),
        ("30/11", "2026-11-30"),
        ("11/30/2026", "2026-11-30"),
        ("5/5", "2027-05-05"),
        ("today", "2026-11-25"),
        ("now", "2026-11-25"),
        ("Tomorrow", "2026-11-26"),
        ("the day after tomorrow", "2026-11-27"),
        ("yesterday", "2026-11-24"),
        ("3 days ago", "2026-11-22"),
        ("last wednesday", "2026-11-18"),
        ("monday", "2026-11-30"),
        ("wed", "2026-11-25"),
        ("Wensday", "2026-11-25"),
        ("on thurs", "2026-11-26"),
        ("this friday", "2026-11-27"),
        ("next friday", "2026-12-04"),
        ("next monday", "2026-11-30"),
        ("next week", "2026-11-30"),
        ("this weekend", "2026-11-28"),
        ("next weekend", "2026-12-05"),
        ("in 3 days", "2026-11-28"),
        ("in a week", "2026-12-02"),
        ("in two weeks", "2026-12-09"),
        ("two weeks from now", "2026-12-09"),
        ("in a fortnight", "2026-12-09"),
        ("in a month", "2026-12-25"),
        ("in 3 months", "2027-02-25"),
        ("in half a year", "2027-05-25"),
        ("in a year", "2027-11-25"),
        ("next month", "2026-12-01"),
        ("end of January", "2027-01-31"),
        ("the end of february", "2027-02-28"),
        ("end of Feb 2028", "2028-02-29"),
        ("mid-March", "2027-03-15"),
        ("beginning of January", "2027-01-01"),
        ("end of the month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("end of the year", "2026-12-31"),
        ("start of next year", "2027-01-01"),
        ("next year", "2027-01-01"),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, expected: str) -> None:
    assert read_date(typed, WEDNESDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("3/4", "3/4 could be 3 April or 4 March: please write the month as a word."),
        ("3/4/2027", "3/4/2027 could be 3 April or 4 March: please write the month as a word."),
        ("24 Nov", "Did you mean Tue 24 Nov, yesterday, or Wed 24 Nov 2027? Please type"),
        ("1 Sept", "Did you mean Tue 1 Sep, 85 days ago, or Wed 1 Sep 2027? Please type"),
        ("end of October", "Did you mean Sat 31 Oct, 25 days ago, or Sun 31 Oct 2027?"),
        ("29 Feb 2027", "There is no 29 February in 2027: it has 28 days."),
        ("31 Nov", "There is no 31 November: it has 30 days."),
        ("30 Feb", "There is no 30 February: it has 29 days."),
        ("2026-13-01", "There is no month 13: a year has twelve."),
        ("0000-01-01", "I know no year 0."),
        ("Tue 30 Nov 2026", "30 November 2026 is a Monday, not a Tuesday."),
        ("Fri 30 Nov", "30 November 2026 is a Monday, not a Friday."),
        ("30", "Which month? “30 Nov” works."),
        ("in January", "Which day of January? “1 January” or “end of January” work."),
        *((words, UNREADABLE) for words in ("", "soon", "30 Foo", "Foo 30 Nov", "next fooday")),
        *((words, UNREADABLE) for words in ("foo", "in many days", "0", "9999", "mid Foo")),
    ],
)
def test_what_is_no_date_or_could_be_two_says_why(typed: str, why: str) -> None:
    with pytest.raises(DateError) as refused:
        read_date(typed, WEDNESDAY)
    assert str(refused.value).startswith(why)


def test_next_monday_is_a_week_off_on_a_monday_and_a_bare_one_is_today() -> None:
    monday = date(2026, 11, 30)
    assert read_date("monday", monday) == monday
    assert read_date("next monday", monday) == date(2026, 12, 7)
    assert read_date("last monday", monday) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["30 Nov", "tomorrow", "in a year", "next month", "next year"])
def test_there_is_no_next_date_after_the_last(typed: str) -> None:
    with pytest.raises(DateError):
        read_date(typed, date.max)


def test_a_leap_day_can_be_eight_years_off() -> None:
    assert read_date("29 Feb", date(2100, 3, 1)) == date(2104, 2, 29)


@given(DATES, DATES)
def test_a_date_that_was_said_reads_back(day: date, today: date) -> None:
    assert read_date(say_date(day), today) == day
    assert read_date(day.isoformat(), today) == day
    if day >= today:
        assert read_date(say_date(day, today), today) == day


@given(DATES, st.integers(-400, 400), st.sampled_from(["%d.%m.", "%d %b", "%B %d"]))
def test_a_date_without_its_year_is_never_moved_further_than_it_need_be(
    today: date, away: int, written: str
) -> None:
    meant = today + timedelta(away)
    found = read(meant.strftime(written), today)
    if isinstance(found, str):
        assert "Did you mean" in found
        assert away < 0 or away > 182
    else:
        assert found >= today
        assert (found.month, found.day) == (meant.month, meant.day)
        assert (found - today).days <= 183 or (meant.month, meant.day) == (2, 29)


@given(DATES, st.lists(st.tuples(st.integers(0, 14), UNSEEN), max_size=4), st.sampled_from("-‐–—−"))
def test_what_nobody_sees_changes_nothing(
    day: date, unseen: list[tuple[int, str]], dash: str
) -> None:
    typed = day.isoformat().replace("-", dash)
    for place, char in unseen:
        typed = typed[:place] + char + typed[place:]
    assert read_date(typed, WEDNESDAY) == day


@given(st.text(max_size=30), DATES)
def test_whatever_is_typed_there_is_an_answer(typed: str, today: date) -> None:
    assert read(typed, today)
