"""The steps of a plan: one in full, all of them page by page, and marking them."""

from dataclasses import replace
from itertools import groupby
from typing import Literal

from bot.calendar.dates import say_date
from bot.chat.actions import MarkStep, OpenPlan, OpenStep, SkipStep, TickPart
from bot.chat.parts import Button, Buttons, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands.cards import accent_of, opening, rows_of, small_print
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.effects import UpdateStep
from bot.commands.plan.card import card, no_such_step, not_current, step_menu, yours
from bot.commands.plan.details import details, estimate
from bot.commands.wording import brief, due, hours, listed, phase
from bot.pack.learning import Portion, Step
from bot.planning.changes import mark, tick
from bot.planning.status import Entry, PlanStatus, status_of
from bot.records import Plan

_A_PAGE = 7


def open_step(context: Context, action: OpenStep) -> Turn:
    plan = yours(context, action.plan)
    if plan is None:
        return show(not_current(context))
    return show(step_card(context, plan, action.step) or no_such_step())


def open_steps(context: Context, action: OpenPlan) -> Turn:
    plan = yours(context, action.plan)
    return show(steps_card(context, plan, action.page) if plan else not_current(context))


def mark_step(context: Context, action: MarkStep) -> Turn:
    """The step shall be done, or open again; where it is that already, nothing changes."""
    plan = yours(context, action.plan)
    if plan is None:
        return show(not_current(context))
    entry = status_of(context.pack, plan, context.today).entry(action.step)
    if entry is None or action.status == "skipped":
        return show(no_such_step())
    marked = mark(plan, action.step, action.status, context.epoch)
    record = marked.step(action.step)
    changes = (UpdateStep(plan.id, record),) if record and marked != plan else ()
    said = _said(entry, action, changed=bool(changes))
    if action.on == "step":
        return show(step_card(context, marked, action.step, said) or no_such_step(), None, *changes)
    undo = replace(action, status="todo") if action.status == "done" else None
    return show(card(context, marked, said, undo), None, *changes)


def tick_part(context: Context, action: TickPart) -> Turn:
    """The part shall be done, or open again; where it is that already, nothing changes."""
    plan = yours(context, action.plan)
    if plan is None:
        return show(not_current(context))
    entry = status_of(context.pack, plan, context.today).entry(action.step)
    part = next((p for p in entry.step.parts if p.id == action.part), None) if entry else None
    if entry is None or part is None:
        return show(no_such_step())
    done = action.status == "done"
    ticked = tick(plan, entry.step, part.id, context.epoch, done=done)
    record = ticked.step(action.step)
    changes = (UpdateStep(plan.id, record),) if record and ticked != plan else ()
    said = _said_of_part(entry, part.title, done=done, changed=bool(changes))
    if record and changes and record.status == "done":
        said = f"Done: {part.title}. That was the last part of “{entry.step.title}”. Well done!"
    if action.on == "step":
        return show(step_card(context, ticked, action.step, said) or no_such_step(), None, *changes)
    undo = replace(action, status="todo") if done and changes else None
    return show(card(context, ticked, said, undo), None, *changes)


def _said_of_part(entry: Entry, title: str, *, done: bool, changed: bool) -> str:
    if not entry.open:
        return f"“{entry.step.title}” isn’t open, so its parts stay as they are."
    if done:
        return f"Done: {title}." if changed else f"“{title}” was done already."
    return f"“{title}” is open again." if changed else f"“{title}” was open already."


def _said(entry: Entry, action: MarkStep, *, changed: bool) -> str:
    title = entry.step.title
    if action.status == "done":
        return f"Done: {title}. Well done!" if changed else f"“{title}” was done already."
    return f"“{title}” is open again." if changed else f"“{title}” was open already."


def step_card(context: Context, plan: Plan, step_id: str, said: str = "") -> Message | None:
    """A step in full; None if the plan does not have it."""
    status = status_of(context.pack, plan, context.today)
    entry = status.entry(step_id)
    if entry is None:
        return None
    step = entry.step
    return Message(
        title=step.title,
        accent=accent_of(context.pack, plan.role),
        parts=(
            *((small_print(said),) if said else ()),
            Prose(text=text(Bold(text=_state(context, status, entry)), f"\n{phase(step)}")),
            Prose(text=text(Bold(text="What to do"), "\n", step.do)),
            Prose(text=text(Bold(text="You are done when"), "\n", step.done)),
            *details(entry),
            *_parts(status, entry),
            *_portfolio(entry),
            *_around(status, entry),
            small_print(estimate(step)),
            *_controls(status, entry),
        ),
    )


def _state(context: Context, status: PlanStatus, entry: Entry) -> str:
    record, today = entry.record, context.today
    on = say_date(context.day_of(record.changed_at), today) if record.changed_at else ""
    match record.status:
        case "done":
            return f"✓ Done on {on}" if on else "✓ Done"
        case "skipped":
            return f"Skipped on {on}" + (f": {record.reason}" if record.reason else "")
        case "dropped":
            return "Left out, to keep your date"
        case "todo":
            late = entry.slot in status.agenda.overdue
            when = due(status, entry)
            return f"⏰ Overdue: it {when}" if late else f"Open – {when}"


