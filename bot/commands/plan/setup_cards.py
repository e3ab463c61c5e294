"""The cards of setting a plan up: the questions, the forms and the preview."""

from dataclasses import dataclass
from itertools import groupby

from bot.calendar.dates import DAYS, say_date, say_time
from bot.chat.actions import Back, Cancel, ChangeReminders, Confirm, Open, OpenForm, Pick, RemindOn
from bot.chat.form import Form, TextField
from bot.chat.limits import cut
from bot.chat.parts import Button, Buttons, Fact, Facts, Menu, Option, Part, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands import zone_question
from bot.commands.cards import accent_of, form_of, note, rows_of, small_print
from bot.commands.context import Context
from bot.commands.plan.choices import FIELDS, Choices, options, planned, say_begin
from bot.commands.reminders.state import Draft
from bot.commands.topics.citing import attribution
from bot.commands.wording import count, honestly, phase
from bot.planning.schedule import against_honest
from bot.planning.status import PlanStatus, hours_of, status_of
from bot.records import Plan


@dataclass(frozen=True, slots=True)
class Place:
    """How the question for the zone stands: what was searched for, the date that waits for it."""

    query: str = ""
    waiting: str = ""


_NOWHERE = Place()
_UTC_UNTIL_THEN = (
    "I’ll show you the dates once I know your time zone. If you start without one, your days are"
    " counted in UTC until you choose."
)


def question(context: Context, choices: Choices, field: str, place: Place = _NOWHERE) -> Message:
    chosen = str(getattr(choices, field) or "")
    buttons = [
        Button(
            label=option.label,
            action=Pick(context.ticket, field, option.value),
            style="primary" if option.value == chosen else "plain",
        )
        for option in options(context, field)
    ]
    if other := {"hours": "Another number…", "begin": "Another day…"}.get(field):
        buttons.append(Button(label=other, action=OpenForm(context.ticket, field)))
    back = (Button(label="← Back", action=Back(context.ticket)),)
    first = field == "role" and choices.missing is not None
    return Message(
        title=FIELDS[field] if choices.run else f"Let’s make your plan: {FIELDS[field].lower()}",
        parts=(
            *(_where(context, place, _why_asked(place)) if field == "begin" else ()),
            Prose(text=_asked(context, choices, field)),
            *rows_of(buttons),
            Buttons(
                buttons=(
                    *(_zone_buttons(context) if field == "begin" else ()),
                    *(() if first else back),
                    Button(label="Not now", action=Cancel(context.ticket)),
                    *(_quiz(context) if field == "role" and not choices.run else ()),
                )
            ),
        ),
    )


def _quiz(context: Context) -> tuple[Button, ...]:
    return (Button(label="Not sure? Take the quiz", action=Open("quiz", context.pack.id)),)


def _asked(context: Context, choices: Choices, field: str) -> Text:
    quiz = context.pack.quiz
    match field:
        case "role" if choices.run:
            close = "Your quiz was too close to call, so the choice is yours. You can switch later:"
            return text(close, " what both roles share is kept.", _taglines(context))
        case "role":
            return text("Which role do you want to get ready for?", _taglines(context))
        case "start":
            return quiz.start_text
        case "hours":
            return quiz.hours_text
        case _:
            return text("When do you want to start? Weeks count from that day on.")


def _taglines(context: Context) -> Text:
    roles = context.pack.roles
    return join("", (text("\n• ", Bold(text=role.name), f": {role.tagline}") for role in roles))


def form(
    context: Context, choices: Choices, field: str, typed: str | None = None, error: str = ""
) -> Form:
    """The form for a choice that no button has; with an error it holds what was typed."""
    known = {"hours": str(choices.hours or ""), "begin": ""}[field]
    hint = {
        "hours": "1 to 60, such as 6 or 6.5, in an ordinary week.",
        "begin": "For example: 30 Nov, next monday, in 2 weeks.",
    }[field]
    return form_of(
        context,
        FIELDS[field],
        TextField(
            name=field,
            label=FIELDS[field],
            hint=hint,
            value=known if typed is None else typed,
        ),
        error,
    )


def preview(context: Context, choices: Choices, said: str = "", query: str = "") -> Message:
    """The plan before it starts: nothing is stored yet."""
    plan = planned(context, choices)
    if plan is None:
        return question(context, choices, choices.missing or "role")
    status = status_of(context.pack, plan, context.today)
    change = Menu(
        action=Pick(context.ticket, "change"),
        placeholder="Change something",
        options=tuple(Option(value=field, label=label) for field, label in FIELDS.items()),
    )
    start = Button(label="Start this plan", action=Confirm(context.ticket), style="primary")
    not_now = Button(label="Not now", action=Cancel(context.ticket))
    return Message(
        title="Your plan, before it starts",
        accent=accent_of(context.pack, plan.role),
        parts=(
            *((small_print(said),) if said else ()),
            *_where(context, Place(query), _UTC_UNTIL_THEN),
            *_instead(context, plan),
            Facts(rows=_facts(context, choices, status)),
            Prose(text=honest(context, status)),
            Prose(text=_phases(status, dates=_has_dates(context, choices))),
            small_print("These hours are our estimates. If yours differ, adjust the plan."),
            change,
            Buttons(buttons=(start, *_zone_buttons(context), not_now)),
        ),
    )


