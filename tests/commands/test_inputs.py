"""What members type into forms becomes a value, or a sentence that says what would do."""

from datetime import date

import pytest

from bot.commands.inputs import NotUnderstoodError, read_day, read_hours

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        *(
            (words, 6)
            for words in ("6", "6 h", " 6h ", "6 hours a week", "6 hrs/wk", "6.0", "6\u200b")
        ),
        *(
            (words, 6.5)
            for words in ("6.5", "6,5 h", "6½", "6 ½ hours", "6 and a half", "about 6.5")
        ),
        ("\u200e6 h per week", 6),
        ("６", 6),
        ("1", 1),
        ("60", 60),
    ],
)
def test_hours_are_read_in_halves(typed: str, hours: float) -> None:
    assert str(read_hours(typed)) == str(hours)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("six", "Please type a number of hours, such as 6 or 6.5."),
        ("6 days", "Please type a number"),
        ("", "Please type a number"),
        ("-3", "Please type a number"),
        ("6.25", "I count in half hours: 6 or 6.5 would work."),
        ("6.9", "I count in half hours: 6.5 or 7 would work."),
        ("0", "A plan needs at least one hour"),
        ("½", "A plan needs at least one hour"),
        ("60.5", "60.5 hours would leave no room"),
        ("168", "168 hours would leave no room"),
    ],
)
def test_hours_that_cannot_be_taken_say_why(typed: str, why: str) -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        read_hours(typed)
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("yesterday", "Tue 24 Nov is over: pick today or a later day."),
        ("tue 24 nov", "Tue 24 Nov is over"),
        ("24 Nov", "Did you mean Tue 24 Nov, yesterday, or Wed 24 Nov 2027?"),
        ("29 Feb 2027", "There is no 29 February in 2027"),
        ("3/4", "3/4 could be 3 April or 4 March"),
        ("1 Jan 2030", "Tue 1 Jan 2030 is far away: pick a day within a year."),
        ("soon", "I can’t read that as a date."),
    ],
)
def test_a_first_day_that_cannot_be_taken_says_why(typed: str, why: str) -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        read_day(typed, TODAY)
    assert str(refused.value).startswith(why)
