"""Members set a plan up: asked for what is not known, previewed, changed, started."""

import pytest

from bot.chat.actions import Confirm, Pick, PlanFrom, Ticket
from bot.chat.form import Form, TextField
from bot.chat.parts import Menu
from bot.chat.reply import Message
from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.model import Pack
from tests.commands.test_quiz import ML, take
from tests.stories import Chat, Clock, button, labels, rows

PLAN = load(default_pack_path()).template("software", "ai")
STEPS = len(PLAN.steps)  # what the figures on the cards count
HOURS = sum(step.hours for step in PLAN.steps)


async def set_up(
    chat: Chat, *, role: str = "AI Engineer", start: str = "Software engineer", hours: str = "8 h"
) -> Message:
    """From `/plan` to the preview."""
    await chat.command("/plan")
    for choice in (role, start, hours, "Today"):
        await chat.press(choice)
    assert chat.card.title == "Your plan, before it starts"
    return chat.card


async def start(chat: Chat, **choices: str) -> Message:
    await set_up(chat, **choices)
    await chat.press("Start this plan")
    return chat.card


async def test_without_a_quiz_everything_is_asked_and_then_previewed(core: Core) -> None:
    ana = Chat(core, zone="UTC")
    await ana.command("/plan")
    assert "Which role do you want to get ready for?" in ana.said
    await ana.press("AI Engineer")
    await ana.press("Software engineer")
    assert "How many hours a week" in ana.said
    await ana.press("8 h")
    await ana.press("Next Monday, Mon 30 Nov")
    assert rows(ana.card) == {
        "Goal": "AI Engineer",
        "You start": "Software engineer",
        "Each week": "8 hours",
        "First day": "Mon 30 Nov",
        "Finish": "Sat 24 Jul 2027, after 34 weeks",
        "What it takes": f"{STEPS} steps, about {HOURS} hours",
    }
    assert "2–3 months of focused learning" in ana.said
    assert "(reported by Ismat Samadov, 2026)" in ana.said
    assert "At 8 hours a week, your plan takes 34 weeks" in ana.said
    assert "First step: Read ten job ads closely." in ana.said


async def test_starting_shows_the_week_and_a_way_to_reminders(core: Core) -> None:
    ana = Chat(core)
    await start(ana)
    assert ana.card.title == "Your plan to become an AI Engineer"
    assert "Your plan has started." in ana.said
    assert "Done: Read ten job ads closely" in labels(ana.card)
    assert "Reminders" in labels(ana.card)


async def test_any_choice_can_be_changed_from_the_preview(core: Core) -> None:
    ana = Chat(core)
    await set_up(ana)
    await ana.choose("The role")
    await ana.press("ML Engineer")
    await ana.choose("Where you start")
    await ana.press("From zero")
    await ana.choose("Hours a week")
    await ana.press("20 h")
    await ana.choose("The first day")
    await ana.press("← Back")
    shown = rows(ana.card)
    assert (shown["Goal"], shown["You start"]) == ("ML Engineer", "From zero")
    assert shown["Each week"] == "20 hours"


async def test_back_leads_to_the_choice_before(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/plan")
    assert "← Back" not in labels(ana.card)
    await ana.press("AI Engineer")
    await ana.press("Data scientist")
    await ana.press("← Back")
    assert button(ana.card, "Data scientist").style == "primary"
    await ana.press("← Back")
    assert button(ana.card, "AI Engineer").style == "primary"


async def test_hours_and_the_first_day_can_be_typed(core: Core) -> None:
    ana = Chat(core, zone="UTC")
    await ana.command("/plan")
    await ana.press("AI Engineer")
    await ana.press("Software engineer")
    await ana.press("Another number…")
    assert isinstance(ana.last, Form)
    await ana.fill(hours="6 hours a week")
    await ana.press("Another day…")
    await ana.fill(begin="in 2 weeks")
    assert rows(ana.card)["Each week"] == "6 hours"
    assert rows(ana.card)["First day"] == "Mon 7 Dec"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("many", "a number of hours"),
        ("0", "at least one hour"),
        ("61", "60 is the most"),
        ("", "a number of hours"),
        ("-3", "a number of hours"),
        ("9" * 90, "a number of hours"),
    ],
)
async def test_hours_that_cannot_be_taken_are_kept_as_typed(
    core: Core, typed: str, said: str
) -> None:
    ana = Chat(core)
    await ana.command("/plan")
    await ana.press("AI Engineer")
    await ana.press("Software engineer")
    await ana.press("Another number…")
    await ana.fill(hours=typed)
    form = ana.last
    assert isinstance(form, Form)
    assert said in form.errors["hours"]
    assert isinstance(form.fields[0], TextField)
    assert form.fields[0].value == typed
    await ana.fill(hours="5")
    assert "When do you want to start?" in ana.said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("someday", "I can’t read that as a date"),
        ("2026-11-22", "Sun 22 Nov is over"),
        ("2030-01-01", "within a year"),
    ],
)
async def test_a_first_day_that_cannot_be_taken_gets_a_kind_sentence(
    core: Core, typed: str, said: str
) -> None:
    ana = Chat(core, zone="UTC")
    await set_up(ana)
    await ana.choose("The first day")
    await ana.press("Another day…")
    await ana.fill(begin=typed)
    assert said in ana.said
    await ana.fill(begin="24 Nov")
    assert rows(ana.card)["First day"] == "Tue 24 Nov"


