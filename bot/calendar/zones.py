"""Time zones as people name them: cities, countries, old names, abbreviations, offsets."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from bot.calendar import zone_rules
from bot.calendar.typed import tidy

COMMON = (
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Africa/Lagos",
    "Europe/Berlin",
    "Africa/Johannesburg",
    "Europe/Istanbul",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Jakarta",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""What is offered before anything is typed, from west to east."""

_ALSO = {
    "Africa/Cairo": "Alexandria",
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria",
    "Africa/Lagos": "Abuja, Ibadan",
    "Africa/Nairobi": "Mombasa",
    "America/Argentina/Buenos_Aires": "Cordoba, Rosario",
    "America/Bogota": "Medellin, Cali",
    "America/Chicago": "Austin, Dallas, Houston, Minneapolis, Central Time, CST, CDT",
    "America/Denver": "Salt Lake City, Boulder, Mountain Time, MST, MDT",
    "America/Los_Angeles": "San Francisco, Bay Area, Silicon Valley, San Diego, San Jose, "
    "Seattle, Portland, Las Vegas, California, Pacific Time, PST, PDT",
    "America/Mexico_City": "Guadalajara",
    "America/New_York": "Boston, Washington, Atlanta, Miami, Philadelphia, Pittsburgh, NYC, "
    "US, USA, Eastern Time, EST, EDT",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte",
    "America/Toronto": "Ottawa, Montreal, Waterloo",
    "America/Vancouver": "Victoria",
    "Asia/Dubai": "Abu Dhabi, UAE",
    "Asia/Ho_Chi_Minh": "Hanoi",
    "Asia/Jakarta": "Bandung",
    "Asia/Jerusalem": "Tel Aviv, Haifa",
    "Asia/Karachi": "Lahore, Islamabad",
    "Asia/Kolkata": "Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, IST",
    "Asia/Seoul": "Busan, KST",
    "Asia/Shanghai": "Beijing, Shenzhen, Hangzhou, Guangzhou",
    "Asia/Singapore": "SGT",
    "Asia/Tokyo": "Osaka, Kyoto, JST",
    "Australia/Sydney": "Canberra, AEST, AEDT",
    "Europe/Athens": "Thessaloniki, EET, EEST",
    "Europe/Berlin": "Munich, München, Hamburg, Cologne, Köln, Frankfurt, Stuttgart, Leipzig, "
    "CET, CEST",
    "Europe/Brussels": "Antwerp, Ghent",
    "Europe/Bucharest": "Cluj, Iasi",
    "Europe/Istanbul": "Ankara, Izmir",
    "Europe/Lisbon": "Lisboa, Porto",
    "Europe/London": "Edinburgh, Manchester, Cambridge, Oxford, Bristol, England, Scotland, "
    "UK, GMT, BST",
    "Europe/Madrid": "Barcelona, Valencia",
    "Europe/Paris": "Lyon, Toulouse, Grenoble",
    "Europe/Prague": "Praha, Brno",
    "Europe/Rome": "Roma, Milan, Milano, Turin",
    "Europe/Stockholm": "Gothenburg, Göteborg, Malmö",
    "Europe/Vienna": "Wien, Graz",
    "Europe/Warsaw": "Warszawa, Krakow, Wroclaw, Gdansk",
    "Europe/Zurich": "Geneva, Basel, Bern, Lausanne",
    "Pacific/Auckland": "Wellington, Christchurch, NZST",
    "UTC": "UTC, Universal Time, Zulu",
}
"""Other names of the zones that most people mean: cities without one, and abbreviations."""

