"""A whole content pack: frozen models of its data files."""

from collections.abc import Hashable
from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from bot.chat.text import Markup
from bot.pack.base import Colour, Frozen, Id, RoleId, StartId
from bot.pack.facts import Cited, Section, Source, Topic
from bot.pack.learning import Practice, Taster, Template
from bot.pack.quiz import Quiz, Start


class Accent(Frozen):
    """A role's colour, on a light and on a dark ground."""

    light: Colour
    dark: Colour


class Role(Frozen):
    """`article` is the one before its name: "a" or "an"."""

    id: RoleId
    name: str
    article: Literal["a", "an"]
    short: str
    tagline: str
    emoji: str
    accent: Accent

    @property
    def one(self) -> str:
        """As "an AI Engineer"."""
        return f"{self.article} {self.name}"


class Commands(Frozen):
    """What the commands are for, in a word, where this is the only pack."""

    compare: str
    quiz: str
    plan: str


class Tip(Cited):
    """One thing worth knowing, for a weekly reminder; for one role, or for all."""

    id: Id
    role: RoleId | None = None
    text: Markup
    note: Markup = ()


class Pack(Frozen):
    """A whole content pack, cross-checked.

    `name` is short, for menus; `words` are what else members may type for it. `stale_after` is in
    years since a source's year. `hours_note` says whose estimate hours are. `about` is the card
    that says where all this comes from. `must_know` names the steps that teach a role's tools.
    """

    id: Id
    version: int
    title: str
    name: str
    words: tuple[str, ...] = ()
    subtitle: str
    stale_after: int = Field(ge=1)
    reviewed: date
    hours_note: Markup
    roles: tuple[Role, ...] = Field(min_length=2, max_length=4)
    starts: tuple[Start, ...] = Field(min_length=1, max_length=5)
    commands: Commands
    about: tuple[Section, ...] = ()
    must_know: dict[RoleId, dict[str, tuple[Id, ...]]] = Field(default_factory=dict)
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    quiz: Quiz
    templates: tuple[Template, ...]
    tips: tuple[Tip, ...]
    tasters: tuple[Taster, ...] = ()
    practice: tuple[Practice, ...] = ()

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

    def other_roles(self, role_id: RoleId) -> tuple[Role, ...]:
        return tuple(role for role in self.roles if role.id != role_id)

    def start(self, start_id: StartId) -> Start:
        return next(start for start in self.starts if start.id == start_id)

    def template(self, start: StartId, role: RoleId) -> Template:
        return next(t for t in self.templates if (t.start, t.role) == (start, role))
