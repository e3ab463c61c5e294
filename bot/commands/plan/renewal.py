"""New steps in a pack: what they change in a member's plan, to be taken or left."""

from bot.calendar.dates import say_date
from bot.chat.actions import ChangePlan
from bot.chat.parts import Button, Buttons, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands.cards import accent_of
from bot.commands.context import Context
from bot.planning import changes
from bot.planning.own_steps import StepsChange, steps_change
from bot.planning.status import status_of
from bot.records import Plan

_NAMED = 5  # of a kind: with more, the ways on leave a phone's screen


def pending(context: Context, plan: Plan) -> StepsChange:
    """What the member has not been asked about yet."""
    if plan.pack_version == context.pack.version or plan.paused_on:  # asked once it goes on
        return StepsChange()
    return steps_change(context.pack.template(plan.start, plan.role), plan)


def card(context: Context, plan: Plan, change: StepsChange) -> Message:
    """The difference, with the date that each choice leads to."""
    pack, today = context.pack, context.today
    now = status_of(pack, plan, today).finish
    then = status_of(pack, changes.renewed(pack, plan, "", today, context.epoch), today).finish
    said = (
        f"The content behind your plan has been revised. Nothing has moved yet: with your steps you"
        f" finish around {say_date(now, today)}, with the new ones around {say_date(then, today)}."
    )
    return Message(
        title="Your plan has new steps to offer",
        accent=accent_of(pack, plan.role),
        parts=(
            Prose(text=text(said)),
            *_listed(change),
            Buttons(
                buttons=(
                    Button(
                        label="Take the new steps",
                        action=ChangePlan(plan.id, "renew"),
                        style="primary",
                    ),
                    Button(label="Keep my steps", action=ChangePlan(plan.id, "stay")),
                )
            ),
        ),
    )


def _listed(change: StepsChange) -> tuple[Part, ...]:
    kinds: tuple[tuple[str, list[str]], ...] = (
        ("New", [f"{step.title} ({step.hours} h)" for step in change.added]),
        ("No longer part of it", list(change.dropped)),
        ("Other hours", [f"{title}: {old} h → {new} h" for title, old, new in change.hours]),
        ("Renamed", [f"{old} → {new}" for old, new in change.renamed]),
    )
    return tuple(Prose(text=_kind(name, lines)) for name, lines in kinds if lines)


def _kind(name: str, lines: list[str]) -> Text:
    shown = [text(f"• {line}") for line in lines[:_NAMED]]
    more = len(lines) - _NAMED
    rest = [text(f"• and {more} more")] if more > 0 else []
    return text(Bold(text=name), "\n", join("\n", [*shown, *rest]))
