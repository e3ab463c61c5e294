"""Figures that have a low and a high end, as one chart of bars in the colours of their roles."""

from collections.abc import Callable, Sequence

from bot.chat.chart import Bar, Bars, Chart
from bot.chat.text import plain
from bot.commands.cards import accent_of
from bot.pack.facts import Figure, FiguresSection, Section, Topic
from bot.pack.model import Pack


def drawable(section: Section) -> bool:
    """Whether each of its figures is a role's, and can be drawn."""
    return isinstance(section, FiguresSection) and all(
        figure.role and figure.low is not None and figure.high is not None
        for figure in section.figures
    )


def chart(
    pack: Pack, topic: Topic, sections: Sequence[FiguresSection], mark: Callable[[Figure], str]
) -> Chart | None:
    """The sections' figures on one scale; None where they are too many, or too long, for a chart.

    `mark` says whose a figure is, where that is not said elsewhere.
    """
    figures = [figure for section in sections for figure in section.figures]
    points = all(figure.low == figure.high for figure in figures)
    bars = tuple(
        Bar(
            label=_label(pack, figure, named=len(sections) > 1),
            said=figure.value,
            high=figure.high or 0,
            low=None if points else figure.low,
            note=_note(figure, mark(figure)),
            accent=accent_of(pack, figure.role),
        )
        for figure in figures
    )
    try:
        return Chart(title=f"{topic.title} by role", figure=Bars(unit=_unit(figures), bars=bars))
    except ValueError:
        return None


def _label(pack: Pack, figure: Figure, *, named: bool) -> str:
    """`named`: with the role, as figures of several sections stand among each other."""
    short = pack.role(figure.role).short if named and figure.role else ""
    return f"{short} · {figure.label}" if short else figure.label


def _note(figure: Figure, mark: str) -> str:
    ours = f"Crossroads’ note: {plain(figure.note)}" if figure.note else ""
    return " · ".join(each for each in (plain(figure.qualifier), mark, ours) if each)


def _unit(figures: Sequence[Figure]) -> str:
    """What all the values are in: dollars, percent, or the word that ends each."""
    values = [figure.value for figure in figures]
    if all(value.startswith("$") for value in values):
        return "$"
    if all(value.endswith("%") for value in values):
        return "%"
    last = {value.split()[-1] for value in values}
    return last.pop() if len(last) == 1 and all(each.isalpha() for each in last) else ""
