"""What `/reminders` asks: the reminder as it would be, its zone, until when it is to pause."""

from collections.abc import Mapping
from datetime import timedelta

from bot.calendar.dates import DAYS, say_date, say_time, say_when
from bot.calendar.zones import say_zone
from bot.chat.actions import Back, Cancel, Change, Confirm, Fill, OpenForm, Pick
from bot.chat.form import Form, SelectField, TextField
from bot.chat.limits import LABEL, cut
from bot.chat.parts import Button, Buttons, Option, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, in_zone, text
from bot.commands import zone_question
from bot.commands.cards import form_of, small_print
from bot.commands.context import Context
from bot.commands.reminders.cards import rule_of
from bot.commands.reminders.state import Draft
from bot.commands.wording import say_rule, upper_first
from bot.planning.occurrences import next_three

_PAUSES = (7, 14, 28)
"""Days that are offered."""


def offer(context: Context, draft: Draft) -> Message:
    """A reminder as it would be; nothing is sent before the yes."""
    rule, ticket = rule_of(context, draft), context.ticket
    first = next_three(rule, context.now)[0]
    yes = "Save" if context.rule and context.rule.state == "active" else "Yes, remind me"
    when = "The next one comes on " if context.rule else "The first one comes on "
    return Message(
        title="Your weekly reminder",
        parts=(
            Prose(
                text=text(
                    Bold(text=upper_first(say_rule(rule))),
                    f".\n{when}",
                    in_zone(first.at, say_when(first, rule.zone)),
                    ".",
                )
            ),
            Buttons(buttons=(Button(label=yes, action=Confirm(ticket), style="primary"),)),
            Buttons(
                buttons=(
                    Button(label="Another day or hour", action=OpenForm(ticket, "time")),
                    Button(label="Another time zone", action=Change(ticket, "zone")),
                    Button(label="Not now", action=Cancel(ticket)),
                )
            ),
            small_print("A direct message, with your steps of the week and how far you are."),
        ),
    )


def time_form(context: Context, draft: Draft, typed: Mapping[str, str], error: str = "") -> Form:
    known = {
        "weekday": str(draft.weekday),
        "time": say_time(draft.minute),
        "every": str(draft.every),
    }
    known |= typed
    days = tuple(Option(value=str(day), label=name) for day, name in enumerate(DAYS))
    weeks = (Option(value="1", label="Every week"), Option(value="2", label="Every other week"))
    ticket = context.standing_ticket
    return Form(
        title="Day and hour",
        action=Fill(ticket, "time"),
        reopen=OpenForm(ticket, "time"),
        fields=(
            SelectField(
                name="weekday",
                label="Day",
                options=days,
                value=typed.get("weekday", str(draft.weekday)),
            ),
            TextField(
                name="time",
                label="Hour",
                hint="For example: 9, 18:30, 7 pm",
                value=known["time"],
                most=20,
            ),
            SelectField(
                name="every",
                label="How often",
                options=weeks,
                value=typed.get("every", str(draft.every)),
            ),
        ),
        errors={"time": error} if error else {},
    )


def zone_card(context: Context, query: str = "") -> Message:
    """Which zone the member lives by: those that fit what was typed, else the common ones."""
    told = context.member.zone if context.zone_known else None
    said = zone_question.fitting(query) if query else "Where do you keep your watch?"
    buttons = [zone_question.search_button(context)]
    if told and not query:
        label = f"Keep {say_zone(told)}"
        buttons.insert(0, Button(label=cut(label, LABEL), action=Confirm(context.ticket)))
    return Message(
        title="Your time zone",
        parts=(
            Prose(text=text(said, " Each shows what its clocks say now.")),
            zone_question.menu(context, query),
            Buttons(buttons=(*buttons, Button(label="← Back", action=Back(context.ticket)))),
        ),
    )


def pause_card(context: Context, said: str = "") -> Message:
    lengths = (
        Button(
            label=f"Until {say_date(context.today + timedelta(days), context.today)}",
            action=Pick(context.ticket, "pause", str(days)),
        )
        for days in _PAUSES
    )
    other = Button(label="Another date", action=OpenForm(context.ticket, "until"))
    return Message(
        title="Pause the reminder",
        parts=(
            *((small_print(said),) if said else ()),
            Prose(text=text("Until when? It comes again by itself from that day on.")),
            Buttons(buttons=(*lengths, other)),
            Buttons(buttons=(Button(label="← Back", action=Back(context.ticket)),)),
            small_print("Your plan goes on meanwhile; /plan can rest as well."),
        ),
    )


def until_form(context: Context, typed: str = "", error: str = "") -> Form:
    return form_of(
        context,
        "Pause the reminder",
        TextField(
            name="until",
            label="First day on which it may come again",
            hint="For example: 7 Jan, next monday, in 3 weeks",
            value=typed,
            most=40,
        ),
        error,
    )
