"""Verdicts in words: a title, the points, the reasons, how firm it is, and what would flip it."""

from collections.abc import Iterable

from bot.chat.text import Bold, Italic, Piece, Text, join, text
from bot.commands.quiz.scoring import (
    MOST,
    NEITHER,
    Answers,
    Change,
    Contribution,
    Flip,
    Scale,
    Verdict,
    other_weights,
    parse_outcome,
    to_no_role,
    to_role,
)
from bot.commands.quiz.state import about, nobody
from bot.commands.wording import count, listed, lower_first
from bot.pack.base import RoleId
from bot.pack.model import Pack
from bot.pack.quiz import Question

_REASONS = 2
"""For each other role: what came out has three."""
_LISTED = 2
"""Other answers are named up to here, and counted from there on."""
_WEIGHTS = 2
"""Questions that are named because they would bring another verdict if they mattered most."""


def title(pack: Pack, outcome: str) -> str:
    """An outcome in words."""
    kind, role = parse_outcome(outcome)
    name = name_of(pack, role) if role else ""
    match kind:
        case "clear":
            return f"Clearly {name}"
        case "leaning":
            return f"Leaning towards {name}"
        case "torn":
            return "Torn between both" if len(pack.roles) == 2 else "Torn between several"
        case "cold":
            return f"{nobody(pack)}, for now"
        case "little":
            return "Too little to go by"
        case _:
            return "Too close to call"


def name_of(pack: Pack, role: RoleId) -> str:
    """A role's name; its id where the pack does not have it any more."""
    return next((one.name for one in pack.roles if one.id == role), role)


def summary(pack: Pack, verdict: Verdict) -> Text:
    """The points of each role, and what was left out."""
    left_out = skipped(verdict)
    return text(given(pack, verdict), *((" ", *left_out) if left_out else ()))


def given(pack: Pack, verdict: Verdict) -> str:
    """The points of each role, most first."""
    first, *others = verdict.ranked
    top = f"{name_of(pack, first)} {verdict.points[first]} of {verdict.possible} possible points"
    rest = [f"{name_of(pack, role)} {verdict.points[role]}" for role in others]
    return f"Your answers gave {listed([top, *rest])}."


def skipped(verdict: Verdict) -> Text:
    """What was left out, and what follows from that; nothing where all was answered."""
    if not verdict.skipped:
        return ()
    said = f"You skipped {len(verdict.skipped)} of {verdict.asked} questions"
    capped = ", so this can be a lean at most." if verdict.answered < MOST * verdict.asked else "."
    return (f"{said}{capped}",)


def reasons(pack: Pack, verdict: Verdict) -> tuple[Text, ...]:
    """What spoke for each role, in the member's own answers."""
    sides = []
    for role in verdict.ranked:
        most = verdict.weighed_most(role)
        if role != verdict.role:
            most = most[:_REASONS]
        if most:
            lines = [_reason(pack, one, role) for one in most]
            heading = Bold(text=f"What spoke for {name_of(pack, role)}")
            sides.append(text(heading, "\n", join("\n", lines)))
    return tuple(sides)


def _reason(pack: Pack, given: Contribution, role: RoleId) -> Text:
    question = pack.quiz.question(given.question)
    said = option(pack, question, given.option) if question else ("",)
    return text("• ", said, f" (+{given.points[role]})")


def flips(pack: Pack, scale: Scale, answers: Answers, verdict: Verdict) -> Text:
    """How firm the verdict is, and what would make it another; nothing where no one role pulls."""
    if verdict.kind in ("cold", "little"):
        return ()
    if verdict.role:
        heading = "What would flip it"
        lines = [_against(pack, to_no_role(scale, answers), verdict)]
    else:
        heading = "What would tip it"
        lines = [_towards(pack, to_role(scale, answers, role), role) for role in verdict.ranked]
    lines += _if_it_mattered(pack, scale, answers)
    return text(Bold(text=heading), "\n", join("\n", [text("• ", line) for line in lines if line]))


def _against(pack: Pack, flip: Flip | None, verdict: Verdict) -> Text:
    if flip is None:
        return text("No other answers would: this is as firm as it gets.")
    number, to = len(flip.changes), lower_first(title(pack, flip.to.outcome))
    if number == 1:
        return text(
            f"This is thin: one other answer would make it {to}. ", *_swaps(pack, flip.changes), "."
        )
    if verdict.kind == "clear" or number > _LISTED:
        firm = "firm" if verdict.kind == "clear" else "fairly firm"
        return text(f"It would take {number} other answers to make it {to}: this is {firm}.")
    return text(f"{number} other answers would make it {to}. ", *_swaps(pack, flip.changes), ".")


def _towards(pack: Pack, flip: Flip | None, role: RoleId) -> Text:
    if flip is None:
        return ()
    lead = Bold(text=f"Towards {name_of(pack, role)}: ")
    if len(flip.changes) > _LISTED:
        return text(lead, f"{count(len(flip.changes), 'other answer')}.")
    return text(lead, *_swaps(pack, flip.changes), ".")


def _if_it_mattered(pack: Pack, scale: Scale, answers: Answers) -> list[Text]:
    """Questions that were answered, and would bring another verdict if they mattered most."""
    by_title: dict[str, list[str]] = {}
    for question, to in other_weights(scale, answers):
        if question in answers:
            name = about(pack, question)
            by_title.setdefault(lower_first(title(pack, to.outcome)), []).append(name)
    return [
        text(
            f"If “{names[0]}” mattered most to you",
            f" (or {count(len(names) - 1, 'other')})" if len(names) > 1 else "",
            f": {to}.",
        )
        for to, names in list(by_title.items())[:_WEIGHTS]
    ]


def _swaps(pack: Pack, changes: Iterable[Change]) -> Iterable[Piece]:
    swaps = [swap(pack, change.question, change.old, change.new) for change in changes]
    return join("; ", swaps)


def swap(pack: Pack, question_id: str, old: int | None, new: int | None) -> Text:
    """As "Why or how: *this* instead of *that*"."""
    question = pack.quiz.question(question_id)
    return text(
        f"{about(pack, question_id)}: ",
        option(pack, question, new),
        " instead of ",
        option(pack, question, old),
    )


def option(pack: Pack, question: Question | None, at: int | None) -> Text:
    """An option in the pack's words."""
    if at is None or question is None:
        return ("no answer",)
    if at == NEITHER:
        return (Italic(text=nobody(pack)),)
    return (Italic(text=question.options[at].text.strip("“”")),)
