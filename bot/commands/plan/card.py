"""The card of a plan: how it stands, what this week asks for, and ways into everything else."""

from datetime import timedelta

from bot.calendar.dates import say_date
from bot.chat.actions import ChangePlan, MarkStep, OpenPlan, OpenStep, TickPart
from bot.chat.limits import LABEL, OPTIONS, cut
from bot.chat.parts import Button, Buttons, Menu, Meter, Option, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands.cards import accent_of, note, opening, small_print
from bot.commands.context import Context
from bot.commands.wording import alternatives, brief, count, due, hours, span, standing
from bot.planning.status import Entry, PlanStatus, hours_of, status_of
from bot.records import Plan

_SHOWN = 5  # steps of a week: with more, the first one leaves a phone's screen
_NEXT = 2


def card(
    context: Context, plan: Plan, said: str = "", undo: MarkStep | TickPart | None = None
) -> Message:
    """The plan today; `said` is what has just happened, `undo` takes it back."""
    status = status_of(context.pack, plan, context.today)
    role = context.pack.role(plan.role)
    body = _going(status) if status.left else _finished(context, status)
    return Message(
        title=f"Your plan to become {role.one}",
        accent=accent_of(context.pack, plan.role),
        parts=(
            *((small_print(said),) if said else ()),
            Prose(text=text(standing(status))),
            meter(status),
            *body,
            Buttons(buttons=(*_undo(undo), *_ways(status))),
        ),
    )


def yours(context: Context, plan_id: str) -> Plan | None:
    """The member's current plan, if that is the one meant."""
    return context.plan if context.plan and context.plan.id == plan_id else None


def not_current(context: Context) -> Message:
    """The answer to a card of an earlier plan, or of somebody else's."""
    if context.plan is None:
        return note(
            "You have no plan at the moment",
            "That card belongs to a plan that has ended, or to another member."
            " Nothing was changed. You can make a new plan in a minute:",
            "plan",
        )
    return note(
        "That is not your current plan",
        "That card belongs to an earlier plan of yours, or to another member."
        " Nothing was changed. Here’s your current plan:",
        "plan",
        "progress",
    )


def no_such_step() -> Message:
    return note(
        "That step is not in your plan",
        "It may have been in an earlier version. Nothing was changed.",
        "plan",
    )


def meter(status: PlanStatus) -> Meter:
    """How far a plan is, in hours: steps differ too much in size to count alike."""
    done, counted = status.hours_done, hours_of(status.counted)
    steps = f"{len(status.done)} of {count(len(status.counted), 'step')}"
    return Meter(done=done, total=max(counted, 1), label=f"{steps} done, {done} of {counted} hours")


def step_menu(plan: Plan, entries: tuple[Entry, ...], placeholder: str) -> tuple[Part, ...]:
    if not entries:
        return ()
    choices = tuple(
        Option(value=entry.step.id, label=cut(entry.step.title, LABEL))
        for entry in entries[:OPTIONS]
    )
    return (Menu(action=OpenStep(plan.id), placeholder=placeholder, options=choices),)


def _going(status: PlanStatus) -> tuple[Part, ...]:
    overdue, now = status.entries_of(status.agenda.overdue), status.entries_of(status.agenda.now)
    later = status.entries_of(status.agenda.upcoming)
    shown, rest = (*overdue, *now)[:_SHOWN], (*overdue, *now)[_SHOWN:]
    return (
        *_week(status, shown, len(rest)),
        *_next(status, later[:_NEXT]),
        *(done_button(status.plan, entry) for entry in shown or later[:1]),
        *step_menu(status.plan, (*overdue, *now, *later), "What to do: open a step"),
    )


def _week(status: PlanStatus, shown: tuple[Entry, ...], more: int) -> tuple[Part, ...]:
    plan = status.plan
    if plan.anchor_on > status.today and not shown:
        return ()
    heading = Bold(text="When you resume" if plan.paused_on else f"This week{_until(status)}")
    if not shown:
        free = "Everything due is done. Take the time off, or start on what comes next."
        return (Prose(text=text(heading, "\n", free)),)
    lines = [line(status, entry) for entry in shown]
    if more:
        lines.append(text(f"• and {count(more, 'more step')}: see all steps"))
    return (Prose(text=text(heading, "\n", join("\n", lines))),)


