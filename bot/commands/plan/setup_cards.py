"""The cards of setting a plan up: the questions, the forms and the preview."""

from itertools import groupby

from bot.calendar.dates import DAYS, say_date, say_time
from bot.chat.actions import Back, Cancel, ChangeReminders, Confirm, Open, OpenForm, Pick, RemindOn
from bot.chat.form import Form, TextField
from bot.chat.parts import Button, Buttons, Fact, Facts, Menu, Option, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands.cards import attribution, form_of, note, rows_of, small_print
from bot.commands.context import Desk
from bot.commands.plan.choices import FIELDS, Choices, options, planned
from bot.commands.reminders.state import Draft
from bot.commands.wording import count, honestly, phase
from bot.planning.schedule import against_honest
from bot.planning.status import Outlook, hours_of, look
from bot.records import Plan


def question(desk: Desk, choices: Choices, field: str) -> Message:
    chosen = str(getattr(choices, field) or "")
    buttons = [
        Button(
            label=option.label,
            action=Pick(desk.ticket, field, option.value),
            style="primary" if option.value == chosen else "plain",
        )
        for option in options(desk, field)
    ]
    if other := {"hours": "Another number…", "begin": "Another day…"}.get(field):
        buttons.append(Button(label=other, action=OpenForm(desk.ticket, field)))
    back = (Button(label="← Back", action=Back(desk.ticket)),)
    first = field == "role" and choices.missing is not None
    return Message(
        title=FIELDS[field] if choices.run else f"Let us make your plan: {FIELDS[field].lower()}",
        parts=(
            Prose(text=_asked(desk, choices, field)),
            *rows_of(buttons),
            Buttons(
                buttons=(
                    *(() if first else back),
                    Button(label="Not now", action=Cancel(desk.ticket)),
                    *(_quiz() if field == "role" and not choices.run else ()),
                )
            ),
        ),
    )


def _quiz() -> tuple[Button, ...]:
    return (Button(label="I am not sure: take the quiz", action=Open("quiz")),)


def _asked(desk: Desk, choices: Choices, field: str) -> Text:
    quiz = desk.pack.quiz
    match field:
        case "role" if choices.run:
            close = "Your quiz was too close to call, so the choice is yours. You can switch later:"
            return text(close, " what both roles share is kept.", _taglines(desk))
        case "role":
            return text("Which role do you want to get ready for?", _taglines(desk))
        case "start":
            return quiz.start_text
        case "hours":
            return quiz.hours_text
        case _:
            return text("When do you want to begin? Weeks count from that day on.")


def _taglines(desk: Desk) -> Text:
    roles = desk.pack.roles
    return join("", (text("\n• ", Bold(text=role.name), f": {role.tagline}") for role in roles))


def form(
    desk: Desk, choices: Choices, field: str, typed: str | None = None, error: str = ""
) -> Form:
    """The form for a choice that no button has; with an error it holds what was typed."""
    known = {"hours": str(choices.hours or ""), "begin": ""}[field]
    hint = {
        "hours": "1 to 60, such as 6 or 6.5: for an ordinary week.",
        "begin": "For example: 30 Nov, next monday, in 2 weeks.",
    }[field]
    return form_of(
        desk,
        FIELDS[field],
        TextField(
            name=field,
            label=FIELDS[field],
            hint=hint,
            value=known if typed is None else typed,
        ),
        error,
    )


def preview(desk: Desk, choices: Choices, said: str = "") -> Message:
    """The plan before it starts: nothing is stored yet."""
    plan = planned(desk, choices)
    if plan is None:
        return question(desk, choices, choices.missing or "role")
    seen = look(desk.pack, plan, desk.today)
    change = Menu(
        action=Pick(desk.ticket, "change"),
        placeholder="Change something",
        options=tuple(Option(value=field, label=label) for field, label in FIELDS.items()),
    )
    start = Button(label="Start this plan", action=Confirm(desk.ticket), style="primary")
    return Message(
        title="Your plan, before it starts",
        accent=plan.role,
        parts=(
            *((small_print(said),) if said else ()),
            *_instead(desk, plan),
            Facts(rows=_facts(desk, seen)),
            Prose(text=honest(desk, seen)),
            Prose(text=_phases(seen)),
            small_print("Hours are this plan’s own estimate; yours may differ, and then it bends."),
            change,
            Buttons(buttons=(start, Button(label="Not now", action=Cancel(desk.ticket)))),
        ),
    )


