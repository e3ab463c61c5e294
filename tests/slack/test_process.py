"""The whole process in both modes: what members see, and what survives kills and faults."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.intake import socket_mode
from tests.fakes.slack import (
    FakeSlack,
    Held,
    Person,
    RateLimited,
    Refused,
    ResetAfterAccepting,
    ServerError,
)
from tests.fakes.slack.screen import Card
from tests.fakes.slack.world import Message
from tests.reminded import let_the_hour_come, states
from tests.secrets import requests
from tests.slack.conftest import ended, http_settings, running, socket_settings
from tests.slack.process import Process, free_port

pytestmark = pytest.mark.slow


async def answer(person: Person, times: int) -> None:
    """Press the first answer of so many questions."""
    for _ in range(times):
        await person.press(person.last.buttons[0])


class TestJourney:
    async def test_from_help_over_a_comparison_to_the_result_of_the_quiz(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice, bob = slack.person("alice"), slack.person("bob")
        await alice.command("/crossroads")
        await alice.press("Compare the roles")
        assert "AI Engineer" in alice.last.text
        await alice.command("/quiz")
        await answer(alice, 9)
        while "Skip" in alice.last.buttons:
            await alice.press("Skip")
        assert "Question" not in alice.last.text
        assert bob.messages == []
        assert alice.failures == []
        assert [call for call in slack.calls if call.error] == []
        assert slack.socket.violations == []
        assert await bot.stop() == 0

    async def test_a_shared_comparison_is_everybodys_to_open(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice, bob = slack.person("alice"), slack.person("bob")
        await alice.command("/compare", "pay")
        share = next(label for label in alice.last.buttons if "hare" in label)
        await alice.press(share)
        await bob.sees("Pay")
        (public,) = bob.messages
        before = public.text
        opens = next(label for label in public.buttons if label not in {"Take the quiz", "My plan"})
        await bob.press(opens, on=public)
        assert len(bob.messages) == 2
        assert bob.messages[0].text == before
        assert bob.messages[1].source not in [card.source for card in alice.messages]

    async def test_a_direct_message_does_what_the_command_does(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.say("quiz")
        await alice.sees("Question 1 of 13")
        await alice.press(alice.last.buttons[0])
        assert "Question 2 of 13" in alice.direct[-1].text
        await alice.say("qiuz")
        await alice.sees("Did you mean")
        assert len(alice.direct) == 4

    async def test_named_in_a_channel_it_answers_only_who_wrote(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice, bob = slack.person("alice"), slack.person("bob")
        await alice.mention("hello, what can you do?")
        assert alice.last.buttons
        assert bob.messages == []

    async def test_a_thread_is_answered_in_the_thread(self, slack: FakeSlack, bot: Process) -> None:
        alice = slack.person("alice")
        await alice.say("compare pay")
        first = alice.direct[0]
        await alice.say("thanks!", thread=first)
        assert isinstance(first.source, Message)
        answer = alice.last
        assert isinstance(answer.source, Message)
        assert answer.source.thread == first.source.ts
        await alice.press("Compare the roles", on=answer)
        assert [message.thread for message in slack.world.messages[2:]] == [first.source.ts] * 2

    async def test_the_shortcut_opens_the_quiz_in_a_modal(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.shortcut("open_quiz")
        assert "Question 1 of 13" in alice.last.text
        await answer(alice, 1)
        assert alice.modal is not None
        assert "Question 2 of 13" in alice.modal.text

    async def test_home_leads_into_every_command(self, slack: FakeSlack, bot: Process) -> None:
        alice = slack.person("alice")
        await alice.open_home()
        assert alice.home is not None
        await alice.press("Compare the roles", on=alice.home)
        assert alice.modal is not None
        assert "The difference in one sentence" in alice.modal.text

    async def test_many_reports_of_one_look_at_home_draw_it_once(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        drawn = asyncio.Event()
        slack.fail("views.publish", Held(drawn))
        await asyncio.gather(*(alice.open_home(quiet=True) for _ in range(20)))
        drawn.set()
        assert await bot.stop() == 0
        assert [call.method for call in slack.calls].count("views.publish") == 1

    async def test_a_plan_is_set_up_with_forms_and_home_keeps_step(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.open_home()
        assert alice.home is not None
        assert "Nothing to show yet" in alice.home.text
        await alice.command("/plan")
        for label in ("AI Engineer", "Software engineer", "Another number…"):
            await alice.press(label)
        alice.fill("Hours a week", "plenty")
        await alice.submit()
        assert list(alice.last.errors) == ["Hours a week"]
        alice.fill("Hours a week", "7")
        await alice.submit()
        assert alice.modal is None
        await alice.sees("Let’s make your plan: the first day")
        await alice.press(alice.last.buttons[0])
        assert "7 hours" in alice.last.text
        await alice.press("Start this plan")
        await until_home(alice, "0 of 17 steps")
        first = next(label for label in alice.home.buttons if label.startswith("Done: "))
        await alice.press(first, on=alice.home)
        await until_home(alice, "1 of 17 steps")
        assert alice.modal is None

        await alice.command("/plan")
        second = next(label for label in alice.last.buttons if label.startswith("Done: "))
        await alice.press(second)
        await until_home(alice, "2 of 17 steps")
        assert [call for call in slack.calls if call.error] == []


async def test_a_reminder_that_came_is_answered_in_words(slack: FakeSlack, tmp_path: Path) -> None:
    settings = {**socket_settings(slack), "REMINDER_POLL_SECONDS": "0.2"}
    bot = await running(slack, tmp_path, settings)
    alice = slack.person("alice")
    await alice.say("plan")
    for label in ("AI Engineer", "Software engineer", "8 h"):
        await alice.press(label)
    await alice.press(next(label for label in alice.last.buttons if label.startswith("Today, ")))
    await alice.press("Start this plan")
    await alice.press("Yes, Mondays at 09:00")
    let_the_hour_come(tmp_path / "crossroads.db")
    await alice.sees("Your week on the way")
    reminder = next(card for card in alice.direct if "Your week on the way" in card.text)
    for words, answer in (
        ("snooze", "It comes again on "),
        ("done: read ten job ads", "Done: Read ten job ads closely. Well done!"),
        ("Pause please", "Until when?"),
        ("thanks!", "You’re welcome"),
        ("pay", "Pay"),
        ("delete my data", "Delete everything?"),
        ("skip this week", "Nothing more comes this week"),
        ("STOP", "nothing more comes unasked"),
    ):
        await alice.say(words, thread=reminder)
        assert answer in alice.last.text, words
        assert _thread(alice.last) == _thread(reminder)
    assert states(tmp_path / "crossroads.db", "reminder_rules") == ["stopped"]
    assert states(tmp_path / "crossroads.db", "deliveries") == ["cancelled", "sent"]
    assert [call for call in slack.calls if call.error] == []
    await ended(bot, slack)


def _thread(card: Card) -> str:
    assert isinstance(card.source, Message)
    return card.source.thread or card.source.ts


async def until_home(person: Person, text: str) -> None:
    """Wait until the Home tab says so."""
    deadline = time.monotonic() + 5
    while person.home is None or text not in person.home.text:
        assert time.monotonic() < deadline, person.home and person.home.text
        await asyncio.sleep(0.01)


class TestRepeats:
    async def test_a_press_delivered_twice_at_once_counts_once(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.command("/quiz")
        card = alice.last
        payload = alice.press_payload(card, card.controls[0])
        acks = await asyncio.gather(*(alice.deliver("interactive", payload) for _ in range(5)))
        assert all(acks)
        await alice.sees("Question 2 of 13")
        assert len(alice.messages) == 1

    async def test_a_double_click_counts_once_and_is_answered_kindly(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.command("/quiz")
        card = alice.last
        clicks = [alice.press_payload(card, card.controls[0]) for _ in range(2)]
        await asyncio.gather(*(alice.deliver("interactive", click) for click in clicks))
        await alice.sees("answered already")
        assert "Question 2 of 13" in alice.last.text

    async def test_an_event_sent_again_is_answered_once_even_after_a_restart(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        event = {
            "type": "message",
            "channel": alice.direct_channel,
            "channel_type": "im",
            "user": alice.user,
            "text": "help",
            "ts": slack.world.ts(),
        }
        payload = slack.event_payload(slack.team, event)
        await asyncio.gather(*(slack.deliver("events_api", payload) for _ in range(3)))
        await alice.sees("/quiz")
        await bot.kill()
        await bot.start()
        if slack.delivery is slack.socket:
            await slack.socket.connected()
        await slack.deliver("events_api", payload)
        await alice.command("/compare")
        assert len(alice.direct) == 1


class TestKills:
    async def test_killed_in_mid_quiz_nothing_acknowledged_is_lost(
        self, slack: FakeSlack, bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.command("/quiz")
        for number in (2, 3):
            card = alice.last
            payload = alice.press_payload(card, card.controls[0])
            await alice.deliver("interactive", payload)
            await bot.kill()  # perhaps before the card could change
            await bot.start()
            if slack.delivery is slack.socket:
                await slack.socket.connected()
            if f"Question {number} of 13" not in alice.last.text:
                await alice.press(card.buttons[0])  # the old card shows where the member stands
            assert f"Question {number} of 13" in alice.last.text


class TestFaults:
    async def test_a_rate_limit_is_waited_out(self, slack: FakeSlack, http_bot: Process) -> None:
        alice = slack.person("alice")
        await alice.command("/quiz")
        slack.fail("response_url", RateLimited(0.7))
        await alice.press(alice.last.buttons[0])
        assert "Question 2 of 13" in alice.last.text
        refused, shown = [call for call in slack.calls if call.method == "response_url"]
        assert shown.at - refused.at >= 0.7

    async def test_a_card_is_changed_in_spite_of_a_server_error(
        self, slack: FakeSlack, http_bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.command("/quiz")
        slack.fail("response_url", ServerError())
        slack.fail("response_url", ResetAfterAccepting())
        await alice.press(alice.last.buttons[0])
        await alice.sees("Question 2 of 13")
        assert len(alice.messages) == 1

    async def test_what_the_room_sees_is_not_doubled_by_a_lost_answer(
        self, slack: FakeSlack, http_bot: Process
    ) -> None:
        alice, bob = slack.person("alice"), slack.person("bob")
        await alice.command("/compare", "pay")
        share = next(label for label in alice.last.buttons if "hare" in label)
        payload = alice.press_payload(alice.last, alice.last.control(share))
        slack.fail("response_url", ResetAfterAccepting(), times=2)
        await alice.deliver("interactive", payload)
        await bob.sees("Pay")
        assert await http_bot.stop() == 0  # whatever was to be sent has been
        assert len(bob.messages) == 1

    async def test_one_request_id_goes_from_the_event_to_the_answer(
        self, slack: FakeSlack, http_bot: Process
    ) -> None:
        alice = slack.person("alice")
        await alice.say("what I would tell nobody else")  # nor may the log
        await alice.command("/compare", "a topic of my own")
        await alice.command("/quiz")
        slack.fail("response_url", ServerError(404))
        slack.fail("chat.postEphemeral", Refused("channel_not_found"))
        slack.fail("chat.postMessage", Refused("channel_not_found"))
        await alice.press(alice.last.buttons[0], quiet=True)
        assert await http_bot.stop() == 0
        (lost,) = requests(http_bot.log, "the answer was not shown")
        (pressed,) = requests(http_bot.log, "command=Pick")
        assert lost == pressed

    async def test_a_dead_token_switches_the_workspace_off(
        self, slack: FakeSlack, http_bot: Process
    ) -> None:
        alice = slack.person("alice")
        slack.fail("chat.postMessage", Refused("account_inactive"))
        await alice.say("help", quiet=True)
        calls = len(slack.calls)
        await alice.say("quiz", quiet=True)
        await alice.open_home(quiet=True)
        assert await http_bot.stop() == 0
        assert len(slack.calls) == calls

    @pytest.mark.parametrize("revoked_first", [False, True])
    async def test_a_removed_app_says_so_and_makes_no_call(
        self, slack: FakeSlack, http_bot: Process, revoked_first: bool
    ) -> None:
        await slack.uninstall(slack.team, revoked_first)
        calls = len(slack.calls)
        alice = slack.person("alice")
        await alice.command("/quiz")
        assert "no longer installed" in alice.last.text
        await alice.say("quiz", quiet=True)
        assert await http_bot.stop() == 0
        assert len(slack.calls) == calls


def hurry() -> None:
    """Look for dead lines more often; how they are found and replaced is unchanged."""
    socket_mode.PING_SECONDS = 2.0
    socket_mode.AWAY_SECONDS = 4.0


@pytest.fixture
async def hurried_bot(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Process]:
    bot = await running(slack, tmp_path, socket_settings(slack), first=hurry)
    yield bot
    await ended(bot, slack)


class TestSockets:
    async def test_a_refused_ticket_is_not_tried_for_ever(
        self, slack: FakeSlack, hurried_bot: Process
    ) -> None:
        slack.socket.refuse_tickets = 4
        await slack.socket.drop()
        await slack.socket.connected(2, within=30)
        await slack.person("alice").command("/quiz")

    async def test_dropped_refreshed_and_half_open_lines_come_back(
        self, slack: FakeSlack, hurried_bot: Process
    ) -> None:
        alice = slack.person("alice")
        for fault in (slack.socket.drop, slack.socket.freeze, slack.socket.refresh):
            before = list(slack.socket.connections)
            await fault()
            await slack.socket.replaced(before, within=30)
            await alice.command("/compare")
        assert alice.failures == []


class TestStart:
    @pytest.mark.parametrize(
        ("variable", "given", "says"),
        [
            ("SLACK_BOT_TOKEN", "", "invalid_auth"),
            ("SLACK_APP_TOKEN", "", "invalid_auth"),
            ("SLACK_BOT_TOKEN", "the app token", "not_allowed_token_type"),
            ("SLACK_APP_TOKEN", "the bot token", "not_allowed_token_type"),
        ],
    )
    async def test_a_refused_token_ends_the_process_with_one_line(
        self, slack: FakeSlack, tmp_path: Path, variable: str, given: str, says: str
    ) -> None:
        tokens = {"the app token": slack.app_token, "the bot token": slack.bot_token}
        token = tokens.get(given, "xoxb-wrong")
        bot = Process(tmp_path, {**socket_settings(slack), variable: token}, fresh=True)
        await bot.start(ready=False)
        assert await bot.ended() == 2
        (line,) = [line for line in bot.log.splitlines() if line.startswith("crossroads:")]
        assert variable in line
        assert says in line
        assert token not in bot.log
        await ended(bot, slack)

    async def test_slack_out_of_reach_keeps_nobody_from_stopping(
        self, slack: FakeSlack, tmp_path: Path
    ) -> None:
        nowhere = f"http://127.0.0.1:{free_port()}/api/"
        bot = Process(tmp_path, {**http_settings(slack), "SLACK_API_URL": nowhere})
        await bot.start(ready=False)
        await bot.says("Slack has not been reached yet")
        assert await bot.stop() == 0
        await ended(bot, slack)

    async def test_slack_may_be_down_at_the_start(self, slack: FakeSlack, tmp_path: Path) -> None:
        slack.fail("auth.test", ServerError(503), times=2)
        bot = await running(slack, tmp_path, http_settings(slack))
        await slack.person("alice").command("/quiz")
        assert await bot.stop() == 0
        await ended(bot, slack)
