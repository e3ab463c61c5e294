"""The words after `/plan`, in one list: what each does, for understanding, help and completion."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bot.calendar.typed import tidy
from bot.chat.actions import PlanChange
from bot.commands.said.words import Suggestion, suggestion
from bot.pack.model import Pack

View: TypeAlias = Literal["week", "steps"]


@dataclass(frozen=True, slots=True)
class PlanWord:
    """A word, what it does, and what else people call it; it opens a view or begins a change."""

    word: str
    what: str
    does: PlanChange | View
    also: tuple[str, ...] = ()


PLAN_WORDS = (
    PlanWord("week", "What this week asks for", "week", ("this week", "today", "show")),
    PlanWord("steps", "All steps, page by page", "steps", ("all", "all steps")),
    PlanWord("change", "Every way to change your plan", "choose"),
    PlanWord("hours", "Change your hours a week, as in: hours 6", "hours", ("pace",)),
    PlanWord("pause", "Pause your plan; nothing becomes late meanwhile", "pause", ("rest",)),
    PlanWord("resume", "Resume a paused plan", "resume", ("go on", "continue")),
    PlanWord("catch up", "Ways on when you are behind", "replan", ("replan", "behind")),
    PlanWord("switch", "Switch to the other role and keep what both share", "switch"),
    PlanWord("restart", "Start over at the first step", "restart", ("start over", "start again")),
    PlanWord("stop", "Stop this plan for good", "remove", ("remove", "end")),
)


def suggest(pack: Pack, typed: str, _: datetime) -> list[Suggestion]:
    """The words and steps that fit what was typed so far: those that begin with it come first."""
    wanted = tidy(typed)
    found = [
        (not name.startswith(wanted), place, offer)
        for place, (names, offer) in enumerate(_suggestions(pack))
        if (name := next((name for name in names if wanted in name), None)) is not None
    ]
    return [offer for *_, offer in sorted(found, key=lambda one: one[:2])]


def is_plan_word(words: str) -> bool:
    """Whether it can be said after `/plan`: "catch up", "hours 6"."""
    wanted = tidy(words)
    names = {name for word in PLAN_WORDS for name in (word.word, *word.also)}
    return wanted in names or wanted.startswith("hours ")


def _suggestions(pack: Pack) -> tuple[tuple[tuple[str, ...], Suggestion], ...]:
    """What each suggestion is found by, and the suggestion; words before steps."""
    words = (((word.word, *word.also), suggestion(word.word, word.what)) for word in PLAN_WORDS)
    titles = dict.fromkeys(step.title for template in pack.templates for step in template.steps)
    steps = (((title.casefold(),), Suggestion(title, title)) for title in titles)
    return (*words, *steps)
