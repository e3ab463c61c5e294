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

from datetime import datetime
from typing import assert_never

from pydantic import TypeAdapter

from bot.calendar.dates import wall_clock
from bot.calendar.zones import find_zones, plain_zone, say_zone
from bot.chat.actions import Cancel, ChangeReminders, RemindOn, WhyReminder
from bot.chat.event import Command
from bot.chat.limits import OPTIONS, cut
from bot.chat.reply import Message
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Step, Turn, show
from bot.commands.effects import SetZone
from bot.commands.reminders import cards, setup
from bot.commands.reminders import pause as rest
from bot.commands.reminders import questions as asks
from bot.commands.reminders.cards import as_it_stands, unchanged
from bot.commands.reminders.state import Offering, Pausing, Placing, ReminderState, Settled
from bot.commands.said.words import Heard, Suggestion, suggest_answers
from bot.commands.zone_question import NO_SUCH_PLACE
from bot.pack.model import Pack


def command(context: Context, asked: Command) -> Turn:
    """`/reminders [city or zone]`: how they stand; with a place, the member's clocks are there."""
    if not (typed := asked.text.strip()):
        return as_it_stands(context)
    zone = plain_zone(typed, context.now)
    state = Placing(draft=setup.draft_of(context), agreed=context.rule is not None, query=typed)
    if zone is None and not find_zones(typed, 1, context.now):
        return show(cards.front(context, context.rule, f"“{cut(typed, 60)}”: {NO_SUCH_PLACE}"))
    if zone is None:
        return setup.place(context, state)
    if context.rule is None and context.plan is None:
        said = f"Your clocks are in {say_zone(zone)} now."
        return show(cards.front(context, None, said), None, SetZone(zone))
    return setup.placed(context, state, zone)


def suggest(_: Pack, typed: str, now: datetime) -> list[Suggestion]:
    """The words that answer a reminder, and places, each with the time that its clocks show."""
    places = (
        Suggestion(f"{say_zone(zone)} – {wall_clock(zone, now)} now", zone)
        for zone in find_zones(typed, OPTIONS, now)
    )
    return [*suggest_answers(typed), *places]


def why(context: Context, _: WhyReminder | Heard) -> Turn:
    """Why a reminder came, or did not."""
    return show(cards.why_card(context))


def begin(context: Context, action: ChangeReminders) -> Turn:
    """Take a standing action on the reminder."""
    rule, change = context.rule, action.change
    if change == "setup":
        return setup.set_up(context)
    if change == "why":
        return show(cards.why_card(context))
    if rule is None:
        return as_it_stands(context)
    match change:
        case "zone":
            return setup.place(context, Placing(draft=setup.draft_of(context), agreed=True))
        case "pause":
            return rest.ask(context, rule)
        case "resume":
            return rest.resume(context, rule)
        case "stop":
            return rest.stop(context, rule)
        case "fortnight":
            return setup.every(context, 2, "All right: every other week from now on.")
        case "weekly":
            return setup.every(context, 1, "All right: every week from now on.")
        case _:
            assert_never(change)


def remind_on(context: Context, action: RemindOn) -> Turn:
    """A yes to the offer that came with a plan."""
    weekday, minute = action.weekday, action.minute
    if context.plan is None or not (0 <= weekday <= 6 and 0 <= minute < 24 * 60):
        return as_it_stands(context)
    draft = setup.draft_of(context).model_copy(
        update={"weekday": weekday, "minute": minute, "every": 1}
    )
    if draft.zone is None:
        return setup.place(context, Placing(draft=draft, agreed=True))
    return setup.save(context, draft, setup.SAVED)


def advance(state: ReminderState, step: Step, context: Context) -> Turn:
    match (state, step):
        case (Settled(), _):
            return show(current(state, context), state)
        case (_, Cancel()):
            return unchanged(context)
        case (Offering(), _):
            return setup.offering(state, step, context)
        case (Placing(), _):
            return setup.placing(state, step, context)
        case (Pausing(), _):
            return rest.pausing(state, step, context)
        case _:
            assert_never(state)


def current(state: ReminderState, context: Context) -> Message:
    match state:
        case Offering(draft=draft):
            return asks.offer(context, draft)
        case Placing(query=query):
            return asks.zone_card(context, query)
        case Pausing():
            return asks.pause_card(context)
        case Settled():
            return cards.front(context, context.rule)
        case _:
            assert_never(state)


CONVERSATION: Conversation[ReminderState] = Conversation(
    kind="reminders",
    section="reminders",
    states=TypeAdapter(ReminderState),
    advance=advance,
    current=current,
    needs=frozenset({"plan", "rule", "deliveries"}),
    of_fork=False,
)
