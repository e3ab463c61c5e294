"""Setting a plan up: what is not known yet is asked, then previewed, then started.

```mermaid
stateDiagram-v2
    [*] --> Asking: /plan, without a plan
    [*] --> Previewing: make my plan, from a quiz that said enough
    Asking --> Asking: an answer, back
    Asking --> Previewing: nothing is missing
    Previewing --> Asking: change a choice
    Asking --> Asking: a time zone, a search for a city
    Previewing --> Previewing: a time zone, a search for a city
    Previewing --> Started: start this plan
    Asking --> [*]: not now
    Previewing --> [*]: not now
```

The latest quiz answers what it can: the role, unless it was too close to call, start and hours.
Where the platform does not say where the member's clocks are, the cards with dates ask for it, and
show none before the answer; a date that would be another day elsewhere is kept until then.
"""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field, TypeAdapter

from bot.calendar.zones import plain_zone, valid_zone
from bot.chat.actions import Back, Cancel, Confirm, OpenForm, Pick, PlanFrom
from bot.chat.reply import Message, Reply
from bot.commands import zone_question
from bot.commands.cards import note
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Filled, State, Step, Turn, show
from bot.commands.effects import SetZone, StartPlan
from bot.commands.inputs import NotUnderstoodError, ZoneNeededError
from bot.commands.plan import card as plan_card
from bot.commands.plan import setup_cards
from bot.commands.plan.choices import FIELDS, Choices, choose, dated, planned, read
from bot.commands.plan.setup_cards import offer_parts
from bot.commands.quiz.scoring import parse_outcome
from bot.pack.model import Pack
from bot.records import Run

_STARTED = "You’re off! Your plan has started."
_STARTED_IN_UTC = f"{_STARTED} Its days are in UTC until you give /reminders your city."


class Asking(State):
    """The choice `field` is on the card; `waiting` is a date that the zone is needed for."""

    step: Literal["asking"] = "asking"
    field: str
    choices: Choices = Choices()
    query: str = ""
    waiting: str = ""


class Previewing(State):
    """The plan that the choices make is on the card."""

    step: Literal["previewing"] = "previewing"
    choices: Choices
    query: str = ""


class Started(State):
    """The plan has been started."""

    step: Literal["started"] = "started"
    plan: str


SetupState: TypeAlias = Annotated[Asking | Previewing | Started, Field(discriminator="step")]


def command(context: Context) -> Turn:
    """`/plan` of a member who has none: go on where the set-up was left, or begin."""
    if isinstance(context.state, Asking | Previewing):
        return show(current(context.state, context), context.state)
    return _go_on(context, from_run(context.pack, context.runs[0]) if context.runs else Choices())


def plan_from(context: Context, action: PlanFrom) -> Turn:
    """Set a plan up from a quiz result; a plan that runs stays until the new one is started."""
    run = next((run for run in context.runs if run.id == action.run), None)
    if run is None:
        gone = "It’s not among your latest ten. Nothing was changed."
        return show(note("I do not have that result", gone, "quiz", "plan"))
    return _go_on(context, from_run(context.pack, run))


def from_run(pack: Pack, run: Run) -> Choices:
    _, role = parse_outcome(run.outcome)
    if role not in {each.id for each in pack.roles}:
        role = None
    return Choices(role=role, start=run.start, hours=run.hours, run=run.id)


def advance(state: SetupState, step: Step, context: Context) -> Turn:
    match (state, step):
        case (Started(), _):
            return show(current(state, context), state)
        case (Asking() | Previewing(), Cancel()):
            return Turn(Reply(show=setup_cards.left(context)), over=True)
        case (Asking() | Previewing(), Pick(_, "zone", zone)) if valid_zone(zone):
            return _located(context, state, zone)
        case (Asking() | Previewing(), OpenForm(_, "city")):
            return show(zone_question.form(context))
        case (Asking() | Previewing(), Filled("city", values)):
            return _searched(context, state, values.get("city", ""))
        case (Asking(field=field), Pick(_, picked, value)) if picked == field:
            chosen = choose(context, state.choices, field, value)
            return _go_on(context, chosen) if chosen else show(current(state, context), state)
        case (Asking(field=field), OpenForm(_, form)) if form == field:
            return show(setup_cards.form(context, state.choices, field))
        case (Asking(field=field), Filled(form, values)) if form == field:
            return _filled(context, state, values.get(field, ""))
        case (Asking(), Back()):
            return _back(context, state)
        case (Previewing(choices=choices), Pick(_, "change", field)) if field in FIELDS:
            return _ask(context, choices, field)
        case (Previewing(choices=choices), Confirm()):
            return _start(context, choices)
        case (Asking() | Previewing(), _):
            return show(current(state, context), state)
        case _:
            assert_never(state)


