"""Conversations: a flow over several cards, the steps that move it on, and a turn's outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.chat.actions import Section, Ticket, TurnAction
from bot.chat.form import Form
from bot.chat.reply import Message, Reply
from bot.commands.context import Context
from bot.commands.effects import Change


class State(BaseModel):
    """Where a conversation stands; each flow has a union of these, one class a step."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Turn:
    """A step taken: what to answer, where the conversation stands now, and what to keep.

    Without a `state` the conversation stays as it was; `over` ends it.
    """

    reply: Reply
    state: State | None = None
    changes: tuple[Change, ...] = field(default=())
    over: bool = False


def show(card: Message | Form, state: State | None = None, *changes: Change) -> Turn:
    """Answer the asker with one card or form."""
    return Turn(Reply(show=card), state, changes)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form sent in: what was typed, by field name."""

    form: str
    values: Mapping[str, str]
    ticket: Ticket


Step: TypeAlias = TurnAction | Filled
"""What moves a conversation on: a turn action, a menu's pick with its value, a form's content."""

S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class Conversation(Generic[S]):
    """A flow that goes over several cards.

    `kind` names it in the store, `section` is where somebody else finds their own, `states` reads
    what was stored, `advance` takes a step and `current` shows the card where it stands.
    Where it is `of_fork`, a member can have one open in each pack.
    """

    kind: str
    section: Section
    states: TypeAdapter[S]
    advance: Callable[[S, Step, Context], Turn]
    current: Callable[[S, Context], Message]
    needs: frozenset[str] = frozenset()
    version: int = 1
    of_fork: bool = True

    def read(self, stored: str, version: int) -> S | None:
        """The stored state; None where another version of the code wrote it."""
        if version != self.version:
            return None
        try:
            return self.states.validate_json(stored)
        except ValidationError:
            return None
