"""Members whose zone nobody knows yet set a plan up: no card says a date that may not be theirs."""

import re
from datetime import UTC, datetime

import pytest

from bot.chat.form import Form
from bot.chat.reply import Message
from bot.core.handle import Core
from tests.stories import Chat, Clock, labels, rows

EVENING = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
"""Friday for the server; Thursday 26 November, 20:00, in Los Angeles."""
ANY_DATE = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d|\d (Nov|Dec|Jan|Feb)\b")


async def asked_for_the_first_day(core: Core, clock: Clock, user: str = "ana") -> Chat:
    clock.now = EVENING
    ana = Chat(core, user, platform="discord", tenant="discord")
    await ana.command("/plan")
    for choice in ("AI Engineer", "Software engineer", "8 h"):
        await ana.press(choice)
    return ana


async def test_today_has_no_date_until_it_is_known_whose_today_it_is(
    core: Core, clock: Clock
) -> None:
    ana = await asked_for_the_first_day(core, clock)
    assert "Where are you?" in ana.said
    assert labels(ana.card)[:4] == ["Today", "Tomorrow", "Next Monday", "Another day…"]
    assert labels(ana.card)[4:6] == ["Search for a city", "Use UTC"]
    await ana.choose("America/Los Angeles")
    assert "Where are you?" not in ana.said
    await ana.press("Today, Thu 26 Nov")
    assert rows(ana.card)["First day"] == "Thu 26 Nov"


async def test_the_preview_counts_in_weeks_and_shows_dates_once_they_are_the_members(
    core: Core, clock: Clock
) -> None:
    ana = await asked_for_the_first_day(core, clock)
    await ana.press("Tomorrow")
    assert not ANY_DATE.search(_without_clocks(ana.card))
    assert rows(ana.card)["First day"] == "Tomorrow"
    assert rows(ana.card)["Finish"] == "After 34 weeks"
    assert "weeks 1 to" in ana.said
    await ana.press("Search for a city")
    await ana.fill(city="Los Angeles")
    assert rows(ana.card)["First day"] == "Fri 27 Nov"
    await ana.press("Start this plan")
    assert "Your plan has started." in ana.said
    assert "UTC" not in ana.said


async def test_nothing_waits_for_the_zone_and_who_starts_without_one_is_told(
    core: Core, clock: Clock
) -> None:
    ana = await asked_for_the_first_day(core, clock)
    await ana.press("Today")
    assert "your days are counted in UTC until you choose" in ana.said
    await ana.press("Start this plan")
    assert "Its days are in UTC until you give /reminders your city." in ana.said


async def test_utc_can_be_chosen_too(core: Core, clock: Clock) -> None:
    ana = await asked_for_the_first_day(core, clock)
    await ana.press("Use UTC")
    assert "Today, Fri 27 Nov" in labels(ana.card)


@pytest.mark.parametrize(
    ("typed", "first_day"),
    [("26 Nov", "Thu 26 Nov"), ("today", "Thu 26 Nov"), ("in 2 weeks", "Thu 10 Dec")],
)
async def test_a_date_that_would_be_another_one_elsewhere_waits_for_the_zone(
    core: Core, clock: Clock, typed: str, first_day: str
) -> None:
    ana = await asked_for_the_first_day(core, clock)
    await ana.press("Another day…")
    await ana.fill(begin=typed)
    assert f"“{typed}” depends on which day it is for you." in ana.said
    assert "2027" not in ana.said
    await ana.choose("America/Los Angeles")
    assert rows(ana.card)["First day"] == first_day


async def test_a_date_that_is_over_where_the_member_is_says_so_in_the_form(
    core: Core, clock: Clock
) -> None:
    ana = await asked_for_the_first_day(core, clock)
    await ana.press("Another day…")
    await ana.fill(begin="2026-11-26")
    await ana.choose("Asia/Tokyo")
    assert isinstance(ana.last, Form)
    assert "Thu 26 Nov is over" in ana.said


async def test_a_date_that_is_the_same_everywhere_is_taken_at_once(
    core: Core, clock: Clock
) -> None:
    ana = await asked_for_the_first_day(core, clock)
    await ana.press("Another day…")
    await ana.fill(begin="7 Dec")
    assert rows(ana.card)["First day"] == "Mon 7 Dec"
    assert rows(ana.card)["Finish"].startswith("Sat 31 Jul 2027")
    await ana.choose("The first day")
    await ana.press("Another day…")
    await ana.fill(begin="someday")
    assert "I can’t read that as a date" in ana.said


async def test_a_place_that_fits_several_is_chosen_from_them_and_back_leads_out(
    core: Core, clock: Clock
) -> None:
    ana = await asked_for_the_first_day(core, clock)
    await ana.press("Search for a city")
    await ana.fill(city="nowhere at all")
    assert "I know no such place." in ana.said
    await ana.fill(city="PST")
    assert "Places that fit “PST”:" in ana.said
    await ana.press("← Back")
    assert "Your time zone tells me" in ana.said
    assert "When do you want to start?" in ana.said


def _without_clocks(card: Message) -> str:
    """What a card says, but for the menu of zones, each of which shows what its clocks show."""
    clocks = {o.description for part in card.parts if part.kind == "menu" for o in part.options}
    return "\n".join(said for said in card.shown() if said not in clocks)
