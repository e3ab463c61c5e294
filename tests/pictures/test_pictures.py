"""Charts can be read: by whoever sees the picture, and by whoever is told what it shows."""

import asyncio
import struct
import zlib
from collections import OrderedDict
from dataclasses import replace
from html import unescape
from itertools import combinations
from xml.etree import ElementTree

import pytest

from adapters.shared.pictures import png as pngs
from adapters.shared.pictures.drawing import FAMILY, GROUNDS, MARGIN, PALETTES, WIDTH, Ground, Words
from adapters.shared.pictures.png import pictures, png
from adapters.shared.pictures.svg import amount, drawing, name_of, svg
from bot.chat.chart import Bar, Bars, Chart, Share, words
from tests.pictures.charts import CHARTS, INTERVIEWS, PAY, PROGRESS, RESULT

PHONE = 375
DRAWN = pytest.mark.parametrize(
    ("name", "ground"), [(name, ground) for name in CHARTS for ground in GROUNDS]
)


def ink(picture: bytes) -> tuple[int, int, int, int] | None:
    """The box of all pixels that are not as the first one is: left, top, right, bottom."""
    wide, high = struct.unpack(">II", picture[16:24])
    at, packed = 8, b""
    while at < len(picture):
        size, kind = struct.unpack(">I4s", picture[at : at + 8])
        packed += picture[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    raw, stride, before = zlib.decompress(packed), wide * 4, bytes(wide * 4)
    found: list[tuple[int, int]] = []
    ground = b""
    for row in range(high):
        line = _unfiltered(raw[row * (stride + 1)], raw[row * (stride + 1) + 1 :][:stride], before)
        ground = ground or line[:4]
        found += [(x, row) for x in range(wide) if line[x * 4 : x * 4 + 4] != ground]
        before = line
    if not found:
        return None
    xs, ys = {x for x, _ in found}, {y for _, y in found}
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1


def _unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    """A line of a PNG file, whose bytes are told as differences (PNG, 9.2)."""
    if kind == 0:
        return line
    out = bytearray(len(line))
    for at, value in enumerate(line):
        left = out[at - 4] if at >= 4 else 0
        up, corner = above[at], above[at - 4] if at >= 4 else 0
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda one: abs(guess - one))
        out[at] = (value + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return bytes(out)


def inked(line: Words) -> tuple[int, int, int, int] | None:
    """Where the letters of one line really are, as they are drawn alone."""
    alone = replace(line, y=line.size * 2, colour="#000000")
    return ink(
        png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{line.size * 3}"'
            f' font-family="{FAMILY}"><rect width="100%" height="100%" fill="#fff"/>'
            f"{alone.svg}</svg>"
        )
    )


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@DRAWN
def test_all_that_a_chart_says_stands_in_its_picture(name: str, ground: Ground) -> None:
    chart = CHARTS[name]
    tree = ElementTree.fromstring(svg(chart, ground))
    shown = " ".join(
        unescape("".join(node.itertext())) for node in tree if node.tag.endswith("text")
    )
    figure = chart.figure
    said = [chart.title]
    match figure:
        case Bars():
            said += [text for bar in figure.bars for text in (bar.label, bar.said, bar.note)]
        case _ if figure.shape == "balance":
            said += [text for one in figure.shares for text in (one.label, one.said)]
            said += [lead.label for lead in figure.leads]
        case _:
            said += [figure.weeks[0].label, "hours done", "hours planned"]
    assert not [each for each in said if each not in shown]
    assert tree.attrib["aria-label"] == words(chart)


@DRAWN
def test_no_letters_lie_on_others_or_beyond_the_edge(name: str, ground: Ground) -> None:
    page = drawing(CHARTS[name], ground)
    boxes = []
    for line in page.words:
        left = line.x - {"start": 0, "middle": line.wide / 2, "end": line.wide}[line.anchor]
        boxes.append(
            (left, line.y - line.size, left + line.wide, line.y + line.size * 0.3, line.text)
        )
    for left, _, right, bottom, text in boxes:
        assert left >= MARGIN - 1, text
        assert right <= WIDTH - MARGIN + 1, text
        assert bottom <= page.y + MARGIN, text
    for one, other in combinations(boxes, 2):
        beside = one[2] <= other[0] or other[2] <= one[0]
        assert beside or one[3] <= other[1] + 2 or other[3] <= one[1] + 2, (one[4], other[4])


