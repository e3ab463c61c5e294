"""`/reminders`: when they come, changing, pausing and stopping them, and why they came or did not.

```mermaid
stateDiagram-v2
    [*] --> Offering: set up, change day or hour
    [*] --> Placing: change time zone, or a yes while it is not known
    [*] --> Pausing: pause
    Offering --> Offering: another day or hour
    Offering --> Placing: another time zone
    Placing --> Placing: search for a city
    Placing --> Offering: a zone, back
    Placing --> Settled: a zone, where all else is said
    Offering --> Settled: yes, not now
    Pausing --> Settled: a date, back
```

How it stands, why, stop, go on, and what a reminder's own buttons do are standing actions.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field, TypeAdapter

from bot.flows import reminder_asks as asks
from bot.flows import reminder_cards as cards
from bot.flows.inputs import NotUnderstoodError, read_day
from bot.flows.reminder_cards import Draft, rule_of
from bot.flows.turn import (
    Change,
    Conversation,
    Desk,
    Filled,
    SaveRule,
    SetZone,
    State,
    Step,
    Turn,
    show,
)
from bot.limits import cut
from bot.records import Rule
from bot.reply import Message
from bot.when import parse_time, say_date
from bot.wire import Back, Cancel, Confirm, OpenForm, Pick, ReminderChange
from bot.wire import Change as ChangeAnswer
from bot.zones import find_zones, say_zone, valid_zone

LONGEST_PAUSE = 366
"""Days."""

_SAVED = "Done: I will write to you."


class Offering(State):
    """A reminder is on the card, not yet wanted."""

    step: Literal["offering"] = "offering"
    draft: Draft


class Placing(State):
    """The zone is asked; `agreed` says that nothing else is open."""

    step: Literal["placing"] = "placing"
    draft: Draft
    agreed: bool = False
    query: str = ""


class Pausing(State):
    """Until when is asked."""

    step: Literal["pausing"] = "pausing"


class Settled(State):
    """Nothing is open: the card shows how it stands."""

    step: Literal["settled"] = "settled"


ReminderState: TypeAlias = Annotated[
    Offering | Placing | Pausing | Settled, Field(discriminator="step")
]


def command(desk: Desk, words: str = "") -> Turn:
    """`/reminders [city or zone]`: how they stand; with a place, the member's clocks are there."""
    if not (place := words.strip()):
        return show(cards.front(desk, desk.rule))
    found = [place] if valid_zone(place) else find_zones(place, 2, desk.now)
    state = Placing(draft=_draft(desk), agreed=desk.rule is not None, query=place)
    if not found:
        return show(cards.front(desk, desk.rule, f"“{cut(place, 60)}”: {asks.NO_SUCH_PLACE}"))
    if len(found) > 1:
        return _place(desk, state)
    if desk.rule is None and desk.plan is None:
        said = f"Your clocks are in {say_zone(found[0])} now."
        return show(cards.front(desk, None, said), None, SetZone(found[0]))
    return _placed(desk, state, found[0])


def begin(desk: Desk, change: ReminderChange) -> Turn:
    """Take a standing action on the reminder."""
    rule = desk.rule
    if change == "setup":
        return _set_up(desk)
    if change == "why":
        return show(cards.why_card(desk))
    if rule is None:
        return command(desk)
    match change:
        case "zone":
            return _place(desk, Placing(draft=_draft(desk), agreed=True))
        case "pause":
            return show(asks.pause_card(desk), Pausing()) if _on(rule) else command(desk)
        case "resume":
            return _resume(desk, rule)
        case "stop":
            return _stop(desk, rule)
        case "fortnight":
            return _save(desk, _draft(desk, every=2), "All right: every other week from now on.")
        case "weekly":
            return _save(desk, _draft(desk, every=1), "All right: every week from now on.")
        case _:
            assert_never(change)


def remind_on(desk: Desk, weekday: int, minute: int) -> Turn:
    """A yes to the offer that came with a plan."""
    if desk.plan is None or not (0 <= weekday <= 6 and 0 <= minute < 24 * 60):
        return command(desk)
    draft = _draft(desk).model_copy(update={"weekday": weekday, "minute": minute, "every": 1})
    if draft.zone is None:
        return _place(desk, Placing(draft=draft, agreed=True))
    return _save(desk, draft, _SAVED)


def advance(state: ReminderState, step: Step, desk: Desk) -> Turn:
    match (state, step):
        case (Settled(), _):
            return show(current(state, desk), state)
        case (_, Cancel()):
            return _unchanged(desk)
        case (Offering(), _):
            return _offering(state, step, desk)
        case (Placing(), _):
            return _placing(state, step, desk)
        case (Pausing(), _):
            return _pausing(state, step, desk)
        case _:
            assert_never(state)


def _offering(state: Offering, step: Step, desk: Desk) -> Turn:
    match step:
        case Confirm():
            return _agree(desk, state.draft)
        case OpenForm(_, "time"):
            return show(asks.time_form(desk, state.draft, {}))
        case Filled("time", values):
            return _timed(desk, state.draft, dict(values))
        case ChangeAnswer(_, "zone"):
            return _place(desk, Placing(draft=state.draft))
        case _:
            return show(current(state, desk), state)


def _placing(state: Placing, step: Step, desk: Desk) -> Turn:
    match step:
        case Pick(_, "zone", zone) if valid_zone(zone):
            return _placed(desk, state, zone)
        case Confirm():
            return _placed(desk, state, desk.member.zone)
        case OpenForm(_, "city"):
            return show(asks.city_form(desk))
        case Filled("city", values):
            return _searched(desk, state, values.get("city", ""))
        case Back() if state.query:
            return _place(desk, state.model_copy(update={"query": ""}))
        case Back() if state.agreed or state.draft.zone is None:
            return _unchanged(desk)
        case Back():
            return _offer(desk, state.draft)
        case _:
            return show(current(state, desk), state)


