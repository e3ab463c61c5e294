"""The choices that are offered while somebody types an option of a command."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

from bot.calendar.dates import wall_clock
from bot.calendar.zones import find_zones, say_zone
from bot.chat.limits import cut
from bot.commands.plan.words import suggest_plan
from bot.commands.words import Suggestion, suggest_answers
from bot.pack.model import Pack, Topic

Json: TypeAlias = dict[str, Any]

CHOICES = 25
CHOICE = 100


def choices(command: str, typed: str, pack: Pack, now: datetime) -> list[Json]:
    """What fits what was typed so far; whatever else is typed can be sent all the same."""
    match command:
        case "reminders":
            return [*answer_choices(typed), *zone_choices(typed, now)][:CHOICES]
        case "plan":
            return plan_choices(pack, typed)
        case _:
            return topic_choices(pack.topics, typed)


def plan_choices(pack: Pack, typed: str) -> list[Json]:
    """The words after `/plan`, and the titles of steps."""
    return [_choice(suggestion) for suggestion in suggest_plan(pack, typed)[:CHOICES]]


def answer_choices(typed: str) -> list[Json]:
    """The words that do what a reminder's buttons do."""
    return [_choice(suggestion) for suggestion in suggest_answers(typed)]


def _choice(suggestion: Suggestion) -> Json:
    return {"name": cut(suggestion.name, CHOICE), "value": cut(suggestion.value, CHOICE)}


def zone_choices(typed: str, now: datetime) -> list[Json]:
    """The places that fit what was typed, each with the time that its clocks show."""
    return [
        {"name": cut(f"{say_zone(zone)} – {wall_clock(zone, now)} now", CHOICE), "value": zone}
        for zone in find_zones(typed, CHOICES, now)
    ]


def topic_choices(topics: Iterable[Topic], typed: str) -> list[Json]:
    """The topics that fit what was typed: those that begin with it before those that hold it."""
    wanted = typed.strip().casefold()
    found = [
        topic
        for topic in topics
        if any(wanted in word.casefold() for word in (topic.title, topic.id, *topic.aliases))
    ]
    found.sort(key=lambda topic: not topic.title.casefold().startswith(wanted))
    return [{"name": cut(topic.title, CHOICE), "value": topic.id} for topic in found[:CHOICES]]
