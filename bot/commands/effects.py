"""The effects of a turn, as data: what is to be written, in the event's own transaction."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bot.records import Plan, PlanStep, Recall, Rule, Run, Trial, TrialState, Tried


@dataclass(frozen=True, slots=True)
class SaveRun:
    run: Run


@dataclass(frozen=True, slots=True)
class StartPlan:
    """Make this the member's current plan; an earlier one ends."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """Store the plan's own row."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class UpdateStep:
    plan: str
    step: PlanStep


@dataclass(frozen=True, slots=True)
class SaveRule:
    """Store the member's reminder rule; what waited to be sent by the old one does not."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class SetZone:
    """The member chose this zone."""

    zone: str


@dataclass(frozen=True, slots=True)
class SnoozeDelivery:
    """Have a reminder come again, as the delivery `new_id`."""

    delivery: str
    new_id: str
    day: date
    due_at: int


@dataclass(frozen=True, slots=True)
class CancelWaiting:
    """Send nothing of what waits to be sent."""

    reason: str


@dataclass(frozen=True, slots=True)
class SaveRecall:
    """Store how well a question is known."""

    recall: Recall


@dataclass(frozen=True, slots=True)
class SetInterview:
    """The member's interview in this pack is on this day; None for no interview."""

    pack: str
    day: date | None


@dataclass(frozen=True, slots=True)
class StartTaster:
    trial: Trial


@dataclass(frozen=True, slots=True)
class SetTaster:
    """Stop a taster, or resume it."""

    taster: str
    state: TrialState


@dataclass(frozen=True, slots=True)
class SaveTried:
    """Store how a task of a taster was rated."""

    taster: str
    tried: Tried


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete the member, and everything that is kept of them."""


Change: TypeAlias = (
    SaveRun
    | StartPlan
    | UpdatePlan
    | UpdateStep
    | SaveRule
    | SetZone
    | SnoozeDelivery
    | CancelWaiting
    | SaveRecall
    | SetInterview
    | StartTaster
    | SetTaster
    | SaveTried
    | Forget
)
