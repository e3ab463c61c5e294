"""The weeks of a taster side by side, with what the quiz said: shown, and made into no score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.chat.actions import BeginTaster, OpenTaster
from bot.chat.parts import Button, Buttons, Head, Part, Prose, Table, TableRow
from bot.chat.reply import Message
from bot.chat.text import Bold, text
from bot.commands.cards import heads_of, opening, small_print
from bot.commands.context import Context
from bot.commands.quiz.scoring import parse_outcome
from bot.commands.quiz.verdict import name_of
from bot.commands.quiz.verdict import title as verdict_title
from bot.commands.wording import listed
from bot.pack.base import RoleId
from bot.pack.model import Pack
from bot.planning.tasting import TasterWeek, over
from bot.records import Run, Trial

_ENOUGH = 2
"""Tasks of each role, below which nothing is read out of them."""
_CAVEAT = "A few evenings can’t show you a whole job. They do show how its work feels to you."


@dataclass(frozen=True, slots=True)
class Tally:
    """How a role's week went."""

    done: int
    of: int
    flew: int
    so_so: int
    again: int

    @property
    def share_flew(self) -> Fraction:
        return Fraction(self.flew, self.done)

    @property
    def share_again(self) -> Fraction:
        return Fraction(self.again, self.done)


def card(context: Context, trial: Trial, those: tuple[TasterWeek, ...]) -> Message:
    pack = context.pack
    weeks = [
        Button(label=f"See week {at + 1}", action=OpenTaster(trial.id, at))
        for at in range(len(those))
    ]
    anew = Button(label="Begin a new one", action=BeginTaster(pack.id))
    following = opening("plan" if context.runs else "quiz", "primary", pack.id)
    return Message(
        title="Your weeks side by side",
        parts=(
            *parts(context, those),
            Buttons(
                buttons=(
                    following,
                    *weeks,
                    *((anew,) if over(those, context.today) else ()),
                )
            ),
        ),
    )


def parts(context: Context, those: tuple[TasterWeek, ...]) -> tuple[Part, ...]:
    """The table, and what it means; nothing where no task was rated."""
    tallies = {week.taster.role: _tally(week) for week in those}
    if not any(tally.done for tally in tallies.values()):
        return (Prose(text=text("You haven’t rated a task yet, so there’s nothing to compare.")),)
    run = context.runs[0] if context.runs else None
    heading = Bold(text="What that means")
    table = (_table(context.pack, tallies, run),) if len(tallies) > 1 else ()
    return (
        *table,
        Prose(text=text(heading, "\n", " ".join(meaning(context.pack, tallies, run)))),
        small_print(_CAVEAT),
    )


def _tally(week: TasterWeek) -> Tally:
    rated = week.tried.values()
    return Tally(
        done=len(rated),
        of=len(week.tasks),
        flew=sum(one.flew == "yes" for one in rated),
        so_so=sum(one.flew == "so-so" for one in rated),
        again=sum(one.again == "yes" for one in rated),
    )


def _table(pack: Pack, tallies: Mapping[RoleId, Tally], run: Run | None) -> Table:
    heads: list[Head] = [
        head for head, role in zip(heads_of(pack), pack.roles, strict=True) if role.id in tallies
    ]
    those = tallies.values()
    rows = [
        _row("Tasks done", [f"{one.done} of {one.of}" for one in those]),
        _row("Time flew", [_flew(one) for one in those]),
        _row("Would do again", [_of(one.again, one.done) for one in those]),
    ]
    if run:
        rows.append(_row("Your quiz", [_of_quiz(pack, run, role) for role in tallies]))
    return Table(heads=tuple(heads), rows=tuple(rows))


def _row(label: str, cells: Sequence[str]) -> TableRow:
    return TableRow(label=label, cells=tuple(text(cell) for cell in cells))


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "none rated"


def _flew(tally: Tally) -> str:
    so_so = f", {tally.so_so} so-so" if tally.so_so else ""
    return f"{_of(tally.flew, tally.done)}{so_so}"


