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
    Statistics are called by their release: "May 2025 figure, published by the Bureau in 2026".
    """
    sources = [pack.source_by_id[one] for one in cited.sources]
    articles = [one for one in sources if one.kind == "article"]
    others = listed([one.publisher for one in sources if one not in articles] or [""])
    told = max(one.year for one in articles or sources)
    of = cited.year or told
    by = f"reported by {articles[0].publisher}" if articles else f"published by {others}"
    if of == told:
        named = [others, by] if articles else [others]
        return ", ".join([*filter(None, named), str(of)])
    what = _speaks_of(sources, cited, of, figures)
    first = f"{what} from {others}" if articles and others else what
    return f"{first}, {by} in {told}"


def _speaks_of(sources: list[Source], cited: Cited, of: int, figures: str) -> str:
    release = sources[0].release if len(sources) == 1 and str(of) in sources[0].release else ""
    if isinstance(cited, Figure):
        return f"{release or of} {figures}"
    return f"{release or of} figures" if cited.data else f"of {release or of}"


def aged(pack: Pack, cited: Cited, this_year: int) -> str:
    """As "from 2023: may be out of date", once it is older than the pack lets it become."""
    if cited.year is None or this_year - cited.year <= pack.stale_after:
        return ""
    return f"from {cited.year}: may be out of date"
