"""What a reminder's own buttons do: snooze it, skip the week, go on."""

from datetime import timedelta

from bot.calendar.dates import say_when
from bot.chat.actions import KeepReminders, SkipWeek, Snooze
from bot.chat.reply import Message
from bot.chat.text import in_zone, text
from bot.commands.cards import note
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.effects import CancelWaiting, SnoozeDelivery
from bot.commands.reminders import cards
from bot.planning.occurrences import on_day
from bot.records import Delivery


def snooze(context: Context, action: Snooze) -> Turn:
    """Have it come again on the day after; pressed twice, it stays with the first day."""
    delivery, rule = _own(context, action.delivery), context.rule
    if delivery is None or rule is None:
        return show(_unknown())
    if rule.state != "active":
        return show(cards.front(context, rule))
    again = next((d for d in context.deliveries if d.again_of == delivery.id), None)
    day = again.local_date if again else max(delivery.local_date, context.today) + timedelta(1)
    occurrence = on_day(rule, day)
    said = text("It comes again on ", in_zone(occurrence.at, say_when(occurrence, rule.zone)), ".")
    card = note("Snoozed", said, "plan", "reminders")
    if again:
        return show(card)
    at = int(occurrence.at.timestamp())
    return show(
        card, None, SnoozeDelivery(delivery.id, context.new_id(), occurrence.local_date, at)
    )


def skip_week(context: Context, action: SkipWeek) -> Turn:
    """Nothing more of it this week: what was snoozed is called off."""
    if _own(context, action.delivery) is None:
        return show(_unknown())
    said = "Nothing more comes this week, and your plan waits for you."
    reason = "you skipped that week"
    return show(note("Skipped", said, "plan", "reminders"), None, CancelWaiting(reason))


def keep_on(context: Context, action: KeepReminders) -> Turn:
    """Coming by is what counts: the reminders go on as they were."""
    if _own(context, action.delivery) is None:
        return show(_unknown())
    return show(cards.front(context, context.rule, "Gladly: it goes on as before."))


def _own(context: Context, delivery_id: str) -> Delivery | None:
    return next((d for d in context.deliveries if d.id == delivery_id), None)


def _unknown() -> Message:
    return note(
        "I don’t have that reminder",
        "It’s an old one, or somebody else’s. Nothing was changed.",
        "reminders",
        "plan",
    )
