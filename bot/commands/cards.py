"""Kind sentences, and the small pieces that cards of several commands share."""

from collections.abc import Sequence
from functools import cache

from bot.chat import limits
from bot.chat.actions import Fill, Open, OpenForm, Section
from bot.chat.base import Accent
from bot.chat.form import Form, TextField
from bot.chat.parts import Button, Buttons, Head, Note, Prose, Style
from bot.chat.reply import Message
from bot.chat.text import Text, text
from bot.commands.catalog import SECTIONS
from bot.commands.context import Context
from bot.memo import of_pack
from bot.pack.base import RoleId
from bot.pack.model import Pack


def opening(section: Section, style: Style = "plain", fork: str = "") -> Button:
    """The button that opens the front page of a command, for a fork where that is known."""
    return Button(label=SECTIONS[section].label, action=Open(section, fork), style=style)


@cache
def ways(*sections: Section, fork: str = "") -> Buttons:
    """Buttons that lead into other commands."""
    return Buttons(buttons=tuple(opening(name, fork=fork) for name in sections))


def rows_of(buttons: Sequence[Button], width: int = limits.BUTTONS_A_ROW) -> tuple[Buttons, ...]:
    """Any number of buttons, in rows."""
    starts = range(0, len(buttons), width)
    return tuple(Buttons(buttons=tuple(buttons[at : at + width])) for at in starts)


def note(title: str, sentence: str | Text, *sections: Section) -> Message:
    """A card with one thing to say, and where to go from there."""
    said = text(sentence) if isinstance(sentence, str) else sentence
    return Message(
        title=title,
        parts=(Prose(text=said), *((ways(*sections),) if sections else ())),
    )


def noted(card: Message, sentence: str) -> Message:
    """The card with a sentence before all else."""
    return card.model_copy(update={"parts": (Note(text=text(sentence)), *card.parts)})


def form_of(context: Context, title: str, field: TextField, error: str = "") -> Form:
    """A form with one field; the card that it opens over stays good."""
    ticket = context.standing_ticket
    return Form(
        title=title,
        action=Fill(ticket, field.name),
        reopen=OpenForm(ticket, field.name),
        fields=(field,),
        errors={field.name: error} if error else {},
    )


def over() -> Message:
    return note(
        "That conversation is over",
        "That card belongs to a conversation that has ended or that you’ve started again. Nothing"
        " was changed. From here you can:",
        "quiz",
        "plan",
        "compare",
    )


def not_yours(section: Section) -> Message:
    return note(
        "That’s somebody else’s card",
        "Only the person who started it can answer on it. Nothing was changed. Start your own, and"
        " only you will see it:",
        section,
    )


def unreadable() -> Message:
    return note(
        "I can’t read that button",
        "It comes from another version of this bot. Nothing was changed. Open a fresh card:",
        "compare",
        "quiz",
        "plan",
    )


def unavailable() -> Message:
    return note(
        "Please try that again",
        "I couldn’t save that just now, so nothing was changed. Wait a few seconds, then do it"
        " again.",
    )


def too_fast() -> Message:
    card = note(
        "One moment, please",
        "That was a lot in a short time, so I left the last one out and nothing was changed. Wait"
        " a few seconds, then do it again.",
    )
    return card.model_copy(update={"placement": "new"})


def broken(reference: str) -> Message:
    return note(
        "Something went wrong on my side",
        "Nothing was changed, and what you had is safe. Please try again. If it happens once more,"
        f" tell the people who run this bot, with the reference {reference}.",
    )


@of_pack
def accent_of(pack: Pack, role: RoleId | None) -> Accent | None:
    """A role's colour; none for no role, nor for one that the pack does not have any more."""
    found = next((one for one in pack.roles if one.id == role), None)
    return Accent(light=found.accent.light, dark=found.accent.dark) if found else None


@of_pack
def heads_of(pack: Pack) -> tuple[Head, ...]:
    """A column for each role."""
    return tuple(
        Head(
            title=role.name,
            short=role.short,
            mark=role.emoji,
            accent=accent_of(pack, role.id),
        )
        for role in pack.roles
    )


def small_print(sentence: str | Text) -> Note:
    return Note(text=text(sentence))
