"""Resting: a reminder is paused until a date, stopped, or switched on again."""

from dataclasses import replace
from datetime import date, timedelta

from bot.calendar.dates import say_date
from bot.chat.actions import Back, OpenForm, Pick
from bot.commands.context import Context
from bot.commands.conversation import Filled, Step, Turn, show
from bot.commands.effects import SaveRule
from bot.commands.inputs import NotUnderstoodError, read_day
from bot.commands.reminders import cards
from bot.commands.reminders import questions as asks
from bot.commands.reminders.cards import as_it_stands, rule_of, unchanged
from bot.commands.reminders.setup import draft_of
from bot.commands.reminders.state import Pausing, Settled, is_on
from bot.records import Rule

LONGEST_PAUSE = 366
"""Days."""


def ask(context: Context, rule: Rule) -> Turn:
    """Until when?"""
    return show(asks.pause_card(context), Pausing()) if is_on(rule) else as_it_stands(context)


def pausing(state: Pausing, step: Step, context: Context) -> Turn:
    match step:
        case Pick(_, "pause", days) if days.isdecimal() and 0 < int(days) <= LONGEST_PAUSE:
            return _pause(context, context.today + timedelta(int(days)))
        case OpenForm(_, "until"):
            return show(asks.until_form(context))
        case Filled("until", values):
            return _paused(context, values.get("until", ""))
        case Back():
            return unchanged(context)
        case _:
            return show(asks.pause_card(context), state)


def resume(context: Context, rule: Rule) -> Turn:
    if context.plan is None:
        said = "There is no plan to remind you of. Make one with /plan, then switch it on."
        return show(cards.front(context, rule, said))
    same = rule_of(context, draft_of(context))
    on = replace(same, anchor_on=rule.anchor_on, paused_until=None)
    return show(cards.front(context, on, "It comes again."), Settled(), SaveRule(on))


def stop(context: Context, rule: Rule) -> Turn:
    stopped = replace(rule, state="stopped", reason="", next_at=None, paused_until=None)
    said = "Stopped: nothing more comes unasked. Your plan stays as it is."
    return show(cards.front(context, stopped, said), Settled(), SaveRule(stopped))


def pause(context: Context, typed: str) -> Turn:
    """Pause until a date that was written with the word; one that cannot be read is asked for."""
    try:
        until = read_day(_until(typed), context.today, context.today + timedelta(1))
    except NotUnderstoodError as error:
        return show(asks.pause_card(context, str(error)), Pausing())
    return _pause(context, until)


def _until(typed: str) -> str:
    """What stands after "pause": "until 7 Jan", "for two weeks"."""
    if (span := typed.removeprefix("for ")) != typed:
        return f"in {span}"
    return typed.removeprefix("until ").removeprefix("till ")


def _pause(context: Context, until: date) -> Turn:
    if context.rule is None or not is_on(context.rule):
        return show(cards.front(context, context.rule), Settled())
    same = rule_of(context, draft_of(context))
    paused = replace(same, anchor_on=context.rule.anchor_on, paused_until=until)
    said = f"Paused until {say_date(until, context.today)}."
    return show(cards.front(context, paused, said), Settled(), SaveRule(paused))


def _paused(context: Context, typed: str) -> Turn:
    try:
        until = read_day(typed, context.today, context.today + timedelta(1))
    except NotUnderstoodError as error:
        return show(asks.until_form(context, typed, str(error)))
    return _pause(context, until)
