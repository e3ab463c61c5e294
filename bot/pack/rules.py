"""What must hold of a pack beyond the shape of its files: ids resolve, claims carry sources."""

import re
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel

from bot.chat.limits import length
from bot.pack import plan_rules
from bot.pack.files import Files, Sourced
from bot.pack.lengths import texts, topic_overflow, trials_overflow
from bot.pack.model import Cited, Figure, FiguresSection, Source, StartId, Topic, VersusSection
from bot.pack.yaml_file import Document, Location, Problem

Found: TypeAlias = Iterator[Problem]

# Names of the quiz's own steps: a question with one of these ids could not be told from it.
RESERVED: Final = frozenset(
    {"matters", "start", "hours", "draw", "review", "change", "intro", "result"}
)
_UNIT = r"(?:minute|hour|day|week|month|year|time|percent)s?\b"
_COUNT = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen)"
_FIGURE = re.compile(
    rf"[$€£]\s?\d|\d\s?%|\b\d+\.\d+\b|\b{_COUNT}(?:\s|-){_UNIT}|\b\d+\s?[kK]\b|\b20\d\d\b",
    re.IGNORECASE,
)
_MONEY_OR_SHARE = re.compile(r"[$€£]\s?\d|\d\s?%|\b\d+\s?[kK]\b")


def errors(files: Files) -> Found:
    """Everything that makes the pack unfit to use."""
    yield from _manifest(files)
    yield from _sources(files.sources)
    yield from _topics(files)
    yield from _quiz(files)
    yield from plan_rules.errors(files)
    yield from _repeated(files.tips.document, (), [tip.id for tip in files.tips.value])
    for document, model in _documents(files):
        for at, part in walk(model):
            yield from _lengths(document, at, part)
            if isinstance(part, Cited):
                yield from _claim(files, document, at, part)


def warnings(files: Files, today_year: int) -> Found:
    """What should be looked at, while the pack can still be used."""
    stale_after = files.manifest.value.stale_after
    for at, source in enumerate(files.sources.value):
        if (age := today_year - source.year) > stale_after:
            yield files.sources.document.problem(
                (at, "year"), f"{source.id!r} is {age} years old, stale after {stale_after}"
            )
    used = {step for plan in files.plans.values() for _, _, step in plan.value.placed()}
    for unused in sorted(files.tasks.value.keys() - used):
        yield files.tasks.document.problem((unused,), f"no plan has the step {unused!r}")


def walk(value: object, at: Location = ()) -> Iterator[tuple[Location, BaseModel]]:
    """Every model within `value`, and where it stands."""
    if isinstance(value, BaseModel):
        yield at, value
        value = dict(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*at, key))
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from walk(inner, (*at, number))


def _documents(files: Files) -> Iterator[tuple[Document, object]]:
    parts: tuple[Sourced[Any], ...] = (
        files.manifest,
        files.sources,
        *files.topics.values(),
        files.quiz,
        files.tasks,
        *files.plans.values(),
        files.tips,
    )
    return ((part.document, part.value) for part in parts)


def _manifest(files: Files) -> Found:
    manifest, document = files.manifest.value, files.manifest.document
    yield from _repeated(document, ("topics",), manifest.topics)
    if [role.id for role in manifest.roles] != ["ai", "ml"]:
        yield document.problem(("roles",), "the roles are 'ai' and 'ml', in that order")


def _sources(sources: Sourced[tuple[Source, ...]]) -> Found:
    document = sources.document
    yield from _repeated(document, (), [source.id for source in sources.value])
    if [source.kind for source in sources.value].count("article") != 1:
        yield document.problem((), "a pack has one source of the kind 'article'")
    numbers = [source.number for source in sources.value if source.number is not None]
    yield from _repeated(document, (), [source.number for source in sources.value])
    missing = set(range(1, len(numbers) + 1)) - set(numbers)
    if missing:
        yield document.problem((), f"the article's list has no number {min(missing)}")
    for at, source in enumerate(sources.value):
        if source.kind == "listed" and source.number is None:
            yield document.problem((at,), f"{source.id!r} is listed, but has no number")