def _parts(status: PlanStatus, entry: Entry) -> tuple[Part, ...]:
    """A button a part, which ticks it or opens it again."""
    if not entry.open:
        return ()
    plan, step = status.plan.id, entry.step
    buttons = [
        Button(label=brief(part.title, "Open again: "), action=_tick(plan, step, part, "todo"))
        if entry.ticked(part)
        else Button(label=brief(part.title, "Done: "), action=_tick(plan, step, part, "done"))
        for part in step.parts
    ]
    return rows_of(buttons)


def _tick(plan: str, step: Step, part: Portion, status: Literal["todo", "done"]) -> TickPart:
    return TickPart(plan, step.id, part.id, status, "step")


def _portfolio(entry: Entry) -> tuple[Part, ...]:
    if not entry.step.portfolio:
        return ()
    return (Prose(text=text(Bold(text="For your portfolio"), "\n", entry.step.portfolio)),)


def _around(status: PlanStatus, entry: Entry) -> tuple[Part, ...]:
    """What a step builds on, and what builds on it, as far as the plan has it."""
    before = [e for id_ in entry.step.after if (e := status.entry(id_))]
    after = [e for e in status.entries if entry.step.id in e.step.after]
    lines = []
    if before:
        names = [f"{e.step.title} ({'✓ done' if e.done else e.record.status})" for e in before]
        lines.append(text(Bold(text="Builds on: "), listed(names).replace("(todo)", "(open)")))
    if after:
        lines.append(text(Bold(text="Leads to: "), listed([e.step.title for e in after])))
    return (Prose(text=join("\n", lines)),) if lines else ()


def _controls(status: PlanStatus, entry: Entry) -> tuple[Part, ...]:
    plan, step = status.plan.id, entry.step.id
    first: tuple[Button, ...]
    if entry.open:
        first = (
            Button(label="Done", action=MarkStep(plan, step, "done", "step"), style="primary"),
            Button(label="Not now…", action=SkipStep(plan, step)),
        )
    else:
        undo = "Not done yet" if entry.done else "Put it back"
        first = (Button(label=undo, action=MarkStep(plan, step, "todo", "step")),)
    page = status.entries.index(entry) // _A_PAGE
    return (
        Buttons(
            buttons=(
                *first,
                Button(label="All steps", action=OpenPlan(plan, page)),
                opening("plan"),
            )
        ),
        *_neighbours(status, entry),
    )


def _neighbours(status: PlanStatus, entry: Entry) -> tuple[Part, ...]:
    at = status.entries.index(entry)
    near = [("← ", at - 1)] if at else []
    near += [("→ ", at + 1)] if at + 1 < len(status.entries) else []
    buttons = tuple(
        Button(
            label=f"{arrow}{status.entries[place].step.title}",
            action=OpenStep(status.plan.id, status.entries[place].step.id),
        )
        for arrow, place in near
    )
    return (Buttons(buttons=buttons),) if buttons else ()


def steps_card(context: Context, plan: Plan, page: int) -> Message:
    """A page of all steps, phase by phase; the last page for one that is beyond it."""
    status = status_of(context.pack, plan, context.today)
    pages = max(1, -(-len(status.entries) // _A_PAGE))
    page = min(page, pages - 1)
    shown = status.entries[page * _A_PAGE : (page + 1) * _A_PAGE]
    return Message(
        title=f"All steps, page {page + 1} of {pages}",
        accent=accent_of(context.pack, plan.role),
        parts=(
            *(
                _phase(context, status, name, tuple(entries))
                for name, entries in groupby(shown, key=lambda entry: phase(entry.step))
            ),
            *step_menu(plan, shown, "Open a step"),
            Buttons(buttons=(*_pages(plan, page, pages), opening("plan"))),
        ),
    )


def _pages(plan: Plan, page: int, pages: int) -> tuple[Button, ...]:
    back = (Button(label="← Earlier", action=OpenPlan(plan.id, page - 1)),) if page else ()
    more = page + 1 < pages
    on = (Button(label="Later →", action=OpenPlan(plan.id, page + 1)),) if more else ()
    return (*back, *on)


def _phase(context: Context, status: PlanStatus, name: str, entries: tuple[Entry, ...]) -> Prose:
    lines = (_line(context, status, entry) for entry in entries)
    return Prose(text=text(Bold(text=name), "\n", join("\n", lines)))


def _line(context: Context, status: PlanStatus, entry: Entry) -> Text:
    record, title = entry.record, entry.step.title
    match record.status:
        case "done":
            on = say_date(context.day_of(record.changed_at or 0), context.today)
            return text(f"• ✓ {title} – done {on}")
        case "skipped":
            why = f": {record.reason}" if record.reason else ""
            return text(f"• ✕ {title} – skipped{why}")
        case "dropped":
            return text(f"• ✕ {title} – left out, to keep your date")
        case "todo":
            late = "⏰ " if entry.slot in status.agenda.overdue else ""
            return text(f"• {late}{title} – {hours(entry.step)}, {due(status, entry)}")
