"""A topic as parts of a card: what most of it has from one source is signed once, below it.

A claim is signed; the pack's own words are marked as Crossroads’ note, and nobody signs those.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import assert_never

from bot.chat.parts import Fact, Facts, Part, Prose, Table, TableRow
from bot.chat.text import Bold, Italic, Link, Text, join, text
from bot.commands.cards import heads_of, small_print
from bot.commands.topics.about import about
from bot.commands.topics.citing import aged, attribution, reported
from bot.commands.topics.figures import chart, drawable
from bot.memo import of_pack
from bot.pack.facts import (
    Cited,
    Figure,
    FiguresSection,
    ListSection,
    NoteSection,
    OpinionSection,
    ProseSection,
    Section,
    Source,
    SourcesSection,
    StorySection,
    Topic,
    VersusSection,
)
from bot.pack.model import Pack

_SHARED_BY = 2
"""So many claims of one source are signed together."""


@of_pack
def pages(pack: Pack) -> dict[str, Topic]:
    """What there is to read, by id, in its order: the topics, and where they come from."""
    about_it = (about(pack),) if pack.about else ()
    return {topic.id: topic for topic in (*pack.topics, *about_it)}


@of_pack
def body(pack: Pack, topic_id: str, this_year: int) -> tuple[Part, ...]:
    """What a topic says, without controls, to somebody who reads it in that year."""
    topic = pages(pack)[topic_id]
    signing = _signing(pack, topic, this_year)
    said = _sections(signing, topic)
    subtitle = (small_print(pack.subtitle),) if topic in pack.topics[:1] else ()
    return (*subtitle, *_warning(signing), *said, *_foot(signing, topic))


@dataclass(frozen=True, slots=True)
class _Signing:
    """How the claims of one page are signed; `shared` is one of those that are signed together."""

    pack: Pack
    this_year: int
    shared: Cited | None

    def mark(self, claim: Cited) -> str:
        """Whose the claim is, where that is not said below the page."""
        if self.shared and _alike(self.shared, claim):
            return ""
        return attribution(self.pack, claim, self.this_year)

    def ours(self, claim: Cited) -> bool:
        """Whether it would look like somebody else's, and is the pack's own."""
        return self.shared is not None and not claim.sources


def _signing(pack: Pack, topic: Topic, this_year: int) -> _Signing:
    cited = [claim for claim in _claims(topic) if claim.sources]
    counted = Counter((claim.sources, claim.year) for claim in cited)
    shared = max(cited, key=lambda claim: counted[claim.sources, claim.year], default=None)
    together = shared and counted[shared.sources, shared.year] >= _SHARED_BY
    return _Signing(pack, this_year, shared if together else None)


def _alike(one: Cited, other: Cited) -> bool:
    return (one.sources, one.year) == (other.sources, other.year)


def _claims(topic: Topic) -> Iterator[Cited]:
    for section in topic.sections:
        match section:
            case FiguresSection():
                yield from section.figures
            case VersusSection():
                yield from section.rows
            case NoteSection() | SourcesSection():
                pass
            case _:
                yield section


def _warning(signing: _Signing) -> tuple[Part, ...]:
    """Above a page of which most has grown old."""
    if signing.shared is None or not aged(signing.pack, signing.shared, signing.this_year):
        return ()
    return (small_print(f"⚠️ This page is from {signing.shared.year}: may be out of date."),)


def _foot(signing: _Signing, topic: Topic) -> tuple[Part, ...]:
    """Whose most of the page is, and the way to every source of it."""
    cited = [claim for claim in _claims(topic) if claim.sources]
    lines: list[Text] = []
    if signing.shared:
        all_figures = all(isinstance(claim, Figure) for claim in cited)
        what = "All figures on this page" if all_figures else "Everything on this page"
        by = reported(signing.pack, signing.shared, "figures")
        lines.append((f"{what}: {by}, unless marked.",))
    ids = dict.fromkeys(chain.from_iterable(claim.sources for claim in cited))
    used = [signing.pack.source_by_id[one] for one in ids]
    if links := [(Link(text=one.publisher, url=one.url),) for one in used if one.url]:
        lines.append(text("Read it there: ", join(" · ", links)))
    return (small_print(join("\n", lines)),) if lines else ()


def _sections(signing: _Signing, topic: Topic) -> Iterator[Part]:
    """Each section; figures that can be drawn, and stand together, make one chart."""
    for drawn, run in groupby(topic.sections, key=drawable):
        together = tuple(run)
        figures = tuple(one for one in together if isinstance(one, FiguresSection))
        if drawn and (picture := chart(signing.pack, topic, figures, signing.mark)):
            yield picture
        else:
            yield from chain.from_iterable(_section(signing, section) for section in together)


def _section(signing: _Signing, section: Section) -> tuple[Part, ...]:
    match section:
        case ProseSection():
            return _claim(signing, section, section.text)
        case ListSection():
            heading: Text = (Bold(text=section.title), "\n") if section.title else ()
            items = join("\n", (text("• ", item) for item in section.items))
            return _claim(signing, section, text(heading, items), "\n")
        case FiguresSection():
            rows = tuple(_fact(signing, figure) for figure in section.figures)
            return (Facts(title=section.title, rows=rows),)
        case VersusSection():
            return _versus(signing, section)
        case OpinionSection():
            whose = Bold(text=f"Opinion, {section.who}:")
            return _claim(signing, section, text(whose, " ", section.text))
        case StorySection():
            whose = Bold(text=f"A story, told by {section.who}:")
            return _claim(signing, section, text(whose, " ", section.text))
        case NoteSection():
            return (_comment(section.text),)
        case SourcesSection():
            return (_sources(signing.pack),)
        case _:
            assert_never(section)


def _claim(signing: _Signing, claim: Cited, said: Text, before: str = " ") -> tuple[Part, ...]:
    """What somebody says, and after it what the pack says of that."""
    if signing.ours(claim):
        return (_comment(said),)
    mark = signing.mark(claim)
    signed = Prose(text=text(said, f"{before}({mark})" if mark else ""))
    return (signed, _comment(claim.note)) if claim.note else (signed,)


def _comment(said: Text) -> Prose:
    return Prose(text=text(*_OURS, said))


# Slack takes no mark that ends with a space.
_OURS: Text = (Italic(text="Crossroads’ note:"), " ")


def _fact(signing: _Signing, figure: Figure) -> Fact:
    value: Text = (Bold(text=figure.value),)
    if figure.qualifier:
        value = text(value, " – ", figure.qualifier)
    mark = signing.mark(figure)
    if not figure.note:
        return Fact(label=figure.label, value=value, source=mark)
    # The mark before the note: what is ours is signed by nobody.
    signed = text(value, f" · {mark}" if mark else "")
    return Fact(label=figure.label, value=text(signed, "\n", _OURS, figure.note))


def _versus(signing: _Signing, section: VersusSection) -> tuple[Part, ...]:
    roles = signing.pack.roles
    rows = tuple(
        TableRow(label=row.label, cells=tuple(row.roles[role.id] for role in roles))
        for row in section.rows
    )
    notes = [text(Bold(text=row.label), ": ", row.note) for row in section.rows if row.note]
    comments = (_comment(join("\n", notes)),) if notes else ()
    table = Table(heads=heads_of(signing.pack), rows=rows)
    return (table, *_row_marks(signing, section), *comments)


def _row_marks(signing: _Signing, section: VersusSection) -> tuple[Part, ...]:
    """Small print under a comparison; rows are named only where their sources differ."""
    rows_by: dict[str, list[str]] = {}
    for row in section.rows:
        mark = "Crossroads’ own words" if signing.ours(row) else signing.mark(row)
        rows_by.setdefault(mark, []).append(row.label)
    if len(rows_by) == 1:
        [mark] = rows_by
        return (small_print(mark),) if mark else ()
    marked = (f"{', '.join(rows)}: {mark}" for mark, rows in rows_by.items() if mark)
    return (small_print("; ".join(marked)),)


def _sources(pack: Pack) -> Prose:
    tied = [text("• ", _entry(one)) for one in pack.sources if one.kind != "listed"]
    listed = [text(f"{one.number}. ", _entry(one)) for one in pack.listed_sources]
    heading = (text("\n", Bold(text="The article’s own list")),) if listed else ()
    return Prose(text=join("\n", (*tied, *heading, *listed)))


def _entry(source: Source) -> Text:
    if not source.url:
        return (source.citation,)
    return (Link(text=source.citation, url=source.url),)
