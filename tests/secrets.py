"""Secrets to plant in a whole-process test, and the search for them in what it logged."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

_LEAST = 6  # shorter values stand in a log by chance


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


def _holds(log: str, value: str) -> bool:
    assert len(value) >= _LEAST, f"{value!r} is too short to be searched for"
    escaped = value.encode("unicode_escape").decode().replace("\\x", "\\u00")
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return any(form in log for form in (value, quote(value, safe=""), escaped, encoded))
