"""Reloading: a pack whose files change is read again, so that whoever writes it sees it at once."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from bot.pack.named import PackError, pack_path, packs_of
from bot.pack.packs import Packs

log = logging.getLogger(__name__)

SECONDS = 1.0


class Reload:
    """Looks at the files of the packs; one that has become wrong leaves what was read before."""

    def __init__(self, packs: Packs, names: Sequence[str], seconds: float = SECONDS) -> None:
        self._packs, self._names, self._seconds = packs, names, seconds
        self._folders = [pack_path(name) for name in names]
        self._seen = self._stamps()

    async def run(self) -> None:
        """Go on until cancelled."""
        seen = self._seen
        while True:
            await asyncio.sleep(self._seconds)
            now = await asyncio.to_thread(self._stamps)
            if now != seen:
                seen = now
                await self._again()

    async def _again(self) -> None:
        try:
            packs = await asyncio.to_thread(packs_of, self._names)
        except PackError as error:
            log.warning("the pack is not read again: %s", error)
        else:
            self._packs.become(packs)
            log.info("the pack has been read again")

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        """When each file was last written, and its size."""
        found = {}
        for folder in self._folders:
            for file in folder.rglob("*.yaml"):
                try:
                    stat = file.stat()
                except OSError:  # it went while it was being looked at
                    continue
                found[file] = (stat.st_mtime_ns, stat.st_size)
        return found
