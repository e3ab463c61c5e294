"""Words that members write instead of pressing a button, in one list, and how they are heard."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from bot.calendar.typed import tidy
from bot.chat.actions import Section
from bot.commands.catalog import ENTRIES

Meaning: TypeAlias = Literal[
    "done",
    "snooze",
    "skip",
    "pause",
    "resume",
    "stop",
    "why",
    "hello",
    "thanks",
    "mydata",
    "export",
    "delete",
    "of a plan",
    "a topic or a step",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to say after a command, offered while it is typed: what is shown, what is sent."""

    name: str
    value: str
    about: str = ""


def suggestion(word: str, what: str) -> Suggestion:
    """As "pause – Pause the reminder until a date"."""
    return Suggestion(f"{word} – {what}", word)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, what it does, and after commas what else people write; `takes` lets more follow."""

    word: Meaning
    what: str
    also: str = ""
    takes: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.word, *self.also.split(", "))


REMINDER_WORDS = (
    Word(
        "done",
        "Mark a step as done",
        "finished, did, completed, complete, done with, finished with",
        takes=True,
    ),
    Word(
        "snooze",
        "Have the reminder come again tomorrow",
        "later, maybe later, tomorrow, not today, remind later, remind tomorrow, remind again,"
        " remind again later, remind again tomorrow",
    ),
    Word("skip", "Skip this week", "skip week, not week, skip for week, pass"),
    Word(
        "pause",
        "Pause the reminder until a date",
        "break, take break, holiday, vacation, mute, silence, quiet, be quiet",
        takes=True,
    ),
    Word("resume", "Have the reminder come again", "unpause, continue, go on, back, am back"),
    Word(
        "stop",
        "Stop the reminder",
        "unsubscribe, stop all, stop reminding, stop writing, stop messaging, quit, opt out,"
        " opt-out, optout, cancel, no more, leave alone, enough, had enough, that's enough, off,"
        " go away, shut up",
    ),
    Word(
        "why",
        "See why a reminder came, or didn’t",
        "why get, why did get, why do get, why am getting, why did come, why are writing",
    ),
)
"""What answers a reminder: in a direct message, in a thread under it, or after `/reminders`."""

OTHER_WORDS = (
    Word(
        "hello",
        "A greeting, with ways in",
        "hi, hey, hiya, heya, yo, howdy, hallo, hola, greetings, hi there, hello there, hey there,"
        " good morning, good afternoon, good evening, 👋",
    ),
    Word(
        "thanks",
        "You’re welcome",
        "thank, thx, ty, tysm, thanks lot, thank much, thank very much, many thanks, cheers, great,"
        " nice, cool, perfect, 👍, 🙏, ❤",
    ),
    Word(
        "mydata",
        "What is kept of a member",
        "privacy, privacy policy, data, personal data, gdpr, show data, what data do have,"
        " what do know about, what do have about, what do keep",
    ),
    Word(
        "export",
        "A copy of it",
        "export data, export all data, download data, copy data",
    ),
    Word(
        "delete",
        "Its end",
        "delete data, delete all, delete all data, delete everything, delete account, erase data,"
        " remove data, remove account, forget, forget everything",
    ),
)

_POLITE = {
    *("please", "pls", "plz", "just", "now", "really", "so", "a", "the", "my", "me", "i", "i'm"),
    *("im", "i've", "ive", "it", "this", "that", "these", "those", "you", "your", "to", "want"),
    *("wanna", "would", "like", "can", "could", "will", "with", "sending", "send", "getting"),
    *("receiving", "from", "reminder", "reminders", "weekly", "message", "messages", "dm", "dms"),
    *("bot", "crossroads", "ok", "okay", "and", "of"),
}
"""What may stand around a word without changing what it means."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was meant, and what followed: "done: two projects" is "done" and "two projects"."""

    meaning: Meaning
    rest: str = ""


def heard(typed: str) -> Heard | None:
    """What is meant by words that were not said as a command; None where that is not plain."""
    said = _bare(typed)
    if meaning := _meanings().get(said) or _meanings().get(_core(said)):
        return Heard(meaning)
    for name, meaning in _taking():
        if said.startswith((f"{name} ", f"{name}: ", f"{name}, ")):
            return Heard(meaning, said[len(name) :].lstrip(":, "))
    return None


def answers(typed: str) -> Heard | None:
    """What is meant by an answer to a reminder."""
    said = heard(typed)
    return said if said and said.meaning in {word.word for word in REMINDER_WORDS} else None


def suggest_answers(typed: str) -> list[Suggestion]:
    """The words of which a name begins with what was typed so far; by their first name before."""
    wanted = tidy(typed)
    found = [word for word in REMINDER_WORDS if any(n.startswith(wanted) for n in word.names)]
    found.sort(key=lambda word: not word.word.startswith(wanted))
    return [suggestion(word.word, word.what) for word in found]


def section(typed: str) -> Section | None:
    """The command whose front page goes by these words."""
    said = _bare(typed).lstrip("/")
    return _sections().get(said) or _sections().get(_core(said))


def names(words: Iterable[Word]) -> str:
    """As "done, snooze, skip"."""
    return ", ".join(word.word for word in words)


def _bare(typed: str) -> str:
    """Without what stands at the ends of a sentence; one that is nothing else stays."""
    said = tidy(typed).replace("\ufe0f", "")
    return said.strip(" .!?,;:…\"'()*_~“”") or said


def _core(said: str) -> str:
    """The words that carry the meaning; nothing where there is none."""
    return " ".join(word for word in said.replace(",", " ").split() if word not in _POLITE)


@cache
def _meanings() -> dict[str, Meaning]:
    words = (*OTHER_WORDS, *REMINDER_WORDS)
    return {_bare(name): word.word for word in words for name in word.names}


@cache
def _taking() -> tuple[tuple[str, Meaning], ...]:
    """The names that more may follow, the longest first."""
    words = [word for word in REMINDER_WORDS if word.takes]
    found = [(name, word.word) for word in words for name in word.names]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


@cache
def _sections() -> dict[str, Section]:
    return {name: entry.section for entry in ENTRIES for name in (entry.name, *entry.also)}
