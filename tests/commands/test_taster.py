"""Members try a week of each role, rate what they did, and see it beside their quiz."""

from bot.chat.actions import BeginTaster, OpenTaster, RateTask
from bot.chat.limits import BUTTONS_A_ROW
from bot.chat.parts import Table
from bot.chat.reply import Message
from bot.chat.text import plain
from bot.core.handle import Core
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.store.drivers.sqlite import SQLiteDatabase
from tests.commands.test_quiz import AI, EITHER, ML, take
from tests.packs import make_pack
from tests.stories import Chat, Clock, buttons, labels

FLEW, SO_SO, DRAGGED = "Yes, it flew", "So-so", "No, it dragged"
GLADLY, THANKS = "Yes, gladly", "No, thanks"


async def begin(chat: Chat, day: str = "Start today") -> None:
    """A taster for a software engineer."""
    await chat.command("/taster")
    if "Software engineer" in labels(chat.card):
        await chat.press("Software engineer")
    await chat.press(next(label for label in labels(chat.card) if label.startswith(day)))


async def rate(chat: Chat, number: int, flew: str = FLEW, again: str = GLADLY) -> None:
    await chat.press(f"{number} is done")
    await chat.press(flew)
    await chat.press(again)


def table(card: Message) -> dict[str, list[str]]:
    """The comparison, by the label of its rows."""
    (found,) = (part for part in card.parts if isinstance(part, Table))
    return {row.label: [plain(cell) for cell in row.cells] for row in found.rows}


async def both_weeks(chat: Chat, clock: Clock, first: str, second: str) -> None:
    """Three tasks in each week, all of a week rated the same: "it flew" or "it dragged"."""
    await begin(chat)
    for number, again in ((1, first), (2, first), (3, first)):
        await rate(chat, number, FLEW if again == GLADLY else DRAGGED, again)
    clock.forward(days=7)
    await chat.command("/taster")
    for number, again in ((1, second), (2, second), (3, second)):
        await rate(chat, number, FLEW if again == GLADLY else DRAGGED, again)
    clock.forward(days=7)
    await chat.command("/taster")


async def test_a_taster_is_offered_on_a_result_and_takes_its_start_from_it(
    core: Core, pack: Pack
) -> None:
    ana = Chat(core, zone="Europe/Berlin")
    await take(ana, pack, [AI] * len(pack.quiz.questions))
    assert len(labels(ana.card)) <= BUTTONS_A_ROW
    await ana.press("Try a week of each")
    assert "One week in each role: AI Engineer and ML Engineer." in ana.said
    assert "The tasks are for: Software engineer." in ana.said
    assert labels(ana.card)[:2] == ["Start today, Mon 23 Nov", "Next Monday, Mon 30 Nov"]
    await ana.press("Next Monday, Mon 30 Nov")
    assert ana.card.title == pack.tasters[0].title
    assert "Week 1 of 2, Mon 30 Nov to Sun 6 Dec." in ana.said
    for task in pack.tasters[0].week("software"):
        assert f"{task.title} ({task.minutes} minutes)" in ana.said.replace("\n", " ")