@pytest.mark.parametrize("name", CHARTS)
def test_letters_are_drawn_and_no_wider_than_was_reckoned(name: str) -> None:
    """Without its font resvg draws a picture without letters, and says nothing."""
    seen = set()
    for line in drawing(CHARTS[name], "light").words:
        if (line.text, line.size) in seen:
            continue
        seen.add((line.text, line.size))
        box = inked(line)
        assert box is not None, line.text
        assert (box[2] - box[0]) / pngs.ZOOM <= line.wide + 1, line.text


def test_a_family_that_is_not_there_draws_nothing() -> None:
    """What the test before this one would find."""
    line = Words("Letters", 20, 28, 14, "#000000")
    for family, drawn in ((FAMILY, True), ("No such family", False)):
        picture = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40"'
            f' font-family="{family}">'
            f'<rect width="400" height="40" fill="#fff"/>{line.svg}</svg>'
        )
        assert (ink(png(picture)) is not None) is drawn


@DRAWN
def test_letters_can_be_read_on_a_phone(name: str, ground: Ground) -> None:
    for line in drawing(CHARTS[name], ground).words:
        assert line.size * PHONE / WIDTH >= 11, line.text
        assert contrast(line.colour, PALETTES[ground].ground) >= 4.5, line.text


@DRAWN
def test_bars_stand_out_and_stay_inside(name: str, ground: Ground) -> None:
    page = drawing(CHARTS[name], ground)
    for box in page.boxes:
        assert box.x >= MARGIN - 0.1, name
        assert box.x + box.wide <= WIDTH - MARGIN + 0.1, name
        if box.colour != page.palette.track:
            assert contrast(box.colour, page.palette.ground) >= 3, box.colour


def test_a_range_lies_where_its_numbers_are() -> None:
    low, high = 350 / 600, 550 / 600
    bar = drawing(PAY, "light").boxes[-1]
    room = WIDTH - 2 * MARGIN
    assert bar.x == pytest.approx(MARGIN + low * room)
    assert bar.wide == pytest.approx((high - low) * room)


def test_a_scale_says_its_unit() -> None:
    assert [amount(600_000, "$"), amount(0, "$"), amount(900, "$")] == ["$600k", "$0", "$900"]
    assert [amount(100, "%"), amount(1500, "jobs"), amount(3, "")] == ["100%", "1,500 jobs", "3"]


def test_the_words_of_a_chart_leave_nothing_out() -> None:
    said = words(PROGRESS).splitlines()
    assert said[:2] == ["Your weeks:", "1 Nov: 8 h planned, 2 h done"]
    assert said[-1] == "20 Nov: 8 h planned"
    assert "clear: a lead of 30% of the possible points" in words(RESULT)
    assert words(INTERVIEWS).splitlines()[1] == "Coding: 80%"


def test_what_could_not_be_shown_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="goes from 2"):
        Bar(label="Upside down", said="", low=2, high=1)
    with pytest.raises(ValueError, match="share's label"):
        Share(label="W" * 61, said="", share=0.5)
    long = Bar(label="x" * 60, said="y" * 60, high=1)
    with pytest.raises(ValueError, match="a chart in words"):
        Chart(title="Much", figure=Bars(bars=(long,) * 20))


async def test_a_picture_is_drawn_once_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(picture: str) -> bytes:
        drawn.append(picture)
        return b"png"

    monkeypatch.setattr(pngs, "png", draw)
    monkeypatch.setattr(pngs, "KEPT", 2)
    monkeypatch.setattr(pngs, "_made", OrderedDict())
    charts = [Chart(title=f"Chart {n}", figure=PAY.figure) for n in range(4)]
    await pictures(iter([charts[0], charts[0]]), "dark")
    await pictures(iter(charts), "dark")
    assert len(drawn) == 4
    await pictures(iter(charts[3:]), "dark")
    assert len(drawn) == 4
    await pictures(iter(charts[:1]), "dark")
    assert len(drawn) == 5
    assert len({name_of(chart) for chart in charts}) == 4


async def test_the_loop_goes_on_while_a_picture_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawing waits for the loop: on the loop's own thread it would wait for ever."""
    loop = asyncio.get_running_loop()

    def draw(picture: str) -> bytes:
        return asyncio.run_coroutine_threadsafe(_answer(), loop).result(timeout=10)

    monkeypatch.setattr(pngs, "png", draw)
    monkeypatch.setattr(pngs, "_made", OrderedDict())
    (made,) = await pictures(iter([PAY]), "dark")
    assert made.content == b"drawn"


async def _answer() -> bytes:
    return b"drawn"
