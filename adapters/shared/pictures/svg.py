"""Charts as SVG: pure, for a light and a dark ground, to be read at the width of a phone."""

import hashlib
import math
from collections.abc import Sequence
from typing import assert_never

from adapters.shared.pictures.drawing import (
    MARGIN,
    PALETTES,
    ROOM,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    Box,
    Drawing,
    Ground,
    Words,
)
from adapters.shared.pictures.lettering import width, wrapped
from bot.chat.base import Accent
from bot.chat.chart import Balance, Bars, Chart, Lead, Weeks, words

BAR, GAP = 12, 14  # units: how high a bar is, and what separates one entry from the next
COLUMN = 96  # how high the weeks' columns may be
TICK = 2


def svg(chart: Chart, ground: Ground) -> str:
    return drawing(chart, ground).svg(words(chart))


def name_of(chart: Chart) -> str:
    """A file name that is another for every other chart."""
    digest = hashlib.sha256(chart.model_dump_json().encode()).hexdigest()[:16]
    return f"chart-{digest}.png"


def drawing(chart: Chart, ground: Ground) -> Drawing:
    page = Drawing(PALETTES[ground])
    title = wrapped(chart.title, TITLE, ROOM, bold=True)
    page.lines(title, TITLE, page.palette.ink, bold=True)
    page.y += 8
    match chart.figure:
        case Bars() as bars:
            _bars(page, bars, ground)
        case Balance() as balance:
            _balance(page, balance, ground)
        case Weeks() as weeks:
            _weeks(page, weeks, ground)
        case _:
            assert_never(chart.figure)
    return page


def _colour(page: Drawing, accent: Accent | None, ground: Ground) -> str:
    if accent is None:
        return page.palette.bar
    return accent.dark if ground == "dark" else accent.light


def _bars(page: Drawing, bars: Bars, ground: Ground) -> None:
    most = max(bar.high for bar in bars.bars)
    top = 100.0 if bars.unit == "%" and most <= 100 else _top(most)
    for bar in bars.bars:
        _entry(page, bar.label, bar.said, bar.note)
        _track(page, (bar.low or 0) / top, bar.high / top, _colour(page, bar.accent, ground))
        page.y += GAP
    page.y -= GAP - 4
    page.y += SMALL
    faint, far = page.palette.faint, WIDTH - MARGIN
    page.words.append(Words(amount(0, bars.unit), MARGIN, page.y, SMALL, faint))
    page.words.append(Words(amount(top, bars.unit), far, page.y, SMALL, faint, "end"))


def _entry(page: Drawing, label: str, said: str, note: str = "") -> None:
    """What a bar is of, and its value: on one line where there is room for both."""
    ink = page.palette.ink
    if width(label, TEXT, bold=True) + width(said, TEXT) + 12 <= ROOM:
        page.words.append(Words(said, WIDTH - MARGIN, page.y + TEXT, TEXT, ink, "end"))
        page.lines([label], TEXT, ink, bold=True)
    else:
        page.lines(wrapped(label, TEXT, ROOM, bold=True), TEXT, ink, bold=True)
        page.lines(wrapped(said, TEXT, ROOM), TEXT, ink)
    page.lines(wrapped(note, SMALL, ROOM), SMALL, page.palette.faint)
    page.y += 2


def _track(page: Drawing, low: float, high: float, colour: str) -> None:
    """A bar from `low` to `high`, as shares of the whole width."""
    page.boxes.append(Box(MARGIN, page.y, ROOM, BAR, page.palette.track, BAR / 2))
    # Something too small to be seen would read as nothing at all: it is a dot, around its place.
    wide = max((high - low) * ROOM, BAR if high else 0)
    start = MARGIN + (low + high) / 2 * ROOM - wide / 2
    start = min(max(start, MARGIN), WIDTH - MARGIN - wide)
    page.boxes.append(Box(start, page.y, wide, BAR, colour, BAR / 2))
    page.y += BAR


def _balance(page: Drawing, balance: Balance, ground: Ground) -> None:
    shares = sorted((one.share for one in balance.shares), reverse=True)
    for one in balance.shares:
        _entry(page, one.label, one.said)
        at = page.y
        _track(page, 0, one.share, _colour(page, one.accent, ground))
        if one.share == shares[0] and shares[0] > shares[1]:
            _leads(page, balance.leads, shares[1], at)
        page.y += GAP
    page.y -= GAP


def _leads(page: Drawing, leads: Sequence[Lead], second: float, at: float) -> None:
    """Marks on the first bar: from where on its lead means something."""
    end, row = 0.0, page.y
    for lead in leads:
        if (share := second + lead.share) >= 1:
            continue
        x = MARGIN + share * ROOM
        page.boxes.append(Box(x - TICK / 2, at - 3, TICK, BAR + 6, page.palette.ink))
        half = width(lead.label, SMALL) / 2
        middle = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
        if middle - half < end + 4:
            row += SMALL + 4
        y = row + 4 + SMALL
        page.words.append(Words(lead.label, middle, y, SMALL, page.palette.faint, "middle"))
        end, page.y = middle + half, y


def _weeks(page: Drawing, weeks: Weeks, ground: Ground) -> None:
    palette, colour = page.palette, _colour(page, weeks.accent, ground)
    x: float = MARGIN
    for said, mark in (("hours done", colour), ("hours planned", palette.ahead)):
        page.boxes.append(Box(x, page.y + 2, BAR, BAR, mark, 3))
        page.words.append(Words(said, x + BAR + 6, page.y + SMALL, SMALL, palette.faint))
        x += BAR + 6 + width(said, SMALL) + 14
    page.y += SMALL + 14
    most = max([1.0, *(max(week.planned, week.done or 0) for week in weeks.weeks)])
    foot, step = page.y + SMALL + COLUMN, ROOM / len(weeks.weeks)
    page.words.append(Words(f"{most:g} h", MARGIN, page.y + SMALL - 4, SMALL, palette.faint))
    wide = min(step * 0.72, 36)
    free: float = 0
    for number, week in enumerate(weeks.weeks):
        middle = MARGIN + (number + 0.5) * step
        for value, shade in ((week.planned, palette.ahead), (week.done or 0, colour)):
            if high := value / most * COLUMN:
                # The done stands narrower before the planned: both are seen, whichever is more.
                beam = wide if shade == palette.ahead else wide * 0.6
                page.boxes.append(Box(middle - beam / 2, foot - high, beam, high, shade, 2))
        half = width(week.label, SMALL) / 2
        at = min(max(middle, MARGIN + half), WIDTH - MARGIN - half)
        if at - half >= free:
            page.words.append(
                Words(week.label, at, foot + 6 + SMALL, SMALL, palette.faint, "middle")
            )
            free = at + half + 8
    page.boxes.append(Box(MARGIN, foot, ROOM, 1, palette.faint))
    page.y = foot + 6 + SMALL


def _top(most: float) -> float:
    """The end of a scale: a round number that is no less."""
    if most <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= most)


def amount(value: float, unit: str) -> str:
    """A value of the scale with its unit, short: $600k, 40%, 300 jobs."""
    thousands = unit == "$" and value >= 1000
    number = (
        f"{value / 1000:g}k" if thousands else f"{value:,g}" if value < 1e6 else f"{value:,.0f}"
    )
    match unit:
        case "$":
            return f"${number}"
        case "%":
            return f"{number}%"
        case _:
            return f"{number} {unit}".strip()
