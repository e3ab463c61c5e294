"""Charts as data, and the words that say all that they show; how they look is an adapter's."""

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field

from bot.chat import limits
from bot.chat.base import Accent, Frozen, fits


class Bar(Frozen):
    """A bar from `low` to `high`, from zero where there is no `low`; `said` is its value in words,
    `note` what has to be known of it.
    """

    label: str
    said: str
    high: float = Field(ge=0)
    low: float | None = Field(default=None, ge=0)
    note: str = ""
    accent: Accent | None = None

    def model_post_init(self, _: object, /) -> None:
        fits("a bar's label", self.label, limits.CHART_LABEL)
        if self.low is not None and self.low > self.high:
            raise ValueError(f"{self.label!r} goes from {self.low} down to {self.high}")


class Bars(Frozen):
    """Bars on one scale that begins at zero; `unit` is "$", "%" or a word such as "jobs"."""

    shape: Literal["bars"] = "bars"
    unit: str = ""
    bars: tuple[Bar, ...] = Field(min_length=1, max_length=limits.CHART_POINTS)


class Share(Frozen):
    """What one role got of what it could have, 0 to 1."""

    label: str
    said: str
    share: float = Field(ge=0, le=1)
    accent: Accent | None = None

    def model_post_init(self, _: object, /) -> None:
        fits("a share's label", self.label, limits.CHART_LABEL)


class Lead(Frozen):
    """How far ahead of the second the first must be for a verdict, as a share of all points."""

    label: str
    share: float = Field(gt=0, lt=1)


class Balance(Frozen):
    """How much speaks for each role, and the leads that a verdict needs, the smallest first."""

    shape: Literal["balance"] = "balance"
    shares: tuple[Share, ...] = Field(min_length=2, max_length=4)
    leads: tuple[Lead, ...] = Field(default=(), max_length=2)


class Week(Frozen):
    """Hours of one week: `planned`, and `done` where it lies behind."""

    label: str
    planned: float = Field(ge=0)
    done: float | None = Field(default=None, ge=0)

    def model_post_init(self, _: object, /) -> None:
        fits("a week's label", self.label, limits.CHART_LABEL)


class Weeks(Frozen):
    """Week by week, the hours done beside the hours planned."""

    shape: Literal["weeks"] = "weeks"
    weeks: tuple[Week, ...] = Field(min_length=1, max_length=limits.CHART_POINTS)
    accent: Accent | None = None


Figure: TypeAlias = Annotated[Bars | Balance | Weeks, Field(discriminator="shape")]


class Chart(Frozen):
    """A picture of numbers, under a title."""

    kind: Literal["chart"] = "chart"
    title: str
    figure: Figure

    def model_post_init(self, _: object, /) -> None:
        fits("a chart's title", self.title, limits.CHART_TITLE)
        fits("a chart in words", words(self), limits.ALT)


def words(chart: Chart) -> str:
    """All that the picture shows, for whoever does not see it: a line for each thing."""
    return "\n".join(
        [f"{chart.title}:", *(f"{label}: {said}" for label, said in rows(chart.figure))]
    )


def rows(figure: Figure) -> Iterator[tuple[str, str]]:
    """What each thing in the picture is, and its value."""
    match figure:
        case Bars():
            for bar in figure.bars:
                yield bar.label, bar.said + (f" ({bar.note})" if bar.note else "")
        case Balance():
            yield from ((share.label, share.said) for share in figure.shares)
            yield from (
                (lead.label, f"a lead of {lead.share:.0%} of the possible points")
                for lead in figure.leads
            )
        case Weeks():
            for week in figure.weeks:
                done = "" if week.done is None else f", {week.done:g} h done"
                yield week.label, f"{week.planned:g} h planned{done}"
        case _:
            assert_never(figure)
