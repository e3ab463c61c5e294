"""The rules of the world's time zones: the newer of this machine's and the pinned tzdata package's.

`ZoneInfo` takes a machine's rules before the package's, however old they are. So which are used is
settled when this is imported, before any zone is read: half a process by each would be worse.
"""

import re
import zoneinfo
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_VERSION = re.compile(r"(?:# version )?(\d{4}[a-z]+)")


@dataclass(frozen=True, slots=True)
class Rules:
    """The two copies, by version ("2026f"); that of a machine which has or says none is empty."""

    packaged: str
    machine: str

    @property
    def from_package(self) -> bool:
        return self.packaged >= self.machine

    def __str__(self) -> str:
        ours = f"{self.packaged} of the tzdata package"
        if self.from_package:
            older = self.machine and self.machine < self.packaged
            return f"{ours}, newer than this machine’s {self.machine}" if older else ours
        return f"{self.machine} of this machine, newer than {ours}"


def machine_version(path: tuple[str, ...]) -> str:
    """The version that the first directory of zones says it is."""
    root = next((each for each in map(Path, path) if each.is_dir()), None)
    if root is None:
        return ""
    return _said(root / "+VERSION") or _said(root / "tzdata.zi")


def _said(file: Traversable) -> str:
    """The version in a file's first line."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            version = _VERSION.match(lines.readline())
    except OSError:
        return ""
    return version[1] if version else ""


@cache
def names() -> frozenset[str]:
    """The names of all zones that there are rules for."""
    # A system may list its own setting and a placeholder among the zones: neither is a place.
    return frozenset(zoneinfo.available_timezones()) - {"localtime", "Factory"}


def _chosen() -> Rules:
    """Have `ZoneInfo` take the newer rules, in all of this process."""
    found = Rules(_said(files("tzdata.zoneinfo") / "tzdata.zi"), machine_version(zoneinfo.TZPATH))
    if found.from_package:
        zoneinfo.reset_tzpath(())
        zoneinfo.ZoneInfo.clear_cache()
    return found


RULES = _chosen()
"""Which copies there are, and so which one is used."""
