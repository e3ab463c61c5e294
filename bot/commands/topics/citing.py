"""Whose a claim is, of which year, and whether that year has become too long ago."""

from bot.commands.wording import listed
from bot.pack.facts import Cited, Figure, Source
from bot.pack.model import Pack


def attribution(pack: Pack, cited: Cited, this_year: int) -> str:
    """As "reported by Ismat Samadov, 2026", with a mark where that has become old."""
    if not cited.sources:
        return ""
    old = aged(pack, cited, this_year)
    return f"{reported(pack, cited)}; {old}" if old else reported(pack, cited)


def reported(pack: Pack, cited: Cited, figures: str = "figure") -> str:
    """Who says it; the year that a claim speaks of is told from the year of the report.

    As "reported by Ismat Samadov, 2026", or "2023 figure, reported by Ismat Samadov in 2026".
    """
    sources = [pack.source_by_id[one] for one in cited.sources]
    articles = [one for one in sources if one.kind == "article"]
    others = [_named(one) for one in sources if one.kind != "article"]
    told = max(one.year for one in articles or sources)
    of = cited.year or told
    by = f"reported by {articles[0].publisher}" if articles else f"published by {listed(others)}"
    if of == told:
        return f"{', '.join([*others, *([by] if articles else [])])}, {of}"
    what = f"{of} {figures}" if isinstance(cited, Figure) else f"of {of}"
    first = f"{what} from {listed(others)}" if articles and others else what
    return f"{first}, {by} in {told}"


def aged(pack: Pack, cited: Cited, this_year: int) -> str:
    """As "from 2023: may be out of date", once it is older than the pack lets it become."""
    if cited.year is None or this_year - cited.year <= pack.stale_after:
        return ""
    return f"from {cited.year}: may be out of date"


def _named(source: Source) -> str:
    return f"{source.publisher} ({source.release})" if source.release else source.publisher
