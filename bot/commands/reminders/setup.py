"""Setting a reminder up, or changing it: day, hour and zone, until it is saved."""

from dataclasses import replace

from bot.calendar.dates import parse_time
from bot.calendar.zones import plain_zone, say_zone, valid_zone
from bot.chat.actions import Back, Confirm, OpenForm, Pick
from bot.chat.actions import Change as ChangeAnswer
from bot.commands import zone_question
from bot.commands.context import Context
from bot.commands.conversation import Filled, Step, Turn, show
from bot.commands.effects import Change, SaveRule, SetZone
from bot.commands.reminders import cards
from bot.commands.reminders import questions as asks
from bot.commands.reminders.cards import as_it_stands, rule_of, unchanged
from bot.commands.reminders.state import Draft, Offering, Placing, Settled, is_on

SAVED = "Done: I will write to you."


def offering(state: Offering, step: Step, context: Context) -> Turn:
    match step:
        case Confirm():
            return _agree(context, state.draft)
        case OpenForm(_, "time"):
            return show(asks.time_form(context, state.draft, {}))
        case Filled("time", values):
            return _timed(context, state.draft, dict(values))
        case ChangeAnswer(_, "zone"):
            return place(context, Placing(draft=state.draft))
        case _:
            return offer(context, state.draft)


def placing(state: Placing, step: Step, context: Context) -> Turn:
    match step:
        case Pick(_, "zone", zone) if valid_zone(zone):
            return placed(context, state, zone)
        case Confirm():
            return placed(context, state, context.member.zone)
        case OpenForm(_, "city"):
            return show(zone_question.form(context))
        case Filled("city", values):
            return _searched(context, state, values.get("city", ""))
        case Back() if state.query:
            return place(context, state.model_copy(update={"query": ""}))
        case Back() if state.agreed or state.draft.zone is None:
            return unchanged(context)
        case Back():
            return offer(context, state.draft)
        case _:
            return place(context, state)


def set_up(context: Context) -> Turn:
    if context.plan is None:
        return as_it_stands(context)
    draft = draft_of(context)
    if draft.zone is None:
        return place(context, Placing(draft=draft))
    return offer(context, draft)


def draft_of(context: Context) -> Draft:
    """The rule as it is, or the default; without a zone where nobody has said which."""
    zone = context.member.zone if context.zone_known else None
    if (rule := context.rule) is None:
        return Draft(zone=zone)
    return Draft(weekday=rule.weekday, minute=rule.minute, every=rule.every, zone=zone or rule.zone)


def offer(context: Context, draft: Draft) -> Turn:
    return show(asks.offer(context, draft), Offering(draft=draft))


def place(context: Context, state: Placing) -> Turn:
    return show(asks.zone_card(context, state.query), state)


def placed(context: Context, state: Placing, zone: str) -> Turn:
    draft = state.draft.model_copy(update={"zone": zone})
    if not state.agreed:
        return offer(context, draft)
    if context.rule is not None and not is_on(context.rule):
        said = f"Your time zone is {say_zone(zone)} now. The reminder stays as it is."
        moved = replace(context.rule, zone=zone)
        return show(cards.front(context, moved, said), Settled(), SetZone(zone))
    if context.rule is None:
        return save(context, draft, SAVED)
    stays = zone == context.rule.zone
    said = f"Your time zone stays {say_zone(zone)}." if stays else "The time zone is changed."
    return save(context, draft, said)


def _searched(context: Context, state: Placing, query: str) -> Turn:
    if not zone_question.fits_any(context, query):
        return show(zone_question.form(context, query, zone_question.NO_SUCH_PLACE))
    if zone := plain_zone(query, context.now):
        return placed(context, state, zone)
    return place(context, state.model_copy(update={"query": query.strip()}))


def _timed(context: Context, draft: Draft, values: dict[str, str]) -> Turn:
    minute = parse_time(values.get("time", ""))
    if minute is None:
        error = "I cannot read that as a time. “9”, “18:30” or “7 pm” work."
        return show(asks.time_form(context, draft, values, error))
    weekday, every = values.get("weekday", ""), values.get("every", "")
    timed = draft.model_copy(
        update={
            "minute": minute,
            "weekday": int(weekday) if weekday in set("0123456") else draft.weekday,
            "every": int(every) if every in ("1", "2") else draft.every,
        }
    )
    return offer(context, timed)


def _agree(context: Context, draft: Draft) -> Turn:
    if context.plan is None:
        return show(cards.front(context, context.rule), Settled())
    return save(context, draft, SAVED)


def every(context: Context, weeks: int, said: str) -> Turn:
    return save(context, draft_of(context).model_copy(update={"every": weeks}), said)


def save(context: Context, draft: Draft, said: str) -> Turn:
    rule = rule_of(context, draft)
    if context.rule and context.rule.every == rule.every == 2:
        rule = replace(rule, anchor_on=context.rule.anchor_on)
    changes: list[Change] = [SaveRule(rule)]
    if draft.zone and (not context.zone_known or draft.zone != context.member.zone):
        changes.append(SetZone(draft.zone))
    return show(cards.front(context, rule, said), Settled(), *changes)
