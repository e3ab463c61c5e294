"""The dashboard of a member: their week, their progress, and the ways into every command."""

from collections.abc import Iterator

from bot.chat.actions import Action
from bot.chat.parts import Buttons, Menu, Meter, Note, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import text
from bot.commands import progress
from bot.commands.cards import ways
from bot.commands.catalog import LISTED
from bot.commands.context import Context
from bot.commands.plan import card as plan_card

NEEDS = frozenset({"plan", "runs"})
_HINT = "You can also type a command in any channel, or write to me."
_SAID_BY_THE_WEEK = (Meter, Prose)


def dashboard(context: Context) -> tuple[Message, ...]:
    """The cards, from the top; what can be pressed is there once."""
    leading = Message(title="Where to?", parts=(ways(*LISTED), Note(text=text(_HINT))))
    seen: set[Action] = set()
    return tuple(
        card.model_copy(update={"parts": tuple(_fresh(card.parts, seen))})
        for card in (*_cards(context), leading)
    )


def _cards(context: Context) -> tuple[Message, ...]:
    shown = progress.card(context)
    if context.plan is None:
        return (shown,)
    parts = tuple(part for part in shown.parts if not isinstance(part, _SAID_BY_THE_WEEK))
    return plan_card.card(context, context.plan), shown.model_copy(update={"parts": parts})


def _fresh(parts: tuple[Part, ...], seen: set[Action]) -> Iterator[Part]:
    """The parts without the controls that another card has already; Slack refuses a repeated id."""
    for part in parts:
        match part:
            case Buttons():
                fresh = tuple(button for button in part.buttons if button.action not in seen)
                seen |= {button.action for button in fresh}
                if fresh:
                    yield Buttons(buttons=fresh)
            case Menu() if part.action in seen:
                pass
            case Menu():
                seen.add(part.action)
                yield part
            case _:
                yield part