def _of_quiz(pack: Pack, run: Run, role: RoleId) -> str:
    kind, found = parse_outcome(run.outcome)
    if found is None:
        return verdict_title(pack, run.outcome)
    words = {"clear": "Clearly this one", "leaning": "Leaning this way"}
    return words.get(kind, "This one") if found == role else "Not this one"


def meaning(pack: Pack, tallies: Mapping[RoleId, Tally], run: Run | None) -> tuple[str, ...]:
    """What the weeks say, what the quiz said, and what follows, in sentences."""
    few = [name_of(pack, role) for role, tally in tallies.items() if tally.done < _ENOUGH]
    if few:
        said = f"You’ve rated fewer than {_ENOUGH} tasks of {listed(few)}: too little to go by."
        return (said, "Try a few more before you read anything into it.")
    flew = _first({role: tally.share_flew for role, tally in tallies.items()})
    again = _first({role: tally.share_again for role, tally in tallies.items()})
    both = flew & again
    if not both:
        return _at_odds(_names(pack, flew), _names(pack, again))
    if len(both) > 1:
        said = f"Your weeks went equally well with {_names(pack, both)}."
        return (said, *_beside_a_tie(pack, run))
    (role,) = both
    return (*_lead(pack, role, tallies[role]), *_beside(pack, role, run))


def _at_odds(flew: str, again: str) -> tuple[str, ...]:
    return (
        f"Your weeks disagree among themselves: time flew more with {flew}.",
        f"But you’d more often do the tasks of {again} again.",
        "What you’d choose to do tomorrow usually matters more than how fast an hour went.",
        "Look at the tasks that you’d do again: what do they have in common?",
    )


def _first(shares: Mapping[RoleId, Fraction]) -> set[RoleId]:
    """The roles with the largest share."""
    most = max(shares.values())
    return {role for role, share in shares.items() if share == most}


def _names(pack: Pack, roles: set[RoleId]) -> str:
    return listed([role.name for role in pack.roles if role.id in roles])


def _lead(pack: Pack, role: RoleId, tally: Tally) -> tuple[str, ...]:
    said = f"Your weeks speak for {name_of(pack, role)}: on both ratings it’s ahead or level."
    if 2 * tally.again >= tally.done:
        return (said,)
    return (said, "But even there you’d do fewer than half of the tasks again.")


def _beside(pack: Pack, role: RoleId, run: Run | None) -> tuple[str, ...]:
    """What the quiz said, where the weeks speak for one role."""
    if run is None:
        return ("You haven’t taken the quiz, so there’s nothing to set beside them yet.",)
    (kind, found), mine = parse_outcome(run.outcome), name_of(pack, role)
    said = verdict_title(pack, run.outcome)
    if found == role:
        return (
            f"Your quiz said the same ({said}).",
            "When what you think and what you felt agree, a plan is the natural next step.",
        )
    if found:
        return (
            f"Your quiz said otherwise ({said}).",
            "The quiz asks what you expect to like; the weeks show what you liked.",
            "Look at the tasks that made the difference.",
            f"Then try a larger step of {mine} before you decide.",
        )
    if kind == "cold":
        return (f"Your quiz said: {said}. If your weeks surprised you, take the quiz again.",)
    return (
        f"Your quiz couldn’t tell ({said}), so the weeks are the better sign.",
        f"Making a plan for {mine} costs nothing, and you can switch later.",
    )


def _beside_a_tie(pack: Pack, run: Run | None) -> tuple[str, ...]:
    if run is None:
        return ("You haven’t taken the quiz: it can tell what speaks for each.",)
    said = verdict_title(pack, run.outcome)
    if parse_outcome(run.outcome)[1]:
        return (f"Your quiz said: {said}. Nothing in your weeks speaks against that.",)
    return (
        f"Your quiz said: {said}.",
        "What decides may lie elsewhere: the jobs near you, the pay, or how long it takes.",
    )
