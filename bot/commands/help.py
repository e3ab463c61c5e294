"""`/crossroads`: help that fits on one screen, and the way into everything else."""

from difflib import get_close_matches
from functools import cache

from bot.calendar.typed import tidy
from bot.chat.event import Command
from bot.chat.limits import cut
from bot.chat.parts import Fact, Facts, Note, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, text
from bot.commands import compare
from bot.commands.cards import ways
from bot.commands.catalog import COMMANDS, LISTED, entries
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.plan.words import PLAN_WORDS
from bot.commands.said.words import REMINDER_WORDS, Heard, names
from bot.pack.packs import Packs


def command(context: Context, _: Command) -> Turn:
    said = "I’ll help you decide, then get you there."
    return _help(context, text(said))


def unknown(context: Context, heard: Heard) -> Turn:
    """The help, after words that nobody understood."""
    words = heard.rest
    return _help(context, text("I don’t know “", cut(words, 60), "”. ", _guess(context, words)))


def _help(context: Context, said: Text) -> Turn:
    return show(
        Message(
            title="Crossroads" if context.packs.several else context.pack.title,
            parts=(
                Prose(text=said),
                _commands(context.packs),
                _words(),
                ways(*LISTED),
                _privacy(),
            ),
        )
    )


def _guess(context: Context, words: str) -> Text:
    """The command, word or topic that is most like what was typed."""
    wanted = tidy(words)
    said = {name for word in REMINDER_WORDS for name in word.names}
    near = get_close_matches(wanted, {*COMMANDS, *said}, n=1, cutoff=0.6)
    topic = compare.nearest(context.pack, words, cutoff=0.7)
    if topic and not near:
        return text("Did you mean ", Bold(text=topic.title), "? Try /compare ", topic.id, ".")
    name = f"/{near[0]}" if near and near[0] in COMMANDS else "".join(near)
    return text("Did you mean ", Bold(text=name), "?") if near else ()


@cache
def _words() -> Prose:
    """What can be written instead of pressing."""
    after_plan = ", ".join(word.word for word in PLAN_WORDS)
    return Prose(
        text=text(
            Bold(text="In words"),
            f"\nAnswer a reminder, or write to me: {names(REMINDER_WORDS)}.",
            f"\nAfter /plan: {after_plan}, or a step’s title.",
            "\nA topic, such as pay, opens it. My data shows, exports or deletes what I keep.",
        )
    )


def _commands(packs: Packs) -> Facts:
    return Facts(
        rows=tuple(
            Fact(label=f"/{entry.name}", value=(f"{entry.summary}. {entry.more}".rstrip(),))
            for entry in entries(packs)
        )
    )


@cache
def _privacy() -> Note:
    return Note(text=text("Only you see my answers, unless you share one with the channel."))