async def test_a_form_that_is_closed_leaves_the_card_behind_it_good(core: Core) -> None:
    ana = Chat(core)
    await set_up(ana)
    await ana.choose("Hours a week")
    behind = ana.card
    await ana.press("Another number…")
    await ana.fill(hours="none")
    await ana.press("10 h", on=behind)
    assert rows(ana.card)["Each week"] == "10 hours"


async def test_leaving_and_coming_back_finds_the_choices(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/plan")
    await ana.press("ML Engineer")
    await ana.press("From zero")
    await ana.command("/plan")
    assert "How many hours a week" in ana.said
    await ana.press("10 h")
    await ana.press("Today")
    assert rows(ana.card)["Goal"] == "ML Engineer"


async def test_not_now_makes_no_plan(core: Core) -> None:
    ana = Chat(core)
    await set_up(ana)
    await ana.press("Not now")
    assert "no plan for now" in ana.said
    await ana.command("/progress")
    assert "Nothing to show yet" in ana.said


async def test_pressing_start_twice_starts_one_plan(core: Core) -> None:
    ana = Chat(core)
    preview = await set_up(ana)
    await ana.press("Start this plan")
    await ana.press("Done: Read ten job ads closely")
    await ana.press("Start this plan", on=preview)
    assert f"1 of {STEPS} steps done" in ana.said
    assert "answered already" in ana.said


async def test_somebody_else_cannot_answer_on_the_card(core: Core) -> None:
    ana, ben = Chat(core, "ana"), Chat(core, "ben")
    preview = await set_up(ana)
    await ben.press("Start this plan", on=preview)
    assert "somebody else’s card" in ben.said
    await ana.press("Start this plan")
    assert f"0 of {STEPS} steps done" in ana.said


async def test_a_first_day_that_has_passed_meanwhile_becomes_today(
    core: Core, clock: Clock
) -> None:
    ana = Chat(core, zone="UTC")
    await set_up(ana)
    clock.forward(days=3)
    await ana.press("Start this plan")
    assert "starts today instead" in ana.said
    assert rows(ana.card)["First day"] == "Thu 26 Nov"
    await ana.press("Start this plan")
    assert "Your plan has started." in ana.said


async def test_a_value_that_is_not_an_option_changes_nothing(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/plan")
    action = button(ana.card, "AI Engineer").action
    assert isinstance(action, Pick)
    await ana.act(Pick(action.ticket, "role", "astronaut"))
    assert "Which role" in ana.said
    action = button(ana.card, "AI Engineer").action
    assert isinstance(action, Pick)
    await ana.act(Pick(action.ticket, "hours", "8"))
    assert "Which role" in ana.said
    await ana.act(Confirm(Ticket(action.ticket.session, action.ticket.turn + 1)))
    assert "Which role" in ana.said


async def test_a_quiz_result_that_is_not_kept_gets_a_kind_answer(core: Core) -> None:
    ana = Chat(core)
    await ana.act(PlanFrom("nothing"))
    assert "I do not have that result" in ana.said


async def test_the_menu_of_changes_names_every_choice(core: Core, pack: Pack) -> None:
    ana = Chat(core, zone="UTC")
    card = await set_up(ana)
    menu = next(part for part in card.parts if isinstance(part, Menu))
    assert [option.label for option in menu.options] == [
        "The role",
        "Where you start",
        "Hours a week",
        "The first day",
    ]


async def test_a_quiz_that_was_too_close_asks_for_the_role_alone(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    about = ("Skip", "Data scientist", "5 h", "Plain curiosity")
    await take(ana, pack, [2] * len(pack.quiz.questions), about)
    await ana.press("Plan one of them")
    assert "too close to call, so the choice is yours" in ana.said
    await ana.press("AI Engineer")
    assert "When do you want to start?" in ana.said
    await ana.press("Today")
    assert rows(ana.card)["You start"] == "Data scientist"
    assert "The article names no length for this move." in ana.said
    assert "your plan takes 51 weeks." in ana.said


async def test_plan_takes_the_latest_quiz_without_being_told(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await take(ana, pack, [ML] * len(pack.quiz.questions))
    await ana.command("/plan")
    await ana.press("Today")
    assert rows(ana.card)["Goal"] == "ML Engineer"
    assert rows(ana.card)["Each week"] == "5 hours"
