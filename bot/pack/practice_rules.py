"""What must hold of interview questions: known kinds and steps, own ids, and cards that fit."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from bot.chat.limits import length
from bot.chat.text import plain
from bot.pack.files import Files
from bot.pack.learning import Exercise
from bot.pack.yaml_file import Problem

Found: TypeAlias = Iterator[Problem]
ANSWER: Final = 3000  # characters: what stands around it names steps and dates


def errors(files: Files) -> Found:
    """Everything that makes a question unfit to be practised; ids are one space in all roles."""
    seen: set[str] = set()
    for practice in files.practice:
        kinds = {kind.id for kind in practice.value.kinds}
        for at, one in enumerate(practice.value.questions):
            where = ("questions", at)
            if one.id in seen:
                yield practice.document.problem((*where, "id"), f"{one.id!r} stands here twice")
            if one.kind not in kinds:
                said = f"there is no kind {one.kind!r} above"
                yield practice.document.problem((*where, "kind"), said)
            for number, step in enumerate(one.steps):
                if step not in files.tasks.value:
                    said = f"there is no step {step!r} in plans/steps.yaml"
                    yield practice.document.problem((*where, "steps", number), said)
            if (size := _size(one)) > ANSWER:
                said = f"question and answer take {size} characters, {ANSWER} fit: shorten them"
                yield practice.document.problem(where, said)
            seen.add(one.id)


def _size(exercise: Exercise) -> int:
    texts = (exercise.question, *exercise.good, *exercise.slips)
    return sum(length(plain(one)) + len("• \n") for one in texts)
