"""Charts as PNG files: drawn off the event loop, once each."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import resvg_py

from adapters.shared.pictures.drawing import FAMILY, Ground
from adapters.shared.pictures.svg import name_of, svg
from bot.chat.chart import Chart

log = logging.getLogger(__name__)

ZOOM = 2  # pixels a unit: sharp on a phone, and a file of some 25 kB
KEPT = 128  # pictures, of some 25 kB each

_made: OrderedDict[str, bytes] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file; its name says what is in it, so that the same chart has the same name."""

    name: str
    content: bytes


async def pictures(charts: Iterator[Chart], ground: Ground) -> tuple[Picture, ...]:
    """The charts' pictures, each file once; raises what the library raises."""
    named = {name_of(chart): chart for chart in charts}
    return tuple(
        [Picture(name, await _made_once(name, one, ground)) for name, one in named.items()]
    )


async def _made_once(name: str, chart: Chart, ground: Ground) -> bytes:
    key = f"{ground} {name}"
    if key not in _made:
        _made[key] = await asyncio.to_thread(png, svg(chart, ground))
    content = _made[key]
    _made.move_to_end(key)
    while len(_made) > KEPT:
        _made.popitem(last=False)
    return content


def png(picture: str) -> bytes:
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture,
            zoom=ZOOM,
            # What is installed differs from machine to machine, and resvg leaves out, without a
            # word, text that it has no font for.
            skip_system_fonts=True,
            font_files=[_font()],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )


@cache
def _font() -> str:
    files = resources.files("fontpkg_open_sans") / "files"
    return str(next(f for f in files.iterdir() if f.name.startswith("OpenSans[")))
