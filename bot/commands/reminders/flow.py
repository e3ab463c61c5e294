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

from typing import assert_never

from pydantic import TypeAdapter

from bot.calendar.zones import find_zones, plain_zone, say_zone
from bot.chat.actions import Cancel, ReminderChange
from bot.chat.limits import cut
from bot.chat.reply import Message
from bot.commands.context import Desk
from bot.commands.conversation import Conversation, Step, Turn, show
from bot.commands.effects import SetZone
from bot.commands.reminders import cards, setup
from bot.commands.reminders import pause as rest
from bot.commands.reminders import questions as asks
from bot.commands.reminders.cards import as_it_stands, unchanged
from bot.commands.reminders.state import Offering, Pausing, Placing, ReminderState, Settled
from bot.commands.zone_question import NO_SUCH_PLACE


def command(desk: Desk, words: str = "") -> Turn:
    """`/reminders [city or zone]`: how they stand; with a place, the member's clocks are there."""
    if not (typed := words.strip()):
        return as_it_stands(desk)
    zone = plain_zone(typed, desk.now)
    state = Placing(draft=setup.draft_of(desk), agreed=desk.rule is not None, query=typed)
    if zone is None and not find_zones(typed, 1, desk.now):
        return show(cards.front(desk, desk.rule, f"“{cut(typed, 60)}”: {NO_SUCH_PLACE}"))
    if zone is None:
        return setup.place(desk, state)
    if desk.rule is None and desk.plan is None:
        said = f"Your clocks are in {say_zone(zone)} now."
        return show(cards.front(desk, None, said), None, SetZone(zone))
    return setup.placed(desk, state, zone)


def begin(desk: Desk, change: ReminderChange) -> Turn:
    """Take a standing action on the reminder."""
    rule = desk.rule
    if change == "setup":
        return setup.set_up(desk)
    if change == "why":
        return show(cards.why_card(desk))
    if rule is None:
        return as_it_stands(desk)
    match change:
        case "zone":
            return setup.place(desk, Placing(draft=setup.draft_of(desk), agreed=True))
        case "pause":
            return rest.ask(desk, rule)
        case "resume":
            return rest.resume(desk, rule)
        case "stop":
            return rest.stop(desk, rule)
        case "fortnight":
            return setup.every(desk, 2, "All right: every other week from now on.")
        case "weekly":
            return setup.every(desk, 1, "All right: every week from now on.")
        case _:
            assert_never(change)


def remind_on(desk: Desk, weekday: int, minute: int) -> Turn:
    """A yes to the offer that came with a plan."""
    if desk.plan is None or not (0 <= weekday <= 6 and 0 <= minute < 24 * 60):
        return as_it_stands(desk)
    draft = setup.draft_of(desk).model_copy(
        update={"weekday": weekday, "minute": minute, "every": 1}
    )
    if draft.zone is None:
        return setup.place(desk, Placing(draft=draft, agreed=True))
    return setup.save(desk, draft, setup.SAVED)


def advance(state: ReminderState, step: Step, desk: Desk) -> Turn:
    match (state, step):
        case (Settled(), _):
            return show(current(state, desk), state)
        case (_, Cancel()):
            return unchanged(desk)
        case (Offering(), _):
            return setup.offering(state, step, desk)
        case (Placing(), _):
            return setup.placing(state, step, desk)
        case (Pausing(), _):
            return rest.pausing(state, step, desk)
        case _:
            assert_never(state)


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


CONVERSATION: Conversation[ReminderState] = Conversation(
    kind="reminders",
    section="reminders",
    states=TypeAdapter(ReminderState),
    advance=advance,
    current=current,
    needs=frozenset({"plan", "rule", "deliveries"}),
)
