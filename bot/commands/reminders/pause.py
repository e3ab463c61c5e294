"""Resting: a reminder is paused until a date, stopped, or switched on again."""

from dataclasses import replace
from datetime import date, timedelta

from bot.calendar.dates import say_date
from bot.chat.actions import Back, OpenForm, Pick
from bot.commands.context import Desk
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


def ask(desk: Desk, rule: Rule) -> Turn:
    """Until when?"""
    return show(asks.pause_card(desk), Pausing()) if is_on(rule) else as_it_stands(desk)


def pausing(state: Pausing, step: Step, desk: Desk) -> Turn:
    match step:
        case Pick(_, "pause", days) if days.isdecimal() and 0 < int(days) <= LONGEST_PAUSE:
            return _pause(desk, desk.today + timedelta(int(days)))
        case OpenForm(_, "until"):
            return show(asks.until_form(desk))
        case Filled("until", values):
            return _paused(desk, values.get("until", ""))
        case Back():
            return unchanged(desk)
        case _:
            return show(asks.pause_card(desk), state)


def resume(desk: Desk, rule: Rule) -> Turn:
    if desk.plan is None:
        said = "There is no plan to remind you of. Make one with /plan, then switch it on."
        return show(cards.front(desk, rule, said))
    same = rule_of(desk, draft_of(desk))
    on = replace(same, anchor_on=rule.anchor_on, paused_until=None)
    return show(cards.front(desk, on, "It comes again."), Settled(), SaveRule(on))


def stop(desk: Desk, rule: Rule) -> Turn:
    stopped = replace(rule, state="stopped", reason="", next_at=None, paused_until=None)
    said = "Stopped: nothing more comes unasked. Your plan stays as it is."
    return show(cards.front(desk, stopped, said), Settled(), SaveRule(stopped))


def pause(desk: Desk, typed: str) -> Turn:
    """Pause until a date that was written with the word; one that cannot be read is asked for."""
    try:
        until = read_day(_until(typed), desk.today, desk.today + timedelta(1))
    except NotUnderstoodError as error:
        return show(asks.pause_card(desk, str(error)), Pausing())
    return _pause(desk, until)


def _until(typed: str) -> str:
    """What stands after "pause": "until 7 Jan", "for two weeks"."""
    if (span := typed.removeprefix("for ")) != typed:
        return f"in {span}"
    return typed.removeprefix("until ").removeprefix("till ")


def _pause(desk: Desk, until: date) -> Turn:
    if desk.rule is None or not is_on(desk.rule):
        return show(cards.front(desk, desk.rule), Settled())
    same = rule_of(desk, draft_of(desk))
    paused = replace(same, anchor_on=desk.rule.anchor_on, paused_until=until)
    said = f"Paused until {say_date(until, desk.today)}."
    return show(cards.front(desk, paused, said), Settled(), SaveRule(paused))


def _paused(desk: Desk, typed: str) -> Turn:
    try:
        until = read_day(typed, desk.today, desk.today + timedelta(1))
    except NotUnderstoodError as error:
        return show(asks.until_form(desk, typed, str(error)))
    return _pause(desk, until)
