"""The facts of a pack: sources, claims that cite them, and the topics of the comparison."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bot.chat.text import Markup
from bot.pack.base import Frozen, Id, RoleId


class Source(Frozen):
    """Where a figure or an opinion comes from.

    "article" is the pack's own source, "named" one that the article ties to a figure, "listed" one
    that the article lists without saying what it took from it, "dataset" published statistics, with
    their `release`. `number` is the place in the article's list, which a named source may have too.
    `year` is the year that the source is dated; where it is `undated`, the year in which the
    article cites it.
    """

    id: Id
    kind: Literal["article", "named", "listed", "dataset"]
    title: str
    publisher: str
    author: str | None = None
    year: int
    undated: bool = False
    number: int | None = Field(default=None, ge=1)
    url: str = Field(default="", pattern=r"^(https://\S+)?$")
    release: str = ""
    published: date | None = None
    retrieved: date | None = None
    licence: str = ""

    @property
    def citation(self) -> str:
        """One line for a list of sources."""
        by = self.publisher if self.author in (None, self.publisher) else self.author
        dated = f"as cited in {self.year}" if self.undated else str(self.year)
        return f"{by}: {self.title} ({dated})"


class DataRow(Frozen):
    """A row of a data file of the pack, found by `where`, and the columns that a claim shows."""

    file: str = Field(pattern=r"^data/[\w.-]+\.csv$")
    where: dict[str, str] = Field(min_length=1)
    columns: tuple[str, ...] = Field(min_length=1)


class Cited(Frozen):
    """A claim: its sources sign it, `year` is the one that it speaks of; one without figures needs
    neither. `note` is the pack's own comment, which nobody else signs. `data` is where its numbers
    stand.
    """

    sources: tuple[Id, ...] = ()
    year: int | None = None
    data: tuple[DataRow, ...] = ()
    note: Markup = ()


class Figure(Cited):
    """One number, or range, as it was reported; `qualifier` is what the source says about it.

    `low` and `high` are the same in numbers, for a chart.
    """

    id: Id
    label: str
    value: str
    role: RoleId | None = None
    qualifier: Markup = ()
    low: float | None = None
    high: float | None = None


class FiguresSection(Frozen):
    kind: Literal["figures"]
    title: str = ""
    figures: tuple[Figure, ...] = Field(min_length=1)


class ProseSection(Cited):
    kind: Literal["prose"]
    text: Markup


class ListSection(Cited):
    kind: Literal["list"]
    title: str = ""
    items: tuple[Markup, ...] = Field(min_length=1)


class Row(Cited):
    id: Id
    label: str
    roles: dict[RoleId, Markup]


class VersusSection(Frozen):
    """The roles side by side, row by row."""

    kind: Literal["versus"]
    rows: tuple[Row, ...] = Field(min_length=1)


class OpinionSection(Cited):
    """What somebody thinks, said to be that; `who` is a person's name."""

    kind: Literal["opinion"]
    who: str
    text: Markup


class StorySection(Cited):
    """What happened to somebody, as `who` tells it: an experience, and no evidence."""

    kind: Literal["story"]
    who: str
    text: Markup


class NoteSection(Frozen):
    """The pack's own words, which no source stands behind."""

    kind: Literal["note"]
    text: Markup


class SourcesSection(Frozen):
    """The pack's whole list of sources."""

    kind: Literal["sources"]


Section: TypeAlias = Annotated[
    FiguresSection
    | ProseSection
    | ListSection
    | VersusSection
    | OpinionSection
    | StorySection
    | NoteSection
    | SourcesSection,
    Field(discriminator="kind"),
]


class Topic(Frozen):
    """A page of the comparison. `aliases` are other words that members type for it."""

    id: Id
    title: str
    summary: str
    aliases: tuple[str, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)
