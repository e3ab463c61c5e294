"""Where the conversation about reminders stands, and its ends that change nothing."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bot.flows import reminder_cards as cards
from bot.flows.reminder_cards import Draft
from bot.flows.turn import Desk, State, Turn, show
from bot.records import Rule


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


def as_it_stands(desk: Desk) -> Turn:
    return show(cards.front(desk, desk.rule))


def unchanged(desk: Desk) -> Turn:
    return show(cards.front(desk, desk.rule, "Nothing was changed."), Settled())


def is_on(rule: Rule) -> bool:
    return rule.state == "active"
