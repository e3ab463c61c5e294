"""Members have themselves reminded: asked, not imposed, and changed at any time."""

from datetime import UTC, datetime

import pytest

from bot.chat.actions import ChangeReminders, KeepReminders, RemindOn, SkipWeek, Snooze, WhyReminder
from bot.chat.form import Form
from bot.chat.parts import Menu
from bot.chat.reply import Message
from bot.core.handle import Core
from bot.store.database import Database
from tests.commands.test_plan_setup import start
from tests.stories import Chat, Clock, labels, rows


def in_berlin(core: Core, user: str = "ana") -> Chat:
    return Chat(core, user, platform="slack", tenant="T1", zone="Europe/Berlin")


def on_discord(core: Core) -> Chat:
    return Chat(core, platform="discord", tenant="discord")


async def reminded(core: Core) -> Chat:
    """Somebody with a plan and a reminder on Mondays at 09:00 in Berlin."""
    ana = in_berlin(core)
    await start(ana)
    await ana.press("Yes, Mondays at 09:00")
    return ana


async def rules(database: Database) -> list[dict[str, object]]:
    found = await database.transact(lambda tx: tx.fetch("SELECT * FROM reminder_rules"))
    return [dict(row) for row in found]


# Asked, not imposed


async def test_a_plan_that_starts_asks_and_imposes_nothing(core: Core, database: Database) -> None:
    ana = in_berlin(core)
    await start(ana)
    assert "Want a weekly reminder?" in ana.said
    assert {"Yes, Mondays at 09:00", "Another day or hour", "No, thanks"} <= set(labels(ana.card))
    await ana.press("No, thanks")
    assert await rules(database) == []


async def test_a_yes_is_enough_where_the_zone_is_known(core: Core) -> None:
    ana = await reminded(core)
    assert rows(ana.card) == {
        "When": "Mondays between 09:00 and 09:10, Europe/Berlin",
        "The next three": "• Mon 30 Nov, 09:00, Europe/Berlin\n"
        "• Mon 7 Dec, 09:00, Europe/Berlin\n"
        "• Mon 14 Dec, 09:00, Europe/Berlin",
    }


async def test_a_yes_pressed_twice_is_one_yes(core: Core, database: Database) -> None:
    ana = await reminded(core)
    await ana.act(RemindOn(0, 540))
    assert len(await rules(database)) == 1


@pytest.mark.parametrize(("weekday", "minute"), [(7, 540), (0, 1440), (99, 99999)])
async def test_a_forged_hour_is_not_taken(
    core: Core, database: Database, weekday: int, minute: int
) -> None:
    ana = in_berlin(core)
    await start(ana)
    await ana.act(RemindOn(weekday, minute))
    assert await rules(database) == []


async def test_without_a_plan_there_is_nothing_to_be_reminded_of(core: Core) -> None:
    ana = in_berlin(core)
    await ana.command("/reminders")
    assert "Reminders go with a plan" in ana.said
    await ana.act(RemindOn(0, 540))
    assert "Reminders go with a plan" in ana.said


async def test_a_plan_that_follows_another_does_not_ask_again(core: Core) -> None:
    ana = await reminded(core)
    await ana.command("/plan")
    await ana.press("Change my plan")
    assert "Want a weekly reminder?" not in ana.said


# Day, hour and zone


