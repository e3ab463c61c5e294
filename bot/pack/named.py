"""Packs by name: the built-in ones, and directories of a community's own."""

from collections.abc import Sequence
from pathlib import Path

from bot.pack.load import ContentError, built_in, load
from bot.pack.model import Pack
from bot.pack.packs import Packs


class PackError(Exception):
    """A pack that was named cannot be used; the message says which and why."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"CROSSROADS_PACKS: {problem}")


def packs_of(names: Sequence[str]) -> Packs:
    """The packs with these names; PackError for the first that cannot be used."""
    packs: list[Pack] = []
    for name in names:
        try:
            pack = load(pack_path(name))
        except ContentError as error:
            more = f" ({len(error.problems)} errors in all)" if len(error.problems) > 1 else ""
            said = f"{error.problems[0]}{more}; `python -m bot check {name}` shows all of it"
            raise PackError(said) from None
        if any(other.id == pack.id for other in packs):
            raise PackError(f"two of the packs have the id {pack.id}")
        packs.append(pack)
    return Packs(tuple(packs))


def pack_path(name: str) -> Path:
    """The directory of a pack that goes by a built-in name, else by its own path."""
    known = built_in()
    if name in known:
        return known[name]
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    names = ", ".join(sorted(known))
    raise PackError(f"{name!r} is neither a built-in pack ({names}) nor a directory")
