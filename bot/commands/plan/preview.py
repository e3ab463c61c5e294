"""A change of a plan as a difference, shown before it is taken."""

from typing import assert_never

from bot.calendar.dates import say_date
from bot.chat.actions import Back, Cancel, ChangePlan, Confirm
from bot.chat.parts import Button, Buttons, Fact, Facts, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands.cards import accent_of, note, small_print
from bot.commands.context import Context
from bot.commands.plan import catch_up
from bot.commands.plan.proposal import Kind, Proposal
from bot.commands.plan.setup_cards import honest
from bot.commands.wording import count, listed, span
from bot.planning.status import PlanStatus, hours_of, status_of
from bot.records import Plan

_NAMED = 6  # steps that a preview names: more are counted

_TITLES: dict[Kind, str] = {
    "hours": "At {hours} hours a week",
    "pause": "Pause your plan?",
    "resume": "Resume your plan?",
    "switch": "Switch to {role}?",
    "restart": "Start over from the first step?",
    "remove": "Stop this plan?",
}
_CONFIRM: dict[Kind, str] = {
    "hours": "Yes, {hours} hours a week",
    "pause": "Pause it",
    "resume": "Resume",
    "switch": "Switch to {role}",
    "restart": "Start over",
    "remove": "Stop it",
}


def card(context: Context, plan: Plan, after: Plan, proposal: Proposal, said: str = "") -> Message:
    """A change as a difference: nothing is stored yet."""
    before, then = (status_of(context.pack, each, context.today) for each in (plan, after))
    destructive = proposal.change in ("restart", "remove")
    confirm = Button(
        label=_named(_CONFIRM, context, after, proposal),
        action=Confirm(context.ticket),
        style="danger" if destructive else "primary",
    )
    back = (Button(label="← Back", action=Back(context.ticket)),)
    return Message(
        title=_named(_TITLES, context, after, proposal),
        accent=accent_of(context.pack, after.role),
        parts=(
            *((small_print(said),) if said else ()),
            *_body(context, before, then, proposal),
            Buttons(
                buttons=(
                    confirm,
                    *(back if proposal.change in ("hours", "replan") else ()),
                    Button(label="Leave it as it is", action=Cancel(context.ticket)),
                )
            ),
        ),
    )


def taken(context: Context, after: Plan, proposal: Proposal) -> str:
    """What has just been done."""
    match proposal.change:
        case "hours":
            return f"Your plan is now set to {count(after.hours, 'hour')} a week."
        case "pause":
            return "Your plan is paused. Resume whenever you’re ready."
        case "resume":
            return "Welcome back. Your plan has resumed."
        case "replan":
            return "Your steps have new dates."
        case "switch":
            return f"Your plan now leads to {context.pack.role(after.role).name}."
        case "restart":
            return "You’ve started over: every step is open again."
        case "remove":
            return "Your plan has ended."
        case _:
            assert_never(proposal.change)


def removed() -> Message:
    """The answer once a plan has been stopped."""
    return note(
        "Your plan has ended",
        "There’s nothing left to do in it. You can make a new one in a minute, whenever you like.",
        "plan",
        "compare",
        "quiz",
    )


def _named(texts: dict[Kind, str], context: Context, after: Plan, proposal: Proposal) -> str:
    if proposal.change == "replan":
        return catch_up.LABELS[proposal.way or "move"]
    role = context.pack.role(after.role).name
    return texts[proposal.change].format(hours=after.hours, role=role)


def _body(
    context: Context, before: PlanStatus, then: PlanStatus, proposal: Proposal
) -> tuple[Part, ...]:
    plan, today = before.plan, context.today
    target = say_date(plan.target_on, today)
    match proposal.change:
        case "pause":
            paused = (
                "It’s paused from today, and nothing becomes late meanwhile. When you resume, every"
                " date moves by the length of the pause, and so does your planned finish"
                f" ({target})."
            )
            return (Prose(text=text(paused)),)
        case "resume":
            return (Prose(text=text(_rested(before, then))), _difference(before, then))
        case "hours":
            return (_difference(before, then), Prose(text=honest(context, then)))
        case "replan":
            return (*_left_out(before, then), _difference(before, then))
        case "switch":
            carried = Prose(text=_carried(context, before, then))
            return (carried, _difference(before, then), Prose(text=honest(context, then)))
        case "restart":
            return (Prose(text=text(_lost(before))), _difference(before, then))
        case "remove":
            instead = Button(label="Pause it instead", action=ChangePlan(plan.id, "pause"))
            pause = () if plan.paused_on else (Buttons(buttons=(instead,)),)
            return (Prose(text=text(_ended(before))), *pause)
        case _:
            assert_never(proposal.change)


