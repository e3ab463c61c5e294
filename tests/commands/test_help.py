"""Help fits on one screen and leads into every command."""

import pytest

from bot.commands.catalog import ENTRIES
from bot.core.handle import Core
from tests.stories import Chat, labels


@pytest.mark.parametrize("line", ["/crossroads", "/crossroads help", "/help"])
async def test_help_leads_into_each_command(core: Core, line: str) -> None:
    ana = Chat(core)
    await ana.command(line)
    for command in ("/compare", "/quiz", "/plan", "/progress", "/reminders", "/crossroads"):
        assert command in ana.said
    for entry in ENTRIES:
        assert (entry.label in labels(ana.card)) is entry.listed
    await ana.press("Take the quiz")
    assert ana.card.title == "Question 1 of 13"


async def test_a_command_can_be_said_after_crossroads(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/crossroads compare pay")
    assert ana.card.title == "Pay"
    await ana.command("/crossroads /QUIZ")
    assert ana.card.title == "Question 1 of 13"


async def test_an_unknown_word_gets_the_nearest_command(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/crossroads progres")
    assert "I don’t know “progres”. Did you mean /progress?" in ana.said
    await ana.command("/crossroads qqqqqq")
    assert "Did you mean" not in ana.said


async def test_an_unknown_command_gets_the_nearest_one(core: Core) -> None:
    ana = Chat(core)
    await ana.command("/quizz")
    assert "I don’t know “quizz”. Did you mean /quiz?" in ana.said
