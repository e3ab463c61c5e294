"""What a pack teaches: steps and plans, the week in a role, questions of interviews."""

from datetime import date

from pydantic import Field

from bot.chat.text import Markup
from bot.pack.base import Frozen, Id, RoleId, StartId
from bot.pack.facts import Cited


class Place(Frozen):
    """Where a step can be learnt: official documentation or a well-known course."""

    title: str
    url: str = Field(pattern=r"^https://\S+$")
    free: bool
    language: str = "en"
    looked_at: date


class Portion(Frozen):
    """A part of a long step, that can be ticked by itself."""

    id: Id
    title: str
    hours: int = Field(ge=1, le=60)


class Task(Frozen):
    """What a step asks for, whichever plan it stands in.

    `hours` is the pack's own estimate, the middle of `range`; `at_least_weeks` is set where the
    calendar binds. `after` are the steps that it builds on; what they name that is not in the plan
    counts as met. `costs` is what it costs, and the free way.
    """

    title: str
    hours: int = Field(ge=1, le=400)
    range: tuple[int, int] | None = None
    at_least_weeks: int | None = Field(default=None, ge=1, le=52)
    do: Markup
    done: Markup
    portfolio: Markup = ()
    after: tuple[Id, ...] = ()
    parts: tuple[Portion, ...] = ()
    learn: tuple[Place, ...] = Field(default=(), max_length=3)
    costs: Markup = ()


class Step(Task):
    """A step of a plan. The same id in two templates is the same step: it carries over.

    `optional` steps are what *cut scope* drops.
    """

    id: Id
    phase: str
    optional: bool = False


class Timeline(Cited):
    """How long a source says that a move honestly takes, in weeks.

    Without weeks where it names no length; `text` then says that.
    """

    least_weeks: int | None = Field(default=None, ge=1)
    most_weeks: int | None = Field(default=None, ge=1)
    text: Markup


class Tasting(Frozen):
    """A short task of a week in a role, for members of some starts."""

    id: Id
    starts: tuple[StartId, ...] = Field(min_length=1)
    minutes: int = Field(ge=10, le=240)
    title: str
    do: Markup


class Taster(Frozen):
    """A week in one role, to find out: five tasks for each start."""

    role: RoleId
    title: str
    tasks: tuple[Tasting, ...] = Field(min_length=5)

    def week(self, start: StartId) -> tuple[Tasting, ...]:
        return tuple(task for task in self.tasks if start in task.starts)


class Kind(Frozen):
    """A kind of interview."""

    id: Id
    label: str


class Exercise(Frozen):
    """A question of an interview: what a good answer contains, common slips, and the steps that it
    belongs to.
    """

    id: Id
    kind: Id
    question: Markup
    good: tuple[Markup, ...] = Field(min_length=2, max_length=8)
    slips: tuple[Markup, ...] = Field(min_length=1, max_length=5)
    steps: tuple[Id, ...] = ()


class Practice(Frozen):
    """The interviews of one role."""

    role: RoleId
    kinds: tuple[Kind, ...] = Field(min_length=1)
    questions: tuple[Exercise, ...] = Field(min_length=1)


class Template(Frozen):
    """The plan from one start to one role; `pace` is the hours a week at which it keeps the
    article's months.
    """

    start: StartId
    role: RoleId
    title: str
    pace: int = Field(ge=1, le=60)
    timeline: Timeline
    steps: tuple[Step, ...] = Field(min_length=1)

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)
