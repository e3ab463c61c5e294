"""Second thoughts about reminders: old cards, ways back, and what has changed meanwhile."""

import pytest

from bot.chat.actions import ChangeReminders, Confirm, OpenForm, Pick, Snooze, Ticket
from bot.chat.event import Choice
from bot.chat.form import Form
from bot.core.handle import Core
from bot.store.database import Database
from bot.store.facade import Store
from tests.commands.test_plan_setup import start
from tests.commands.test_reminders import delivered, in_berlin, on_discord, reminded, rules
from tests.stories import Clock, button, labels, rows


async def rest(database: Database, state: str, reason: str) -> None:
    """The bot puts Ana's reminder to rest on its own account."""
    (rule,) = await rules(database)
    await database.transact(
        lambda tx: Store(tx).reminder_rules.suspend(
            str(rule["id"]), state, reason, tell=True, now=1
        )
    )


async def open_ticket(database: Database) -> Ticket:
    """The turn that the open conversation waits for."""
    (row,) = await database.transact(
        lambda tx: tx.fetch("SELECT id, turn FROM sessions WHERE kind = 'reminders'")
    )
    return Ticket(row["id"], row["turn"])


# Thought over


async def test_not_now_leaves_no_reminder(core: Core, database: Database) -> None:
    ana = in_berlin(core)
    await start(ana)
    await ana.press("Another day or hour")
    await ana.press("Not now")
    assert "Nothing was changed." in ana.said
    assert ana.card.title == "No weekly reminder"
    assert await rules(database) == []


async def test_a_zone_that_is_thought_over_leads_back_to_the_offer(core: Core) -> None:
    ana = in_berlin(core)
    await start(ana)
    await ana.press("Another day or hour")
    await ana.press("Another time zone")
    await ana.press("Search for a city")
    await ana.fill(city="new")
    await ana.press("← Back")
    assert "Where do you keep your watch?" in ana.said
    await ana.press("← Back")
    assert "Mondays between 09:00 and 09:10, Europe/Berlin" in ana.said
    assert "Yes, remind me" in labels(ana.card)


