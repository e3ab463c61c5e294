"""Time can be moved, and what it brings is there: in a real browser, in front of the process."""

import pytest
from playwright.async_api import expect

from tests.playground.conftest import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
]


async def test_reminders_come_as_the_clock_is_moved(visit: Visit) -> None:
    ana = await visit()
    side = ana.page.get_by_role("navigation")
    await side.get_by_role("button", name="Direct messages").first.click()
    await ana.say("/plan")
    for choice in ("AI Engineer", "Software engineer", "8 h"):
        await ana.press(choice)
    await expect(ana.last.get_by_role("button", name="Another day…")).to_be_visible()
    await ana.answer(0)
    await ana.press("Start this plan")
    await ana.press("Yes, Mondays at 09:00")
    await ana.sees("Your weekly reminder")

    await side.get_by_role("button", name="To the next reminder").click()
    await ana.sees("Your week on the way to AI Engineer")
    await expect(side.locator(".clock")).to_contain_text("Mon")
    await ana.shot("reminder")

    await ana.press("Snooze a day")
    await ana.sees("Snoozed")
    await side.get_by_role("button", name="A week on").click()
    await expect(ana.posts.filter(has_text="Your week on the way")).to_have_count(1)

    await side.get_by_role("switch", name="Direct messages closed").click()
    await side.get_by_role("button", name="Past the next clock change").click()
    await ana.page.get_by_role("button", name="Inspector", exact=True).click()
    inspector = ana.page.get_by_role("complementary", name="Inspector")
    await inspector.get_by_role("button", name="Reminders").click()
    await expect(ana.page.get_by_text("direct messages are closed")).to_be_visible()
    await ana.say("/progress")
    await expect(ana.last).to_contain_text("I could not send you a direct message")
