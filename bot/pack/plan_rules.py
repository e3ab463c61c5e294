"""What must hold of plans: their steps exist, come in order and take as long as they should."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from math import ceil
from typing import Final, TypeAlias

from bot.pack.files import Files, Plan, Sourced
from bot.pack.yaml_file import Problem

Found: TypeAlias = Iterator[Problem]
LEAST_STEPS = 10


def errors(files: Files) -> Found:
    """Everything that makes a plan unfit to follow."""
    yield from _tasks(files)
    for (_, role), plan in files.plans.items():
        yield from _plan(files, plan)
        yield from _must_know(files, plan, role)


def warnings(files: Files) -> Found:
    """What a plan can be used with, and should not stay."""
    for plan in files.plans.values():
        if (count := len({step for _, _, step in plan.value.placed()})) < LEAST_STEPS:
            said = f"a plan of {count} steps is short: {LEAST_STEPS} and more are usual"
            yield plan.document.problem(("phases",), said)


def _must_know(files: Files, plan: Sourced[Plan], role: str) -> Found:
    """The tools that a role must know each stand in a step of every plan to it."""
    steps = {step for _, _, step in plan.value.placed()}
    for tool, taught_by in files.manifest.value.must_know.get(role, {}).items():
        if not steps & set(taught_by):
            said = f"no step of this plan teaches {tool} ({', '.join(taught_by)} would)"
            yield plan.document.problem(("phases",), said)


def _tasks(files: Files) -> Found:
    tasks, document = files.tasks.value, files.tasks.document
    for name, task in tasks.items():
        if task.range and not task.range[0] <= task.hours <= task.range[1]:
            said = f"{task.hours} hours do not lie within {task.range[0]} to {task.range[1]}"
            yield document.problem((name, "range"), said)
        if task.parts and sum(part.hours for part in task.parts) != task.hours:
            said = (
                f"the parts make {sum(part.hours for part in task.parts)} hours, not {task.hours}"
            )
            yield document.problem((name, "parts"), said)
        if len({part.id for part in task.parts}) < len(task.parts):
            yield document.problem((name, "parts"), "two parts have the same id")
        for at, before in enumerate(task.after):
            if before not in tasks:
                yield document.problem((name, "after", at), f"there is no step {before!r}")
    try:
        TopologicalSorter({name: task.after for name, task in tasks.items()}).prepare()
    except CycleError as error:
        circle = error.args[1]
        said = f"these steps wait for one another: {' -> '.join(reversed(circle))}"
        yield document.problem((circle[0], "after"), said)


def _plan(files: Files, plan: Sourced[Plan]) -> Found:
    document, tasks = plan.document, files.tasks.value
    placed = list(plan.value.placed())
    steps = [step for _, _, step in placed]
    for number, (at, _, step) in enumerate(placed):
        if step in steps[:number]:
            yield document.problem(at, f"{step!r} stands here twice")
        if step not in tasks:
            yield document.problem(at, f"there is no step {step!r} in plans/steps.yaml")
    for number, step in enumerate(plan.value.optional):
        if step not in steps:
            yield document.problem(("optional", number), f"{step!r} is not in this plan")
    yield from _order(files, plan)
    yield from _stretches(files, plan)
    if tasks.keys() >= set(steps):
        yield from _length(plan, sum(tasks[step].hours for step in steps))


def _order(files: Files, plan: Sourced[Plan]) -> Found:
    """What a step builds on comes before it, and is kept where the step is kept."""
    placed, optional = list(plan.value.placed()), set(plan.value.optional)
    steps = [step for _, _, step in placed]
    for number, (at, _, step) in enumerate(placed):
        task = files.tasks.value.get(step)
        for before in task.after if task else ():
            if before in steps[number:]:
                yield plan.document.problem(at, f"{step!r} builds on {before!r}, which comes later")
            if before in optional and step not in optional:
                said = f"{step!r} builds on {before!r}, which is optional"
                yield plan.document.problem(at, said)


LONGEST: Final = 2
"""How many weeks at a plan's pace a step, or a part of one, may take at most."""


def _stretches(files: Files, plan: Sourced[Plan]) -> Found:
    """Whoever is on plan has something to tick at least every other week."""
    most = LONGEST * plan.value.pace
    for at, _, step in plan.value.placed():
        task = files.tasks.value.get(step)
        pieces = [part.hours for part in task.parts] or [task.hours] if task else []
        if pieces and max(pieces) > most:
            said = (
                f"{step!r} has {max(pieces)} hours in one piece, {most} fit two weeks: give parts"
            )
            yield plan.document.problem(at, said)


def _length(plan: Sourced[Plan], hours: int) -> Found:
    timeline = plan.value.timeline
    least, most = timeline.least_weeks, timeline.most_weeks
    if least is None and most is None:
        return
    if least is None or most is None or least > most:
        said = "least_weeks and most_weeks stand together, the smaller first"
        yield plan.document.problem(("timeline",), said)
    elif not least <= (weeks := ceil(hours / plan.value.pace)) <= most and not timeline.note:
        said = (
            f"{hours} hours at this pace take {weeks} weeks, not {least} to {most}: say why in the"
            " timeline's note"
        )
        yield plan.document.problem(("timeline",), said)