async def test_day_and_hour_are_changed_in_a_form(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Change day or hour")
    await ana.press("Another day or hour")
    assert isinstance(ana.last, Form)
    await ana.fill(weekday="4", time="half past", every="1")
    assert "I cannot read that as a time" in ana.said
    await ana.fill(weekday="4", time="6:30 pm", every="2")
    assert "Every other Friday between 18:30 and 18:40" in ana.said
    await ana.press("Save")
    assert rows(ana.card)["The next three"].startswith(
        "• Fri 27 Nov, 18:30, Europe/Berlin\n• Fri 11"
    )


async def test_on_discord_the_zone_is_asked_once(core: Core) -> None:
    ana = on_discord(core)
    await start(ana)
    await ana.press("Yes, Mondays at 09:00")
    assert ana.card.title == "Your time zone"
    menu = next(part for part in ana.card.parts if isinstance(part, Menu))
    berlin = next(option for option in menu.options if option.value == "Europe/Berlin")
    assert berlin.description == "now Mon 23 Nov, 09:00"
    await ana.choose("Europe/Berlin")
    assert "Mon 30 Nov, 09:00, Europe/Berlin" in ana.said

    await ana.press("Change day or hour")
    assert ana.card.title == "Your weekly reminder", "it is not asked again"


async def test_a_city_is_enough_to_find_a_zone(core: Core) -> None:
    ana = on_discord(core)
    await start(ana)
    await ana.press("Another day or hour")
    await ana.press("Search for a city")
    await ana.fill(city="Atlantis")
    assert "I know no such place" in ana.said
    await ana.fill(city="new")
    assert "Places that fit “new”" in ana.said
    await ana.choose("America/New York")
    assert "Mondays between 09:00 and 09:10, America/New York" in ana.said
    await ana.press("Yes, remind me")
    assert "• Mon 23 Nov, 09:00, America/New York" in ana.said, "it is three in the morning there"


async def test_a_place_can_be_typed_after_the_command(core: Core) -> None:
    ana = on_discord(core)
    await ana.command("/reminders Tokyo")
    assert "Your clocks are in Asia/Tokyo now." in ana.said
    await start(ana)
    await ana.press("Yes, Mondays at 09:00")
    assert "Mon 30 Nov, 09:00, Asia/Tokyo" in ana.said
    await ana.command("/reminders Europe/Berlin")
    assert "Mondays between 09:00 and 09:10, Europe/Berlin" in ana.said
    await ana.command("/reminders new")
    assert "Places that fit “new”" in ana.said
    await ana.choose("America/New York")
    assert "America/New York" in ana.said
    await ana.command("/reminders Atlantis")
    assert "“Atlantis”: I know no such place." in ana.said


async def test_a_place_typed_before_the_first_reminder_goes_into_the_offer(core: Core) -> None:
    ana = on_discord(core)
    await start(ana)
    await ana.command("/reminders Berlin")
    assert "Mondays between 09:00 and 09:10, Europe/Berlin" in ana.said
    await ana.press("Yes, remind me")
    assert "Mon 30 Nov, 09:00, Europe/Berlin" in ana.said


async def test_the_zone_follows_the_slack_profile(core: Core) -> None:
    ana = await reminded(core)
    moved = Chat(core, "ana", platform="slack", tenant="T1", zone="Asia/Tokyo")
    await moved.command("/reminders")
    assert "Mon 30 Nov, 09:00, Asia/Tokyo" in moved.said
    assert ana.person.user == moved.person.user


async def test_a_zone_that_was_chosen_stays_whatever_the_profile_says(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Change time zone")
    await ana.choose("Asia/Tokyo")
    await ana.command("/reminders")
    assert "Mon 30 Nov, 09:00, Asia/Tokyo" in ana.said


async def test_every_other_week_and_back(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Every other week")
    assert rows(ana.card)["When"].startswith("every other Monday")
    assert "Mon 7 Dec" in rows(ana.card)["The next three"]
    await ana.press("Every week")
    assert rows(ana.card)["When"].startswith("Mondays")


# Pausing and stopping


async def test_a_pause_ends_by_itself(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Pause")
    await ana.press("Until Mon 7 Dec")
    assert rows(ana.card)["Paused"] == "until Mon 7 Dec"
    assert rows(ana.card)["The next three"].startswith("• Mon 7 Dec, 09:00")
    await ana.press("Resume now")
    assert rows(ana.card)["The next three"].startswith("• Mon 30 Nov, 09:00")


async def test_a_pause_until_a_date_that_is_typed(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Pause")
    await ana.press("Another date")
    await ana.fill(until="yesterday")
    assert "is over: pick today or a later day." in ana.said
    await ana.fill(until="today")
    assert "Pick Tue 24 Nov or a later day." in ana.said
    await ana.fill(until="7 Jan 2027")
    assert rows(ana.card)["Paused"] == "until Thu 7 Jan 2027"
    assert rows(ana.card)["The next three"].startswith("• Mon 11 Jan, 09:00")


async def test_stopping_stops_and_can_be_taken_back(core: Core, database: Database) -> None:
    ana = await reminded(core)
    await ana.press("Stop")
    assert "nothing more comes unasked" in ana.said
    assert [rule["next_at"] for rule in await rules(database)] == [None]
    await ana.command("/reminders")
    await ana.press("Set one up")
    await ana.press("Yes, remind me")
    assert "Mon 30 Nov, 09:00" in ana.said


# The buttons of a reminder


async def delivered(core: Core, database: Database, clock: Clock) -> tuple[Chat, str]:
    """Ana has had this Monday's reminder; its id."""
    ana = await reminded(core)
    (rule,) = await rules(database)
    clock.now = datetime(2026, 11, 30, 8, 5, tzinfo=UTC)
    await database.transact(
        lambda tx: tx.run(
            "INSERT INTO deliveries (id, rule_id, local_date, platform, tenant, slot_at, due_at,"
            " state, kind, settled_at) VALUES ('d1', :rule, '2026-11-30', 'slack', 'T1', :at, :at,"
            " 'sent', 'weekly', :at)",
            rule=rule["id"],
            at=int(clock.now.timestamp()),
        )
    )
    return ana, "d1"


async def waiting(database: Database) -> list[str]:
    found = await database.transact(
        lambda tx: tx.fetch("SELECT local_date FROM deliveries WHERE state = 'pending'")
    )
    return [str(row["local_date"]) for row in found]


async def test_a_snoozed_reminder_comes_again_the_day_after(
    core: Core, database: Database, clock: Clock
) -> None:
    ana, delivery = await delivered(core, database, clock)
    for _ in range(2):
        await ana.act(Snooze(delivery))
        assert "It comes again on Tue 1 Dec, 09:00, Europe/Berlin" in ana.said
        clock.forward(hours=20)
    assert await waiting(database) == ["2026-12-01"]


async def test_a_skipped_week_calls_off_what_was_snoozed(
    core: Core, database: Database, clock: Clock
) -> None:
    ana, delivery = await delivered(core, database, clock)
    await ana.act(Snooze(delivery))
    await ana.act(SkipWeek(delivery))
    assert "Nothing more comes this week" in ana.said
    assert await waiting(database) == []
    await ana.command("/reminders")
    assert rows(ana.card)["The next three"].startswith("• Mon 7 Dec")


async def test_why_it_came_is_told_with_time_and_outcome(
    core: Core, database: Database, clock: Clock
) -> None:
    ana, delivery = await delivered(core, database, clock)
    await ana.act(WhyReminder(delivery))
    assert "You asked for it: Mondays between 09:00 and 09:10" in ana.said
    assert rows(ana.card) == {"Mon 30 Nov": "delivered, Mon 30 Nov, 09:05, Europe/Berlin"}


async def test_whoever_wants_to_go_on_goes_on(core: Core, database: Database, clock: Clock) -> None:
    ana, delivery = await delivered(core, database, clock)
    await ana.act(KeepReminders(delivery))
    assert "it goes on as before" in ana.said


@pytest.mark.parametrize("action", [Snooze("d1"), SkipWeek("d1"), KeepReminders("d1")])
async def test_somebody_elses_reminder_is_left_alone(
    core: Core, database: Database, clock: Clock, action: Snooze | SkipWeek | KeepReminders
) -> None:
    await delivered(core, database, clock)
    bo = in_berlin(core, "bo")
    await bo.act(action)
    assert "I don’t have that reminder" in bo.said
    assert await waiting(database) == []


async def test_changes_without_a_reminder_change_nothing(core: Core, database: Database) -> None:
    ana = in_berlin(core)
    await start(ana)
    for change in ("zone", "pause", "resume", "stop", "fortnight", "weekly"):
        await ana.act(ChangeReminders(change))
        assert ana.card.title == "No weekly reminder"
    assert await rules(database) == []


async def test_every_card_says_the_next_step(core: Core) -> None:
    ana = await reminded(core)
    for label in ("Change day or hour", "Change time zone", "Pause", "Why did it come, or not?"):
        await ana.command("/reminders")
        await ana.press(label)
        assert isinstance(ana.last, Message)
        assert labels(ana.card), f"{label} leads to a card without a way on"
