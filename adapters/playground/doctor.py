"""`doctor` in the playground: looks whether its library is there."""

from collections.abc import AsyncIterator, Callable
from importlib.metadata import version

from adapters.playground.settings import Settings
from bot.adapter import Finding
from bot.pack.packs import Packs


async def look(
    settings: Settings, _: Callable[[str], None], _packs: Packs | None
) -> AsyncIterator[Finding]:
    try:
        found = version("nicegui")
    except ImportError:
        advice = f"its library is missing: ./install.sh {settings.requirements}"
        yield Finding("playground", advice, stops=True)
        return
    yield Finding("playground", f"NiceGUI {found}; a platform’s token takes its place")
