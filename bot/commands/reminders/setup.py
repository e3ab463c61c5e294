"""Setting a reminder up, or changing it: day, hour and zone, until it is saved."""

from dataclasses import replace

from bot.calendar.dates import parse_time
from bot.calendar.zones import plain_zone, say_zone, valid_zone
from bot.chat.actions import Back, Confirm, OpenForm, Pick
from bot.chat.actions import Change as ChangeAnswer
from bot.commands import zone_question
from bot.commands.context import Desk
from bot.commands.conversation import Filled, Step, Turn, show
from bot.commands.effects import Change, SaveRule, SetZone
from bot.commands.reminders import cards
from bot.commands.reminders import questions as asks
from bot.commands.reminders.cards import as_it_stands, rule_of, unchanged
from bot.commands.reminders.state import Draft, Offering, Placing, Settled, is_on

SAVED = "Done: I will write to you."


def offering(state: Offering, step: Step, desk: Desk) -> Turn:
    match step:
        case Confirm():
            return _agree(desk, state.draft)
        case OpenForm(_, "time"):
            return show(asks.time_form(desk, state.draft, {}))
        case Filled("time", values):
            return _timed(desk, state.draft, dict(values))
        case ChangeAnswer(_, "zone"):
            return place(desk, Placing(draft=state.draft))
        case _:
            return offer(desk, state.draft)


def placing(state: Placing, step: Step, desk: Desk) -> Turn:
    match step:
        case Pick(_, "zone", zone) if valid_zone(zone):
            return placed(desk, state, zone)
        case Confirm():
            return placed(desk, state, desk.member.zone)
        case OpenForm(_, "city"):
            return show(zone_question.form(desk))
        case Filled("city", values):
            return _searched(desk, state, values.get("city", ""))
        case Back() if state.query:
            return place(desk, state.model_copy(update={"query": ""}))
        case Back() if state.agreed or state.draft.zone is None:
            return unchanged(desk)
        case Back():
            return offer(desk, state.draft)
        case _:
            return place(desk, state)


def set_up(desk: Desk) -> Turn:
    if desk.plan is None:
        return as_it_stands(desk)
    draft = draft_of(desk)
    if draft.zone is None:
        return place(desk, Placing(draft=draft))
    return offer(desk, draft)


def draft_of(desk: Desk) -> Draft:
    """The rule as it is, or the default; without a zone where nobody has said which."""
    zone = desk.member.zone if desk.zone_known else None
    if (rule := desk.rule) is None:
        return Draft(zone=zone)
    return Draft(weekday=rule.weekday, minute=rule.minute, every=rule.every, zone=zone or rule.zone)


def offer(desk: Desk, draft: Draft) -> Turn:
    return show(asks.offer(desk, draft), Offering(draft=draft))


def place(desk: Desk, state: Placing) -> Turn:
    return show(asks.zone_card(desk, state.query), state)


def placed(desk: Desk, state: Placing, zone: str) -> Turn:
    draft = state.draft.model_copy(update={"zone": zone})
    if not state.agreed:
        return offer(desk, draft)
    if desk.rule is not None and not is_on(desk.rule):
        said = f"Your time zone is {say_zone(zone)} now. The reminder stays as it is."
        moved = replace(desk.rule, zone=zone)
        return show(cards.front(desk, moved, said), Settled(), SetZone(zone))
    if desk.rule is None:
        return save(desk, draft, SAVED)
    stays = zone == desk.rule.zone
    said = f"Your time zone stays {say_zone(zone)}." if stays else "The time zone is changed."
    return save(desk, draft, said)


def _searched(desk: Desk, state: Placing, query: str) -> Turn:
    if not zone_question.fits_any(desk, query):
        return show(zone_question.form(desk, query, zone_question.NO_SUCH_PLACE))
    if zone := plain_zone(query, desk.now):
        return placed(desk, state, zone)
    return place(desk, state.model_copy(update={"query": query.strip()}))


def _timed(desk: Desk, draft: Draft, values: dict[str, str]) -> Turn:
    minute = parse_time(values.get("time", ""))
    if minute is None:
        error = "I cannot read that as a time. “9”, “18:30” or “7 pm” work."
        return show(asks.time_form(desk, draft, values, error))
    weekday, every = values.get("weekday", ""), values.get("every", "")
    timed = draft.model_copy(
        update={
            "minute": minute,
            "weekday": int(weekday) if weekday in set("0123456") else draft.weekday,
            "every": int(every) if every in ("1", "2") else draft.every,
        }
    )
    return offer(desk, timed)


def _agree(desk: Desk, draft: Draft) -> Turn:
    if desk.plan is None:
        return show(cards.front(desk, desk.rule), Settled())
    return save(desk, draft, SAVED)


def every(desk: Desk, weeks: int, said: str) -> Turn:
    return save(desk, draft_of(desk).model_copy(update={"every": weeks}), said)


def save(desk: Desk, draft: Draft, said: str) -> Turn:
    rule = rule_of(desk, draft)
    if desk.rule and desk.rule.every == rule.every == 2:
        rule = replace(rule, anchor_on=desk.rule.anchor_on)
    changes: list[Change] = [SaveRule(rule)]
    if draft.zone and (not desk.zone_known or draft.zone != desk.member.zone):
        changes.append(SetZone(draft.zone))
    return show(cards.front(desk, rule, said), Settled(), *changes)
