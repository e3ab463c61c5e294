"""The choices that a plan is made of: what can be chosen, what is missing, the plan they make."""

from datetime import date, timedelta
from typing import Literal, TypeAlias

from bot.calendar.dates import say_date
from bot.chat.parts import Option
from bot.commands.context import Context
from bot.commands.conversation import State
from bot.commands.inputs import read_day_anywhere, read_hours
from bot.pack.base import RoleId, StartId
from bot.planning.changes import new_plan
from bot.records import Hours, Plan

FIELDS = {
    "role": "The role",
    "start": "Where you start",
    "hours": "Hours a week",
    "begin": "The first day",
}


Near: TypeAlias = Literal["today", "tomorrow", "monday"]
Begin: TypeAlias = date | Near
"""A first day; by name as long as nobody has said where the member's clocks are."""

_NEAR: dict[Near, str] = {"today": "Today", "tomorrow": "Tomorrow", "monday": "Next Monday"}


class Choices(State):
    """What a plan is made of, as far as it is known; `run` is the quiz that it comes from."""

    role: RoleId | None = None
    start: StartId | None = None
    hours: Hours | None = None
    begin: Begin | None = None
    run: str | None = None

    @property
    def missing(self) -> str | None:
        """The first choice that is not made."""
        return next((field for field in FIELDS if getattr(self, field) is None), None)


def planned(context: Context, choices: Choices, plan_id: str = "preview") -> Plan | None:
    """The plan that the choices make; None as long as one is missing.

    What is done in a plan that runs, and stands in this one too, is kept.
    """
    role, start, hours = choices.role, choices.start, choices.hours
    begin = dated(context, choices).begin
    if role is None or start is None or hours is None or not isinstance(begin, date):
        return None
    return new_plan(
        context.pack,
        plan_id,
        start=start,
        role=role,
        hours=hours,
        start_on=begin,
        epoch=context.epoch,
        carried=context.plan,
    )


def options(context: Context, field: str) -> tuple[Option, ...]:
    """What can be chosen with a press."""
    quiz = context.pack.quiz
    match field:
        case "role":
            return tuple(Option(value=role.id, label=role.name) for role in context.pack.roles)
        case "start":
            return tuple(Option(value=start.id, label=start.label) for start in context.pack.starts)
        case "hours":
            return tuple(Option(value=str(hours), label=f"{hours} h") for hours in quiz.hours)
        case _ if not context.zone_known:
            return tuple(Option(value=near, label=label) for near, label in _NEAR.items())
        case _:
            today, monday = context.today, next_monday(context.today)
            return (
                Option(value=today.isoformat(), label=f"Today, {say_date(today, today)}"),
                Option(value=monday.isoformat(), label=f"Next Monday, {say_date(monday, today)}"),
            )


def choose(context: Context, choices: Choices, field: str, value: str) -> Choices | None:
    """The choices with one more, out of the options; None for what is not among them."""
    if value not in {option.value for option in options(context, field)}:
        return None
    return Choices.model_validate(choices.model_dump() | {field: value})


def read(context: Context, choices: Choices, field: str, typed: str) -> Choices:
    """The choices with what was typed into a form; NotUnderstoodError, ZoneNeededError."""
    hours = field == "hours"
    value = read_hours(typed) if hours else read_day_anywhere(typed, context.todays)
    return choices.model_copy(update={field: value})


def dated(context: Context, choices: Choices) -> Choices:
    """The choices with a first day by date: by UTC's, as long as the zone is not known."""
    today = context.today
    match choices.begin:
        case "today":
            begin = today
        case "tomorrow":
            begin = today + timedelta(1)
        case "monday":
            begin = next_monday(today)
        case _:
            return choices
    return choices.model_copy(update={"begin": begin})


def say_begin(context: Context, choices: Choices, day: date) -> str:
    """The first day in words; without a date where that is UTC's alone."""
    if isinstance(choices.begin, str) and not context.zone_known:
        return _NEAR[choices.begin]
    return say_date(day, context.today)


def next_monday(today: date) -> date:
    return today + timedelta(7 - today.weekday())
