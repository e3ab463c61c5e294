"""Secrets to plant in a whole-process test, and what may and must stand in its log."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

_LEAST = 6  # shorter values stand in a log by chance
_COMMANDS = frozenset({"compare", "progress", "reminders", "crossroads"})  # those are logged


@dataclass(frozen=True)
class Secrets:
    """What must not be in a log, by a name to blame: tokens, addresses, what members wrote."""

    planted: Mapping[str, str]

    def found_in(self, log: str) -> list[str]:
        """The names of the secrets that the log holds, in any dress: quoted, escaped, encoded."""
        return [name for name, value in self.planted.items() if _holds(log, value)]

    def assert_absent(self, log: str) -> None:
        """Fail if the log gives a secret away, or if there is nothing in it to give one away."""
        assert log.strip(), "the log is empty: nothing was proved"
        assert self.found_in(log) == []


def what_was_said(words: Iterable[str]) -> list[str]:
    """What people typed and pressed, as far as it can be told from what else stands in a log."""
    said = (word.partition(" ")[2] if word.startswith("/") else word for word in words)
    return [word for word in said if len(word) >= _LEAST and word.lower() not in _COMMANDS]


def requests(log: str, words: str) -> set[str]:
    """The ids of the requests that lines with these words belong to."""
    lines = [line for line in log.splitlines() if words in line]
    assert lines, f"nothing says {words!r} in:\n{log}"
    return {found[1] for line in lines if (found := re.search(r"request=(\w+)", line))}


def _holds(log: str, value: str) -> bool:
    assert len(value) >= _LEAST, f"{value!r} is too short to be searched for"
    escaped = value.encode("unicode_escape").decode().replace("\\x", "\\u00")
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return any(form in log for form in (value, quote(value, safe=""), escaped, encoded))
