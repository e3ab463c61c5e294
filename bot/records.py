"""What is kept of a member, as frozen values: rows of the store, read by flows, never changed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bot.chat.actions import Again, Flew
from bot.chat.event import Platform
from bot.pack.base import RoleId, StartId

Hours: TypeAlias = int | float
"""Hours a week, in halves: a whole number is an int, so that it reads as one."""

StepStatus: TypeAlias = Literal["todo", "done", "skipped", "dropped"]
PlanState: TypeAlias = Literal["active", "paused", "ended"]
Rating: TypeAlias = Literal["again", "hard", "good", "easy"]
TrialState: TypeAlias = Literal["active", "stopped"]
RuleState: TypeAlias = Literal["active", "paused", "stopped"]
DeliveryState: TypeAlias = Literal[
    "pending", "claimed", "sending", "sent", "refused", "unknown", "skipped", "cancelled"
]


@dataclass(frozen=True, slots=True)
class Member:
    """`zone` is IANA; `zone_asked` says that the member chose it, so the platform's does not.

    `notice_pending`: their reminders were paused without their doing, and they do not know it yet.
    """

    id: str
    zone: str
    zone_asked: bool
    created_at: int
    notice_pending: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """An open conversation: `state` is JSON that the flow of `kind` reads, at `turn`.

    `pack` is the one that it is about; empty for what is about none.
    """

    id: str
    member: str
    kind: str
    turn: int
    version: int
    state: str
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished quiz: what was answered, and the outcome that the member was shown.

    `answers` are places of options by question, -1 for none of them; `outcome` is never worked out
    again, since a later version of the pack might say otherwise.
    """

    id: str
    pack: str
    pack_version: int
    finished_at: int
    outcome: str
    answers: dict[str, int]
    matters: str | None
    start: StartId | None
    hours: int | None
    draw: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a plan stands still, the last one included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PlanStep:
    """Where a member stands with a step: `changed_at` in epoch seconds, `reason` for a skip.

    `had` is what it had been given when the plan was anchored, in fourteenths of an hour.
    `ticked` are its parts that are done, each with its instant in epoch seconds. `title` and
    `hours` are those that it had when it was taken; without a title it is of another role's plan.
    """

    id: str
    status: StepStatus = "todo"
    changed_at: int | None = None
    reason: str = ""
    had: int = 0
    ticked: tuple[tuple[str, int], ...] = ()
    title: str = ""
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A member's plan; its template is that of (start, role) in its pack.

    What is left is scheduled from `anchor_on`, at `hours` a week: a step counts as left from there,
    without the hours that it had, unless it was done before `anchored_at` (epoch seconds), skipped
    or dropped. `target_on` is the finish that the member agreed to. `pauses` are over; the one that
    is on began on `paused_on`.
    """

    id: str
    pack: str
    pack_version: int
    start: StartId
    role: RoleId
    hours: Hours
    started_on: date
    anchor_on: date
    anchored_at: int
    target_on: date
    state: PlanState
    paused_on: date | None
    steps: tuple[PlanStep, ...]
    pauses: tuple[Pause, ...] = ()

    def step(self, step_id: str) -> PlanStep | None:
        return next((step for step in self.steps if step.id == step_id), None)


@dataclass(frozen=True, slots=True)
class Recall:
    """How well a member knows a question of a pack's interviews, as they rated their answers.

    `stability` is the number of days after which nine answers in ten are still known, `difficulty`
    goes from 1 to 10; both are FSRS's. `begun_on` is the day of the first rating, `reviewed_at` the
    instant (epoch seconds) of the latest, which was `rating`; `reps` counts them.
    """

    pack: str
    question: str
    begun_on: date
    reviewed_at: int
    rating: Rating
    stability: float
    difficulty: float
    reps: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Tried:
    """A task of a taster that was done: whether time flew, and whether they would do it again."""

    task: str
    role: RoleId
    done_on: date
    flew: Flew
    again: Again


@dataclass(frozen=True, slots=True)
class Trial:
    """A member's taster: a week in each role of a pack, from `started_on`, for those of a start.

    When each week is follows from the tasks that were done (`bot.planning.tasting`).
    """

    id: str
    pack: str
    start: StartId
    started_on: date
    state: TrialState = "active"
    tasks: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A member's weekly reminder: wall time in a zone, and where it goes.

    `minute` counts from local midnight. `every` is 1 or 2 weeks, 2 counted from the week of
    `anchor_on`. From `next_at` (epoch seconds) on it is looked at; None while it is paused without
    an end, or stopped. `last_on` is the local date of the latest reminder that came of it.
    """

    id: str
    platform: Platform
    tenant: str
    user: str
    weekday: int
    minute: int
    zone: str
    every: int = 1
    anchor_on: date | None = None
    state: RuleState = "active"
    paused_until: date | None = None
    reason: str = ""
    next_at: int | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reminder for one local date: what became of it, and why. Instants are epoch seconds.

    `again_of` is the delivery that a snoozed one comes back for.
    """

    id: str
    local_date: date
    slot_at: int
    due_at: int
    state: DeliveryState
    kind: str = ""
    reason: str = ""
    attempts: int = 0
    settled_at: int | None = None
    again_of: str | None = None