def _rested(before: PlanStatus, then: PlanStatus) -> str:
    days = (then.plan.target_on - before.plan.target_on).days
    if not days:
        return "It wasn’t paused on any working day, so no dates change."
    return f"It was paused for {span(days)}, and every date to come moves by as much."


def _difference(before: PlanStatus, then: PlanStatus) -> Facts:
    """What a change changes, and the finish in any case."""
    today, old, new = before.today, before.plan, then.plan
    aims = (say_date(old.target_on, today), say_date(new.target_on, today))
    pairs = (
        ("Each week", count(old.hours, "hour"), count(new.hours, "hour")),
        ("Left to do", _work(before), _work(then)),
        ("Planned finish", *aims),
    )
    rows = (
        Fact(label=label, value=text(f"{was} → ", Bold(text=will)))
        for label, was, will in pairs
        if was != will
    )
    return Facts(rows=(*rows, Fact(label="Expected finish", value=_finish(before, then))))


def _work(status: PlanStatus) -> str:
    return f"{count(len(status.left), 'step')}, {hours_of(status.left)} h"


def _finish(before: PlanStatus, then: PlanStatus) -> Text:
    old, new = before.finish, then.finish
    said = Bold(text=say_date(new, before.today))
    if old == new:
        return text(said, ", as it stands now")
    moved = f", {span(abs((new - old).days))} {'later' if new > old else 'earlier'}"
    return text(f"{say_date(old, before.today)} → ", said, moved)


def _left_out(before: PlanStatus, then: PlanStatus) -> tuple[Part, ...]:
    """The steps that a cut drops."""
    open_then = {entry.step.id for entry in then.left}
    out = [entry for entry in before.left if entry.step.id not in open_then]
    if not out:
        return ()
    lines = (text(f"• {entry.step.title} – {entry.step.hours} h") for entry in out)
    late = then.behind_by > 0 or then.plan.target_on > before.plan.target_on
    still = "\nNothing else can go, and it’s not enough: your date moves as well."
    again = "" if late else "\nYou can put each one back later."
    heading = Bold(text="You leave out")
    return (Prose(text=text(heading, "\n", join("\n", lines), still if late else again)),)


def _carried(context: Context, before: PlanStatus, then: PlanStatus) -> Text:
    """What a switch keeps, and what rests until the member switches back."""
    role = context.pack.role(then.plan.role)
    kept = [entry.step.title for entry in then.entries if not entry.open]
    names = kept[:_NAMED] + ([f"{len(kept) - _NAMED} more"] if len(kept) > _NAMED else [])
    if names:
        carries = "carries" if len(kept) == 1 else "carry"
        said = f"{count(len(kept), 'step')} {carries} over: {listed(names)}."
    else:
        said = "Nothing you’ve done so far is part of it, so it starts at its first step."
    resting = sum(then.entry(entry.step.id) is None for entry in before.done)
    others = "step" if resting == 1 else f"{resting} steps"
    rest = f" The other {others} you’ve done will be here if you switch back." if resting else ""
    return text(f"You’ll be working towards {role.name}. ", said, rest)


def _lost(before: PlanStatus) -> str:
    if not before.done:
        return "Every step is open again, and today is the first day."
    done = count(len(before.done), "step")
    return (
        f"Every step is open again, and today is the first day. What you’ve done so far ({done})"
        " no longer counts. You can’t undo this."
    )


def _ended(before: PlanStatus) -> str:
    done = f"{len(before.done)} of {count(len(before.counted), 'step')} done"
    return (
        f"Your plan ends here, with {done}. You can’t undo this: a new plan starts at its first"
        " step. If you only need a break, pause it."
    )
