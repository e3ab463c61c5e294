"""`/crossroads`: help that fits on one screen, and the way into everything else."""

from difflib import get_close_matches
from functools import cache

from bot.flows.cards import ways
from bot.flows.turn import Desk, Turn, show
from bot.limits import cut
from bot.reply import Fact, Facts, Message, Note, Prose
from bot.text import Bold, Text, text

COMMANDS = {
    "compare": "The two roles side by side; `/compare pay` opens a topic.",
    "quiz": "Find out which of the two fits you, and why.",
    "plan": "A dated learning plan, from where you start.",
    "progress": "How far you are, and when you will be there.",
    "reminders": "A word once a week, at an hour that suits you.",
    "crossroads": "This help; `/crossroads mydata` shows, exports or deletes what I keep of you.",
}


def command(desk: Desk, words: str = "") -> Turn:
    """The help; `words` are what the member typed and nobody understood."""
    said: Text = ("AI Engineer or ML Engineer? I help you to find out, and to get there.",)
    if words:
        near = get_close_matches(words.lower(), COMMANDS, n=1, cutoff=0.5)
        guess: Text = ("Did you mean ", Bold(text=f"/{near[0]}"), "?") if near else ()
        said = text("I do not know “", cut(words, 60), "”. ", guess)
    return show(
        Message(
            title=desk.pack.title,
            parts=(
                Prose(text=said),
                _commands(),
                ways("compare", "quiz", "plan", "progress", "reminders"),
                _privacy(),
            ),
        )
    )


@cache
def _commands() -> Facts:
    return Facts(
        rows=tuple(
            Fact(label=f"/{name}", value=(line.replace("`", ""),))
            for name, line in COMMANDS.items()
        )
    )


@cache
def _privacy() -> Note:
    return Note(text=text("Only you see my answers, unless you share one with the channel."))