def _topics(files: Files) -> Found:
    names = {name: name for name in files.topics}
    figures: set[str] = set()
    for name, topic in files.topics.items():
        document = topic.document
        for number, alias in enumerate(topic.value.aliases):
            if (owner := names.setdefault(alias.casefold(), name)) != name or alias == name:
                yield document.problem(("aliases", number), f"{alias!r} is {owner!r} already")
        for at, figure in _figures(topic.value):
            if figure.id in figures:
                yield document.problem(at, f"the figure {figure.id!r} stands here twice")
            figures.add(figure.id)
        for number, section in enumerate(topic.value.sections):
            if isinstance(section, VersusSection):
                rows = [row.id for row in section.rows]
                yield from _repeated(document, ("sections", number, "rows"), rows)
        if said := topic_overflow(topic.value, files.sources.value):
            yield document.problem((), said)


def _figures(topic: Topic) -> Iterator[tuple[Location, Figure]]:
    for number, section in enumerate(topic.sections):
        if isinstance(section, FiguresSection):
            for at, figure in enumerate(section.figures):
                yield ("sections", number, "figures", at), figure


def _quiz(files: Files) -> Found:
    quiz, document = files.quiz.value, files.quiz.document
    yield from _repeated(document, ("questions",), [one.id for one in quiz.questions])
    yield from _repeated(document, ("draws",), [one.id for one in quiz.draws])
    if sorted(start.id for start in quiz.starts) != sorted(get_args(StartId)):
        yield document.problem(("starts",), f"the starts are {', '.join(get_args(StartId))}")
    if list(quiz.hours) != sorted({one for one in quiz.hours if 1 <= one <= 60}):
        yield document.problem(("hours",), "hours rise from 1 to at most 60")
    if quiz.thresholds.leaning >= quiz.thresholds.clear:
        yield document.problem(("thresholds",), "leaning comes before clear")
    if {trial.role for trial in quiz.trials} != {"ai", "ml"}:
        yield document.problem(("trials",), "there is one trial for each role")
    if said := trials_overflow(quiz):
        yield document.problem(("trials",), said)
    yield from _questions(files)
    for at, part in walk(quiz):
        for inner, text, _ in texts(part):
            if _MONEY_OR_SHARE.search(text):
                said = f"a figure belongs where its source is shown, in compare/: {text!r:.60}"
                yield document.problem((*at, *inner), said)


def _questions(files: Files) -> Found:
    document = files.quiz.document
    for at, question in enumerate(files.quiz.value.questions):
        if question.id in RESERVED:
            yield document.problem(("questions", at, "id"), f"{question.id!r} is a reserved id")
        if question.topic is not None and question.topic not in files.topics:
            said = f"there is no topic {question.topic!r}"
            yield document.problem(("questions", at, "topic"), said)
        yield from _repeated(document, ("questions", at, "options"), question.options)


def _claim(files: Files, document: Document, at: Location, claim: Cited) -> Found:
    """A figure has its source and year, and both can be right."""
    known = {source.id: source for source in files.sources.value}
    for number, source in enumerate(claim.sources):
        where = (*at, "sources", number)
        if source not in known:
            yield document.problem(where, f"there is no source {source!r}")
        elif known[source].kind == "listed":
            said = f"the article lists {source!r}, but ties nothing to it: cite the article"
            yield document.problem(where, said)
    yield from _repeated(document, (*at, "sources"), claim.sources)
    figure = isinstance(claim, Figure) or any(_FIGURE.search(text) for _, text, _ in texts(claim))
    lacking = [name for name in ("sources", "year") if not getattr(claim, name)]
    if figure and lacking:
        yield document.problem(at, f"a figure without {' and '.join(lacking)}")
    newest = max((known[one].year for one in claim.sources if one in known), default=None)
    if newest is not None and claim.year is not None and claim.year > newest:
        said = f"speaks of {claim.year}, and its newest source is of {newest}"
        yield document.problem((*at, "year"), said)


def _lengths(document: Document, at: Location, part: BaseModel) -> Found:
    for inner, text, limit in texts(part):
        if not text:
            yield document.problem((*at, *inner), f"{inner[0]!r} is empty")
        elif (size := length(text)) > limit:
            said = f"{inner[0]!r} has {size} characters, {limit} fit"
            yield document.problem((*at, *inner), said)


def _repeated(document: Document, at: Location, names: Iterable[Hashable | None]) -> Found:
    seen: set[Hashable] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield document.problem((*at, number), f"{name!r} stands here twice")
        if name is not None:
            seen.add(name)
