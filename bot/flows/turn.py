"""What a conversation is given and what it gives back: the desk it works at, and its turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.actions import (
    Back,
    Cancel,
    Confirm,
    Finish,
    OpenForm,
    Pick,
    Resume,
    Review,
    Section,
    Skip,
    StartOver,
    Ticket,
)
from bot.actions import Change as ChangeAnswer
from bot.content import Pack
from bot.event import Person, Place
from bot.records import Delivery, Member, Plan, PlanStep, Rule, Run
from bot.reply import Form, Message, Reply
from bot.zones import zone_of


class State(BaseModel):
    """Where a conversation stands; each flow has a union of these, one class a step."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a flow may know: the pack, the time, the member and what is kept of them.

    `ticket` goes into the turn actions of the cards that are made now; `now` is UTC and `today` the
    date in the member's zone; `new_id` gives a fresh random id. `repeated` says that an action
    which counts once has been taken before. `kept` is every row about the member, by table.
    """

    pack: Pack
    now: datetime
    today: date
    person: Person
    place: Place
    member: Member
    ticket: Ticket
    new_id: Callable[[], str]
    plan: Plan | None = None
    runs: tuple[Run, ...] = ()
    rule: Rule | None = None
    deliveries: tuple[Delivery, ...] = ()
    kept: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    repeated: bool = False

    @property
    def epoch(self) -> int:
        return int(self.now.timestamp())

    @property
    def standing_ticket(self) -> Ticket:
        """For a form: the card that it opens over stays good until the form is sent in."""
        return Ticket(self.ticket.session, self.ticket.turn - 1)

    def day_of(self, epoch: int) -> date:
        """The member's calendar day of an instant."""
        return datetime.fromtimestamp(epoch, zone_of(self.member.zone)).date()


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
    | Forget
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A step taken: what to answer, where the conversation stands now, and what to keep.

    Without a `state` the conversation stays as it was; `over` ends it.
    """

    reply: Reply
    state: State | None = None
    changes: tuple[Change, ...] = field(default=())
    over: bool = False


def show(card: Message | Form, state: State | None = None, *changes: Change) -> Turn:
    """Answer the asker with one card or form."""
    return Turn(Reply(show=card), state, changes)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form sent in: what was typed, by field name."""

    form: str
    values: Mapping[str, str]


Step: TypeAlias = (
    Pick
    | Skip
    | Back
    | Review
    | ChangeAnswer
    | Finish
    | Resume
    | StartOver
    | Confirm
    | Cancel
    | OpenForm
    | Filled
)
"""What moves a conversation on: a turn action, a menu's pick with its value, a form's content."""

S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class Conversation(Generic[S]):
    """A flow that goes over several cards.

    `kind` names it in the store, `section` is where somebody else finds their own, `states` reads
    what was stored, `advance` takes a step and `current` shows the card where it stands.
    """

    kind: str
    section: Section
    states: TypeAdapter[S]
    advance: Callable[[S, Step, Desk], Turn]
    current: Callable[[S, Desk], Message]
    needs: frozenset[str] = frozenset()
    version: int = 1

    def read(self, stored: str, version: int) -> S | None:
        """The stored state; None where another version of the code wrote it."""
        if version != self.version:
            return None
        try:
            return self.states.validate_json(stored)
        except ValidationError:
            return None
