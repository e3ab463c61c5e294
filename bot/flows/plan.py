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

from bot.flows import plan_card, setup
from bot.flows.setup import SetupState
from bot.flows.turn import Desk, Turn, show


def command(desk: Desk, state: SetupState | None) -> Turn:
    """`/plan`: the plan as it stands today; without one, setting it up."""
    return show(plan_card.card(desk, desk.plan)) if desk.plan else setup.command(desk, state)
