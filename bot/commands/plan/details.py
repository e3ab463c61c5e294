"""What a step's card says around the task: its parts, where to learn it, its costs and hours."""

from bot.chat.parts import Part, Prose
from bot.chat.text import Bold, Link, Text, join, text
from bot.pack.learning import Place, Task
from bot.planning.status import Entry


def details(entry: Entry) -> tuple[Part, ...]:
    """Its parts, the places to learn it from, and what it costs, each where the pack says so."""
    task = entry.step
    parts = [
        text(f"• {'✓ ' if entry.ticked(part) else ''}{part.title} – {part.hours} h")
        for part in task.parts
    ]
    places = [_place(place) for place in task.learn]
    costs = [task.costs] if task.costs else []
    listed = (("In parts", parts), ("Where to learn it", places), ("What it costs", costs))
    return tuple(
        Prose(text=text(Bold(text=title), "\n", join("\n", lines)))
        for title, lines in listed
        if lines
    )


def estimate(task: Task) -> str:
    """The hours of a step, how far they may differ, and the weeks that the calendar needs."""
    spread = f", {task.range[0]}–{task.range[1]} for most people" if task.range else ""
    said = f"About {task.hours} hours{spread}. That’s our estimate: yours may differ."
    if task.at_least_weeks:
        said += f" Allow at least {task.at_least_weeks} weeks, however many hours you have."
    return said


def _place(place: Place) -> Text:
    free = "free" if place.free else "not free"
    return text("• ", Link(text=place.title, url=place.url), f" – {free}")
