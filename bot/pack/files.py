"""The files that a pack directory holds, each read into its model."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.chat.text import Markup
from bot.pack.base import Id, RoleId, StartId
from bot.pack.facts import Section, Source, Topic
from bot.pack.learning import Practice, Task, Taster, Timeline
from bot.pack.model import Commands, Role, Tip
from bot.pack.quiz import Quiz, Start
from bot.pack.yaml_file import Document, Problem, UnreadableFileError, read

Move: TypeAlias = tuple[StartId, RoleId]
T = TypeVar("T")


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Manifest(_File):
    """pack.yaml. `topics` are the files of compare/ in the order in which they are shown."""

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
    topics: tuple[Id, ...] = Field(min_length=1)

    @property
    def moves(self) -> tuple[Move, ...]:
        """From every start to every role."""
        return tuple((start.id, role.id) for start in self.starts for role in self.roles)


class Phase(_File):
    name: str
    steps: tuple[Id, ...] = Field(min_length=1)


class Plan(_File):
    """plans/START-ROLE.yaml: steps of plans/steps.yaml in their order; some are `optional`."""

    title: str
    pace: int = Field(ge=1, le=60)
    timeline: Timeline
    phases: tuple[Phase, ...] = Field(min_length=1)
    optional: tuple[Id, ...] = ()

    def placed(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """Where each step stands in the file, its phase and its id."""
        for number, phase in enumerate(self.phases):
            for place, step in enumerate(phase.steps):
                yield ("phases", number, "steps", place), phase.name, step


@dataclass(frozen=True)
class Sourced(Generic[T]):
    """A value and the file that it stands in."""

    value: T
    document: Document


@dataclass(frozen=True)
class Files:
    """A pack as it is written, before anything is looked up."""

    manifest: Sourced[Manifest]
    sources: Sourced[tuple[Source, ...]]
    topics: dict[str, Sourced[Topic]]
    quiz: Sourced[Quiz]
    tasks: Sourced[dict[Id, Task]]
    plans: dict[Move, Sourced[Plan]]
    tips: Sourced[tuple[Tip, ...]]
    tasters: tuple[Sourced[Taster], ...] = ()
    practice: tuple[Sourced[Practice], ...] = ()


def read_files(root: Path) -> tuple[Files | None, list[Problem]]:
    """All files of the pack; None where any of them has a problem."""
    reading = _Reading(root)
    manifest = reading.file("pack.yaml", Manifest)
    names = manifest.value.topics if manifest else ()
    sources = reading.file("sources.yaml", tuple[Source, ...])
    topics = {one: topic for one in names if (topic := reading.topic(one))}
    quiz = reading.file("quiz.yaml", Quiz)
    tasks = reading.file("plans/steps.yaml", dict[Id, Task])
    tips = reading.file("tips.yaml", tuple[Tip, ...])
    moves = manifest.value.moves if manifest else ()
    roles = [role.id for role in manifest.value.roles] if manifest else []
    plans = {move: plan for move in moves if (plan := reading.file(_plan_file(move), Plan))}
    if manifest:
        reading.once(manifest.document, "roles", roles)
        reading.once(manifest.document, "starts", [one.id for one in manifest.value.starts])
        reading.nothing_else("compare", {f"{one}.yaml" for one in names}, "pack.yaml's topics")
        expected = {"steps.yaml", *(Path(_plan_file(move)).name for move in moves)}
        reading.nothing_else("plans", expected, "the plans from each start to each role")
    tasters = reading.of_roles("tasters", Taster, roles)
    practice = reading.of_roles("practice", Practice, roles)
    if reading.problems or not (manifest and sources and quiz and tasks and tips):
        return None, reading.problems
    files = Files(manifest, sources, topics, quiz, tasks, plans, tips, tasters, practice)
    return files, []


def _plan_file(move: Move) -> str:
    return f"plans/{move[0]}-{move[1]}.yaml"


@dataclass
class _Reading:
    """Reads one file after the other and collects what is wrong with any of them."""

    root: Path
    problems: list[Problem] = field(default_factory=list)

    def file(self, name: str, kind: type[T], **given: str) -> Sourced[T] | None:
        try:
            document = read(self.root / name)
        except UnreadableFileError as error:
            self.problems += error.problems
            return None
        data = document.data
        if given and isinstance(data, dict):
            self.problems += [
                document.problem((key,), f"{key!r} is the file's name, leave it out")
                for key in given.keys() & data.keys()
            ]
            data = {**given, **data}
        try:
            return Sourced(TypeAdapter(kind).validate_python(data), document)
        except ValidationError as error:
            self.problems += _problems(document, error)
            return None

    def topic(self, name: str) -> Sourced[Topic] | None:
        return self.file(f"compare/{name}.yaml", Topic, id=name)

    def of_roles(self, folder: str, kind: type[T], roles: list[RoleId]) -> tuple[Sourced[T], ...]:
        """A file for each role, where the pack has that folder at all."""
        if not (self.root / folder).is_dir():
            return ()
        self.nothing_else(folder, {f"{role}.yaml" for role in roles}, "the pack's roles")
        read = (self.file(f"{folder}/{role}.yaml", kind, role=role) for role in roles)
        return tuple(one for one in read if one)

    def once(self, document: Document, key: str, ids: list[Id]) -> None:
        """Files are named after these ids: they cannot be looked for while two are the same."""
        for number, name in enumerate(ids):
            if name in ids[:number]:
                self.problems.append(document.problem((key, number), f"{name!r} stands here twice"))

    def nothing_else(self, folder: str, expected: set[str], whose: str) -> None:
        """A file that nobody reads is a mistake: a typing error, or a topic left out."""
        for path in sorted((self.root / folder).glob("*")):
            if path.name not in expected and not path.name.startswith((".", "__")):
                self.problems.append(Problem(path, 1, f"is not one of {whose}"))


def _problems(document: Document, error: ValidationError) -> Iterator[Problem]:
    seen: set[tuple[int, str]] = set()
    for detail in error.errors(include_url=False):
        said = document.problem(detail["loc"], _said(detail["type"], detail))
        if (said.line, said.text) not in seen:
            seen.add((said.line, said.text))
            yield said


def _said(kind: str, detail: Any) -> str:
    """Pydantic's finding in the words of somebody who writes YAML."""
    name = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "the file")
    match kind:
        case "missing" if isinstance(detail["loc"][-1], int):
            return f"{name!r} has too few items"
        case "missing":
            return f"{name!r} is missing"
        case "extra_forbidden":
            return f"{name!r} is not a key that can stand here"
        case "model_type" | "dict_type":
            return f"{name!r} should be a group of `key: value` lines"
        case "string_type":
            return f"{name!r} should be text (put quotes around a number or a date)"
        case "tuple_type" if isinstance(detail["input"], str):
            return f"{name!r} should be a list"
        case "tuple_type":
            return f"{name!r} should be text (put quotes around it) or a list"
        case "string_pattern_mismatch":
            return (
                f"{detail['input']!r} is not an id: up to 24 of a-z, 0-9 and -, "
                "the first a letter or digit"
            )
        case _:
            return f"{name!r}: {detail['msg']}"