def _why_asked(place: Place) -> str:
    if not place.waiting:
        return "Your time zone tells me which day it is for you, so that I can show dates."
    typed = cut(place.waiting, 40)
    return f"“{typed}” depends on which day it is for you. Choose your time zone, and I’ll read it."


def _where(context: Context, place: Place, why: str) -> tuple[Part, ...]:
    """The question for the zone, as long as it is not known; nothing waits for the answer."""
    if context.zone_known:
        return ()
    said = zone_question.fitting(place.query) if place.query else why
    return (
        Prose(text=text(Bold(text="Where are you?"), f" {said}")),
        zone_question.menu(context, place.query),
    )


def _zone_buttons(context: Context) -> tuple[Button, ...]:
    """What goes with the menu of zones, after the buttons that lead on."""
    if context.zone_known:
        return ()
    utc = Button(label="Use UTC", action=Pick(context.ticket, "zone", "UTC"))
    return (zone_question.search_button(context), utc)


def _has_dates(context: Context, choices: Choices) -> bool:
    """Whether the dates of the plan are the member's, and not just UTC's."""
    return context.zone_known or not isinstance(choices.begin, str)


def _facts(context: Context, choices: Choices, status: PlanStatus) -> tuple[Fact, ...]:
    plan, pack, today = status.plan, context.pack, context.today
    start = next(start for start in pack.starts if start.id == plan.start)
    weeks = count(status.schedule.weeks, "week")
    work = f"{count(len(status.left), 'step')}, about {hours_of(status.left)} hours"
    finish = (Bold(text=say_date(plan.target_on, today)), f", after {weeks}")
    if not _has_dates(context, choices):
        finish = (Bold(text=f"After {weeks}"), "")
    return (
        Fact(label="Goal", value=(pack.role(plan.role).name,)),
        Fact(label="You start", value=(start.label,)),
        Fact(label="Each week", value=(count(plan.hours, "hour"),)),
        Fact(label="First day", value=(say_begin(context, choices, plan.started_on),)),
        Fact(label="Finish", value=finish),
        Fact(label="What it takes", value=(work,)),
    )


def honest(context: Context, status: PlanStatus) -> Text:
    """A plan against the time that such a move honestly takes."""
    timeline, plan = status.template.timeline, status.plan
    source = attribution(context.pack, timeline, context.today.year)
    compared = against_honest(plan.target_on, plan.started_on, timeline)
    return text(
        Bold(text="How long it honestly takes"),
        "\n",
        timeline.text,
        f" ({source})\n" if source else "\n",
        honestly(compared, plan.hours, status.template.pace),
        *(("\n", Bold(text="Crossroads’ note: "), timeline.note) if timeline.note else ()),
    )


def _phases(status: PlanStatus, *, dates: bool) -> Text:
    lines = []
    for name, group in groupby(status.left, key=lambda entry: phase(entry.step)):
        slots = [entry.slot for entry in group if entry.slot]
        first, last = (min(s.starts for s in slots), max(s.ends for s in slots))
        when = f"{say_date(first, status.today)} to {say_date(last, status.today)}"
        if not dates:
            when = _weeks(status.schedule.week_of(first), status.schedule.week_of(last))
        lines.append(text(f"• {name} – {count(len(slots), 'step')}, {when}"))
    begins = [entry.step.title for entry in status.left[:1]]
    opening = f"\nFirst step: {begins[0]}." if begins else ""
    return text(Bold(text="Your route"), "\n", join("\n", lines), opening)


def _weeks(first: int, last: int) -> str:
    return f"week {first}" if first == last else f"weeks {first} to {last}"


def _instead(context: Context, plan: Plan) -> tuple[Part, ...]:
    """What becomes of the current plan."""
    if context.plan is None:
        return ()
    old = status_of(context.pack, context.plan, context.today)
    role = context.pack.role(context.plan.role).one
    kept = status_of(context.pack, plan, context.today).done
    said = f"You have a plan to become {role}, with {len(old.done)} of"
    said += f" {count(len(old.counted), 'step')} done. Starting this one ends it."
    if kept:
        said += f" You keep what you’ve done that’s in both ({count(len(kept), 'step')})."
    return (Prose(text=text(Bold(text="This replaces your plan. "), said)),)


def left(context: Context) -> Message:
    if context.plan:
        return note("All right", "Your plan stays as it was.", "plan", "compare")
    return note("All right, no plan for now", "Come back whenever you like.", "compare", "quiz")


def offer_parts(context: Context) -> tuple[Part, ...]:
    """The question that goes with a plan that has just begun; nothing is sent without a yes."""
    if context.rule and context.rule.state == "active":
        return ()
    draft = Draft()
    said = (
        "I can send you the week’s steps as a direct message, for example on"
        f" {DAYS[draft.weekday]}s at {say_time(draft.minute)}. You can change or stop it any time."
    )
    yes = f"Yes, {DAYS[draft.weekday]}s at {say_time(draft.minute)}"
    return (
        Prose(text=text(Bold(text="Want a weekly reminder? "), said)),
        Buttons(
            buttons=(
                Button(label=yes, action=RemindOn(draft.weekday, draft.minute), style="primary"),
                Button(label="Another day or hour", action=ChangeReminders("setup")),
                Button(label="No, thanks", action=Open("plan", context.pack.id)),
            )
        ),
    )
