"""Packs for tests: small ones with any number of roles, made of nothing but what a rule needs."""

from typing import Any

from bot.commands.quiz.scoring import NEITHER
from bot.commands.quiz.state import lettered, nobody
from bot.pack.model import Pack

_COLOURS = ("#1B5FC1", "#9A5B00", "#2E7D32", "#7B1FA2")


def roles_of(count: int) -> tuple[str, ...]:
    return ("red", "blue", "green", "gold")[:count]


def make_quiz(
    roles: tuple[str, ...], gives: list[list[dict[str, int]]], leaning: float, clear: float
) -> dict[str, Any]:
    """A quiz whose questions give what `gives` says, by question and option."""
    questions = [
        {
            "id": f"q{number}",
            "about": f"subject {number}",
            "text": "Which?",
            "options": [
                {"text": f"option {number}.{at}", "gives": given}
                for at, given in enumerate(options)
            ],
        }
        for number, options in enumerate(gives, 1)
    ]
    texts = ("intro", "matters_text", "start_text", "hours_text", "draw_text")
    endings = ("close_text", "torn_text", "cold_text", "little_text")
    return {
        "questions": questions,
        "hours": [5, 10],
        "draws": [{"id": "curious", "label": "Curiosity", "says": "Then look around."}],
        "thresholds": {"leaning": leaning, "clear": clear},
        **{name: f"The {name}." for name in (*texts, *endings)},
    }


def towards_each(roles: tuple[str, ...]) -> list[dict[str, int]]:
    """Options of a question: a strong one for each role, and one that gives to all."""
    return [*({role: 2} for role in roles), dict.fromkeys(roles, 1)]


def make_pack(count: int = 3, questions: int = 6, starts: int = 1) -> Pack:
    """A pack with so many roles and starts, each way with one step."""
    roles = roles_of(count)
    return Pack.model_validate(
        {
            "id": "colours",
            "version": 1,
            "title": "Which colour?",
            "name": "Colours",
            "subtitle": "A fork that only tests know",
            "stale_after": 2,
            "reviewed": "2026-11-01",
            "hours_note": "Hours are guesses.",
            "roles": [
                {
                    "id": role,
                    "name": f"{role.capitalize()} Painter",
                    "article": "a",
                    "short": role.capitalize(),
                    "tagline": f"Paints {role}",
                    "emoji": "🎨",
                    "accent": {"light": colour, "dark": "#A0C4FF"},
                }
                for role, colour in zip(roles, _COLOURS, strict=False)
            ],
            "starts": [
                {"id": f"s{at}", "label": f"Start {at}", "description": "Anywhere"}
                for at in range(starts)
            ],
            "commands": {"compare": "Colours", "quiz": "Which colour", "plan": "A plan"},
            "sources": [],
            "topics": [],
            "quiz": make_quiz(roles, [towards_each(roles)] * questions, 0.33, 0.5),
            "templates": [
                {
                    "start": f"s{at}",
                    "role": role,
                    "title": f"To {role}",
                    "pace": 5,
                    "timeline": {"text": "As long as it takes.", "sources": [], "year": 2026},
                    "steps": [
                        {
                            "id": f"paint-{role}",
                            "title": f"Paint {role}",
                            "hours": 5,
                            "do": "Paint.",
                            "done": "It is painted.",
                            "phase": "Painting",
                        }
                    ],
                }
                for at in range(starts)
                for role in roles
            ],
            "tips": [],
        }
    )


def changed(pack: Pack, **update: Any) -> Pack:
    """The pack with other values, and nothing that was worked out from the old ones."""
    copy = pack.model_copy(update=update)
    for name in set(copy.__dict__) - set(Pack.model_fields):
        del copy.__dict__[name]
    return copy


def label_of(pack: Pack, question: int, option: int | None) -> str:
    """What the button says that answers a question, counted from 0, with an option's place."""
    if option is None:
        return "Skip"
    if option == NEITHER:
        return nobody(pack)
    letters = {at: letter for letter, at, _ in lettered(pack.quiz.questions[question])}
    return letters[option]