_ABBREVIATIONS = {
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "cat": ("Africa/Maputo", "Africa/Harare", "Africa/Lusaka"),
    "cst": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "eat": ("Africa/Nairobi", "Africa/Addis_Ababa", "Africa/Dar_es_Salaam"),
    "gst": ("Asia/Dubai",),
    "hkt": ("Asia/Hong_Kong",),
    "hst": ("Pacific/Honolulu",),
    "akst": ("America/Anchorage",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "msk": ("Europe/Moscow",),
    "nzdt": ("Pacific/Auckland",),
    "nzst": ("Pacific/Auckland",),
    "pht": ("Asia/Manila",),
    "pkt": ("Asia/Karachi",),
    "sast": ("Africa/Johannesburg",),
    "wat": ("Africa/Lagos", "Africa/Kinshasa", "Africa/Luanda"),
    "west": ("Europe/Lisbon",),
    "wet": ("Europe/Lisbon",),
    "wib": ("Asia/Jakarta",),
}
"""Abbreviations, and the places that may be meant by them: asked about, never taken at once."""

_CITY = 0
_CLOSE = 0.85
"""How like a name a misspelling has to be."""

_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?")
_LINKS = re.compile(r"^L (\S+) (\S+)$", re.MULTILINE)


def valid_zone(name: str) -> bool:
    """Whether a name is that of an IANA zone, spelled as it is there."""
    return name in zone_rules.names()


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of a valid name; kept, because reading one anew takes long."""
    return ZoneInfo(name)


def find_zones(query: str, limit: int = 25, now: datetime | None = None) -> list[str]:
    """Zones that fit what somebody typed so far, best first.

    Nothing typed gives the common zones. An offset ("UTC+2", "+05:30") gives the places whose
    clocks show it at `now`, and before them the zone that always does; a place is the better choice
    because it knows summer time.
    """
    if offset := _OFFSET.fullmatch(tidy(query)):
        return _at_offset(offset, now)[:limit]
    typed = _fold(query)
    if not typed:
        return list(COMMON[:limit])
    if meant := _ABBREVIATIONS.get(typed):
        return list(meant[:limit])
    if found := _named_like(typed):
        return found[:limit]
    for name in _shorter(query):
        if found := [zone for _, term, zone in _terms() if term == name]:
            return list(dict.fromkeys(found))[:limit]
    cities = {term for kind, term, _ in _terms() if kind == _CITY}
    near = get_close_matches(typed, cities, n=3, cutoff=_CLOSE)
    return list(dict.fromkeys(zone for name in near for zone in _named_like(name)))[:limit]


def plain_zone(query: str, now: datetime | None = None) -> str | None:
    """The zone that was named in full, and that no other goes by; None if it is to be asked.

    A beginning, a misspelling or an abbreviation may be meant for somewhere far away.
    """
    if valid_zone(name := query.strip()) and ("/" in name or name == "UTC"):
        return name
    if _OFFSET.fullmatch(tidy(query)):
        found = find_zones(query, 1, now)
        return found[0] if found else None
    typed = _fold(query)
    named = {zone for _, term, zone in _terms() if term == typed}
    abbreviated = typed in _ABBREVIATIONS or (len(typed) <= 4 and query.strip().isupper())
    return named.pop() if len(named) == 1 and not abbreviated else None


def _shorter(query: str) -> Iterator[str]:
    """What was typed without a state or country after it: "Portland, Oregon"."""
    city, comma, _ = query.partition(",")
    if comma:
        yield _fold(city)
    words = _fold(query).split()
    for end in range(len(words) - 1, 0, -1):
        yield " ".join(words[:end])


def _named_like(typed: str) -> list[str]:
    found = (
        (rank, kind, zone not in _ALSO, zone)
        for kind, term, zone in _terms()
        if (rank := _rank(typed, term)) is not None
    )
    return list(dict.fromkeys(zone for *_, zone in sorted(found)))


def describe_offset(zone: str, now: datetime) -> str:
    """How far a zone's clocks are from UTC at an aware instant: "UTC+5:30"."""
    offset = now.astimezone(zone_of(zone)).utcoffset() or timedelta(0)
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    if not (hours or minutes):
        return "UTC"
    sign = "-" if offset < timedelta(0) else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def say_zone(zone: str) -> str:
    """A zone's name for reading: "America/New York", and "UTC+2" for what is called Etc/GMT-2."""
    if fixed := re.fullmatch(r"Etc/GMT([+-])(\d+)", zone):
        return f"UTC{'+' if fixed[1] == '-' else '-'}{fixed[2]}"
    return zone.replace("_", " ")


@cache
def _terms() -> tuple[tuple[int, str, str], ...]:
    """(kind, folded term, zone): what a zone is found by, the more telling kinds first."""
    found = ((kind, _fold(term), zone) for kind, term, zone in _named() if valid_zone(zone))
    return tuple(dict.fromkeys(found))


def _named() -> Iterator[tuple[int, str, str]]:
    city, country, whole = _CITY, 1, 2
    for zone, names in _ALSO.items():
        yield from ((city, name, zone) for name in names.split(", "))
    countries = {code: name for code, name, *_ in _rows("iso3166.tab")}
    # zone.tab has the zones that are places today, each country's own.
    places = {zone: countries[code] for code, _, zone, *_ in _rows("zone.tab")}
    for zone, name in places.items():
        yield city, _last(zone), zone
        yield country, name, zone
        yield whole, zone, zone
    for target, link in _LINKS.findall(_read("tzdata.zi")):
        if target in places and link not in places:
            yield country, _last(link), target
            yield whole, link, target


def _last(zone: str) -> str:
    return zone.rpartition("/")[2]


def _rows(table: str) -> Iterator[list[str]]:
    for line in _read(table).splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def _read(table: str) -> str:
    return files("tzdata.zoneinfo").joinpath(table).read_text(encoding="utf-8")


def _fold(text: str) -> str:
    """Lower case without accents, and one space for whatever stands between words."""
    letters = unicodedata.normalize("NFKD", tidy(text).replace("_", " "))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


def _rank(typed: str, term: str) -> int | None:
    """0 for the whole term, then its beginning (spaces or not), then the beginning of its words."""
    if typed == term:
        return 0
    if term.replace(" ", "").startswith(typed.replace(" ", "")):
        return 1
    return 2 if f" {typed}" in term else None


def _at_offset(match: re.Match[str], now: datetime | None) -> list[str]:
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    east = match["sign"] == "+"
    # The sign of these names is the other way round: Etc/GMT-2 is two hours east.
    fixed = f"Etc/GMT{'-' if east else '+'}{hours}" if hours else "UTC"
    found = [fixed] if not minutes and valid_zone(fixed) else []
    if now is not None:
        offset = timedelta(hours=hours, minutes=minutes) * (1 if east else -1)
        places = sorted({zone for *_, zone in _terms()}, key=lambda zone: (zone not in _ALSO, zone))
        found += [zone for zone in places if now.astimezone(zone_of(zone)).utcoffset() == offset]
    return list(dict.fromkeys(found))
