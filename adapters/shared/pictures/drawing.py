"""A drawing: rectangles and words at places, and the SVG of it; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from adapters.shared.pictures.lettering import width

WIDTH = 400  # units; a phone shows them at 375 pixels or so
MARGIN = 16
ROOM = WIDTH - 2 * MARGIN
TITLE, TEXT, SMALL = 17, 14, 12  # of letters: at 375 pixels the smallest has 11
LEADING = 1.4  # from line to line, in sizes
FAMILY = "Open Sans"

Ground: TypeAlias = Literal["light", "dark"]
GROUNDS: tuple[Ground, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours on one ground: `ink` and `faint` of letters, with a contrast of 4.5 or more;
    `track` behind a bar, `ahead` of what is planned (3 or more: it means something).
    """

    ground: str
    ink: str
    faint: str
    track: str
    ahead: str
    bar: str


PALETTES: dict[Ground, Palette] = {
    "light": Palette("#FFFFFF", "#1D2130", "#5A6072", "#E3E6EE", "#868EA3", "#2456C4"),
    "dark": Palette("#1E1F22", "#F2F3F5", "#B5BAC1", "#3A3C42", "#747A8A", "#8FB2FF"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One line; `x` is its start, middle or end, `y` the line that the letters stand on."""

    text: str
    x: float
    y: float
    size: int
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False

    @property
    def svg(self) -> str:
        weight = ' font-weight="600"' if self.bold else ""
        return (
            f'<text x="{self.x:g}" y="{self.y:g}" font-size="{self.size}" fill="{self.colour}"'
            f' text-anchor="{self.anchor}"{weight}>{escape(self.text)}</text>'
        )

    @property
    def wide(self) -> float:
        return width(self.text, self.size, bold=self.bold)


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    wide: float
    high: float
    colour: str
    round: float = 0

    @property
    def svg(self) -> str:
        round_ = f' rx="{self.round:g}"' if self.round else ""
        return (
            f'<rect x="{self.x:.1f}" y="{self.y:.1f}" width="{self.wide:.1f}"'
            f' height="{self.high:.1f}" fill="{self.colour}"{round_}/>'
        )


@dataclass(slots=True)
class Drawing:
    """What is drawn so far, from the top; `y` is where the next thing may begin."""

    palette: Palette
    y: float = MARGIN
    words: list[Words] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def lines(self, texts: Iterable[str], size: int, colour: str, *, bold: bool = False) -> None:
        """Lines of text, one below the other."""
        for text in texts:
            self.words.append(Words(text, MARGIN, self.y + size, size, colour, bold=bold))
            self.y += size * LEADING

    def svg(self, described: str) -> str:
        high = round(self.y + MARGIN)
        drawn = "".join([box.svg for box in self.boxes] + [line.svg for line in self.words])
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{high}"'
            f' viewBox="0 0 {WIDTH} {high}" role="img" aria-label={quoteattr(described)}'
            f' font-family="{FAMILY}, sans-serif">'
            f'<rect width="{WIDTH}" height="{high}" fill="{self.palette.ground}"/>{drawn}</svg>'
        )
