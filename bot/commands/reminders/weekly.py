"""The weekly reminder itself: what it says, or why none is sent."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.chat.actions import (
    ChangePlan,
    ChangeReminders,
    KeepReminders,
    Open,
    SkipWeek,
    Snooze,
    WhyReminder,
)
from bot.chat.parts import Button, Buttons, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, join, text
from bot.commands.cards import accent_of, opening, small_print
from bot.commands.context import Context
from bot.commands.plan import catch_up
from bot.commands.plan.card import done_button, line, meter
from bot.commands.practice.choosing import deck_of
from bot.commands.topics.citing import attribution
from bot.commands.wording import count, say_rule, standing
from bot.planning.occurrences import ASK_AFTER, PAUSE_AFTER
from bot.planning.status import Entry, PlanStatus, status_of
from bot.records import Delivery, Plan, Rule, RuleState

Kind: TypeAlias = Literal["weekly", "asking", "finished"]

_SHOWN = 4
_STOP = Button(label="Stop", action=ChangeReminders("stop"))


@dataclass(frozen=True, slots=True)
class Send:
    """Send this. "asking" wonders whether to go on, "finished" is the last one."""

    kind: Kind
    message: Message


@dataclass(frozen=True, slots=True)
class Suspend:
    """What becomes of the rule; `tell` the member when they next come by."""

    state: RuleState
    reason: str
    tell: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Send nothing this time, for this reason."""

    reason: str
    suspend: Suspend | None = None


def compose(context: Context, delivery: Delivery, ignored: int) -> Send | Skip:
    """This week's reminder; `ignored` is how many before it, one after the other, nobody answered.

    Every message has a button with the delivery's id, by which it is found again.
    """
    rule, plan = context.rule, context.plan
    if rule is None or rule.state != "active":
        return Skip("your reminders were off")
    if rule.paused_until and context.today < rule.paused_until:
        return Skip("your reminders were paused")
    if plan is None:
        return Skip("you had no plan", Suspend("stopped", "no plan"))
    if plan.state == "paused":
        return Skip("your plan was paused")
    status = status_of(context.pack, plan, context.today)
    if not status.left:
        return Send("finished", _finished(context, status, delivery))
    if ignored >= PAUSE_AFTER:
        reason = f"{PAUSE_AFTER} in a row went unanswered"
        return Skip(reason, Suspend("paused", "ignored", tell=True))
    if ignored >= ASK_AFTER:
        return Send("asking", _weekly(context, status, rule, delivery, _asking(delivery, ignored)))
    return Send("weekly", _weekly(context, status, rule, delivery))


def _weekly(
    context: Context,
    status: PlanStatus,
    rule: Rule,
    delivery: Delivery,
    before: tuple[Part, ...] = (),
) -> Message:
    plan = status.plan
    overdue, now = status.entries_of(status.agenda.overdue), status.entries_of(status.agenda.now)
    entries = (*overdue, *now)
    return Message(
        title=f"Your week on the way to {context.pack.role(plan.role).name}",
        accent=accent_of(context.pack, plan.role),
        parts=(
            *before,
            *_steps(status, entries),
            meter(status),
            Prose(text=text(standing(status))),
            *_tip(context, delivery),
            *_practice(context, plan),
            *(done_button(plan, entry) for entry in entries[:_SHOWN]),
            *_catch_up(context, status),
            _controls(delivery, asked=bool(before)),
            small_print(_about(rule)),
        ),
    )


def _steps(status: PlanStatus, entries: tuple[Entry, ...]) -> tuple[Part, ...]:
    if not entries:
        return (Prose(text=text("Nothing is due this week: everything so far is done.")),)
    lines = [line(status, entry) for entry in entries[:_SHOWN]]
    if more := len(entries) - _SHOWN:
        lines += [text(f"• and {count(more, 'more step')}: /plan has them all")] if more > 0 else []
    heading = "What to do this week"
    return (Prose(text=text(Bold(text=heading), "\n", join("\n", lines))),)


def _catch_up(context: Context, status: PlanStatus) -> tuple[Part, ...]:
    """The three ways on for whoever is behind; pressing one previews it as it then is."""
    if not status.behind:
        return ()
    plan, ways = status.plan, catch_up.ways_on(context, status.plan)
    return (
        Prose(text=text(Bold(text="Three ways to catch up"))),
        catch_up.listing(context, plan, ways),
        Buttons(
            buttons=tuple(
                Button(label=catch_up.LABELS[choice], action=ChangePlan(plan.id, choice))
                for choice in catch_up.open_ways(ways)
            )
        ),
    )


def _controls(delivery: Delivery, *, asked: bool) -> Buttons:
    return Buttons(
        buttons=(
            Button(label="Snooze a day", action=Snooze(delivery.id)),
            Button(label="Skip this week", action=SkipWeek(delivery.id)),
            Button(label="Change time", action=ChangeReminders("setup")),
            Button(label="Pause", action=ChangeReminders("pause")),
            *(() if asked else (_STOP,)),  # with the question, it is one of the answers
        )
    )


def _asking(delivery: Delivery, ignored: int) -> tuple[Part, ...]:
    said = (
        f"My last {ignored} reminders went unanswered. Shall I keep sending them? Any button"
        f" here counts as an answer. After {PAUSE_AFTER} without one, I’ll pause them."
    )
    go_on = Button(label="Keep sending them", action=KeepReminders(delivery.id), style="primary")
    rarely = Button(label="Every other week", action=ChangeReminders("fortnight"))
    return (Prose(text=text(said)), Buttons(buttons=(go_on, rarely, _STOP)))


def _practice(context: Context, plan: Plan) -> tuple[Part, ...]:
    """How many questions of interviews are due, where any are."""
    deck = deck_of(context, plan.role)
    if deck is None or not (due := len(deck.due)):
        return ()
    said = f"{count(due, 'practice question')} {'is' if due == 1 else 'are'} due."
    return (
        Prose(text=text(said)),
        Buttons(buttons=(Button(label="Practise", action=Open("practice", plan.pack)),)),
    )


def _tip(context: Context, delivery: Delivery) -> tuple[Part, ...]:
    """One tip a week, in turn: all are seen before one comes again."""
    role = context.plan.role if context.plan else None
    tips = [tip for tip in context.pack.tips if tip.role in (None, role)]
    if not tips:
        return ()
    tip = tips[delivery.local_date.toordinal() // 7 % len(tips)]
    source = attribution(context.pack, tip, context.today.year)
    credit = text(f" ({source})") if source else ()
    advice = text("\n", Bold(text="Crossroads’ note:"), " ", tip.note) if tip.note else ()
    return (Prose(text=text(Bold(text="Worth knowing: "), tip.text, credit, advice)),)


def _finished(context: Context, status: PlanStatus, delivery: Delivery) -> Message:
    role = context.pack.role(status.plan.role)
    done = count(len(status.done), "step")
    why = Button(label="Why this message?", action=WhyReminder(delivery.id))
    return Message(
        title="You’ve done it",
        accent=accent_of(context.pack, status.plan.role),
        parts=(
            Prose(
                text=text(
                    Bold(text="Congratulations! "),
                    f"Your plan to become {role.one} is finished: {done} done. There’s"
                    " nothing left to remind you of, so this is my last reminder.",
                )
            ),
            meter(status),
            Buttons(
                buttons=(
                    opening("plan", "primary"),
                    opening("progress"),
                    why,
                )
            ),
        ),
    )


def _about(rule: Rule) -> str:
    return f"You asked for this: {say_rule(rule)}. /reminders changes it."
