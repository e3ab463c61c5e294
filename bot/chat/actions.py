"""Actions: what a member can ask for by a button, a menu or a form.

A *turn* carries a ticket: it moves one conversation on by one step and is good once.
A *standing* action says what shall be true of which object and works for ever: from last week's
reminder, from a shared card, after any restart. Whose object it is follows from who pressed.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias, dataclass_transform

Status: TypeAlias = Literal["todo", "done", "skipped"]
Section: TypeAlias = str
"""The front page of a command, by the name that `bot/commands/catalog.py` gives it."""
CatchUp: TypeAlias = Literal["keep", "move", "cut"]
PlanChange: TypeAlias = Literal[
    "choose",
    "hours",
    "pause",
    "resume",
    "replan",
    CatchUp,
    "switch",
    "restart",
    "remove",
    "renew",
    "stay",
]
ReminderChange: TypeAlias = Literal[
    "setup", "zone", "pause", "resume", "stop", "why", "fortnight", "weekly"
]


Flew: TypeAlias = Literal["yes", "so-so", "no"]
Again: TypeAlias = Literal["yes", "no"]


class Ticket(NamedTuple):
    """One step of one conversation; `turn` counts its steps."""

    session: str
    turn: int


KINDS: dict[str, type["Action"]] = {}
"""Each kind of action by its code."""


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class Action:
    """A frozen dataclass that becomes `code:field:field…` in a button.

    The code is on every card ever sent, and so is the order of the fields: a kind may be added,
    and none of these be given another meaning. The two bases have an empty code. `menu` is the
    field that a menu's option fills in, where a menu can have this action.
    """

    code: ClassVar[str]
    menu: ClassVar[str]

    def __init_subclass__(cls, *, code: str, menu: str = "", **others: Any) -> None:
        super().__init_subclass__(**others)
        # Without slots: with them, dataclass() would make a second class and this run twice.
        dataclass(frozen=True)(cls)
        cls.code, cls.menu = code, menu
        if code and KINDS.setdefault(code, cls) is not cls:
            raise TypeError(f"{cls.__name__} has the code of {KINDS[code].__name__}: {code!r}")

    def chosen(self, value: str) -> "Action | None":
        """This action with an option that was taken; None where it is none of a menu's."""
        return replace(self, **{self.menu: value}) if self.menu else None


class TurnAction(Action, code=""):
    """A step of the conversation that `ticket` names."""

    ticket: Ticket


class Pick(TurnAction, code="p", menu="value"):
    """`field` shall be `value`; a menu's pick has no value until an option is taken."""

    field: str
    value: str = ""


class Skip(TurnAction, code="s"):
    """No answer to `field`."""

    field: str


class Back(TurnAction, code="b"):
    """One step back."""


class Change(TurnAction, code="c"):
    """Open `field` again."""

    field: str


class Finish(TurnAction, code="f"):
    """The answers stand: show what follows from them."""


class Resume(TurnAction, code="u"):
    """Go on where this conversation was left."""


class StartOver(TurnAction, code="o"):
    """Drop this conversation's answers and begin again."""


class Confirm(TurnAction, code="y"):
    """Do what was previewed."""


class Cancel(TurnAction, code="n"):
    """Leave everything as it is."""


class OpenForm(TurnAction, code="of"):
    """Show the form of this step."""

    form: str


class Fill(TurnAction, code="ff"):
    """The form of this step, sent in."""

    form: str


class StandingAction(Action, code=""):
    """What works for ever, from any card."""


class Open(StandingAction, code="O"):
    """The front page of a command; `fork` is the pack that it is about, where that is known."""

    section: Section
    fork: str = ""


class OpenTopic(StandingAction, code="T", menu="topic"):
    """A topic of a pack's comparison; a menu's has no topic until one is taken."""

    topic: str = ""
    fork: str = ""


class ShareTopic(StandingAction, code="ST"):
    """The topic shall stand in the room; `once` makes a second press of the same card harmless."""

    topic: str
    once: str
    fork: str = ""


class OpenResult(StandingAction, code="R"):
    """A quiz result that was kept."""

    run: str


class OpenPoints(StandingAction, code="RP"):
    """What each answer of a quiz result gave to each role."""

    run: str


class PlanFrom(StandingAction, code="PF"):
    """Set a plan up from a quiz result."""

    run: str


class TasteFrom(StandingAction, code="TF"):
    """A taster of the roles that a quiz result was about."""

    run: str


class BeginTaster(StandingAction, code="TB"):
    """A taster shall begin `on` an ISO date; what is not said yet is asked."""

    fork: str
    start: str = ""
    on: str = ""


class OpenTaster(StandingAction, code="TW"):
    """A week of a taster, from 0."""

    taster: str
    week: int


class RateTask(StandingAction, code="TR"):
    """A task of a taster was done: did time fly, and again tomorrow? What is empty is asked."""

    taster: str
    task: str
    flew: Literal["", Flew] = ""
    again: Literal["", Again] = ""


class ChangeTaster(StandingAction, code="TC"):
    """A taster shall stop or be resumed; "compare" shows its weeks side by side."""

    taster: str
    change: Literal["stop", "resume", "compare"]


class OpenStep(StandingAction, code="S", menu="step"):
    """A step of a plan in full; a menu's has no step until one is taken."""

    plan: str
    step: str = ""


class MarkStep(StandingAction, code="M"):
    """The step shall be todo or done (a skip goes through SkipStep: it asks for a reason).

    `on` is the card that this was pressed on, and that is shown again: the plan's or the step's.
    """

    plan: str
    step: str
    status: Status
    on: Literal["plan", "step"] = "plan"


class TickPart(StandingAction, code="TP"):
    """A part of a step shall be todo or done; the step is done with its last one.

    `on` is the card that this was pressed on, and that is shown again: the plan's or the step's.
    """

    plan: str
    step: str
    part: str
    status: Literal["todo", "done"]
    on: Literal["plan", "step"] = "plan"


class OpenPlan(StandingAction, code="P"):
    """All steps of a plan, page by page (from 0)."""

    plan: str
    page: int


class ChangePlan(StandingAction, code="CP"):
    """Begin to change a plan: what follows from it is shown before it is made.

    "choose" lists the ways to change it, "replan" the ways on for one that is late, which are
    "keep" the date, "move" it and "cut" scope.
    """

    plan: str
    change: PlanChange


class SkipStep(StandingAction, code="SK"):
    """Begin to skip a step: it asks why."""

    plan: str
    step: str


class ChangeReminders(StandingAction, code="CR"):
    """Begin to change the member's reminders, or see why they came or did not."""

    change: ReminderChange


class RemindOn(StandingAction, code="RO"):
    """A reminder shall come every week on this weekday (0 is Monday), at this minute of the day."""

    weekday: int
    minute: int


class WhyReminder(StandingAction, code="WR"):
    """Why this reminder came."""

    delivery: str


class Snooze(StandingAction, code="Z"):
    """This reminder shall come again a day later."""

    delivery: str


class SkipWeek(StandingAction, code="W"):
    """Nothing more shall come of this reminder this week."""

    delivery: str


class KeepReminders(StandingAction, code="K"):
    """The member was asked whether to go on, and wants to."""

    delivery: str


class MyData(StandingAction, code="D"):
    """The member's own data: what is kept, a copy, or its end."""

    what: Literal["show", "export", "delete"]


class ExportPage(StandingAction, code="DP"):
    """A part of the member's own data, counted from 0."""

    page: int
