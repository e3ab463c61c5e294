"""The quiz that the bots ask: two questions, as long as those of the pack, and the way back."""

from typing import Any, NamedTuple, TypeAlias

Json: TypeAlias = dict[str, Any]
BACK = "← Back"
SCHEMA = """
CREATE TABLE IF NOT EXISTS members (user TEXT PRIMARY KEY, seen_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
    user TEXT PRIMARY KEY, question INTEGER NOT NULL, answers TEXT NOT NULL
);
"""
PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")


class Question(NamedTuple):
    words: str
    options: tuple[str, ...]


QUESTIONS = (
    Question(
        "A free Saturday and a laptop: which of these do you start with?",
        (
            "I put a small tool in front of people and watch them use it",
            "I wire two services together until they do something new",
            "I read half of a paper and try half of what it says",
            "I plot a set of numbers that nobody has looked at",
            "I train something small and find out why it is wrong",
        ),
    ),
    Question(
        "A model answers wrongly, once in forty times. What do you do first?",
        (
            "I change the words that it is given, and look again",
            "I catch the wrong answers before anybody reads them",
            "I write the forty cases down, so that I can count",
            "I look for what the wrong ones have in common",
            "I look at what it was trained on",
        ),
    ),
)


def title(question: int) -> str:
    return f"Question {question + 1} of {len(QUESTIONS)}"


def turned(question: int, answers: list[int], pressed: str) -> tuple[int, list[int]]:
    """The question that stands after a press (an option's number, or `back`), and the answers."""
    if pressed == "back":
        return 0, answers[:-1]
    return len(QUESTIONS) - 1, [*answers, int(pressed)][-len(QUESTIONS) :]