async def test_without_a_result_the_start_is_asked(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.command("/taster")
    assert labels(ana.card) == [start.label for start in pack.starts]
    await ana.press(pack.starts[0].label)
    assert labels(ana.card) == ["Start today", "Next Monday", "I start from elsewhere"]
    await ana.press("Start today")
    assert pack.tasters[0].week(pack.starts[0].id)[0].title in ana.said
    assert "Days are in UTC." in ana.said


async def test_a_task_is_rated_in_two_taps_and_can_be_rated_again(core: Core) -> None:
    ana = Chat(core)
    await begin(ana)
    await ana.press("2 is done")
    assert ana.card.title == "Did time fly?"
    await ana.press(SO_SO)
    assert ana.card.title == "Would you do it again tomorrow?"
    await ana.press(THANKS)
    assert "Done: time was so-so, and you wouldn’t do it again tomorrow." in ana.said
    await ana.press("Rate 2 again")
    await ana.press(FLEW)
    await ana.press("← Did time fly?")
    await ana.press(FLEW)
    await ana.press(GLADLY)
    assert "Done: time flew, and you’d do it again tomorrow." in ana.said
    assert "2 is done" not in labels(ana.card)


async def test_the_weeks_stand_beside_a_quiz_that_said_the_same(
    core: Core, clock: Clock, pack: Pack
) -> None:
    ana = Chat(core)
    await take(ana, pack, [AI] * len(pack.quiz.questions))
    await both_weeks(ana, clock, GLADLY, THANKS)
    assert ana.card.title == "Your weeks side by side"
    assert table(ana.card) == {
        "Tasks done": ["3 of 5", "3 of 5"],
        "Time flew": ["3 of 3", "0 of 3"],
        "Would do again": ["3 of 3", "0 of 3"],
        "Your quiz": ["Clearly this one", "Not this one"],
    }
    assert "Your weeks speak for AI Engineer" in ana.said
    assert "Your quiz said the same (Clearly AI Engineer)." in ana.said


async def test_the_weeks_stand_beside_a_quiz_that_said_otherwise(
    core: Core, clock: Clock, pack: Pack
) -> None:
    ana = Chat(core)
    await take(ana, pack, [ML] * len(pack.quiz.questions))
    await both_weeks(ana, clock, GLADLY, THANKS)
    assert "Your quiz said otherwise (Clearly ML Engineer)." in ana.said
    await ana.command("/quiz")
    assert "Clearly ML Engineer" not in ana.said, "what was tasted goes into no score"


async def test_the_weeks_help_where_the_quiz_could_not_tell(
    core: Core, clock: Clock, pack: Pack
) -> None:
    ana = Chat(core)
    await take(ana, pack, [EITHER] * len(pack.quiz.questions))
    await both_weeks(ana, clock, THANKS, GLADLY)
    assert "Your weeks speak for ML Engineer" in ana.said
    assert "so the weeks are the better sign." in ana.said


async def test_without_a_quiz_it_leads_there(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await both_weeks(ana, clock, GLADLY, GLADLY)
    assert "Your weeks went equally well with AI Engineer and ML Engineer." in ana.said
    assert "Your quiz" not in table(ana.card)
    await ana.press("Take the quiz")
    assert ana.card.title == "Question 1 of 13"


async def test_weeks_that_disagree_among_themselves_say_so(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await begin(ana)
    for number in (1, 2):
        await rate(ana, number, FLEW, THANKS)
    await ana.press("See week 2")
    for number in (1, 2):
        await rate(ana, number, DRAGGED, GLADLY)
    await ana.press("Compare so far")
    assert "time flew more with AI Engineer. But you’d more often do the tasks of ML" in ana.said


async def test_a_task_or_two_is_too_little_to_go_by(core: Core) -> None:
    ana = Chat(core)
    await begin(ana)
    await rate(ana, 1)
    await ana.press("Compare so far")
    assert "too little to go by" in ana.said


async def test_a_week_that_was_missed_moves_and_so_does_the_next(core: Core, clock: Clock) -> None:
    ana = Chat(core, zone="Europe/Berlin")
    await begin(ana)
    clock.forward(days=16)
    await ana.command("/taster")
    assert "Week 1 of 2, Mon 7 Dec to Sun 13 Dec." in ana.said
    assert "it moved by 2 weeks. That’s fine." in ana.said
    await rate(ana, 1)
    assert "Week 1 of 2, Mon 7 Dec to Sun 13 Dec." in ana.said
    await ana.press("See week 2")
    assert "Week 2 of 2, Mon 14 Dec to Sun 20 Dec." in ana.said
    clock.forward(days=14)
    await ana.command("/taster")
    assert "Week 2 of 2, Mon 21 Dec to Sun 27 Dec." in ana.said


async def test_it_can_be_stopped_at_any_time_and_resumed(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await begin(ana)
    card = ana.card
    await rate(ana, 1)
    await ana.press("Stop the taster")
    assert ana.card.title == "Your taster is stopped"
    clock.forward(days=3)
    await ana.command("/taster")
    assert ana.card.title == "Your taster is stopped"
    await ana.press("Resume the taster")
    assert "1. " in ana.said
    assert "Done: time flew" in ana.said
    await ana.press("2 is done", on=card)
    assert ana.card.title == "Did time fly?"


async def test_a_second_begin_shows_the_one_that_is_under_way(core: Core, clock: Clock) -> None:
    ana = Chat(core)
    await ana.command("/taster")
    await ana.press("Software engineer")
    days = ana.card
    await ana.press("Start today")
    await rate(ana, 1)
    await ana.press("Next Monday", on=days)
    assert "This one is under way." in ana.said
    assert "Done: time flew" in ana.said
    await ana.press("Stop the taster")
    old = next(b.action for b in buttons(ana.card) if b.label == "Resume the taster")
    clock.forward(minutes=1)
    await ana.press("Start today", on=days)
    assert "Done: time flew" not in ana.said
    await ana.act(old)
    assert "You’ve begun another since" in ana.said


async def test_all_done_early_is_the_end(core: Core) -> None:
    ana = Chat(core)
    await begin(ana)
    for number in range(1, 6):
        await rate(ana, number)
    assert "You’ve done all of it. The next week is from Mon 30 Nov" in ana.said
    await ana.press("See week 2")
    for number in range(1, 6):
        await rate(ana, number)
    assert ana.card.title == "Your weeks side by side"


async def test_somebody_elses_taster_stays_theirs(core: Core, database: SQLiteDatabase) -> None:
    ana, bo = Chat(core, "ana"), Chat(core, "bo")
    await begin(ana)
    await bo.press("1 is done", on=ana.card)
    assert bo.card.title == "I don’t have that taster"
    for action in (OpenTaster("none", 0), RateTask("none", "none", "yes", "yes")):
        await ana.act(action)
        assert ana.card.title == "I don’t have that taster"


async def test_a_begin_that_makes_no_sense_asks_again(core: Core, pack: Pack) -> None:
    ana = Chat(core)
    await ana.act(BeginTaster(pack.id, "nowhere", "2026-11-23"))
    assert ana.card.title == "Where do you start from?"
    await ana.act(BeginTaster(pack.id, "software", "someday"))
    assert ana.card.title == "Try a week of each"
    await ana.act(BeginTaster(pack.id, "software", "9999-12-31"))
    assert "Week 1 of 2, Fri 22 Jan 2027" in ana.said


async def test_with_several_forks_it_goes_on_in_the_one_that_was_begun(
    database: SQLiteDatabase, clock: Clock, pack: Pack
) -> None:
    ana = Chat(Core(database, Packs((make_pack(), pack)), clock))
    await ana.command("/taster")
    assert ana.card.title == "Which fork are you at?"
    await ana.press("Colours")
    assert ana.card.title == "No taster here yet"
    await ana.command("/taster ai-vs-ml")
    await ana.press("Software engineer")
    await ana.press("Start today")
    await rate(ana, 1)
    await ana.command("/taster")
    assert "Done: time flew" in ana.said


async def test_all_of_it_is_shown_and_deleted(core: Core, database: SQLiteDatabase) -> None:
    ana = Chat(core)
    await begin(ana)
    await rate(ana, 1)
    await ana.command("/crossroads mydata")
    assert "Taster tasks you’ve rated\n1" in ana.said
    await ana.command("/crossroads mydata delete")
    await ana.press("Yes, delete everything")
    assert not await database.transact(lambda tx: tx.fetch("SELECT * FROM tasters"))
    assert not await database.transact(lambda tx: tx.fetch("SELECT * FROM taster_tasks"))
