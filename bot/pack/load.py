"""Loads a pack directory, and reports what it holds and what is wrong with it."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from bot.pack import rules
from bot.pack.facts import FiguresSection
from bot.pack.files import Files, Move, Plan, read_files
from bot.pack.learning import Step, Template
from bot.pack.model import Pack
from bot.pack.yaml_file import Problem


class ContentError(Exception):
    """The pack cannot be used; `problems` say why, each with its file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Report:
    """What a check of a pack found; `counts` says what the pack holds."""

    root: Path
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"{problem.file}:{problem.line}: error: {problem.text}" for problem in self.errors]
        lines += [f"{one.file}:{one.line}: warning: {one.text}" for one in self.warnings]
        held = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        found = f"{_count(self.errors, 'error')}, {_count(self.warnings, 'warning')}"
        return "\n".join([*lines, f"{self.root}: {held + '; ' if held else ''}{found}"])


def built_in() -> dict[str, Path]:
    """The packs that come with the package, by their names."""
    root = Path(str(resources.files("content")))
    return {path.parent.name: path.parent for path in sorted(root.glob("*/pack.yaml"))}


def default_pack_path() -> Path:
    """The first of the packs that come with the package."""
    return next(iter(built_in().values()))


def load(path: Path) -> Pack:
    """The pack in `path`; ContentError holds every problem that was found."""
    return _pack(_sound(path))


def check(path: Path, today_year: int) -> Report:
    """Everything that is wrong with the pack in `path`, and what it holds."""
    try:
        files = _sound(path)
    except ContentError as error:
        return Report(path, errors=error.problems)
    return Report(
        path, warnings=list(rules.warnings(files, today_year)), counts=_counts(_pack(files))
    )


def run_check(path: Path) -> int:
    """Prints the report on the pack in `path`; the exit status is 1 where there are errors."""
    report = check(path, datetime.now(UTC).year)
    sys.stdout.write(f"{report}\n")
    return 1 if report.errors else 0


def _sound(path: Path) -> Files:
    if not path.is_dir():
        what = "is not a directory" if path.exists() else "does not exist"
        raise ContentError([Problem(path, 1, f"{what}; a pack is a directory with a pack.yaml")])
    files, problems = read_files(path)
    if files is None or (problems := list(rules.errors(files))):
        raise ContentError(problems)
    return files


def _pack(files: Files) -> Pack:
    parts = dict(files.manifest.value) | {
        "topics": tuple(topic.value for topic in files.topics.values()),
        "sources": files.sources.value,
        "quiz": files.quiz.value,
        "templates": tuple(_template(files, move, one.value) for move, one in files.plans.items()),
        "tips": files.tips.value,
        "tasters": tuple(one.value for one in files.tasters),
        "practice": tuple(one.value for one in files.practice),
    }
    return Pack(**parts)


def _template(files: Files, move: Move, plan: Plan) -> Template:
    start, role = move
    steps = []
    for _, phase, name in plan.placed():
        task = dict(files.tasks.value[name])
        steps.append(Step(**task, id=name, phase=phase, optional=name in plan.optional))
    return Template(
        start=start,
        role=role,
        title=plan.title,
        pace=plan.pace,
        timeline=plan.timeline,
        steps=tuple(steps),
    )


def _counts(pack: Pack) -> dict[str, int]:
    sections = [section for topic in pack.topics for section in topic.sections]
    return {
        "topics": len(pack.topics),
        "questions": len(pack.quiz.questions),
        "plans": len(pack.templates),
        "steps": len({step.id for template in pack.templates for step in template.steps}),
        "figures": sum(len(one.figures) for one in sections if isinstance(one, FiguresSection)),
        "sources": len(pack.sources),
        "tips": len(pack.tips),
        "questions of interviews": sum(len(one.questions) for one in pack.practice),
    }


def _count(found: list[Problem], noun: str) -> str:
    return f"{len(found)} {noun}{'' if len(found) == 1 else 's'}"
