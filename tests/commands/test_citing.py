"""A claim says whose it is; the year that it speaks of is told from the year of the report."""

import pytest

from bot.commands.topics.citing import attribution, reported
from bot.pack.facts import Figure, ProseSection, Source
from bot.pack.model import Pack
from tests.packs import changed, make_pack


@pytest.fixture
def pack() -> Pack:
    """With an article, a source that it names, and statistics of their own."""
    sources = (
        Source(id="told", kind="article", title="Told", publisher="Mo Writer", year=2026),
        Source(id="asked", kind="named", title="Asked", publisher="Pay Survey", year=2026),
        Source(
            id="counted",
            kind="dataset",
            title="Counted",
            publisher="The Bureau",
            year=2026,
            release="May 2025",
        ),
    )
    return changed(make_pack(), sources=sources, stale_after=2)


def figure(year: int, *sources: str) -> Figure:
    return Figure(id="pay", label="Pay", value="$1", year=year, sources=sources)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (figure(2026, "told"), "reported by Mo Writer, 2026"),
        (figure(2023, "told"), "2023 figure, reported by Mo Writer in 2026"),
        (figure(2026, "asked", "told"), "Pay Survey, reported by Mo Writer, 2026"),
        (
            figure(2025, "asked", "told"),
            "2025 figure from Pay Survey, reported by Mo Writer in 2026",
        ),
        (figure(2025, "counted"), "May 2025 figure, published by The Bureau in 2026"),
        (figure(2026, "counted"), "The Bureau, 2026"),
        (
            ProseSection(kind="prose", text=("Once.",), sources=("told",), year=2024),
            "of 2024, reported by Mo Writer in 2026",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_who_said_it_and_of_which_year(pack: Pack, claim: Figure | ProseSection, said: str) -> None:
    assert reported(pack, claim) == said


def test_what_cites_nobody_is_signed_by_nobody(pack: Pack) -> None:
    assert attribution(pack, ProseSection(kind="prose", text=("Ours.",)), 2040) == ""


@pytest.mark.parametrize(("this_year", "old"), [(2025, False), (2026, True), (2031, True)])
def test_a_claim_is_old_by_the_year_that_it_speaks_of(
    pack: Pack, this_year: int, old: bool
) -> None:
    said = attribution(pack, figure(2023, "told"), this_year)
    assert said.startswith("2023 figure, reported by Mo Writer in 2026")
    assert said.endswith("; from 2023: may be out of date") is old
