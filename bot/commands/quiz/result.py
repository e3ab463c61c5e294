"""A quiz result on a card: the verdict, its reasons, what would flip it, and what follows."""

from datetime import UTC, datetime
from itertools import zip_longest

from bot.chat.actions import Open, OpenPoints, OpenResult, PlanFrom
from bot.chat.parts import Button, Buttons, Fact, Facts, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Italic, Piece, Text, join, text
from bot.commands.cards import attribution, note, small_print
from bot.commands.context import Context
from bot.commands.conversation import Turn, show
from bot.commands.quiz.scoring import Contribution, Flip, Outcome, Verdict, difference, flip, judge
from bot.pack.model import Pack, Question, Quiz, RoleId
from bot.records import Run

TITLES: dict[Outcome, str] = {
    "clear-ai": "Clearly {ai}",
    "leaning-ai": "Leaning towards {ai}",
    "close": "Too close to call",
    "leaning-ml": "Leaning towards {ml}",
    "clear-ml": "Clearly {ml}",
}


_CHANGES = 5  # since the last result: more would hide the result itself


def title(pack: Pack, outcome: Outcome) -> str:
    """An outcome in words."""
    return TITLES[outcome].format(ai=pack.role("ai").name, ml=pack.role("ml").name)


def open_result(context: Context, action: OpenResult) -> Turn:
    return show(find(context, action.run) or _gone())


def open_points(context: Context, action: OpenPoints) -> Turn:
    """What each answer of a result gave to each role."""
    found = next((kept for kept in context.runs if kept.id == action.run), None)
    return show(_points_card(context.pack, found) if found else _gone())


def find(context: Context, run: str) -> Message | None:
    """The card of a kept result, set against the one before it."""
    for kept, earlier in zip_longest(context.runs, context.runs[1:]):
        if kept.id == run:
            return card(context, kept, earlier)
    return None


def _gone() -> Message:
    return note("I do not have that result", "It is not among your latest ten.", "quiz", "progress")


def card(context: Context, run: Run, earlier: Run | None) -> Message:
    """The result in full."""
    pack = context.pack
    verdict = judge(pack.quiz, run.answers, run.matters)
    return Message(
        title=title(pack, verdict.outcome),
        accent=verdict.role,
        parts=(
            Prose(text=_summary(pack, verdict)),
            *_reasons(pack, verdict),
            _flip(pack, flip(pack.quiz, run.answers, run.matters), verdict),
            *_timeline(pack, run, verdict),
            *_warning(pack.quiz, run),
            *(_trials(pack.quiz) if verdict.role is None else ()),
            *_since(pack, run, earlier),
            _ways(run),
        ),
    )


def _ways(run: Run) -> Buttons:
    return Buttons(
        buttons=(
            Button(label="Make my plan", action=PlanFrom(run.id), style="primary"),
            Button(label="Every answer’s points", action=OpenPoints(run.id)),
            Button(label="Compare the roles", action=Open("compare")),
            Button(label="Take it again", action=Open("quiz")),
        )
    )


def _summary(pack: Pack, verdict: Verdict) -> Text:
    ai, ml = pack.role("ai").name, pack.role("ml").name
    points = f"{ai} {verdict.ai}, {ml} {verdict.ml}, of {verdict.possible} points each could have."
    if not verdict.skipped:
        return text(Bold(text="Your answers: "), points)
    skipped = len(verdict.skipped)
    asked = len(pack.quiz.questions)
    return text(
        Bold(text="Your answers: "),
        points,
        f" You skipped {skipped} of {asked} questions, so this is less certain: it rests on"
        f" {verdict.certainty:.0%} of what could be weighed.",
    )


def _reasons(pack: Pack, verdict: Verdict) -> tuple[Part, ...]:
    sides: tuple[tuple[RoleId, tuple[Contribution, ...]], ...] = (
        ("ai", verdict.for_ai),
        ("ml", verdict.for_ml),
    )
    ordered = sides if verdict.ai >= verdict.ml else sides[::-1]
    return tuple(_side(pack, role, reasons) for role, reasons in ordered if reasons)


def _side(pack: Pack, role: RoleId, reasons: tuple[Contribution, ...]) -> Prose:
    lines = [
        text(
            "• ",
            question.ai_reason if role == "ai" else question.ml_reason,
            f" (+{getattr(reason, role)})",
        )
        for reason in reasons
        if (question := pack.quiz.question(reason.question))
    ]
    heading = Bold(text=f"What spoke for {pack.role(role).name}")
    return Prose(text=text(heading, "\n", join("\n", lines)))


