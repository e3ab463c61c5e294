"""What members write instead of pressing: it does what the button would, or asks which."""

from datetime import timedelta

from bot.calendar.typed import tidy
from bot.chat.actions import ChangePlan, MarkStep, OpenStep, Section, SkipWeek, Snooze
from bot.chat.parts import Button, Buttons, Prose
from bot.chat.reply import Message
from bot.chat.text import text
from bot.commands.cards import accent_of, note, opening, rows_of, ways
from bot.commands.compare import find_topic, matching
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.help import unknown
from bot.commands.plan import card as plan_card
from bot.commands.plan import steps as plan_steps
from bot.commands.reminders import cards
from bot.commands.reminders import pause as reminder_rest
from bot.commands.reminders import setup as reminder_setup
from bot.commands.reminders import snooze as reminder_buttons
from bot.commands.reminders.cards import as_it_stands
from bot.commands.reminders.state import is_on
from bot.commands.said.words import Heard
from bot.commands.wording import brief
from bot.planning.status import Entry, PlanStatus, status_of
from bot.records import Delivery, Plan

_OFFERED = 5
"""Steps that are offered when it is not plain which one is meant."""
_FRESH = timedelta(7)
"""How long after a reminder a word is an answer to it."""


def done(context: Context, heard: Heard) -> Turn:
    """A step is done: the one that was named, or the only one that is due; else it is asked."""
    plan, rest = context.plan, heard.rest
    if plan is None:
        return show(note("No plan yet", "Make one, and tell me here what you’ve done.", "plan"))
    status = status_of(context.pack, plan, context.today)
    if not status.left:
        return show(plan_card.card(context, plan, "Every step of your plan is done already."))
    if rest:
        found = _named(status.left, rest)
    else:
        found = status.entries_of((*status.agenda.overdue, *status.agenda.now))
    if len(found) == 1:
        return plan_steps.mark_step(context, MarkStep(plan.id, found[0].step.id, "done"))
    return show(_which(context, plan, status, found, rest))


def hello(context: Context, _: Heard) -> Turn:
    """A greeting, with three ways in."""
    said = f"I’m Crossroads. {context.pack.title} I help you find out, and get there."
    return show(note("Hello", said, *_three(context)))


def welcome(context: Context, _: Heard) -> Turn:
    return show(note("You’re welcome", "Write to me whenever you like.", *_three(context)))


def topic_or_step(context: Context, heard: Heard) -> Turn:
    """The topic or the step that goes by these words, else help."""
    words = heard.rest
    if matching(context.pack, words):
        return find_topic(context, words)
    wanted = tidy(words)
    if context.plan and len(wanted) > len("step"):
        found = _named(status_of(context.pack, context.plan, context.today).entries, words)
        if len(found) == 1:
            return plan_steps.open_step(context, OpenStep(context.plan.id, found[0].step.id))
    return unknown(context, heard)


def _three(context: Context) -> tuple[Section, Section, Section]:
    return ("plan", "progress", "reminders") if context.plan else ("quiz", "compare", "plan")


def _named(entries: tuple[Entry, ...], words: str) -> tuple[Entry, ...]:
    """The steps whose title holds these words; the one that has no other is that one."""
    wanted = tidy(words)
    exact = tuple(entry for entry in entries if tidy(entry.step.title) == wanted)
    return exact or tuple(entry for entry in entries if wanted in tidy(entry.step.title))


def _which(
    context: Context, plan: Plan, status: PlanStatus, found: tuple[Entry, ...], rest: str
) -> Message:
    offered = (found or status.left)[:_OFFERED]
    said = "Which one have you done?"
    if rest and not found:
        said = f"I don’t find “{brief(rest, limit=60)}” among your open steps. {said}"
    elif not found:
        said = f"Nothing is due this week. {said}"
    buttons = [
        Button(
            label=brief(entry.step.title, before="Done: "),
            action=MarkStep(plan.id, entry.step.id, "done"),
        )
        for entry in offered
    ]
    return Message(
        title="Well done",
        accent=accent_of(context.pack, plan.role),
        parts=(Prose(text=text(said)), *rows_of(buttons, 1), ways("plan")),
    )


def stop(context: Context, _: Heard) -> Turn:
    rule = context.rule
    if rule is None or rule.state == "stopped":
        said = "There is no reminder to stop."
        return show(cards.front(context, rule, said))
    return reminder_rest.stop(context, rule)


def pause(context: Context, heard: Heard) -> Turn:
    rule, until = context.rule, heard.rest
    if rule is not None and is_on(rule):
        return reminder_rest.pause(context, until) if until else reminder_rest.ask(context, rule)
    if context.plan is None or context.plan.state == "paused" or (rule and rule.state == "paused"):
        return as_it_stands(context)
    said = "There is no reminder to pause. Do you want to pause your plan?"
    return show(
        _instead(said, Button(label="Pause my plan", action=ChangePlan(context.plan.id, "pause")))
    )


def resume(context: Context, _: Heard) -> Turn:
    rule, plan = context.rule, context.plan
    waits = rule and rule.paused_until and rule.paused_until > context.today
    if rule and (rule.state == "paused" or (is_on(rule) and waits)):
        return reminder_rest.resume(context, rule)
    if plan and plan.state == "paused":
        said = "Your reminder isn’t paused, but your plan is. Do you want to resume it?"
        button = Button(label="Resume my plan", action=ChangePlan(plan.id, "resume"))
        return show(_instead(said, button))
    if rule and is_on(rule):
        return show(cards.front(context, rule, "It’s on already."))
    return reminder_setup.set_up(context)


def snooze(context: Context, _: Heard) -> Turn:
    delivery = _latest(context)
    if delivery is None or context.rule is None or not is_on(context.rule):
        return show(cards.front(context, context.rule, "There is no reminder to snooze just now."))
    return reminder_buttons.snooze(context, Snooze(delivery.id))


def skip(context: Context, _: Heard) -> Turn:
    delivery = _latest(context)
    if delivery is None:
        return show(cards.front(context, context.rule, "No reminder has come that you could skip."))
    return reminder_buttons.skip_week(context, SkipWeek(delivery.id))


def _latest(context: Context) -> Delivery | None:
    """The reminder that a word answers: the latest that came, unless that is long ago."""
    came = (d for d in context.deliveries if d.state in ("sent", "unknown"))
    latest = max(came, key=lambda delivery: delivery.due_at, default=None)
    return latest if latest and context.today - latest.local_date <= _FRESH else None


def _instead(said: str, button: Button) -> Message:
    primary = button.model_copy(update={"style": "primary"})
    leave = opening("reminders")
    return Message(
        title="Reminders",
        parts=(Prose(text=text(said)), Buttons(buttons=(primary, leave))),
    )
