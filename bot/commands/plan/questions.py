"""What changing a plan asks: which change, how many hours a week, which way on."""

from bot.chat.actions import Cancel, ChangePlan, OpenForm, Pick
from bot.chat.form import Form, TextField
from bot.chat.parts import Button, Buttons, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, join, text
from bot.commands.cards import accent_of, form_of, rows_of, small_print
from bot.commands.cards import ways as ways_into
from bot.commands.context import Context
from bot.commands.plan import catch_up
from bot.commands.plan.choices import options
from bot.commands.plan.proposal import Kind
from bot.commands.wording import count, standing
from bot.planning.status import status_of
from bot.records import Plan


def choices(context: Context, plan: Plan) -> Message:
    """All ways to change a plan, each with what it does."""
    others = [role.name for role in context.pack.other_roles(plan.role)]
    switch = f"Switch to {others[0]}" if len(others) == 1 else "Switch roles"
    rest: tuple[Kind, str, str] = (
        ("resume", "Resume", "from today; every date moves by the length of the pause")
        if plan.paused_on
        else ("pause", "Pause", "for a holiday or a busy month; nothing becomes late meanwhile")
    )
    listed_ways: tuple[tuple[Kind, str, str], ...] = (
        ("hours", "Hours a week", f"now {plan.hours}; the dates follow"),
        rest,
        ("replan", "Catch up", "when you’re behind: keep the date, move it, or leave steps out"),
        ("switch", switch, "what both roles share is kept"),
        ("restart", "Start over", "from the first step, with today as the first day"),
        ("remove", "Stop this plan", "for good"),
    )
    lines = (text("• ", Bold(text=label), f": {what}") for _, label, what in listed_ways)
    buttons = [
        Button(label=label, action=ChangePlan(plan.id, change)) for change, label, _ in listed_ways
    ]
    return Message(
        title="Change your plan",
        accent=accent_of(context.pack, plan.role),
        parts=(
            Prose(text=join("\n", lines)),
            *rows_of(buttons, 3),
            small_print("You’ll see what a change does before you make it."),
            ways_into("plan"),
        ),
    )


def roles(context: Context, plan: Plan) -> Message:
    """Which other role to switch to."""
    found = context.pack.other_roles(plan.role)
    lines = (text("• ", Bold(text=role.name), f": {role.tagline}") for role in found)
    buttons = [
        Button(label=role.name, action=Pick(context.ticket, "role", role.id)) for role in found
    ]
    return Message(
        title="Switch to which role?",
        accent=accent_of(context.pack, plan.role),
        parts=(Prose(text=join("\n", lines)), Buttons(buttons=(*buttons, _leave(context)))),
    )


def pace(context: Context, plan: Plan, said: str = "") -> Message:
    """How many hours a week."""
    buttons = [
        Button(label=option.label, action=Pick(context.ticket, "hours", option.value))
        for option in options(context, "hours")
        if option.value != str(plan.hours)
    ]
    buttons.append(Button(label="Another number…", action=OpenForm(context.ticket, "hours")))
    now = f"Your plan is set to {count(plan.hours, 'hour')} a week. How many do you really have?"
    return Message(
        title="Hours a week",
        accent=accent_of(context.pack, plan.role),
        parts=(
            *((small_print(said),) if said else ()),
            Prose(text=text(now)),
            *rows_of(buttons),
            Buttons(buttons=(_leave(context),)),
        ),
    )


def hours_form(context: Context, plan: Plan, typed: str | None = None, error: str = "") -> Form:
    field = TextField(
        name="hours",
        label="Hours a week",
        hint="1 to 60, such as 6 or 6.5, in an ordinary week.",
        value=str(plan.hours) if typed is None else typed,
    )
    return form_of(context, "Hours a week", field, error)


def ways(context: Context, plan: Plan) -> Message:
    """The ways on for a plan that is late, each as a difference."""
    status, ways_on = status_of(context.pack, plan, context.today), catch_up.ways_on(context, plan)
    buttons = (
        Button(label=catch_up.LABELS[choice], action=Pick(context.ticket, "way", choice))
        for choice in catch_up.open_ways(ways_on)
    )
    intro = (
        standing(status) if status.behind else f"{standing(status)} You can still change the dates:"
    )
    return Message(
        title="Catch up",
        accent=accent_of(context.pack, plan.role),
        parts=(
            Prose(text=text(intro)),
            catch_up.listing(context, plan, ways_on),
            small_print("You’ll see each in full before you choose it."),
            Buttons(buttons=tuple(buttons)),
            Buttons(buttons=(_leave(context),)),
        ),
    )


def _leave(context: Context) -> Button:
    return Button(label="Leave it as it is", action=Cancel(context.ticket))
