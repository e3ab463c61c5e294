"""What must hold of a pack beyond the shape of its files: ids resolve, claims carry sources."""

import re
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from bot.chat.limits import length
from bot.chat.text import plain
from bot.pack import data_rules, plan_rules, practice_rules
from bot.pack.facts import Cited, Figure, FiguresSection, Source, Topic, VersusSection
from bot.pack.files import Files, Sourced
from bot.pack.lengths import texts, topic_overflow
from bot.pack.yaml_file import Document, Location, Problem

Found: TypeAlias = Iterator[Problem]

# Names of the quiz's own steps: a question with one of these ids could not be told from it.
RESERVED: Final = frozenset(
    {"matters", "start", "hours", "draw", "review", "change", "intro", "result"}
)
# What `/compare` knows besides the topics: a topic of that name would never be seen.
RESERVED_TOPICS: Final = frozenset({"about"})
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
    yield from practice_rules.errors(files)
    yield from _repeated(files.tips.document, (), [tip.id for tip in files.tips.value])
    tables = data_rules.Tables(files)
    for document, model in _documents(files):
        for at, part in walk(model):
            yield from _lengths(document, at, part)
            if isinstance(part, Cited):
                yield from _claim(files, document, at, part)
                yield from data_rules.errors(tables, document, at, part)


def warnings(files: Files, today_year: int) -> Found:
    """What should be looked at, while the pack can still be used."""
    stale_after = files.manifest.value.stale_after
    for at, source in enumerate(files.sources.value):
        if (age := today_year - source.year) > stale_after:
            yield files.sources.document.problem(
                (at, "year"), f"{source.id!r} is {age} years old, stale after {stale_after}"
            )
    yield from _unevenly_described(files)
    used = {step for plan in files.plans.values() for _, _, step in plan.value.placed()}
    yield from plan_rules.warnings(files)
    for unused in sorted(files.tasks.value.keys() - used):
        yield files.tasks.document.problem((unused,), f"no plan has the step {unused!r}")


UNEVEN: Final = 1.5
"""How many times as many words as another role one may have in the comparison."""


def _unevenly_described(files: Files) -> Found:
    """Roles that are described in more detail than others are favoured by it."""
    words: dict[str, int] = {role.id: 0 for role in files.manifest.value.roles}
    for topic in files.topics.values():
        for section in topic.value.sections:
            if isinstance(section, VersusSection):
                for row in section.rows:
                    for role, told in row.roles.items():
                        words[role] = words.get(role, 0) + len(plain(told).split())
    most, least = max(words, key=words.__getitem__), min(words, key=words.__getitem__)
    if words[most] > UNEVEN * words[least]:
        said = f"{most!r} is described in {words[most]} words, {least!r} in {words[least]}"
        yield files.manifest.document.problem(("roles",), said)


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
        *files.tasters,
        *files.practice,
    )
    return ((part.document, part.value) for part in parts)


def _manifest(files: Files) -> Found:
    manifest, document = files.manifest.value, files.manifest.document
    yield from _repeated(document, ("topics",), manifest.topics)
    yield from _known_roles(files, document, ("must_know",), manifest.must_know)
    for role, tools in manifest.must_know.items():
        for tool, steps in tools.items():
            yield from _must_know(files, role, tool, steps)


def _must_know(files: Files, role: str, tool: str, steps: Iterable[str]) -> Found:
    """What a role must know is taught by a step of every plan to it."""
    document, at = files.manifest.document, ("must_know", role, tool)
    for step in steps:
        if step not in files.tasks.value:
            yield document.problem(at, f"there is no step {step!r}")
    for (start, towards), plan in files.plans.items():
        if towards == role and not {step for _, _, step in plan.value.placed()} & set(steps):
            said = f"no step of the plan from {start!r} teaches {tool}"
            yield document.problem(at, said)


def _sources(sources: Sourced[tuple[Source, ...]]) -> Found:
    document = sources.document
    yield from _repeated(document, (), [source.id for source in sources.value])
    if [source.kind for source in sources.value].count("article") > 1:
        yield document.problem((), "a pack has at most one source of the kind 'article'")
    numbers = [source.number for source in sources.value if source.number is not None]
    yield from _repeated(document, (), [source.number for source in sources.value])
    missing = set(range(1, len(numbers) + 1)) - set(numbers)
    if missing:
        yield document.problem((), f"the article's list has no number {min(missing)}")
    for at, source in enumerate(sources.value):
        if source.kind == "listed" and source.number is None:
            yield document.problem((at,), f"{source.id!r} is listed, but has no number")
        if source.kind == "dataset":
            for name in ("release", "published", "retrieved", "licence", "url"):
                if not getattr(source, name):
                    yield document.problem((at,), f"{source.id!r} is a dataset without {name!r}")


def _topics(files: Files) -> Found:
    names = {name: name for name in files.topics}
    figures: set[str] = set()
    topics = [topic.value for topic in files.topics.values()]
    for name, topic in files.topics.items():
        document = topic.document
        if name in RESERVED_TOPICS:
            yield document.problem((), f"{name!r} is the page about the pack: see pack.yaml")
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
                for at_row, row in enumerate(section.rows):
                    yield from _each_role(
                        files, document, ("sections", number, "rows", at_row, "roles"), row.roles
                    )
        if said := topic_overflow(topic.value, topics, files.sources.value):
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
    if list(quiz.hours) != sorted({one for one in quiz.hours if 1 <= one <= 60}):
        yield document.problem(("hours",), "hours rise from 1 to at most 60")
    if quiz.thresholds.leaning >= quiz.thresholds.clear:
        yield document.problem(("thresholds",), "leaning comes before clear")
    if quiz.poles and (len(files.manifest.value.roles) > 2 or len(set(quiz.poles)) < 2):
        said = "the short form is for two roles: give `options` with `text` and `gives`"
        yield document.problem(("poles",), said)
    yield from _known_roles(files, document, ("poles",), quiz.poles or ())
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
        spoken = [option.text for option in question.options]
        yield from _repeated(document, ("questions", at, "options"), spoken)
        for number, option in enumerate(question.options):
            where = ("questions", at, "options", number, "gives")
            given = set(option.gives) - set(files.quiz.value.poles or ())
            yield from _known_roles(files, document, where, sorted(given))
        if not any(option.gives for option in question.options):
            said = "no option gives anything: `poles` need five texts, other options `gives`"
            yield document.problem(("questions", at, "options"), said)


def _known_roles(files: Files, document: Document, at: Location, named: Iterable[str]) -> Found:
    roles = {role.id for role in files.manifest.value.roles}
    for role in named:
        if role not in roles:
            said = f"there is no role {role!r}: pack.yaml has {', '.join(sorted(roles))}"
            yield document.problem(at, said)


def _each_role(files: Files, document: Document, at: Location, named: Iterable[str]) -> Found:
    yield from _known_roles(files, document, at, named)
    for role in files.manifest.value.roles:
        if role.id not in named:
            yield document.problem(at, f"nothing is said of {role.id!r}")


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
    signed = (text for (name, *_), text, _ in texts(claim) if name != "note")
    figure = isinstance(claim, Figure) or any(map(_FIGURE.search, signed))
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
