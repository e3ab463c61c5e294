"""Actions, and how each becomes a string of at most 100 characters and back.

A *turn* carries a ticket: it moves one conversation on by one step and is good once.
A *standing* action says what shall be true of which object and works for ever: from last week's
reminder, from a shared card, after any restart. Whose object it is follows from who pressed.
"""

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias, cast, get_args

from pydantic import PlainSerializer, PlainValidator

from bot import limits

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

# The codes are on every card ever sent: a code may be added, never given another meaning.
_CODES: Final[dict[str, type[Action]]] = {
    "p": Pick,
    "s": Skip,
    "b": Back,
    "r": Review,
    "c": Change,
    "f": Finish,
    "u": Resume,
    "o": StartOver,
    "y": Confirm,
    "n": Cancel,
    "of": OpenForm,
    "ff": Fill,
    "O": Open,
    "T": OpenTopic,
    "ST": ShareTopic,
    "R": OpenResult,
    "RP": OpenPoints,
    "PF": PlanFrom,
    "S": OpenStep,
    "M": MarkStep,
    "P": OpenPlan,
    "CP": ChangePlan,
    "SK": SkipStep,
    "CR": ChangeReminders,
    "RO": RemindOn,
    "WR": WhyReminder,
    "Z": Snooze,
    "W": SkipWeek,
    "K": KeepReminders,
    "D": MyData,
    "DP": ExportPage,
}
_CODE_OF: Final = {kind: code for code, kind in _CODES.items()}
_FIELDS: Final = {
    kind: {f.name: f.type for f in fields(kind) if f.name != "ticket"} for kind in _CODE_OF
}
_WORDS = re.compile(r"[A-Za-z0-9_.+-]*(?::[A-Za-z0-9_.+-]*)*")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


class UnreadableError(ValueError):
    """The string is not one that `pack` made."""


@lru_cache(maxsize=4096)  # a card packs each of its actions more than once
def pack(action: Action) -> str:
    """`code:field:field…`, at most 100 ASCII characters; ValueError if a field does not fit."""
    words = [_CODE_OF[type(action)]]
    if isinstance(action, Turn):
        words += [action.ticket.session, str(action.ticket.turn)]
    words += [str(getattr(action, name)) for name in _FIELDS[type(action)]]
    packed = ":".join(words)
    if not _WORDS.fullmatch(packed) or packed.count(":") != len(words) - 1:
        raise ValueError(f"a field of {action} has a character that cannot be packed")
    if len(packed) > limits.ACTION:
        raise ValueError(f"{action} packs to {len(packed)} characters, {limits.ACTION} fit")
    return packed


def unpack(packed: str) -> Action:
    """The action that `pack` was given; UnreadableError for anything else."""
    code, *words = packed[: limits.ACTION + 1].split(":")
    kind = _CODES.get(code)
    if kind is None or len(packed) > limits.ACTION or not _WORDS.fullmatch(packed):
        raise UnreadableError(packed[: limits.ACTION])
    values: list[Any] = []
    if issubclass(kind, Turn):
        if len(words) < 2:
            raise UnreadableError(packed)
        values.append(Ticket(words.pop(0), _number(words.pop(0))))
    hints = _FIELDS[kind].values()
    if len(hints) != len(words):
        raise UnreadableError(packed)
    values += map(_value, hints, words)
    return kind(*values)


def _value(hint: Any, word: str) -> Any:
    if hint is int:
        return _number(word)
    if (allowed := get_args(hint)) and word not in allowed:
        raise UnreadableError(word)
    return word


def _number(word: str) -> int:
    if not _NUMBER.fullmatch(word):
        raise UnreadableError(word)
    return int(word)


def _action(value: object) -> Action:
    """An action as it is, or packed; one look at its type, where a union would try each kind."""
    return cast("Action", value) if type(value) in _CODE_OF else unpack(str(value))


PackedAction: TypeAlias = Annotated[
    Action, PlainValidator(_action), PlainSerializer(pack, when_used="json")
]
"""An action as a field of a model: in JSON it is packed, for as a record its kind would be lost."""
