"""The catalogue of commands: what each is called and says of itself, wherever it is listed.

Help, the Home tab, metrics, Slack's manifest, Discord's commands and the playground read it; what
each does is in `routes.py`.
"""

from dataclasses import dataclass, replace

from bot.chat.actions import Section
from bot.chat.limits import DESCRIPTION, cut
from bot.pack.packs import Packs


@dataclass(frozen=True, slots=True)
class Option:
    """What may be typed after a command: `name` and `what` are for Discord, `hint` for Slack.

    `awaited`: it is mostly said with one, so that the line to type in waits for it.
    """

    name: str
    what: str
    hint: str
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: `name` without its slash, `summary` a line of at most 100 characters.

    `label` is on the button that opens `section`, its front page, and `also` what else people
    write for that. `more` is a sentence that help adds; `listed` puts the button on help and Home.
    """

    name: str
    summary: str
    label: str
    section: Section
    also: tuple[str, ...]
    option: Option | None = None
    more: str = ""
    listed: bool = True


ENTRIES = (
    Entry(
        name="compare",
        summary="The roles side by side, with sources",
        label="Compare the roles",
        section="compare",
        also=("comparison", "roles", "compare roles"),
        option=Option(
            "topic", "What to compare; begin to type to see the topics", "[topic]", awaited=True
        ),
        more="/compare pay opens a topic.",
    ),
    Entry(
        name="quiz",
        summary="Find out which role fits you, and why",
        label="Take the quiz",
        section="quiz",
        also=("take quiz", "start quiz", "test", "results", "result", "quiz results"),
    ),
    Entry(
        name="taster",
        summary="A week in each role: five short tasks, and how they felt",
        label="Try a week of each",
        section="taster",
        also=("tasters", "taste", "try", "trial", "try both", "try a week of each"),
    ),
    Entry(
        name="plan",
        summary="A dated learning plan, from where you start",
        label="My plan",
        section="plan",
        also=("learning plan", "make plan", "make a plan"),
        option=Option("what", "What to do with it, such as pause, hours 6 or switch", "[words]"),
    ),
    Entry(
        name="practice",
        summary="Interview questions that come back before you forget them",
        label="Interview practice",
        section="practice",
        also=("practise", "interview", "interviews", "interview practice", "mock interview"),
        option=Option("what", "mock, overview, a role, or: interview 12 May", "[words]"),
        more="/practice mock is a mock interview of 30 minutes.",
    ),
    Entry(
        name="progress",
        summary="How far you are, and when you’ll get there",
        label="My progress",
        section="progress",
        also=("status", "how am doing", "how far am"),
    ),
    Entry(
        name="reminders",
        summary="A weekly reminder, at a time that suits you",
        label="Reminders",
        section="reminders",
        also=("remind", "reminder", "settings", "notifications"),
        option=Option(
            "place", "Your city or time zone, or a word such as pause, snooze or stop", "[words]"
        ),
    ),
    Entry(
        name="crossroads",
        summary="Help, your data, and everything else",
        label="Help",
        section="help",
        also=("help", "menu", "commands", "?", "what can do", "what do do", "start"),
        option=Option("about", "A command or a word, such as plan or privacy", "[command]"),
        more="/crossroads mydata shows, exports or deletes what I know about you.",
        listed=False,
    ),
)
"""In the order in which they are listed."""

OF_A_FORK = frozenset({"compare", "quiz", "taster", "plan", "practice", "progress"})
"""The commands that are about one pack, and take its name."""


def entries(packs: Packs) -> tuple[Entry, ...]:
    """The commands as these packs have them: in the words of the only one, or with one to name."""
    if packs.several:
        return tuple(
            _with_fork(entry, packs) if entry.name in OF_A_FORK else entry for entry in ENTRIES
        )
    said = packs.first.commands.model_dump()
    return tuple(replace(entry, summary=said.get(entry.name, entry.summary)) for entry in ENTRIES)


def _with_fork(entry: Entry, packs: Packs) -> Entry:
    fork = f"a fork, such as {packs.first.name}"
    if entry.option is None:
        return replace(entry, option=Option("fork", f"Which of them: {fork}", "[fork]"))
    what = cut(f"{entry.option.what}, or {fork}", DESCRIPTION)
    return replace(entry, option=replace(entry.option, what=what))


COMMANDS = {entry.name: entry for entry in ENTRIES}
SECTIONS = {entry.section: entry for entry in ENTRIES}
LISTED = tuple(entry.section for entry in ENTRIES if entry.listed)