def _until(status: PlanStatus) -> str:
    week = status.schedule.week_of(status.today)
    last = status.schedule.week_starts(week + 1) - timedelta(1)
    return f", until {say_date(last, status.today)}"


def _next(status: PlanStatus, entries: tuple[Entry, ...]) -> tuple[Part, ...]:
    if not entries:
        return ()
    lines = join("\n", (line(status, entry) for entry in entries))
    return (Prose(text=text(Bold(text="After that"), "\n", lines)),)


def line(status: PlanStatus, entry: Entry) -> Text:
    """A step in a list: its title, hours, dates and its next part; what is late is marked."""
    late = entry.slot in status.agenda.overdue
    when = due(status, entry)
    dated = text(", ", Bold(text=when) if late else when) if when else ()
    part = _next_part(entry) if entry.slot not in status.agenda.upcoming else ""
    return text(
        "• ", "⏰ " if late else "", entry.step.title, f" – {hours(entry.step)}", dated, part
    )


def _next_part(entry: Entry) -> str:
    """As "Next: part 2 of 3, Matrices (8 h)", on a line of its own."""
    if entry.part is None:
        return ""
    parts = entry.step.parts
    place = f"part {parts.index(entry.part) + 1} of {len(parts)}"
    return f"\n   Next: {place}, {entry.part.title} ({entry.part.hours} h)"


def done_button(plan: Plan, entry: Entry) -> Buttons:
    """A step's button in a list: for the part that is next, if it has parts."""
    done: MarkStep | TickPart = MarkStep(plan.id, entry.step.id, "done")
    title = entry.step.title
    if entry.part:
        done, title = TickPart(plan.id, entry.step.id, entry.part.id, "done"), entry.part.title
    return Buttons(buttons=(Button(label=brief(title, before="Done: "), action=done),))


def _undo(action: MarkStep | TickPart | None) -> tuple[Button, ...]:
    return (Button(label="Undo", action=action),) if action else ()


def _ways(status: PlanStatus) -> tuple[Button, ...]:
    plan = status.plan
    steps = Button(label="All steps", action=OpenPlan(plan.id, 0))
    change = Button(label="Change my plan", action=ChangePlan(plan.id, "choose"))
    reminders = opening("reminders")
    return (*_urgent(status), steps, change, reminders)


def _urgent(status: PlanStatus) -> tuple[Button, ...]:
    """The one thing that a plan in this state wants most."""
    plan = status.plan
    if plan.paused_on and status.left:
        return (Button(label="Resume", action=ChangePlan(plan.id, "resume"), style="primary"),)
    if status.behind:
        return (Button(label="Catch up", action=ChangePlan(plan.id, "replan"), style="primary"),)
    return (opening("progress"),)


def _finished(context: Context, status: PlanStatus) -> tuple[Part, ...]:
    plan, role = status.plan, context.pack.role(status.plan.role)
    others = context.pack.other_roles(plan.role)
    label = f"Plan the move to {others[0].name}" if len(others) == 1 else "Plan another role"
    switch = Button(label=label, action=ChangePlan(plan.id, "switch"))
    done_on = [context.day_of(entry.record.changed_at or 0) for entry in status.done]
    if not done_on:
        nothing = "You’ve skipped every step, so there’s nothing left to do. Put one back, or"
        return (Prose(text=text(nothing, " change the plan.")), Buttons(buttons=(switch,)))
    took = max((max(done_on) - plan.started_on).days, 1)
    said = f"You set out to become {role.one}, and {span(took)} later you’ve finished every step."
    elsewhere = alternatives([other.one for other in others])
    next_ = (
        "\n• Show it: put what you’ve built where hiring teams will see it.",
        "\n• Apply, and let the interviews tell you what to brush up.",
        f"\n• Plan the move to become {elsewhere}: you keep the steps that both share.",
    )
    return (
        Prose(text=text(Bold(text="Congratulations! "), said)),
        Prose(text=text(Bold(text="What next?"), *next_)),
        Buttons(buttons=(switch,)),
    )