def _pausing(state: Pausing, step: Step, desk: Desk) -> Turn:
    match step:
        case Pick(_, "pause", days) if days.isdecimal() and 0 < int(days) <= LONGEST_PAUSE:
            return _pause(desk, desk.today + timedelta(int(days)))
        case OpenForm(_, "until"):
            return show(asks.until_form(desk))
        case Filled("until", values):
            return _paused(desk, values.get("until", ""))
        case Back():
            return _unchanged(desk)
        case _:
            return show(current(state, desk), state)


def _unchanged(desk: Desk) -> Turn:
    return show(cards.front(desk, desk.rule, "Nothing was changed."), Settled())


def current(state: ReminderState, desk: Desk) -> Message:
    match state:
        case Offering(draft=draft):
            return asks.offer(desk, draft)
        case Placing(query=query):
            return asks.zone_card(desk, query)
        case Pausing():
            return asks.pause_card(desk)
        case Settled():
            return cards.front(desk, desk.rule)
        case _:
            assert_never(state)


# Setting it up


def _set_up(desk: Desk) -> Turn:
    if desk.plan is None:
        return command(desk)
    draft = _draft(desk)
    if draft.zone is None:
        return _place(desk, Placing(draft=draft))
    return _offer(desk, draft)


def _draft(desk: Desk, every: int | None = None) -> Draft:
    """The rule as it is, or the default; without a zone where nobody has said which."""
    known = desk.member.zone_asked or desk.person.zone is not None
    zone = desk.member.zone if known else None
    if (rule := desk.rule) is None:
        return Draft(zone=zone)
    return Draft(
        weekday=rule.weekday, minute=rule.minute, every=every or rule.every, zone=zone or rule.zone
    )


def _offer(desk: Desk, draft: Draft) -> Turn:
    return show(asks.offer(desk, draft), Offering(draft=draft))


def _place(desk: Desk, state: Placing) -> Turn:
    return show(asks.zone_card(desk, state.query), state)


def _placed(desk: Desk, state: Placing, zone: str) -> Turn:
    draft = state.draft.model_copy(update={"zone": zone})
    if not state.agreed:
        return _offer(desk, draft)
    if desk.rule is not None and not _on(desk.rule):
        said = f"Your time zone is {zone} now. The reminder stays as it is."
        moved = replace(desk.rule, zone=zone)
        return show(cards.front(desk, moved, said), Settled(), SetZone(zone))
    return _save(desk, draft, _SAVED if desk.rule is None else "The time zone is changed.")


def _searched(desk: Desk, state: Placing, query: str) -> Turn:
    found = find_zones(query, 2, desk.now) if query.strip() else []
    if not found:
        return show(asks.city_form(desk, query, asks.NO_SUCH_PLACE))
    if len(found) == 1:
        return _placed(desk, state, found[0])
    return _place(desk, state.model_copy(update={"query": query.strip()}))


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
    return _offer(desk, timed)


def _agree(desk: Desk, draft: Draft) -> Turn:
    if desk.plan is None:
        return show(cards.front(desk, desk.rule), Settled())
    return _save(desk, draft, _SAVED)


def _save(desk: Desk, draft: Draft, said: str) -> Turn:
    rule = rule_of(desk, draft)
    if desk.rule and desk.rule.every == rule.every == 2:
        rule = replace(rule, anchor_on=desk.rule.anchor_on)
    changes: list[Change] = [SaveRule(rule)]
    asked = desk.person.zone is None and not desk.member.zone_asked
    if draft.zone and (asked or draft.zone != desk.member.zone):
        changes.append(SetZone(draft.zone))
    return show(cards.front(desk, rule, said), Settled(), *changes)


# Resting


def _on(rule: Rule) -> bool:
    return rule.state == "active"


def _resume(desk: Desk, rule: Rule) -> Turn:
    if desk.plan is None:
        return command(desk)
    same = rule_of(desk, _draft(desk))
    on = replace(same, anchor_on=rule.anchor_on, paused_until=None)
    return show(cards.front(desk, on, "It comes again."), Settled(), SaveRule(on))


def _stop(desk: Desk, rule: Rule) -> Turn:
    stopped = replace(rule, state="stopped", reason="", next_at=None, paused_until=None)
    said = "Stopped: nothing more comes unasked. Your plan stays as it is."
    return show(cards.front(desk, stopped, said), Settled(), SaveRule(stopped))


def _pause(desk: Desk, until: date) -> Turn:
    if desk.rule is None or not _on(desk.rule):
        return show(cards.front(desk, desk.rule), Settled())
    same = rule_of(desk, _draft(desk))
    paused = replace(same, anchor_on=desk.rule.anchor_on, paused_until=until)
    said = f"Paused until {say_date(until, desk.today)}."
    return show(cards.front(desk, paused, said), Settled(), SaveRule(paused))


def _paused(desk: Desk, typed: str) -> Turn:
    try:
        until = read_day(typed, desk.today + timedelta(1))
    except NotUnderstoodError as error:
        return show(asks.until_form(desk, typed, str(error)))
    return _pause(desk, until)


CONVERSATION: Conversation[ReminderState] = Conversation(
    kind="reminders",
    section="reminders",
    states=TypeAdapter(ReminderState),
    advance=advance,
    current=current,
    needs=frozenset({"plan", "rule", "deliveries"}),
)