def _facts(desk: Desk, seen: Outlook) -> tuple[Fact, ...]:
    plan, pack, today = seen.plan, desk.pack, desk.today
    start = next(start for start in pack.quiz.starts if start.id == plan.start)
    weeks = count(seen.schedule.weeks, "week")
    work = f"{count(len(seen.left), 'step')}, about {hours_of(seen.left)} hours"
    finish = (Bold(text=say_date(plan.target_on, today)), f", after {weeks}")
    return (
        Fact(label="You become", value=(pack.role(plan.role).name,)),
        Fact(label="You start", value=(start.label,)),
        Fact(label="Each week", value=(count(plan.hours, "hour"),)),
        Fact(label="First day", value=(say_date(plan.started_on, today),)),
        Fact(label="Finish", value=finish),
        Fact(label="What it takes", value=(work,)),
    )


def honest(desk: Desk, seen: Outlook) -> Text:
    """A plan against the time that such a move honestly takes."""
    timeline, plan = seen.template.timeline, seen.plan
    source = attribution(desk.pack, timeline)
    compared = against_honest(plan.target_on, plan.started_on, timeline)
    return text(
        Bold(text="How long it honestly takes"),
        "\n",
        timeline.text,
        f" ({source})\n" if source else "\n",
        honestly(compared),
    )


def _phases(seen: Outlook) -> Text:
    lines = []
    for name, group in groupby(seen.left, key=lambda entry: phase(entry.step)):
        slots = [entry.slot for entry in group if entry.slot]
        first, last = (min(s.starts for s in slots), max(s.ends for s in slots))
        dates = f"{say_date(first, seen.today)} to {say_date(last, seen.today)}"
        lines.append(text(f"• {name} – {count(len(slots), 'step')}, {dates}"))
    begins = [entry.step.title for entry in seen.left[:1]]
    opening = f"\nYou begin with: {begins[0]}." if begins else ""
    return text(Bold(text="The way"), "\n", join("\n", lines), opening)


def _instead(desk: Desk, plan: Plan) -> tuple[Part, ...]:
    """What becomes of a plan that runs already."""
    if desk.plan is None:
        return ()
    old = look(desk.pack, desk.plan, desk.today)
    role = desk.pack.role(desk.plan.role).name
    kept = look(desk.pack, plan, desk.today).done
    said = f"You have a plan to become an {role}, with {len(old.done)} of"
    said += f" {count(len(old.counted), 'step')} done. Starting this one ends it."
    if kept:
        said += f" What is done and stands in both ({count(len(kept), 'step')}) is kept."
    return (Prose(text=text(Bold(text="This takes the place of your plan. "), said)),)


def left(desk: Desk) -> Message:
    if desk.plan:
        return note("All right", "Your plan stays as it was.", "plan", "compare")
    return note("All right, no plan for now", "Come back whenever you like.", "compare", "quiz")


def offer_parts(desk: Desk) -> tuple[Part, ...]:
    """The question that goes with a plan that has just begun; nothing is sent without a yes."""
    if desk.rule and desk.rule.state == "active":
        return ()
    draft = Draft()
    said = (
        "Shall I send you your week’s steps as a direct message, once a week? For example on"
        f" {DAYS[draft.weekday]}s at {say_time(draft.minute)}. You can change or stop it any time."
    )
    yes = f"Yes, {DAYS[draft.weekday]}s at {say_time(draft.minute)}"
    return (
        Prose(text=text(Bold(text="A word once a week? "), said)),
        Buttons(
            buttons=(
                Button(label=yes, action=RemindOn(draft.weekday, draft.minute), style="primary"),
                Button(label="Another day or hour", action=ChangeReminders("setup")),
                Button(label="No, thanks", action=Open("plan")),
            )
        ),
    )
