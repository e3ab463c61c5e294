"""The cards of setting a plan up: the questions, the forms and the preview."""

from datetime import date, timedelta
from itertools import groupby

from bot.content import RoleId, StartId
from bot.flows.cards import attribution, note, rows_of, small_print
from bot.flows.inputs import read_day, read_hours
from bot.flows.turn import Desk, State
from bot.flows.wording import count, honestly, phase
from bot.outlook import Outlook, hours_of, look
from bot.planner import against_honest
from bot.plans import new_plan
from bot.records import Plan
from bot.reply import (
    Button,
    Buttons,
    Fact,
    Facts,
    Form,
    Menu,
    Message,
    Option,
    Part,
    Prose,
    TextField,
)
from bot.text import Bold, Text, join, text
from bot.when import say_date
from bot.wire import Back, Cancel, Confirm, Fill, Open, OpenForm, Pick

FIELDS = {
    "role": "The role",
    "start": "Where you start",
    "hours": "Hours a week",
    "begin": "The first day",
}


class Choices(State):
    """What a plan is made of, as far as it is known; `run` is the quiz that it comes from."""

    role: RoleId | None = None
    start: StartId | None = None
    hours: int | None = None
    begin: date | None = None
    run: str | None = None

    @property
    def missing(self) -> str | None:
        """The first choice that is not made."""
        return next((field for field in FIELDS if getattr(self, field) is None), None)


def planned(desk: Desk, choices: Choices, plan_id: str = "preview") -> Plan | None:
    """The plan that the choices make; None as long as one is missing.

    What is done in a plan that runs, and stands in this one too, is kept.
    """
    role, start, hours, begin = choices.role, choices.start, choices.hours, choices.begin
    if role is None or start is None or hours is None or begin is None:
        return None
    return new_plan(
        desk.pack,
        plan_id,
        start=start,
        role=role,
        hours=hours,
        start_on=begin,
        epoch=desk.epoch,
        carried=desk.plan,
    )


def options(desk: Desk, field: str) -> tuple[Option, ...]:
    """What can be chosen with a press."""
    quiz = desk.pack.quiz
    match field:
        case "role":
            return tuple(Option(value=role.id, label=role.name) for role in desk.pack.roles)
        case "start":
            return tuple(Option(value=start.id, label=start.label) for start in quiz.starts)
        case "hours":
            return tuple(Option(value=str(hours), label=f"{hours} h") for hours in quiz.hours)
        case _:
            today, monday = desk.today, next_monday(desk.today)
            return (
                Option(value=today.isoformat(), label=f"Today, {say_date(today, today)}"),
                Option(value=monday.isoformat(), label=f"Next Monday, {say_date(monday, today)}"),
            )


def choose(desk: Desk, choices: Choices, field: str, value: str) -> Choices | None:
    """The choices with one more, out of the options; None for what is not among them."""
    if value not in {option.value for option in options(desk, field)}:
        return None
    return Choices.model_validate(choices.model_dump() | {field: value})


def read(desk: Desk, choices: Choices, field: str, typed: str) -> Choices:
    """The choices with what was typed into a form; NotUnderstoodError."""
    value = read_hours(typed) if field == "hours" else read_day(typed, desk.today)
    return choices.model_copy(update={field: value})


def next_monday(today: date) -> date:
    return today + timedelta(7 - today.weekday())


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
    ticket = desk.standing_ticket
    known = {"hours": str(choices.hours or ""), "begin": ""}[field]
    hint = {
        "hours": "A whole number, 1 to 60: for an ordinary week.",
        "begin": "For example: 30 Nov, next monday, in 2 weeks.",
    }[field]
    return Form(
        title=FIELDS[field],
        action=Fill(ticket, field),
        reopen=OpenForm(ticket, field),
        fields=(
            TextField(
                name=field,
                label=FIELDS[field],
                hint=hint,
                value=known if typed is None else typed,
            ),
        ),
        errors={field: error} if error else {},
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
    kept = [step.id for step in plan.steps if step.status == "done"]
    said = f"You have a plan to become an {role}, with {len(old.done)} of"
    said += f" {count(len(old.counted), 'step')} done. Starting this one ends it."
    if kept:
        said += f" {count(len(kept), 'step')} that you have done carry over."
    return (Prose(text=text(Bold(text="This takes the place of your plan. "), said)),)


def left(desk: Desk) -> Message:
    if desk.plan:
        return note("All right", "Your plan stays as it was.", "plan", "compare")
    return note("All right, no plan for now", "Come back whenever you like.", "compare", "quiz")
