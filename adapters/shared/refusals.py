"""Error codes of a refused send, and whose doing each is.

Each platform has a table; what is in none is nobody's fault that could be named, so it is never the
member's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.adapter import Hindered, Refused

Whose: TypeAlias = Literal["member", "operator", "platform"]

UNKNOWN = "a refusal that is not in the tables of docs/operations.md: look it up in {}’s reference"


@dataclass(frozen=True, slots=True)
class Cause:
    """What a code means: to the member in the words of `said`, else to the operator as advice.

    `everybody` says that every other message of the same lane would be refused as well.
    """

    whose: Whose
    said: str
    everybody: bool = False


def judge(
    table: Mapping[str, Cause], platform: str, code: str, detail: str = ""
) -> Refused | Hindered:
    """The outcome of a send that was refused with `code`; `detail` is what the platform adds."""
    cause = table.get(code)
    more = f" ({detail})" if detail else ""
    if cause is None:
        return Hindered(code, UNKNOWN.format(platform) + more, known=False)
    if cause.whose == "member":
        return Refused(f"{cause.said} ({platform}’s code {code})")
    return Hindered(code, cause.said + more, everybody=cause.everybody)
