"""People find their zone by whatever they call it."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.zones import (
    COMMON,
    describe_offset,
    find_zones,
    plain_zone,
    say_zone,
    valid_zone,
    zone_of,
)

WINTER = datetime(2026, 11, 30, 8, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("  NEW_york", "America/New_York"),
        ("newyork", "America/New_York"),
        ("york", "America/New_York"),
        ("são paulo", "America/Sao_Paulo"),
        ("sao", "America/Sao_Paulo"),
        ("munchen", "Europe/Berlin"),
        ("MÜNCHEN", "Europe/Berlin"),
        ("san fran", "America/Los_Angeles"),
        ("bengaluru", "Asia/Kolkata"),
        ("india", "Asia/Kolkata"),
        ("brazil", "America/Sao_Paulo"),
        ("usa", "America/New_York"),
        ("cote d'ivoire", "Africa/Abidjan"),
        ("calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("us/pacific", "America/Los_Angeles"),
        ("pst", "America/Los_Angeles"),
        ("EST", "America/New_York"),
        ("cet", "Europe/Berlin"),
        ("utc", "UTC"),
    ],
)
def test_a_city_a_country_an_old_name_or_an_abbreviation_leads_there(
    typed: str, first: str
) -> None:
    assert find_zones(typed)[0] == first


def test_a_word_in_the_middle_of_another_is_not_meant() -> None:
    assert "Asia/Jerusalem" not in find_zones("usa", limit=100)


@pytest.mark.parametrize("typed", ["atlantis", "!?", "utc+15", "+25:99"])
def test_what_is_nowhere_finds_nothing(typed: str) -> None:
    expected = list(COMMON) if typed == "!?" else []
    assert find_zones(typed, now=WINTER) == expected


def test_before_anything_is_typed_there_are_the_common_zones() -> None:
    assert find_zones("") == find_zones("  ") == list(COMMON)
    assert find_zones("", limit=3) == list(COMMON[:3])
    assert all(valid_zone(zone) for zone in COMMON)


@pytest.mark.parametrize("typed", ["UTC+2", "utc +02:00", "GMT+2", "+2", "+0200"])
def test_an_offset_finds_the_zone_that_keeps_it_and_places_that_show_it_now(typed: str) -> None:
    assert find_zones(typed) == ["Etc/GMT-2"]
    assert find_zones(typed, now=WINTER)[:2] == ["Etc/GMT-2", "Africa/Cairo"]
    assert "Europe/Berlin" in find_zones(typed, limit=100, now=SUMMER)
    assert "Europe/Berlin" not in find_zones(typed, limit=100, now=WINTER)


def test_an_offset_of_half_an_hour_is_a_place_s() -> None:
    assert find_zones("UTC+5:30", now=WINTER) == ["Asia/Kolkata", "Asia/Colombo"]
    assert find_zones("UTC+5:30") == []
    assert "America/St_Johns" in find_zones("−3:30", now=WINTER)
    assert find_zones("-0", limit=1) == ["UTC"]


@given(st.text(max_size=20), st.integers(1, 30))
def test_whatever_is_typed_only_zones_come_back(typed: str, limit: int) -> None:
    found = find_zones(typed, limit, WINTER)

    assert len(found) <= limit
    assert len(found) == len(set(found))
    assert all(valid_zone(zone) for zone in found)


def test_every_zone_of_the_world_can_be_had() -> None:
    for zone in available_timezones() - {"Factory", "localtime"}:
        assert valid_zone(zone)
        assert describe_offset(zone, WINTER).startswith("UTC")


@pytest.mark.parametrize("name", ["", "Berlin", "europe/berlin", "../etc/passwd", "localtime", "x"])
def test_what_is_not_spelled_as_a_zone_is_none(name: str) -> None:
    assert not valid_zone(name)


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("Europe/Berlin", "UTC+1", "UTC+2"),
        ("Asia/Kolkata", "UTC+5:30", "UTC+5:30"),
        ("America/St_Johns", "UTC-3:30", "UTC-2:30"),
        ("Europe/London", "UTC", "UTC+1"),
    ],
)
def test_an_offset_is_told_for_the_instant(zone: str, winter: str, summer: str) -> None:
    assert (describe_offset(zone, WINTER), describe_offset(zone, SUMMER)) == (winter, summer)


def test_a_zone_is_worded_for_reading() -> None:
    assert say_zone("America/New_York") == "America/New York"
    assert [say_zone(zone) for zone in ("Etc/GMT-2", "Etc/GMT+5")] == ["UTC+2", "UTC-5"]
    assert describe_offset("Etc/GMT-2", WINTER) == say_zone("Etc/GMT-2")
    assert zone_of("Asia/Tokyo") is zone_of("Asia/Tokyo")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("san fransisco", "America/Los_Angeles"),
        ("new yrok", "America/New_York"),
        ("Portland, Oregon", "America/Los_Angeles"),
        ("Paris France", "Europe/Paris"),
        ("ber\u200blin", "Europe/Berlin"),
        ("Amsterdm", "Europe/Amsterdam"),
    ],
)
def test_a_misspelt_city_or_one_with_its_country_is_found(typed: str, zone: str) -> None:
    assert find_zones(typed)[0] == zone


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("WAT", {1}),
        ("AST", {-4, 3}),
        ("CAT", {2}),
        ("EAT", {3}),
        ("MSK", {3}),
        ("SAST", {2}),
        ("PKT", {5}),
        ("WIB", {7}),
        ("HKT", {8}),
        ("NZDT", {13}),
    ],
)
def test_an_abbreviation_names_all_that_it_may_be_and_is_asked_about(
    typed: str, hours: set[int]
) -> None:
    offsets = [WINTER.astimezone(zone_of(zone)).utcoffset() for zone in find_zones(typed)]
    assert {offset.total_seconds() / 3600 for offset in offsets if offset} == hours
    assert plain_zone(typed) is None


@pytest.mark.parametrize("typed", ["berl", "new yrok", "EST", "Wat", "Paris France", "india, goa"])
def test_only_a_full_name_is_taken_without_a_question(typed: str) -> None:
    assert plain_zone(typed) is None
    assert plain_zone("Berlin") == plain_zone("Europe/Berlin") == "Europe/Berlin"
    assert (plain_zone("UTC"), plain_zone("UTC+2", WINTER)) == ("UTC", "Etc/GMT-2")
