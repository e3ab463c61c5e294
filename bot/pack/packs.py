"""Packs that run together: each a fork in the road, found by its id or by what members call it."""

from collections.abc import Iterator
from functools import cached_property

from bot.calendar.typed import tidy
from bot.pack.model import Pack


class Packs:
    """The packs of one process, at least one; their ids differ."""

    def __init__(self, packs: tuple[Pack, ...]) -> None:
        self.all = packs

    def become(self, other: "Packs") -> None:
        """Be these from now on, for everybody who has been handed them."""
        self.all = other.all
        self.__dict__.pop("_names", None)

    def __iter__(self) -> Iterator[Pack]:
        return iter(self.all)

    @property
    def first(self) -> Pack:
        """The one that speaks where none is asked for."""
        return self.all[0]

    @property
    def several(self) -> bool:
        return len(self.all) > 1

    def get(self, pack_id: str) -> Pack | None:
        return next((pack for pack in self.all if pack.id == pack_id), None)

    def named(self, typed: str) -> tuple[Pack | None, str]:
        """The pack whose name the words begin with, and the words after it."""
        words = typed.split()
        for length in range(len(words), 0, -1):
            if pack := self._names.get(tidy(" ".join(words[:length]))):
                return pack, " ".join(words[length:])
        return None, typed

    def fitting(self, typed: str) -> tuple[Pack, ...]:
        """The packs that may be meant by what was typed so far."""
        wanted = tidy(typed)
        meant = {pack.id for name, pack in self._names.items() if wanted in name}
        return tuple(pack for pack in self.all if pack.id in meant)

    @cached_property
    def _names(self) -> dict[str, Pack]:
        return {
            tidy(name): pack
            for pack in reversed(self.all)
            for name in (*pack.words, pack.title, pack.name, pack.id)
        }
