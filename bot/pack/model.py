"""What a content pack holds: frozen models of its data files."""

from collections.abc import Hashable
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from bot.chat.text import Markup

RoleId: TypeAlias = Literal["ai", "ml"]
StartId: TypeAlias = Literal["zero", "software", "data"]
Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,23}$")]
"""Ids go into packed actions: short, and stable once published."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Frozen):
    """Where a figure or an opinion comes from.

    "article" is the pack's own source, "named" one that the article ties to a figure, "listed" one
    that the article lists without saying what it took from it. `number` is the place in the
    article's list, which a named source may have too. `year` is the year that the source is dated;
    where it is `undated`, the year in which the article cites it.
    """

    id: Id
    kind: Literal["article", "named", "listed"]
    title: str
    publisher: str
    author: str | None = None
    year: int
    undated: bool = False
    number: int | None = Field(default=None, ge=1)

    @property
    def citation(self) -> str:
        """One line for a list of sources."""
        by = self.publisher if self.author in (None, self.publisher) else self.author
        dated = f"as cited in {self.year}" if self.undated else str(self.year)
        return f"{by}: {self.title} ({dated})"


class Cited(_Frozen):
    """Carries its sources and the year that it speaks of; a claim without figures needs neither."""

    sources: tuple[Id, ...] = ()
    year: int | None = None


class Figure(Cited):
    """One number, or range, as it was reported."""

    id: Id
    label: str
    value: str
    role: RoleId | None = None
    note: Markup = ()


class FiguresSection(_Frozen):
    kind: Literal["figures"]
    title: str = ""
    figures: tuple[Figure, ...] = Field(min_length=1)


class ProseSection(Cited):
    kind: Literal["prose"]
    text: Markup


class ListSection(Cited):
    kind: Literal["list"]
    title: str = ""
    items: tuple[Markup, ...] = Field(min_length=1)


class Row(Cited):
    id: Id
    label: str
    ai: Markup
    ml: Markup


class VersusSection(_Frozen):
    """The two roles side by side, row by row."""

    kind: Literal["versus"]
    rows: tuple[Row, ...] = Field(min_length=1)


class OpinionSection(Cited):
    """What somebody thinks, said to be that; `who` is a person's name."""

    kind: Literal["opinion"]
    who: str
    text: Markup


class SourcesSection(_Frozen):
    """The pack's whole list of sources."""

    kind: Literal["sources"]


Section: TypeAlias = Annotated[
    FiguresSection | ProseSection | ListSection | VersusSection | OpinionSection | SourcesSection,
    Field(discriminator="kind"),
]


class Topic(_Frozen):
    """A page of the comparison. `aliases` are other words that members type for it."""

    id: Id
    title: str
    summary: str
    aliases: tuple[str, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)


class Question(_Frozen):
    """A scored question on a five-point scale.

    `options` run from the ML pole (lean -2) over neither (0) to the AI pole (+2). `reversed` shows
    them the other way round, so that a role does not always stand on the same side.
    `about` names it in a list ("mathematics or product"); `topic` is where to read more.
    """

    id: Id
    about: str
    text: Markup
    options: tuple[str, str, str, str, str]
    ai_reason: str
    ml_reason: str
    reversed: bool = False
    topic: Id | None = None


class StartChoice(_Frozen):
    id: StartId
    label: str
    description: str = ""


class DrawChoice(_Frozen):
    """What draws a member; `warning` is a plain word where that is a poor guide (pay)."""

    id: Id
    label: str
    description: str = ""
    warning: Markup = ()


class Trial(_Frozen):
    """A week of one role, to find out: small things to do, with hours each."""

    role: RoleId
    title: str
    tasks: tuple[Markup, ...] = Field(min_length=1)


class Thresholds(_Frozen):
    """Shares of the greatest possible margin (0 to 1) from which a result is leaning, and clear."""

    leaning: float = Field(gt=0, lt=1)
    clear: float = Field(gt=0, lt=1)


class Quiz(_Frozen):
    """The framework: scored questions, then what matters most, the start, hours and the draw."""

    intro: Markup
    questions: tuple[Question, ...] = Field(min_length=8, max_length=10)
    matters_text: Markup
    start_text: Markup
    starts: tuple[StartChoice, ...] = Field(min_length=3, max_length=3)
    hours_text: Markup
    hours: tuple[int, ...] = Field(min_length=2, max_length=20)
    draw_text: Markup
    draws: tuple[DrawChoice, ...] = Field(min_length=2, max_length=10)
    thresholds: Thresholds
    matters_factor: int = Field(default=2, ge=2)
    trials: tuple[Trial, Trial]
    close_text: Markup
    convergence: Markup

    def question(self, question_id: str) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)


class Place(_Frozen):
    """Where a step can be learnt: official documentation or a well-known course."""

    title: str
    url: str = Field(pattern=r"^https://\S+$")
    free: bool
    language: str = "en"
    looked_at: date


class Portion(_Frozen):
    """A part of a long step, that can be ticked by itself."""

    id: Id
    title: str
    hours: int = Field(ge=1, le=60)


class Task(_Frozen):
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
    """How long the article says that a move honestly takes, in weeks.

    Without weeks where the article names no length; `text` then says that.
    """

    least_weeks: int | None = Field(default=None, ge=1)
    most_weeks: int | None = Field(default=None, ge=1)
    text: Markup
    note: Markup = ()


class Template(_Frozen):
    """The plan from one start to one role; `pace` is the hours a week at which it keeps the
    article's months.
    """

    start: StartId
    role: RoleId
    title: str
    pace: int = Field(ge=1, le=60)
    timeline: Timeline
    steps: tuple[Step, ...] = Field(min_length=10)

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)


class Role(_Frozen):
    id: RoleId
    name: str
    short: str
    tagline: str


class Tip(Cited):
    """One thing worth knowing, for a weekly reminder; for one role, or for both."""

    id: Id
    role: RoleId | None = None
    text: Markup
    note: Markup = ()


class Pack(_Frozen):
    """A whole content pack, cross-checked.

    `stale_after` is in years since a source's year. `hours_note` says whose estimate hours are.
    """

    id: Id
    version: int
    title: str
    subtitle: str
    stale_after: int = Field(ge=1)
    hours_note: Markup
    roles: tuple[Role, Role]
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    quiz: Quiz
    templates: tuple[Template, ...]
    tips: tuple[Tip, ...]

    @cached_property
    def made(self) -> dict[Hashable, Any]:
        """What has been made of this pack and will be wanted again (`bot.memo.of_pack`)."""
        return {}

    @cached_property
    def topic_by_id(self) -> dict[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def source_by_id(self) -> dict[str, Source]:
        return {source.id: source for source in self.sources}

    @cached_property
    def listed_sources(self) -> tuple[Source, ...]:
        """The article's own list of sources, in its order."""
        listed = [source for source in self.sources if source.number is not None]
        return tuple(sorted(listed, key=lambda source: source.number or 0))

    def role(self, role_id: RoleId) -> Role:
        return next(role for role in self.roles if role.id == role_id)

    def template(self, start: StartId, role: RoleId) -> Template:
        return next(t for t in self.templates if (t.start, t.role) == (start, role))
