"""What changing a plan asks: which change, how many hours a week, which way on."""

from bot import plans
from bot.flows.cards import form_of, rows_of, small_print
from bot.flows.cards import ways as ways_into
from bot.flows.plan_proposal import Kind
from bot.flows.setup_choices import options
from bot.flows.turn import Desk
from bot.flows.wording import count, listed, standing
from bot.outlook import hours_of, look
from bot.plans import WayOn
from bot.records import Plan
from bot.reply import Button, Buttons, Form, Message, Prose, TextField
from bot.text import Bold, Text, join, text
from bot.when import say_date
from bot.wire import Cancel, ChangePlan, OpenForm, Pick

_LEFT_OUT = 4  # steps that a way on names: more are counted


def choices(desk: Desk, plan: Plan) -> Message:
    """All ways to change a plan, each with what it does."""
    other = desk.pack.role(plans.other_role(plan)).name
    rest: tuple[Kind, str, str] = (
        ("resume", "Go on", "from today; every date moves by as long as the plan has rested")
        if plan.paused_on
        else ("pause", "Pause", "for a holiday or a busy month; nothing becomes late meanwhile")
    )
    listed_ways: tuple[tuple[Kind, str, str], ...] = (
        ("hours", "Hours a week", f"now {plan.hours}; the dates follow"),
        rest,
        ("replan", "Catch up", "when you are behind: keep the date, move it, or leave steps out"),
        ("switch", f"Switch to {other}", "what both roles share is kept"),
        ("restart", "Start again", "from the first step, with today as the first day"),
        ("remove", "Stop this plan", "for good"),
    )
    lines = (text("• ", Bold(text=label), f": {what}") for _, label, what in listed_ways)
    buttons = [
        Button(label=label, action=ChangePlan(plan.id, change)) for change, label, _ in listed_ways
    ]
    return Message(
        title="Change your plan",
        accent=plan.role,
        parts=(
            Prose(text=join("\n", lines)),
            *rows_of(buttons, 3),
            small_print("You see what a change does before it is made."),
            ways_into("plan"),
        ),
    )


def pace(desk: Desk, plan: Plan, said: str = "") -> Message:
    """How many hours a week."""
    buttons = [
        Button(label=option.label, action=Pick(desk.ticket, "hours", option.value))
        for option in options(desk, "hours")
        if option.value != str(plan.hours)
    ]
    buttons.append(Button(label="Another number…", action=OpenForm(desk.ticket, "hours")))
    now = f"Your plan counts on {count(plan.hours, 'hour')} a week. How many are there really?"
    return Message(
        title="Hours a week",
        accent=plan.role,
        parts=(
            *((small_print(said),) if said else ()),
            Prose(text=text(now)),
            *rows_of(buttons),
            Buttons(buttons=(_leave(desk),)),
        ),
    )


def hours_form(desk: Desk, plan: Plan, typed: str | None = None, error: str = "") -> Form:
    field = TextField(
        name="hours",
        label="Hours a week",
        hint="A whole number, 1 to 60: for an ordinary week.",
        value=str(plan.hours) if typed is None else typed,
    )
    return form_of(desk, "Hours a week", field, error)


def ways(desk: Desk, plan: Plan) -> Message:
    """The ways on for a plan that is late, each as a difference."""
    seen = look(desk.pack, plan, desk.today)
    ways_on = plans.ways_on(desk.pack, plan, desk.today, desk.epoch)
    labels = {"keep": "Keep the date", "move": "Move the date", "cut": "Leave steps out"}
    lines = (
        text("• ", Bold(text=labels[way.choice]), ": ", _way(desk, plan, way)) for way in ways_on
    )
    buttons = [
        Button(label=labels[way.choice], action=Pick(desk.ticket, "way", way.choice))
        for way in ways_on
        if not way.why_not
    ]
    intro = standing(seen) if seen.behind else f"{standing(seen)} Still, you can move things:"
    return Message(
        title="Catch up",
        accent=plan.role,
        parts=(
            Prose(text=text(intro)),
            Prose(text=join("\n", lines)),
            small_print("You see each in full before it is made."),
            Buttons(buttons=tuple(buttons)),
            Buttons(buttons=(_leave(desk),)),
        ),
    )


def _way(desk: Desk, plan: Plan, way: WayOn) -> Text:
    if way.why_not:
        return text(way.why_not)
    after = look(desk.pack, way.plan, desk.today)
    finish = say_date(after.schedule.finish, desk.today)
    match way.choice:
        case "keep" if way.plan.hours == plan.hours:
            return text(f"{plan.hours} hours a week still do; the open steps get new dates.")
        case "keep":
            more = f"{way.plan.hours} hours a week instead of {plan.hours}"
            return text(f"{more}, and you finish on {finish}.")
        case "move":
            return text(f"stay at {plan.hours} hours a week and finish on {finish}.")
        case "cut":
            out = [e for e in after.entries if e.step.id in way.dropped]
            names = [f"“{e.step.title}”" for e in out[:_LEFT_OUT]]
            if rest := len(out) - len(names):
                names.append(count(rest, "more step"))
            return text(f"without {listed(names)} ({hours_of(out)} h) you finish on {finish}.")


def _leave(desk: Desk) -> Button:
    return Button(label="Leave it as it is", action=Cancel(desk.ticket))