def current(state: SetupState, context: Context) -> Message:
    match state:
        case Asking():
            place = setup_cards.Place(state.query, state.waiting)
            return setup_cards.question(context, state.choices, state.field, place)
        case Previewing():
            return setup_cards.preview(context, state.choices, query=state.query)
        case Started():
            plan = plan_card.yours(context, state.plan)
            return plan_card.card(context, plan) if plan else plan_card.not_current(context)
        case _:
            assert_never(state)


def _go_on(context: Context, choices: Choices) -> Turn:
    """Ask for what is missing; with nothing missing, preview."""
    if choices.start is None and len(context.pack.starts) == 1:
        choices = choices.model_copy(update={"start": context.pack.starts[0].id})
    if missing := choices.missing:
        return _ask(context, choices, missing)
    if context.zone_known:
        choices = dated(context, choices)
    return show(setup_cards.preview(context, choices), Previewing(choices=choices))


def _ask(context: Context, choices: Choices, field: str) -> Turn:
    asking = Asking(field=field, choices=choices)
    return show(setup_cards.question(context, choices, field), asking)


def _back(context: Context, state: Asking) -> Turn:
    """To the choice before; to the preview where all are made; out of a search for a city."""
    if state.query:
        return _stay(context, state.model_copy(update={"query": ""}))
    if state.choices.missing is None:
        return _go_on(context, state.choices)
    fields = tuple(FIELDS)
    return _ask(context, state.choices, fields[max(0, fields.index(state.field) - 1)])


def _filled(context: Context, state: Asking, typed: str) -> Turn:
    try:
        chosen = read(context, state.choices, state.field, typed)
    except NotUnderstoodError as error:
        return show(setup_cards.form(context, state.choices, state.field, typed, str(error)))
    except ZoneNeededError:
        return _stay(context, state.model_copy(update={"waiting": typed}))
    return _go_on(context, chosen)


def _stay(context: Context, state: Asking | Previewing) -> Turn:
    return show(current(state, context), state)


def _searched(context: Context, state: Asking | Previewing, typed: str) -> Turn:
    if not zone_question.fits_any(context, typed):
        return show(zone_question.form(context, typed, zone_question.NO_SUCH_PLACE))
    if zone := plain_zone(typed, context.now):
        return _located(context, state, zone)
    return _stay(context, state.model_copy(update={"query": typed.strip()}))


def _located(context: Context, state: Asking | Previewing, zone: str) -> Turn:
    """The member said where their clocks are: the card again, with its dates."""
    there = context.located(zone)
    match state:
        case Asking(waiting=typed) if typed:
            turn = _filled(there, state.model_copy(update={"waiting": "", "query": ""}), typed)
        case Asking():
            turn = _ask(there, state.choices, state.field)
        case Previewing():
            turn = _go_on(there, state.choices)
        case _:
            assert_never(state)
    return replace(turn, changes=(SetZone(zone), *turn.changes))


def _start(context: Context, choices: Choices) -> Turn:
    if isinstance(choices.begin, date) and choices.begin < min(context.todays):
        choices = choices.model_copy(update={"begin": context.today})
        over = "The first day you picked is over, so this plan starts today instead."
        return show(setup_cards.preview(context, choices, over), Previewing(choices=choices))
    plan = planned(context, choices, context.new_id())
    if plan is None:
        return _go_on(context, choices)
    card = plan_card.card(context, plan, said=_STARTED if context.zone_known else _STARTED_IN_UTC)
    asked = card.model_copy(update={"parts": (*card.parts, *offer_parts(context))})
    return show(Message(**dict(asked)), Started(plan=plan.id), StartPlan(plan))


CONVERSATION: Conversation[SetupState] = Conversation(
    kind="setup",
    section="plan",
    states=TypeAdapter(SetupState),
    advance=advance,
    current=current,
    needs=frozenset({"plan", "runs", "rule"}),
)
