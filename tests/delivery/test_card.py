"""What a reminder says and offers, and what its buttons do: pressed weeks later, or twice, too."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from adapters.discord import render as discord
from adapters.slack import render as slack
from bot.chat.actions import Ticket
from bot.chat.event import Person, Place
from bot.chat.reply import Message
from bot.commands.context import Context
from bot.commands.reminders.weekly import Send, compose
from bot.delivery.worker import Worker
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.planning.changes import new_plan
from bot.records import Delivery, Member, Plan, Rule
from bot.store.facade import Store
from tests.delivery.town import Post, Town, work
from tests.fakes.discord import openapi
from tests.fakes.discord.limits import message_problems
from tests.fakes.slack import limits
from tests.stories import Chat, Clock, labels, rows, words

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin
MESSAGES = "/channels/{channel_id}/messages"
WAYS = ["Keep the date", "Move the date", "Leave steps out"]


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


async def behind(town: Town, post: Post, worker: Worker) -> tuple[Chat, Message]:
    """Ana has done nothing for three weeks; herself, and the reminder that she has just got."""
    await town.settle("ana")
    town.clock.now = MORNING + timedelta(weeks=3, minutes=30)
    await work(worker)
    return town.chat("ana"), post.arrivals[-1].message


async def plan_of(town: Town) -> Plan:
    [plan] = await town.database.transact(lambda tx: Store(tx).plans.current("member-ana"))
    return plan


async def test_who_is_on_time_is_offered_nothing_but_the_week(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    (arrival,) = post.arrivals
    assert "You’re on time" in words(arrival.message)
    assert not set(labels(arrival.message)) & set(WAYS)


async def test_practice_that_is_due_rides_along_and_is_a_press_away(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = town.chat("ana")
    await town.settle("ana")
    await ana.command("/practice")
    for _ in range(3):
        await ana.press("Show a good answer")
        await ana.press("Good")
    town.clock.now = MORNING + timedelta(weeks=1, minutes=30)
    await work(worker)
    reminder = post.arrivals[-1].message
    assert "3 practice questions are due." in words(reminder)
    await ana.press("Practise", on=reminder)
    assert "You rated it good last time. Today: 3 due, 5 new." in ana.said
    for _ in range(3):
        await ana.press("Show a good answer")
        await ana.press("Easy")
    town.clock.now += timedelta(weeks=1)
    await work(worker)
    assert "practice" not in words(post.arrivals[-1].message)


async def test_who_is_behind_sees_the_three_ways_on_in_the_reminder_itself(
    town: Town, post: Post, worker: Worker
) -> None:
    _, reminder = await behind(town, post, worker)
    assert [label for label in labels(reminder) if label in WAYS] == WAYS
    assert "Three ways to catch up" in words(reminder)
    assert "hours a week instead of 8, and you finish around" in words(reminder)
    assert "stay at 8 hours a week and finish around" in words(reminder)
    assert "• Leave steps out: without “" in words(reminder)


@pytest.mark.parametrize("way", WAYS)
async def test_a_way_on_is_previewed_and_then_taken_and_both_twice_change_nothing_more(
    town: Town, post: Post, worker: Worker, way: str
) -> None:
    ana, reminder = await behind(town, post, worker)
    before = await plan_of(town)
    for _ in range(2):
        await ana.press(way, on=reminder)
        assert ana.card.title == way
        assert "Expected finish" in rows(ana.card)
    assert await plan_of(town) == before, "a preview changes nothing"

    preview = ana.card
    await ana.press(way, on=preview)
    assert "Your steps have new dates" in ana.said
    after = await plan_of(town)
    assert after != before

    await ana.press(way, on=preview)
    assert "That card had been answered already" in ana.said
    await ana.press(way, on=reminder)
    assert ana.card.title != way
    assert "has these dates already" in ana.said or "nothing has to go" in ana.said
    assert await plan_of(town) == after


async def test_a_way_on_that_is_thought_over_leaves_everything_as_it_is(
    town: Town, post: Post, worker: Worker
) -> None:
    ana, reminder = await behind(town, post, worker)
    before = await plan_of(town)
    await ana.press("Move the date", on=reminder)
    await ana.press("← Back")
    assert ana.card.title == "Catch up"
    await ana.press("Leave it as it is")
    assert "Nothing was changed." in ana.said
    assert await plan_of(town) == before


async def test_a_way_on_means_the_plan_as_it_is_when_it_is_pressed(
    town: Town, post: Post, worker: Worker
) -> None:
    ana, reminder = await behind(town, post, worker)
    await ana.command("/plan pause")
    await ana.press("Pause it")
    await ana.press("Move the date", on=reminder)
    assert "Your plan is paused. Resume it first" in ana.said
    await ana.command("/plan stop")
    await ana.press("Stop it")
    await ana.press("Keep the date", on=reminder)
    assert "You have no plan at the moment" in ana.said


async def test_somebody_elses_way_on_is_left_alone(town: Town, post: Post, worker: Worker) -> None:
    _, reminder = await behind(town, post, worker)
    before = await plan_of(town)
    bo = town.chat("bo")
    await bo.press("Move the date", on=reminder)
    assert "Move the date" not in labels(bo.card)
    assert await plan_of(town) == before


async def test_the_question_whether_to_go_on_has_its_three_answers_side_by_side(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    for week in range(3):
        town.clock.now = MORNING + timedelta(weeks=week, minutes=30)
        await work(worker)
    asking = post.arrivals[-1].message
    assert "My last 2 reminders went unanswered. Shall I keep sending them?" in words(asking)
    rows_ = [[b.label for b in part.buttons] for part in asking.parts if part.kind == "buttons"]
    assert rows_[0] == ["Keep sending them", "Every other week", "Stop"]
    assert labels(asking).count("Stop") == 1


async def test_a_reminder_that_paused_itself_is_told_once_on_any_card(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    for week in range(5):
        town.clock.now = MORNING + timedelta(weeks=week, minutes=30)
        await work(worker)
    ana = town.chat("ana")
    await ana.command("/reminders")
    assert ana.said.count("has paused itself") == 1
    await ana.command("/progress")
    assert "has paused itself" not in ana.said


# Whatever the plan, and however late


def sent(pack: Pack, plan: Plan, now: datetime, ignored: int) -> Message:
    """The reminder that goes with a plan on a day."""
    person = Person(platform="discord", tenant="discord", user="1")
    rule = Rule("rule", "discord", "discord", "1", weekday=0, minute=540, zone="Europe/Berlin")
    context = Context(
        packs=Packs((pack,)),
        pack=pack,
        now=now,
        person=person,
        place=Place(tenant="discord", channel="1", direct=True),
        member=Member("m", "Europe/Berlin", zone_asked=True, created_at=0),
        ticket=Ticket("x" * 16, 1),
        new_id=lambda: "x" * 16,
        plan=plan,
        rule=rule,
    )
    delivery = Delivery("d" * 16, now.date(), 0, 0, "sending")
    composed = compose(context, delivery, ignored)
    assert isinstance(composed, Send), composed
    return composed.message


def test_both_platforms_show_it_for_every_plan_however_late(pack: Pack) -> None:
    late = 0
    for template, hours in product(pack.templates, (1, 8, 60)):
        plan = new_plan(
            pack,
            "p" * 16,
            start=template.start,
            role=template.role,
            hours=hours,
            start_on=MORNING.date(),
            epoch=0,
        )
        for weeks in (0, 1, 2, 4, 9, 30, 120):
            reminder = sent(pack, plan, MORNING + timedelta(weeks=weeks), ignored=2)
            late += "Three ways to catch up" in words(reminder)
            assert message_problems(discord.payload(reminder)) == []
            if openapi.described() and hours == 8 and weeks in (0, 9):
                assert openapi.body_problems("post", MESSAGES, discord.payload(reminder)) == []
            payload = slack.payload(reminder)
            assert limits.problems_of_message(payload["text"], payload["blocks"]) == []
    assert late > 20
