"""Two forks in one process on Slack, and the same database with one of them for a while."""

from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack, Person
from tests.slack.conftest import ended, http_settings, running

pytestmark = pytest.mark.slow

BOTH, ONE = "ai-vs-ml,swe-vs-ds", "ai-vs-ml"


async def take(person: Person, fork: str, questions: int) -> None:
    """The quiz of a fork, always with the first answer, up to its result."""
    await person.command("/quiz", fork)
    for number in range(1, questions + 1):
        assert f"Question {number} of" in person.last.text
        await person.press("A")
    while "See my result" not in person.last.buttons:
        await person.press("Skip")
    await person.press("See my result")


async def test_each_fork_has_its_quiz_and_a_plan_survives_that_its_pack_is_away(
    slack: FakeSlack, tmp_path: Path
) -> None:
    settings = http_settings(slack)
    alice = slack.person("alice")
    bot = await running(slack, tmp_path, {**settings, "CROSSROADS_PACKS": BOTH})
    await alice.command("/quiz")
    assert "Which fork are you at?" in alice.last.text
    assert alice.last.buttons == ["AI or ML", "Developer or Data"]
    await take(alice, ONE, 9)
    await take(alice, "swe-vs-ds", 10)
    await alice.command("/plan", "swe-vs-ds")
    for wanted in ("Data Scientist", "You code already", "5 h", "Today", "Start this plan"):
        for label in [label for label in alice.last.buttons if label.startswith(wanted)]:
            await alice.press(label)
    assert "Your plan to become a" in alice.last.text
    assert await bot.stop() == 0

    bot.settings = {**settings, "CROSSROADS_PACKS": ONE}
    await bot.start()
    await alice.command("/progress")
    assert "Nothing of it is lost" in alice.last.text
    assert await bot.stop() == 0

    bot.settings = {**settings, "CROSSROADS_PACKS": BOTH}
    await bot.start()
    await alice.command("/plan", "swe-vs-ds")
    assert "Your plan to become a" in alice.last.text
    assert [call for call in slack.calls if call.error] == []
    await ended(bot, slack)
