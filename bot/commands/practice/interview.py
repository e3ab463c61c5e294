"""The day of the interview: asked for with a form, or typed after `/practice interview`."""

from dataclasses import replace
from datetime import date, timedelta

from bot.calendar.dates import say_date
from bot.calendar.typed import tidy
from bot.chat.actions import OpenForm
from bot.chat.form import Form, TextField
from bot.chat.parts import Button
from bot.chat.text import Text, text
from bot.commands.cards import form_of
from bot.commands.context import Context
from bot.commands.effects import Change, SaveRecall, SetInterview
from bot.commands.inputs import read_day
from bot.commands.wording import span
from bot.planning.repetition import due_on

_NONE = ("", "none", "no", "off", "remove", "cancel", "cancelled", "over")


def date_button(context: Context) -> Button:
    return Button(label="Set the interview’s date", action=OpenForm(context.ticket, "interview"))


def of_interview(context: Context) -> Text:
    """When it is, where it is still to come."""
    day = context.interview
    if day is None or day < context.today:
        return ()
    if day == context.today:
        return text("\nYour interview is today. Good luck!")
    return text(
        f"\nYour interview is on {say_date(day, context.today)}, in"
        f" {span((day - context.today).days)}. Every question comes back before it."
    )


def form(context: Context, typed: str | None = None, error: str = "") -> Form:
    day = context.interview
    known = say_date(day) if day and day > context.today else ""
    field = TextField(
        name="interview",
        label="When is your interview?",
        hint="For example: 12 May, in 3 weeks. Leave it empty for none.",
        value=known if typed is None else typed,
        required=False,
        most=60,
    )
    return form_of(context, "Your interview", field, error)


def read(context: Context, typed: str) -> date | None:
    """The day that was typed, None for no interview; NotUnderstoodError."""
    if tidy(typed) in _NONE:
        return None
    words = tidy(typed).removeprefix("on ")
    return read_day(words, context.today, context.today + timedelta(1))


def changes(context: Context, day: date | None) -> tuple[Change, ...]:
    """Set the day; what is known comes again before it, or when it would without it."""
    pack, today = context.pack.id, context.today
    moved = (
        (one, due_on(one.stability, context.day_of(one.reviewed_at), today, day))
        for one in context.recalls
        if one.pack == pack
    )
    saved = (SaveRecall(replace(one, due_on=due)) for one, due in moved if due != one.due_on)
    return (SetInterview(pack, day), *saved)


def said(context: Context, day: date | None) -> str:
    if day is None:
        return "No interview is set now: questions come when they’d be forgotten otherwise."
    return f"Noted: your interview is on {say_date(day, context.today)}."
