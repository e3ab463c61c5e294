"""A quiz result on a card: the verdict, its reasons, what would flip it, and what follows."""

from datetime import UTC, datetime
from itertools import zip_longest

from bot.chat.actions import Open, OpenPoints, OpenResult, PlanFrom, TasteFrom
from bot.chat.parts import Button, Buttons, Fact, Facts, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands.cards import accent_of, note, opening, small_print
from bot.commands.catalog import SECTIONS
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.quiz.balance import balance
from bot.commands.quiz.scoring import (
    Contribution,
    Difference,
    Verdict,
    difference,
    judge,
    parse_outcome,
    scale_of,
)
from bot.commands.quiz.state import about
from bot.commands.quiz.verdict import flips, name_of, option, reasons, skipped, summary, title
from bot.commands.topics.citing import attribution
from bot.commands.wording import count
from bot.pack.model import Pack, Role
from bot.planning.schedule import schedule
from bot.records import Run

TRY = SECTIONS["taster"].label
_CHANGES = 5  # since the last result: more would hide the result itself


def open_result(context: Context, action: OpenResult) -> Turn:
    return show(find(context, action.run) or gone())


def open_points(context: Context, action: OpenPoints) -> Turn:
    """What each answer of a result gave to each role."""
    found = next((kept for kept in context.runs if kept.id == action.run), None)
    return show(_points_card(context.pack, found) if found else gone())


def find(context: Context, run: str) -> Message | None:
    """The card of a kept result, set against the one before it."""
    for kept, earlier in zip_longest(context.runs, context.runs[1:]):
        if kept.id == run:
            return card(context, kept, earlier)
    return None


def gone() -> Message:
    return note("I do not have that result", "It is not among your latest ten.", "quiz", "progress")


def card(context: Context, run: Run, earlier: Run | None) -> Message:
    """The result in full; of one from other questions only what was kept of it."""
    pack, (_, role) = context.pack, parse_outcome(run.outcome)
    judged = _judged(context, run) if run.pack_version == pack.version else _outdated(pack, run)
    return Message(
        title=title(pack, run.outcome),
        accent=accent_of(pack, role),
        parts=(
            *judged,
            *_timeline(context, run),
            *_draw(pack, run),
            *_since(pack, run, earlier),
            _ways(pack, run),
        ),
    )


def _judged(context: Context, run: Run) -> tuple[Part, ...]:
    pack, scale = context.pack, scale_of(context.pack, run.matters)
    verdict = judge(scale, run.answers)
    # Where nothing much was given to any role, a picture of it would say more than there is.
    drawn = verdict.kind not in ("cold", "little")
    said = [
        skipped(verdict) if drawn else summary(pack, verdict),
        *reasons(pack, verdict),
        flips(pack, scale, run.answers, verdict),
    ]
    opening = tuple(Prose(text=each) for each in (_opening(pack, verdict),) if each)
    picture = (balance(pack, verdict),) if drawn else ()
    return (*opening, *picture, *(Prose(text=each) for each in said if each))


def _opening(pack: Pack, verdict: Verdict) -> Text:
    """What a verdict without a role means."""
    match verdict.kind:
        case "close":
            return pack.quiz.close_text
        case "torn":
            return pack.quiz.torn_text
        case "cold":
            return pack.quiz.cold_text
        case _:
            return ()


def _outdated(pack: Pack, run: Run) -> tuple[Part, ...]:
    said = (
        f"This is what you were told then. The questions have changed since (version"
        f" {run.pack_version}, now {pack.version}), so I don’t work the result out anew."
    )
    return (Prose(text=text(said)),)


def _ways(pack: Pack, run: Run) -> Buttons:
    kind, role = parse_outcome(run.outcome)
    plan = Button(
        label="Make my plan" if role else "Plan one of them",
        action=PlanFrom(run.id),
        style="primary" if role else "plain",
    )
    points = Button(label="Every answer’s points", action=OpenPoints(run.id))
    return Buttons(
        buttons=(
            # Nobody who is left cold is pushed into a plan.
            *((plan,) if kind != "cold" else ()),
            *((points,) if run.pack_version == pack.version else ()),
            *((Button(label=TRY, action=TasteFrom(run.id)),) if pack.tasters else ()),
            opening("compare", fork=pack.id),
            Button(label="Take it again", action=Open("quiz", pack.id)),
        )
    )


