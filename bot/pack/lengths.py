"""The texts of a pack and how long each may be, so that every card fits both platforms."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final, TypeAlias

from pydantic import BaseModel

from bot.chat import limits
from bot.chat.limits import length
from bot.chat.text import Text, plain
from bot.pack.facts import (
    Cited,
    Figure,
    FiguresSection,
    ListSection,
    NoteSection,
    OpinionSection,
    ProseSection,
    Row,
    Section,
    Source,
    SourcesSection,
    StorySection,
    Topic,
    VersusSection,
)
from bot.pack.files import Manifest, Phase, Plan
from bot.pack.learning import Kind, Place, Portion, Task, Tasting, Timeline
from bot.pack.model import Commands, Role, Tip
from bot.pack.quiz import Answer, DrawChoice, Question, Quiz, Start
from bot.pack.yaml_file import Location

CONTROLS: Final = 400  # characters of the buttons below a topic, and of what a press said
NAVIGATION_COMPONENTS: Final = 12
FRAME: Final = 2  # components: the card and its title
AROUND: Final = 3  # components: what stands above the sections, and below them
FOOT: Final = 240  # characters: the same, with whose most of the page is
MARK: Final = 110  # at most: whose claim it is and of which year; most of a page is signed below it
COMMENT: Final = 24  # “Crossroads’ note: ”, or what else a claim is introduced by
NOTE: Final = 500  # a comment of our own, beside what it comments on
TASK: Final = 900  # a step's card holds three of them
TIP: Final = 500  # stands below the week's steps in a reminder
QUESTION: Final = 600

Spot: TypeAlias = tuple[Location, str | Text, int]


def texts(part: BaseModel) -> Iterator[tuple[Location, str, int]]:
    """Each text of `part` itself: where it stands, what it says and how many characters fit."""
    commented = _fields(part, NOTE, "note") if isinstance(part, Cited) else ()
    for at, text, limit in (*_places(part), *commented):
        yield at, text if isinstance(text, str) else plain(text), limit


def topic_overflow(
    topic: Topic, topics: Collection[Topic], sources: Iterable[Source]
) -> str | None:
    """Why the topic's card, with the menu of all `topics`, would not fit into one message."""
    count = topic_components(topic)
    if count > (room := limits.COMPONENTS - NAVIGATION_COMPONENTS):
        return f"the topic takes {count} components of a message, {room} fit: shorten or split it"
    if (size := topic_size(topic, sources)) > (room := limits.SHOWN - navigation(topics)):
        return f"the topic takes {size} characters of a message, {room} fit: shorten or split it"
    return None


def navigation(topics: Iterable[Topic]) -> int:
    """The most characters that a topic's controls show: the menu of all topics, and buttons."""
    return CONTROLS + sum(length(one.title) + length(one.summary) for one in topics)


def topic_size(topic: Topic, sources: Iterable[Source]) -> int:
    """The most characters that the topic's card shows, without its controls."""
    whole = any(isinstance(section, SourcesSection) for section in topic.sections)
    listed = sum(map(_entry, sources)) if whole else 0
    parts = [part for section in topic.sections for part in (section, *_claims(section))]
    signed = Counter((one.sources, one.year) for one in parts if isinstance(one, Cited))
    together = max((one for one in signed if one[0]), key=signed.__getitem__, default=None)
    marks = sum(_marks(section, together) for section in topic.sections) + COMMENT * len(parts)
    said = sum(length(text) for part in parts for _, text, _ in texts(part))
    used = {one for cited, _ in signed for one in cited}
    links = sum(_link(source) for source in sources if source.id in used)
    return length(topic.title) + FOOT + marks + said + links + listed


def topic_components(topic: Topic) -> int:
    """The components of the topic's card, without its controls."""
    return FRAME + AROUND + sum(map(_components, topic.sections))


def _places(part: BaseModel) -> Iterator[Spot]:
    match part:
        case Manifest():
            yield from _fields(part, limits.LABEL, "title", "name", "subtitle")
            yield from _fields(part, TASK, "hours_note")
        case Role():
            yield from _fields(part, limits.LABEL, "name", "short", "tagline")
        case Commands():
            yield from _fields(part, limits.DESCRIPTION, "compare", "quiz", "plan")
        case Portion() | Tasting() | Place() | Kind():
            yield from _learning_places(part)
        case Source():
            yield from _fields(part, limits.TITLE, "title", "publisher", "author")
        case Topic():
            yield from _fields(part, limits.LABEL, "title")
            yield from _fields(part, limits.DESCRIPTION, "summary")
        case Phase():
            yield from _fields(part, limits.LABEL, "name")
        case Plan():
            yield from _fields(part, limits.LABEL, "title")
        case Timeline():
            yield from _fields(part, TASK, "text")
        case Task():
            yield from _fields(part, limits.LABEL, "title")
            yield from _fields(part, TASK, "do", "done", "portfolio", "costs")
        case Tip():
            yield from _fields(part, TIP, "text")
        case _:
            yield from _quiz_places(part)
            yield from _section_places(part)