async def test_the_zone_that_is_known_can_be_kept(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Change time zone")
    await ana.press("Keep Europe/Berlin")
    assert "Your time zone stays" in ana.said
    assert "Mon 30 Nov, 09:00, Europe/Berlin" in ana.said


async def test_a_change_of_zone_that_is_thought_over_changes_nothing(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Change time zone")
    await ana.press("← Back")
    assert "Nothing was changed." in ana.said
    assert "Mon 30 Nov, 09:00, Europe/Berlin" in ana.said


async def test_a_city_with_one_answer_is_taken_at_once(core: Core) -> None:
    ana = on_discord(core)
    await start(ana)
    await ana.press("Yes, Mondays at 09:00")
    await ana.press("Search for a city")
    await ana.fill(city="  ")
    assert isinstance(ana.last, Form)
    assert ana.last.errors
    await ana.fill(city="Nairobi")
    assert "Done: I will write to you." in ana.said
    assert "Mon 30 Nov, 09:00, Africa/Nairobi" in ana.said


async def test_a_pause_that_is_thought_over_changes_nothing(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Pause")
    await ana.press("← Back")
    assert "Nothing was changed." in ana.said
    assert "Paused" not in rows(ana.card)


# Old cards, and forged ones


async def test_a_card_that_was_answered_shows_where_one_is(core: Core) -> None:
    ana = in_berlin(core)
    await start(ana)
    await ana.press("Another day or hour")
    offer = ana.card
    await ana.press("Another time zone")
    places = ana.card
    await ana.press("Not now", on=offer)
    assert "answered already" in ana.said
    assert "Where do you keep your watch?" in ana.said
    await ana.choose("Asia/Tokyo", on=places)
    await ana.choose("Asia/Tokyo", on=places)
    assert "Mondays between 09:00 and 09:10, Asia/Tokyo" in ana.said
    offer = ana.card
    await ana.press("Yes, remind me")
    await ana.press("Yes, remind me", on=offer)
    assert "answered already" in ana.said
    assert "Mon 30 Nov, 09:00, Asia/Tokyo" in ana.said
    await ana.press("Pause")
    await ana.press("Not now", on=offer)
    assert ana.card.title == "Pause the reminder"


@pytest.mark.parametrize("label", ["Change day or hour", "Change time zone", "Pause"])
async def test_a_forged_answer_leaves_the_question_open(
    core: Core, database: Database, label: str
) -> None:
    ana = await reminded(core)
    await ana.press(label)
    asked = ana.card.title
    for field, value in (("zone", "Middle/Earth"), ("pause", "9999"), ("pause", "0"), ("x", "y")):
        await ana.send(Choice(action=Pick(await open_ticket(database), field), value=value))
        assert ana.card.title == asked
    (rule,) = await rules(database)
    assert (rule["state"], rule["paused_until"]) == ("active", None)


async def test_a_forged_answer_after_the_end_shows_how_it_stands(
    core: Core, database: Database
) -> None:
    ana = await reminded(core)
    await ana.press("Pause")
    await ana.press("← Back")
    await ana.act(Confirm(await open_ticket(database)))
    assert ana.card.title == "Your weekly reminder"
    await ana.act(OpenForm(await open_ticket(database), "time"))
    assert ana.card.title == "Your weekly reminder"


# What has changed meanwhile


async def test_a_yes_after_the_plan_has_ended_sets_nothing_up(
    core: Core, database: Database
) -> None:
    ana = in_berlin(core)
    await start(ana)
    await ana.press("Another day or hour")
    offer = ana.card
    await ana.command("/plan stop")
    await ana.press("Stop it")
    await ana.press("Yes, remind me", on=offer)
    assert "Reminders go with a plan" in ana.said
    assert await rules(database) == []
    await ana.act(ChangeReminders("setup"))
    assert "Reminders go with a plan" in ana.said


async def test_a_pause_finds_that_the_reminder_rests_already(
    core: Core, database: Database
) -> None:
    ana = await reminded(core)
    await ana.press("Pause")
    asked = ana.card
    await rest(database, "paused", "refused")
    await ana.press("Until Mon 7 Dec", on=asked)
    assert ana.card.title == "Your weekly reminder is paused"
    assert "I could not send you a direct message" in ana.said
    await ana.act(ChangeReminders("pause"))
    assert ana.card.title == "Your weekly reminder is paused"


async def test_what_rests_is_switched_on_again_with_a_plan_only(
    core: Core, database: Database
) -> None:
    ana = await reminded(core)
    await rest(database, "paused", "ignored")
    await ana.command("/reminders")
    assert "It used to come on Mondays between 09:00 and 09:10, Europe/Berlin." in ana.said
    resting = ana.card
    await ana.command("/plan stop")
    await ana.press("Stop it")
    await ana.press("Switch it on again", on=resting)
    assert "There is no plan to remind you of. Make one with /plan" in ana.said
    await start(ana)
    await ana.press("Switch it on again", on=resting)
    assert "It comes again." in ana.said
    assert "Mon 30 Nov, 09:00" in ana.said


async def test_a_reminder_does_not_promise_what_a_plan_forbids(core: Core) -> None:
    ana = await reminded(core)
    await ana.command("/plan pause")
    await ana.press("Pause it")
    await ana.command("/reminders")
    assert "Your plan is paused: no reminders until you resume it." in ana.said
    await ana.command("/plan stop")
    await ana.press("Stop it")
    await ana.command("/reminders")
    assert "You have no plan at the moment: nothing comes until you make one" in ana.said


async def test_the_zone_of_a_resting_reminder_can_be_changed(
    core: Core, database: Database
) -> None:
    ana = await reminded(core)
    await rest(database, "paused", "ignored")
    await ana.command("/reminders New York")
    assert "Your time zone is America/New York now. The reminder stays as it is." in ana.said
    (rule,) = await rules(database)
    assert rule["state"] == "paused"


async def test_every_other_week_keeps_its_weeks_when_the_hour_moves(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Every other week")
    before = rows(ana.card)["The next three"]
    await ana.press("Change day or hour")
    await ana.press("Another day or hour")
    await ana.fill(time="8:30")
    await ana.press("Save")
    assert rows(ana.card)["The next three"] == before.replace("09:00", "08:30")


async def test_a_snooze_after_the_reminder_was_stopped_brings_nothing(
    core: Core, database: Database, clock: Clock
) -> None:
    ana, delivery = await delivered(core, database, clock)
    await ana.act(ChangeReminders("stop"))
    await ana.act(Snooze(delivery))
    assert ana.card.title == "No weekly reminder"
    waiting = await database.transact(
        lambda tx: tx.fetch("SELECT id FROM deliveries WHERE state = 'pending'")
    )
    assert waiting == []


async def test_after_a_stop_the_way_back_shows_what_came(
    core: Core, database: Database, clock: Clock
) -> None:
    ana, _ = await delivered(core, database, clock)
    await ana.act(ChangeReminders("stop"))
    await ana.command("/reminders")
    await ana.press("What came so far")
    assert "At the moment nothing is sent to you." in ana.said
    assert "Mon 30 Nov" in rows(ana.card)


async def test_before_the_first_one_there_is_nothing_to_explain(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Why did it come, or not?")
    assert ana.card.title == "Nothing has come so far"


async def test_a_new_plan_does_not_ask_who_is_reminded_already(core: Core) -> None:
    ana = await reminded(core)
    await ana.command("/plan stop")
    await ana.press("Stop it")
    await start(ana)
    assert "Want a weekly reminder?" not in ana.said


async def test_a_finished_plan_says_why_nothing_comes(core: Core, database: Database) -> None:
    ana = await reminded(core)
    await rest(database, "stopped", "finished")
    await ana.command("/reminders")
    assert "Your plan is finished, so there is nothing left to remind you of." in ana.said


async def test_the_offer_of_a_saved_reminder_says_save(core: Core) -> None:
    ana = await reminded(core)
    await ana.press("Change day or hour")
    assert button(ana.card, "Save")
    assert "The next one comes on Mon 30 Nov" in ana.said