def _timeline(context: Context, run: Run) -> tuple[Part, ...]:
    """How long the way to each role takes at the hours that were given, by the pack and by others.

    To all of them, also after a clear result: what suits and what is near are two questions.
    """
    pack, (kind, _) = context.pack, parse_outcome(run.outcome)
    if run.start is None or kind == "cold" or run.start not in {s.id for s in pack.starts}:
        return ()
    _, chosen = parse_outcome(run.outcome)
    lines = [
        _length(context, run, run.start, role, told=chosen in (None, role.id))
        for role in pack.roles
    ]
    heading = Bold(text="How long it honestly takes")
    return (Prose(text=text(heading, "\n", join("\n", lines))),)


def _length(context: Context, run: Run, start: str, role: Role, *, told: bool) -> Text:
    """The pack's own estimate, and what a source says of the way that suits."""
    template = context.pack.template(start, role.id)
    pace = run.hours or template.pace
    weeks = schedule(template.steps, pace, context.today).weeks
    source = attribution(context.pack, template.timeline, context.today.year)
    ours = text(
        "• ",
        Bold(text=f"{role.name}: "),
        f"about {count(weeks, 'week')} at {pace} hours a week, we estimate.",
    )
    if not told:
        return ours
    return text(
        *ours,
        " ",
        template.timeline.text,
        f" ({source})" if source else "",
    )


def _draw(pack: Pack, run: Run) -> tuple[Part, ...]:
    draw = next((draw for draw in pack.quiz.draws if draw.id == run.draw), None)
    if draw is None:
        return ()
    _, role = parse_outcome(run.outcome)
    return (Prose(text=draw.says_for.get(role or "", draw.says)),)


def _since(pack: Pack, run: Run, earlier: Run | None) -> tuple[Part, ...]:
    """What is not as it was in the result before."""
    if earlier is None:
        return ()
    day, before = _day(earlier), title(pack, earlier.outcome)
    if earlier.pack_version != run.pack_version:
        said = f"On {day} it was: {before}. The questions have changed since then."
        return (small_print(said),)
    changed = difference(pack.quiz, earlier.answers, run.answers)
    if not changed:
        return (small_print(f"On {day} you gave the same answers."),)
    heading = Bold(text=f"Since {day} ({before})")
    lines = [_changed(pack, one) for one in changed[:_CHANGES]]
    left = len(changed) - _CHANGES
    more = f"\nand {left} more" if left > 0 else ""
    return (Prose(text=text(heading, "\n", join("\n", lines), more, *_swing(pack, run, earlier))),)


def _changed(pack: Pack, one: Difference) -> Text:
    question = pack.quiz.question(one.question)
    return text(
        f"• {about(pack, one.question)}: ",
        option(pack, question, one.old),
        " → ",
        option(pack, question, one.new),
    )


def _swing(pack: Pack, run: Run, earlier: Run) -> Text:
    (_, now), (_, then) = parse_outcome(run.outcome), parse_outcome(earlier.outcome)
    if now is None or then is None or now == then:
        return ()
    said = (
        f"\nThat’s a swing from {name_of(pack, then)} to {name_of(pack, now)}. When two results are"
        " that far apart, rely on neither: try a few days of each first."
    )
    return (said,)


def _day(run: Run) -> str:
    return datetime.fromtimestamp(run.finished_at, UTC).strftime("%-d %b %Y")


def _points_card(pack: Pack, run: Run) -> Message:
    verdict = judge(scale_of(pack, run.matters), run.answers)
    given = {one.question: one for one in verdict.contributions}
    rows = tuple(
        Fact(label=about(pack, question.id), value=_points(pack, given.get(question.id)))
        for question in pack.quiz.questions
    )
    told = f" “{about(pack, run.matters)}” counts double." if run.matters else ""
    thresholds = pack.quiz.thresholds
    lean, clear = (f"{share:.0%}" for share in (thresholds.leaning, thresholds.clear))
    return Message(
        title="What each answer gave",
        accent=accent_of(pack, verdict.role),
        parts=(
            Facts(rows=rows),
            small_print(
                f"A lead of {lean} of the {verdict.possible} possible points is a lean, one of"
                f" {clear} is clear, if several answers agree and no single one decides it.{told}"
            ),
            Buttons(buttons=(Button(label="← My result", action=OpenResult(run.id)),)),
        ),
    )


def _points(pack: Pack, given: Contribution | None) -> Text:
    if given is None:
        return ("skipped",)
    question = pack.quiz.question(given.question)
    got = ", ".join(f"{role.short} +{given.points[role.id]}" for role in pack.roles)
    return text(option(pack, question, given.option), " – ", Bold(text=got))
