"""What a member can ask for by a button, a menu or a form.

A *turn* carries a ticket: it moves one conversation on by one step and is good once.
A *standing* action says what shall be true of which object and works for ever: from last week's
reminder, from a shared card, after any restart. Whose object it is follows from who pressed.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Status: TypeAlias = Literal["todo", "done", "skipped"]
Section: TypeAlias = Literal["compare", "quiz", "plan", "progress", "reminders", "help"]
CatchUp: TypeAlias = Literal["keep", "move", "cut"]
PlanChange: TypeAlias = Literal[
    "choose", "hours", "pause", "resume", "replan", CatchUp, "switch", "restart", "remove"
]
ReminderChange: TypeAlias = Literal[
    "setup", "zone", "pause", "resume", "stop", "why", "fortnight", "weekly"
]


class Ticket(NamedTuple):
    """One step of one conversation; `turn` counts its steps."""

    session: str
    turn: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of the conversation that `ticket` names."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Pick(Turn):
    """`field` shall be `value`; a menu's pick has no value until an option is taken."""

    field: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Skip(Turn):
    """No answer to `field`."""

    field: str


@dataclass(frozen=True, slots=True)
class Back(Turn):
    """One step back."""


@dataclass(frozen=True, slots=True)
class Review(Turn):
    """All answers on one card."""


@dataclass(frozen=True, slots=True)
class Change(Turn):
    """Open `field` again."""

    field: str


@dataclass(frozen=True, slots=True)
class Finish(Turn):
    """The answers stand: show what follows from them."""


@dataclass(frozen=True, slots=True)
class Resume(Turn):
    """Go on where this conversation was left."""


@dataclass(frozen=True, slots=True)
class StartOver(Turn):
    """Drop this conversation's answers and begin again."""


@dataclass(frozen=True, slots=True)
class Confirm(Turn):
    """Do what was previewed."""


@dataclass(frozen=True, slots=True)
class Cancel(Turn):
    """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class OpenForm(Turn):
    """Show the form of this step."""

    form: str


@dataclass(frozen=True, slots=True)
class Fill(Turn):
    """The form of this step, sent in."""

    form: str


@dataclass(frozen=True, slots=True)
class Open:
    """The front page of a command."""

    section: Section


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """A topic of the comparison; a menu's has no topic until one is taken."""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class ShareTopic:
    """The topic shall stand in the room; `once` makes a second press of the same card harmless."""

    topic: str
    once: str


@dataclass(frozen=True, slots=True)
class OpenResult:
    """A quiz result that was kept."""

    run: str


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """What each answer of a quiz result gave to each role."""

    run: str


@dataclass(frozen=True, slots=True)
class PlanFrom:
    """Set a plan up from a quiz result."""

    run: str


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step of a plan in full; a menu's has no step until one is taken."""

    plan: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class MarkStep:
    """The step shall be todo or done (a skip goes through SkipStep: it asks for a reason).

    `on` is the card that this was pressed on, and that is shown again: the plan's or the step's.
    """

    plan: str
    step: str
    status: Status
    on: Literal["plan", "step"] = "plan"


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """All steps of a plan, page by page (from 0)."""

    plan: str
    page: int


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Begin to change a plan: what follows from it is shown before it is made.

    "choose" lists the ways to change it, "replan" the ways on for one that is late, which are
    "keep" the date, "move" it and "cut" scope.
    """

    plan: str
    change: PlanChange


@dataclass(frozen=True, slots=True)
class SkipStep:
    """Begin to skip a step: it asks why."""

    plan: str
    step: str


@dataclass(frozen=True, slots=True)
class ChangeReminders:
    """Begin to change the member's reminders, or see why they came or did not."""

    change: ReminderChange


@dataclass(frozen=True, slots=True)
class RemindOn:
    """A reminder shall come every week on this weekday (0 is Monday), at this minute of the day."""

    weekday: int
    minute: int


@dataclass(frozen=True, slots=True)
class WhyReminder:
    """Why this reminder came."""

    delivery: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """This reminder shall come again a day later."""

    delivery: str


@dataclass(frozen=True, slots=True)
class SkipWeek:
    """Nothing more shall come of this reminder this week."""

    delivery: str


@dataclass(frozen=True, slots=True)
class KeepReminders:
    """The member was asked whether to go on, and wants to."""

    delivery: str


@dataclass(frozen=True, slots=True)
class MyData:
    """The member's own data: what is kept, a copy, or its end."""

    what: Literal["show", "export", "delete"]


@dataclass(frozen=True, slots=True)
class ExportPage:
    """A part of the member's own data, counted from 0."""

    page: int


TurnAction: TypeAlias = (
    Pick
    | Skip
    | Back
    | Review
    | Change
    | Finish
    | Resume
    | StartOver
    | Confirm
    | Cancel
    | OpenForm
    | Fill
)
StandingAction: TypeAlias = (
    Open
    | OpenTopic
    | ShareTopic
    | OpenResult
    | OpenPoints
    | PlanFrom
    | OpenStep
    | MarkStep
    | OpenPlan
    | ChangePlan
    | SkipStep
    | ChangeReminders
    | RemindOn
    | WhyReminder
    | Snooze
    | SkipWeek
    | KeepReminders
    | MyData
    | ExportPage
)
Action: TypeAlias = TurnAction | StandingAction