def _learning_places(part: Portion | Tasting | Place | Kind) -> Iterator[Spot]:
    match part:
        case Kind():
            yield from _fields(part, limits.LABEL, "label")
        case Tasting():
            yield from _fields(part, limits.LABEL, "title")
            yield from _fields(part, TASK, "do")
        case _:
            yield from _fields(part, limits.LABEL, "title")


def _quiz_places(part: BaseModel) -> Iterator[Spot]:
    match part:
        case Quiz():
            yield from _fields(part, QUESTION, "intro", "matters_text", "start_text", "hours_text")
            yield from _fields(part, QUESTION, "draw_text", "close_text", "torn_text")
            yield from _fields(part, QUESTION, "cold_text", "little_text", "convergence")
        case Question():
            yield from _fields(part, limits.LABEL, "about")
            yield from _fields(part, QUESTION, "text")
        case Answer():
            yield from _fields(part, limits.LABEL, "text")
        case Start():
            yield from _fields(part, limits.LABEL, "label", "description")
        case DrawChoice():
            yield from _fields(part, limits.LABEL, "label", "description")
            yield from _fields(part, QUESTION, "says")
            for role, said in part.says_for.items():
                yield ("says_for", role), said, QUESTION
        case _:
            return


def _section_places(part: BaseModel) -> Iterator[Spot]:
    match part:
        case FiguresSection():
            yield from _fields(part, limits.LABEL, "title")
        case Figure():
            yield from _fields(part, limits.LABEL, "label", "value")
            yield from _fields(part, TASK, "qualifier")
        case Row():
            yield from _fields(part, limits.LABEL, "label")
            for role, said in part.roles.items():
                yield ("roles", role), said, TASK
        case ProseSection():
            yield from _fields(part, limits.PROSE, "text")
        case NoteSection():
            yield from _fields(part, limits.PROSE, "text")
        case OpinionSection() | StorySection():
            yield from _fields(part, limits.LABEL, "who")
            yield from _fields(part, limits.PROSE, "text")
        case ListSection():
            yield from _fields(part, limits.LABEL, "title")
            for number, item in enumerate(part.items):
                yield ("items", number), item, TASK
        case _:
            return


def _fields(part: BaseModel, limit: int, *names: str) -> Iterator[Spot]:
    """The texts of these fields; one that may be left out and is, is none."""
    for name in names:
        text = getattr(part, name)
        if text or type(part).model_fields[name].is_required():
            yield (name,), text, limit


def _marks(section: Section, together: tuple[tuple[str, ...], int | None] | None) -> int:
    """The characters of whose claims these are, but for those that are signed `together`.

    Below a comparison each source stands once, with the labels of its rows.
    """
    apart = [one for one in (section, *_claims(section)) if isinstance(one, Cited)]
    apart = [one for one in apart if (one.sources, one.year) != together]
    if not isinstance(section, VersusSection):
        return MARK * len(apart)
    labels = sum(len(", ") + length(one.label) for one in apart if isinstance(one, Row))
    return MARK * len({(one.sources, one.year) for one in apart}) + labels


def _entry(source: Source) -> int:
    """The characters of a source in the list of all; a named one stands there twice."""
    line = len("13. \n") + length(source.citation) + len(source.url)
    return (2 if source.kind == "named" else 1) * line


def _link(source: Source) -> int:
    """The characters of a link below the page: Discord counts the address too."""
    return len("[]() · ") + length(source.publisher) + len(source.url) if source.url else 0


def _claims(section: Section) -> tuple[Figure | Row, ...]:
    match section:
        case FiguresSection():
            return section.figures
        case VersusSection():
            return section.rows
        case _:
            return ()


def _components(section: Section) -> int:
    """A comparison has one a row, its sources below and our notes; another section one, or two."""
    if isinstance(section, VersusSection):
        return len(section.rows) + 2
    return 2 if isinstance(section, Cited) and section.note else 1
