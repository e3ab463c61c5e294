"""A card with the pictures that go with it: drawn on a dark ground, or else told in words."""

import logging
from typing import TypeVar

from adapters.shared.pictures.png import Picture, pictures
from bot.chat.chart import Chart
from bot.chat.form import Form
from bot.chat.parts import in_words
from bot.chat.reply import Message

log = logging.getLogger(__name__)

Shown = TypeVar("Shown", Message, Message | Form)


async def illustrated(shown: Shown) -> tuple[Shown, tuple[Picture, ...]]:
    """The card and the files that it names; where one cannot be drawn, the card without charts."""
    if not isinstance(shown, Message):
        return shown, ()
    charts = [part for part in shown.parts if isinstance(part, Chart)]
    try:
        return shown, await pictures(iter(charts), "dark")
    except (ValueError, RuntimeError, OSError):
        log.exception("a chart was not drawn, and is told in words")
    return told(shown), ()


def told(shown: Shown) -> Shown:
    """The card with its charts in words; itself where it has none."""
    if not isinstance(shown, Message) or not any(isinstance(p, Chart) for p in shown.parts):
        return shown
    parts = (in_words(part) if isinstance(part, Chart) else part for part in shown.parts)
    return shown.model_copy(update={"parts": tuple(parts)})
