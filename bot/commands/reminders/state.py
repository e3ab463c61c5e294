"""Where the conversation about reminders stands, and its ends that change nothing."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bot.commands.conversation import State
from bot.records import Rule


class Draft(State):
    """A reminder as the member has put it so far; without a `zone` it is still to be asked."""

    weekday: int = 0
    minute: int = 9 * 60
    every: int = 1
    zone: str | None = None


class Offering(State):
    """A reminder is on the card, not yet wanted."""

    step: Literal["offering"] = "offering"
    draft: Draft


class Placing(State):
    """The zone is asked; `agreed` says that nothing else is open."""

    step: Literal["placing"] = "placing"
    draft: Draft
    agreed: bool = False
    query: str = ""


class Pausing(State):
    """Until when is asked."""

    step: Literal["pausing"] = "pausing"


class Settled(State):
    """Nothing is open: the card shows how it stands."""

    step: Literal["settled"] = "settled"


ReminderState: TypeAlias = Annotated[
    Offering | Placing | Pausing | Settled, Field(discriminator="step")
]


def is_on(rule: Rule) -> bool:
    return rule.state == "active"
