"""The application commands as Discord is told of them, and the choices offered while typing."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

from bot.content import Topic
from bot.limits import cut
from bot.when import wall_clock
from bot.zones import find_zones, say_zone

Json: TypeAlias = dict[str, Any]

STRING = 3
CHAT_INPUT = 1
EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}  # servers, DMs, user installs
CHOICES = 25
CHOICE = 100


def tree() -> list[Json]:
    return [
        _command(
            "compare",
            "AI Engineer and ML Engineer side by side, with sources",
            _option("topic", "What to compare; begin to type to see the topics", complete=True),
        ),
        _command("quiz", "Find out which of the two roles fits you, and why"),
        _command("plan", "A dated learning plan from where you start"),
        _command("progress", "How far you are, and when you will be there"),
        _command(
            "reminders",
            "A word once a week, at an hour that suits you",
            _option("place", "Your city or time zone, if it has changed", complete=True),
        ),
        _command(
            "crossroads",
            "Help, and the way into everything else",
            _option("about", "A command or a word, such as plan or privacy"),
        ),
    ]


def fingerprint(commands: list[Json]) -> str:
    """Equal for equal trees: Discord is told only of a tree that it does not have."""
    return hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()


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


def _command(name: str, description: str, *options: Json) -> Json:
    command: Json = {"name": name, "description": description, "type": CHAT_INPUT, **EVERYWHERE}
    return {**command, "options": list(options)} if options else command


def _option(name: str, description: str, *, complete: bool = False) -> Json:
    option = {"type": STRING, "name": name, "description": description, "required": False}
    return {**option, "autocomplete": True} if complete else option