def _flip(pack: Pack, change: Flip, verdict: Verdict) -> Prose:
    lines = [
        text(
            "• ",
            _about(question),
            ": ",
            _option(question, one.new),
            " instead of ",
            _said(question, one.old),
        )
        for one in change.changes
        if (question := pack.quiz.question(one.question))
    ]
    heading = Bold(text="What would tip it" if verdict.role is None else "What would flip it")
    to = title(pack, change.to)
    result = f"\nThat would make it: {to[0].lower()}{to[1:]}."
    return Prose(text=text(heading, "\n", join("\n", lines), result))


def _about(question: Question) -> str:
    return question.about[0].upper() + question.about[1:]


def _option(question: Question, lean: int) -> Italic:
    return Italic(text=question.options[lean + 2].strip("“”"))


def _said(question: Question, lean: int | None) -> Piece:
    return "no answer" if lean is None else _option(question, lean)


def _timeline(pack: Pack, run: Run, verdict: Verdict) -> tuple[Part, ...]:
    if run.start is None:
        return ()
    roles: tuple[RoleId, ...] = (verdict.role,) if verdict.role else ("ai", "ml")
    lines = []
    for role in roles:
        timeline = pack.template(run.start, role).timeline
        source = attribution(pack, timeline)
        cited = f" ({source})" if source else ""
        lines.append(text(Bold(text=f"To {pack.role(role).name}: "), timeline.text, cited))
    heading = Bold(text="How long it honestly takes")
    return (Prose(text=text(heading, "\n", join("\n", lines))),)


def _warning(quiz: Quiz, run: Run) -> tuple[Part, ...]:
    draw = next((draw for draw in quiz.draws if draw.id == run.draw), None)
    if draw is None or not draw.warning:
        return ()
    return (Prose(text=text(Bold(text="A word of warning: "), draw.warning)),)


def _trials(quiz: Quiz) -> tuple[Part, ...]:
    weeks = tuple(
        Prose(
            text=text(
                Bold(text=trial.title), "\n", join("\n", (text("• ", task) for task in trial.tasks))
            )
        )
        for trial in quiz.trials
    )
    return (Prose(text=quiz.close_text), *weeks, Prose(text=quiz.convergence))


def _since(pack: Pack, run: Run, earlier: Run | None) -> tuple[Part, ...]:
    if earlier is None:
        return ()
    changed = difference(pack.quiz, earlier.answers, run.answers)
    day = _day(earlier)
    before = title(pack, judge(pack.quiz, earlier.answers, earlier.matters).outcome)
    if not changed:
        return (small_print(f"Since {day} ({before}): the same answers."),)
    lines = [
        text(
            "• ", _about(question), ": ", _said(question, one.old), " → ", _said(question, one.new)
        )
        for one in changed[:_CHANGES]
        if (question := pack.quiz.question(one.question))
    ]
    left = len(changed) - _CHANGES
    more = f"\nand {left} more" if left > 0 else ""
    heading = Bold(text=f"Since {day} ({before})")
    return (Prose(text=text(heading, "\n", join("\n", lines), more)),)


def _day(run: Run) -> str:
    return datetime.fromtimestamp(run.finished_at, UTC).strftime("%-d %b %Y")


def _points_card(pack: Pack, run: Run) -> Message:
    verdict = judge(pack.quiz, run.answers, run.matters)
    given = {one.question: one for one in verdict.contributions}
    rows = tuple(
        Fact(label=_about(question), value=_points(pack, question, given.get(question.id), run))
        for question in pack.quiz.questions
    )
    return Message(
        title="What each answer gave",
        accent=verdict.role,
        parts=(
            Facts(rows=rows),
            small_print(
                f"In all: {pack.role('ai').short} {verdict.ai}, {pack.role('ml').short}"
                f" {verdict.ml} of {verdict.possible}. The question that matters most to you counts"
                f" {pack.quiz.matters_factor} times."
            ),
            Buttons(buttons=(Button(label="← My result", action=OpenResult(run.id)),)),
        ),
    )


def _points(pack: Pack, question: Question, given: Contribution | None, run: Run) -> Text:
    if given is None:
        return ("skipped",)
    twice = f", counted {pack.quiz.matters_factor} times" if question.id == run.matters else ""
    ai, ml = pack.role("ai").short, pack.role("ml").short
    return text(
        _option(question, given.lean),
        " – ",
        Bold(text=f"{ai} +{given.ai}, {ml} +{given.ml}"),
        twice,
    )
