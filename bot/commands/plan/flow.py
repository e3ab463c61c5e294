"""`/plan`: what this week asks for, how far it is, and the way to everything about a plan.

```mermaid
stateDiagram-v2
    [*] --> Setup: /plan, without one
    [*] --> Week: /plan, with one
    Setup --> Week: start this plan
    Week --> Week: done, undo
    Week --> Step: open a step
    Week --> Steps: all steps
    Steps --> Step: open a step
    Step --> Step: done, undo
    Step --> Change: not now
    Week --> Change: hours, pause, catch up, switch, restart, remove
    Change --> Week: confirm, cancel
```

Week, Step and Steps are standing cards: each action names its plan and step, and works for ever.
Setup and Change are conversations of their own.
"""

from difflib import get_close_matches

from bot.chat.actions import ChangePlan, Open, OpenPlan, OpenStep, StandingAction
from bot.chat.event import Command
from bot.chat.limits import LABEL, cut
from bot.chat.parts import Button, Buttons, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, text
from bot.commands.cards import note
from bot.commands.cards import ways as ways_into
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.plan import card as plan_card
from bot.commands.plan import renewal, setup
from bot.commands.plan.change import begin, set_hours
from bot.commands.plan.steps import step_card, steps_card
from bot.commands.plan.words import PLAN_WORDS, PlanWord
from bot.commands.said.words import Heard
from bot.commands.wording import upper_first
from bot.planning.status import status_of
from bot.records import Plan

_NAMES = {name: word for word in PLAN_WORDS for name in (word.word, *word.also)}


def command(context: Context, _: Command) -> Turn:
    """`/plan`: the plan as it stands today, or new steps for it; without one, setting it up."""
    plan = context.plan
    if plan is None:
        return setup.command(context)
    if change := renewal.pending(context, plan):
        return show(renewal.card(context, plan, change))
    return show(plan_card.card(context, plan))


def asked(context: Context, heard: Heard) -> Turn:
    """`/plan pause`, `/plan hours 6`, `/plan all steps`, or a step by its title."""
    plan, words = context.plan, heard.rest
    if plan is None:
        none = "You have no plan yet, so there’s nothing to change. You can make one in a minute:"
        return show(note("No plan yet", none, "plan", "quiz"))
    wanted = " ".join(words.lower().split())
    if word := _NAMES.get(wanted):
        return _do(context, plan, word)
    if (hours := wanted.removeprefix("hours ")) != wanted:
        return set_hours(context, plan, hours)
    return _step_or_nearest(context, plan, words)


def _do(context: Context, plan: Plan, word: PlanWord) -> Turn:
    match word.does:
        case "week":
            return show(plan_card.card(context, plan))
        case "steps":
            return show(steps_card(context, plan, 0))
        case change:
            return begin(context, ChangePlan(plan.id, change))


def _step_or_nearest(context: Context, plan: Plan, words: str) -> Turn:
    """The step that goes by these words, else the nearest that can be asked for."""
    wanted = " ".join(words.lower().split())
    titles = {
        entry.step.title.lower(): entry.step
        for entry in status_of(context.pack, plan, context.today).entries
    }
    found = [step for title, step in titles.items() if wanted in title]
    if len(found) == 1 and (card := step_card(context, plan, found[0].id)):
        return show(card)
    near = next(iter(get_close_matches(wanted, [*_NAMES, *titles], n=1, cutoff=0.6)), None)
    said = text("I don’t know “", cut(words.strip(), 60), "” in a plan. ")
    if near is None:
        ways = "Try /plan hours 6, /plan pause, /plan switch, or the title of a step."
        return show(note("I don’t know that", text(said, ways), "plan", "help"))
    step = titles.get(near)
    action = OpenStep(plan.id, step.id) if step else _action(plan, _NAMES[near])
    label = step.title if step else upper_first(near)
    return show(
        Message(
            title="I don’t know that",
            parts=(
                Prose(text=text(said, "Did you mean ", Bold(text=label), "?")),
                Buttons(
                    buttons=(
                        Button(label=cut(label, LABEL), action=action, style="primary"),
                        *ways_into("plan").buttons,
                    )
                ),
            ),
        )
    )


def _action(plan: Plan, word: PlanWord) -> StandingAction:
    match word.does:
        case "week":
            return Open("plan", plan.pack)
        case "steps":
            return OpenPlan(plan.id, 0)
        case change:
            return ChangePlan(plan.id, change)
