"""The page about the pack itself: whose it is, how its verdict comes about, how far to trust it."""

from typing import Final

from bot.chat.text import Text, text
from bot.commands.quiz.scoring import ENOUGH, MOST, SEVERAL, STRONGEST
from bot.commands.wording import count
from bot.memo import of_pack
from bot.pack.facts import ListSection, ProseSection, Topic
from bot.pack.model import Pack

ABOUT: Final = "about"
TITLE: Final = "About these figures"


@of_pack
def about(pack: Pack) -> Topic:
    """What the pack says of itself, and what the code knows better: its own rules and dates."""
    verdict = ListSection(kind="list", title="How a verdict comes about", items=_verdict(pack))
    upkeep = ProseSection(kind="prose", text=_upkeep(pack))
    return Topic(
        id=ABOUT,
        title=TITLE,
        summary="Who wrote this, how the verdict comes about, how far to trust it",
        aliases=("method", "who wrote this", "trust", "methodology", "reviewed"),
        sections=(*pack.about, verdict, upkeep),
    )


def _verdict(pack: Pack) -> tuple[Text, ...]:
    quiz, factor = pack.quiz, pack.quiz.matters_factor
    times = "double" if factor == 2 else f"{factor} times"
    points = (
        f"Each answer gives a role 0 to {STRONGEST} points. The one that matters most to you counts"
        f" {times}. What draws you, where you start and your hours add nothing."
    )
    enough = (
        f"With under {ENOUGH:.0%} of the questions answered, or mostly “Neither”, no role is named."
        f" With under {MOST:.0%}, a lean at most."
    )
    lead = (
        f"A lean needs a lead of {quiz.thresholds.leaning:.0%} of the possible points, a clear"
        f" result {quiz.thresholds.clear:.0%}."
    )
    several = (
        f"At least {SEVERAL} answers have to speak for the role, {SEVERAL + 1} under {MOST:.0%}."
        " Without any one of them, half the lead that a lean needs must still be there."
    )
    return ((points,), (enough,), (lead,), (several,))


def _upkeep(pack: Pack) -> Text:
    reviewed = f"{pack.reviewed:%d %B %Y}".lstrip("0")
    old = f"Whatever is more than {count(pack.stale_after, 'year')} old is marked as such."
    return text(f"Last reviewed on {reviewed}. {old} ", pack.hours_note)
