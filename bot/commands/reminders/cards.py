"""The cards of `/reminders`: how it stands, the offer, the zone, pausing, and why they came."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from bot.calendar.dates import say_date, say_when, wall_clock
from bot.calendar.weekly import Occurrence
from bot.calendar.zones import say_zone
from bot.chat.actions import ChangeReminders, Open
from bot.chat.limits import cut
from bot.chat.parts import Button, Buttons, Fact, Facts, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Text, in_zone, join, text
from bot.commands.cards import note, small_print
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.reminders.state import Draft, Settled
from bot.commands.wording import say_rest, say_rule
from bot.planning.occurrences import WINDOW_MINUTES, next_three
from bot.records import Delivery, DeliveryState, Rule

_OUTCOMES: Mapping[DeliveryState, str] = {
    "pending": "on its way",
    "claimed": "on its way",
    "sending": "on its way",
    "sent": "delivered",
    "refused": "could not be delivered",
    "unknown": "perhaps delivered",
    "skipped": "not sent",
    "cancelled": "called off",
}
_LATEST = 6


def rule_of(context: Context, draft: Draft) -> Rule:
    """The rule that a draft makes; an earlier rule of the member's keeps its place."""
    earlier = context.rule
    return Rule(
        id=earlier.id if earlier else context.new_id(),
        platform=context.person.platform,
        tenant=context.person.tenant,
        user=context.person.user,
        weekday=draft.weekday,
        minute=draft.minute,
        zone=draft.zone or context.member.zone,
        every=draft.every,
        anchor_on=context.today if draft.every > 1 else None,
        paused_until=earlier.paused_until if earlier and earlier.state == "active" else None,
        next_at=context.epoch + 1,  # whoever sets it up at its very hour has just heard from us
        last_on=_last_on(context),
    )


def _last_on(context: Context) -> date | None:
    """The date of the latest reminder that has left; one that only waits is called off."""
    over = [
        delivery.local_date
        for delivery in context.deliveries
        if not delivery.again_of and delivery.state not in ("pending", "claimed", "cancelled")
    ]
    return max(over, default=None)


def front(context: Context, rule: Rule | None, said: str = "") -> Message:
    """How the reminders stand."""
    if rule is None or rule.state == "stopped":
        return _none(context, rule, said)
    if rule.state == "paused":
        return _resting(context, rule, said)
    upcoming = next_three(rule, context.now)
    whenever = join("\n", (in_moment(rule, occurrence) for occurrence in upcoming))
    rows = [
        Fact(label="When", value=(say_rule(rule),)),
        Fact(label="The next three", value=whenever),
    ]
    if rule.paused_until and rule.paused_until > context.today:
        until = say_date(rule.paused_until, context.today)
        rows.insert(0, Fact(label="Paused", value=(f"until {until}",)))
    return Message(
        title="Your weekly reminder",
        parts=(
            *_said(said),
            *_said(_silence(context)),
            Facts(rows=tuple(rows)),
            *_front_buttons(context, rule),
            small_print(
                "It comes as a direct message that only you see, within"
                f" {WINDOW_MINUTES} minutes of its hour."
            ),
        ),
    )


def _silence(context: Context) -> str:
    """Why nothing comes although the reminder is on; empty where something does."""
    if context.plan is None:
        return "You have no plan at the moment: nothing comes until you make one with /plan."
    if context.plan.state == "paused":
        return "Your plan is paused: no reminders until you resume it."
    return ""


def _front_buttons(context: Context, rule: Rule) -> tuple[Buttons, ...]:
    rarer = (
        Button(label="Every other week", action=ChangeReminders("fortnight"))
        if rule.every == 1
        else Button(label="Every week", action=ChangeReminders("weekly"))
    )
    paused = rule.paused_until is not None and rule.paused_until > context.today
    pause = (
        Button(label="Resume now", action=ChangeReminders("resume"), style="primary")
        if paused
        else Button(label="Pause", action=ChangeReminders("pause"))
    )
    return (
        Buttons(
            buttons=(
                Button(label="Change day or hour", action=ChangeReminders("setup")),
                Button(label="Change time zone", action=ChangeReminders("zone")),
                rarer,
            )
        ),
        Buttons(
            buttons=(
                pause,
                Button(label="Stop", action=ChangeReminders("stop"), style="danger"),
                Button(label="Why did it come, or not?", action=ChangeReminders("why")),
            )
        ),
    )


def in_moment(rule: Rule, occurrence: Occurrence) -> Text:
    return ("• ", in_zone(occurrence.at, say_when(occurrence, rule.zone)))


def _resting(context: Context, rule: Rule, said: str) -> Message:
    on = Button(label="Switch it on again", action=ChangeReminders("resume"), style="primary")
    why = Button(label="What happened?", action=ChangeReminders("why"))
    stop = Button(label="Stop", action=ChangeReminders("stop"))
    return Message(
        title="Your weekly reminder is paused",
        parts=(
            *_said(said),
            Prose(text=text(say_rest(rule, context.closed_door))),
            Prose(text=text(f"It used to come on {say_rule(rule)}.")),
            Buttons(buttons=(on, why, stop)),
        ),
    )


def _none(context: Context, rule: Rule | None, said: str) -> Message:
    if context.plan is None:
        return note(
            "Reminders go with a plan",
            text(
                f"{said} " if said else "",
                "Once a week they say what is next in it. You have none at the moment; making one"
                " takes a minute.",
            ),
            "plan",
            "quiz",
        )
    buttons = [Button(label="Set one up", action=ChangeReminders("setup"), style="primary")]
    if context.deliveries:
        buttons.append(Button(label="What came so far", action=ChangeReminders("why")))
    why = say_rest(rule, context.closed_door) if rule and rule.reason else ""
    why = why or ("" if said else "Nothing is sent unless you ask for it.")
    return Message(
        title="No weekly reminder",
        parts=(*_said(said), *_said(why), Buttons(buttons=tuple(buttons))),
    )


def why_card(context: Context) -> Message:
    """What became of the latest ones."""
    if not context.deliveries:
        return note(
            "Nothing has come so far",
            "No reminder has been due yet. Once one is, you see here what became of it.",
            "reminders",
        )
    rows = tuple(_why_row(context, delivery) for delivery in context.deliveries[:_LATEST])
    asked = (
        f"You asked for it: {say_rule(context.rule)}."
        if context.rule and context.rule.state == "active"
        else "At the moment nothing is sent to you."
    )
    return Message(
        title="What became of your reminders",
        parts=(
            Prose(text=text(asked)),
            Facts(rows=rows),
            Buttons(buttons=(Button(label="← Reminders", action=Open("reminders")),)),
        ),
    )


def _why_row(context: Context, delivery: Delivery) -> Fact:
    at = delivery.settled_at
    when: Text = ()
    if at is not None:
        instant = datetime.fromtimestamp(at, UTC)
        zone = context.member.zone
        when = text(", ", in_zone(instant, f"{wall_clock(zone, instant)}, {say_zone(zone)}"))
    reason = f": {delivery.reason}" if delivery.reason else ""
    again = " (snoozed)" if delivery.again_of else ""
    label = f"{say_date(delivery.local_date, context.today)}{again}"
    return Fact(label=label, value=text(_OUTCOMES[delivery.state], cut(reason, 200), when))


def _said(said: str) -> tuple[Part, ...]:
    return (Prose(text=text(said)),) if said else ()


def as_it_stands(context: Context) -> Turn:
    return show(front(context, context.rule))


def unchanged(context: Context) -> Turn:
    return show(front(context, context.rule, "Nothing was changed."), Settled())
