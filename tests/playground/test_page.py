"""The page in a real browser, in front of the whole process."""

import os
import sqlite3
import time

import pytest
from playwright.async_api import expect

from bot.commands.catalog import ENTRIES
from tests.fakes.forks import ROOT
from tests.playground.conftest import Playground, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
]

README_SHOT = ROOT / "docs" / "playground.png"


async def test_the_whole_journey_and_a_restart_in_the_middle(
    visit: Visit, playground: Playground
) -> None:
    ana = await visit()
    await expect(ana.page.get_by_text("Nothing here yet, Ana")).to_be_visible()
    await ana.shot("empty")
    await ana.say("/compare fits")
    await ana.sees("Which one suits you?")
    await ana.press("← The difference in one sentence")
    await ana.sees("The difference in one sentence")
    await ana.shot("compare")
    if os.environ.get("README_SCREENSHOT"):
        await ana.page.screenshot(path=README_SHOT)

    await ana.press("Take the quiz")
    for question in range(9):
        await ana.sees(f"Question {question + 1} of 13")
        await ana.answer(4 if question % 2 else 0)
    await ana.press("Skip")
    for _ in range(3):
        await ana.answer(1)
    await ana.sees("Your answers")
    await ana.press("See my result")
    await expect(ana.last.get_by_role("heading", level=3)).not_to_have_text("Your answers")
    await ana.shot("result")

    await ana.say("/plan")
    await expect(ana.posts).to_have_count(2)
    if await ana.last.get_by_role("button", name="AI Engineer", exact=True).count():
        await ana.press("AI Engineer")
    await expect(ana.last.get_by_role("button", name="Another day…")).to_be_visible()
    await ana.answer(0)
    await ana.sees("Your plan, before it starts")
    await ana.shot("preview")
    await ana.press("Start this plan")
    await expect(ana.last.get_by_role("heading", level=3)).to_contain_text("Your plan to become")
    await ana.last.get_by_role("button", name="Done:").first.click()
    await expect(ana.last.get_by_role("button", name="Undo")).to_be_visible()
    meter = await ana.last.get_by_role("progressbar").get_attribute("aria-label")
    await ana.shot("plan")

    async def restart() -> None:
        began = time.monotonic()
        assert await playground.stop() == 0
        assert time.monotonic() - began < 5  # although a page is open
        playground.fresh = True
        await playground.start()

    await ana.outlives(restart)
    await expect(ana.posts).to_have_count(2)
    await expect(ana.last.get_by_role("progressbar")).to_have_attribute("aria-label", meter or "?")
    await ana.say("/progress")
    await ana.sees("Your progress")
    await expect(ana.last.get_by_role("progressbar")).to_have_attribute("aria-label", meter or "?")
    await ana.shot("progress")
    await ana.press("Undo", on=ana.posts.nth(1))
    await expect(ana.posts.nth(1).get_by_role("progressbar")).to_have_attribute(
        "aria-valuenow", "0"
    )


async def test_with_the_keyboard_alone(visit: Visit) -> None:
    ana = await visit()
    keys = ana.page.keyboard
    await ana.line.focus()
    await keys.type("/")
    offers = ana.page.get_by_role("listbox", name="Commands").get_by_role("option")
    await expect(offers).to_have_count(len(ENTRIES))
    await ana.shot("commands")
    await keys.press("ArrowDown")
    await expect(ana.page.locator("[aria-selected=true]")).to_contain_text("/quiz")
    await keys.press("Escape")
    await expect(offers).to_have_count(0)

    await keys.press("Control+A")
    await keys.type("/com")
    await keys.press("Tab")
    await expect(ana.line).to_have_value("/compare ")
    await keys.type("sk")
    await expect(offers).to_have_count(1)
    await keys.press("Enter")
    await ana.sees("Skills, side by side")
    await expect(ana.line).to_be_focused()

    await keys.press("ArrowUp")
    await expect(ana.focused).to_have_attribute("aria-haspopup", "listbox")
    await keys.press("Enter")
    listbox = ana.page.get_by_role("listbox", name="Another topic")
    await expect(listbox).to_be_focused()
    await keys.press("Home")
    await keys.type("pay")
    await keys.press("Enter")
    card = await ana.sees("Pay")
    await expect(card).to_be_focused()
    await keys.press("Tab")
    await expect(ana.focused).to_have_text("Ismat Samadov")
    await keys.press("Tab")
    await keys.press("ArrowDown")
    await expect(listbox).to_be_focused()
    await keys.press("Escape")
    await expect(ana.focused).to_have_attribute("aria-haspopup", "listbox")

    await ana.line.focus()
    await keys.type("/qu")
    await keys.press("Enter")
    await ana.sees("Question 1 of 13")
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await ana.sees("Question 2 of 13")
    await expect(ana.last).to_be_focused()
    await expect(ana.page.get_by_role("status")).to_have_text("Crossroads: Question 2 of 13")


async def test_a_shared_card_stands_in_front_of_all_and_each_opens_their_own(visit: Visit) -> None:
    ana, ben = await visit("ana"), await visit("ben")
    await ana.say("/compare demand")
    await ana.sees("Demand")
    await ana.press("Share with the channel")
    await ben.sees("Demand")
    await expect(ben.posts).to_have_count(1)
    await expect(ben.last).to_contain_text("Ana shared this with the room")
    await expect(ben.last).not_to_contain_text("Only")
    await ben.press("Take the quiz")
    await ben.sees("Question 1 of 13")
    await expect(ben.last).to_contain_text("Only you can see this")
    await expect(ana.posts).to_have_count(2)

    await ana.page.get_by_role("switch", name="Others’ private cards").click()
    await expect(ana.last).to_contain_text("Only Ben can see this")
    await ana.shot("room")
    await ana.press("Skip")
    await ana.sees("That’s somebody else’s card")
    await ben.sees("Question 1 of 13")


async def test_a_person_can_be_each_member_in_turn(visit: Visit) -> None:
    ana = await visit()
    await ana.say("/quiz")
    await ana.sees("Question 1 of 13")
    side = ana.page.get_by_role("navigation")
    await side.get_by_role("button", name="Chi").click()
    await expect(ana.focused).to_contain_text("Chi")
    await expect(ana.page.get_by_text("Nothing here yet, Chi")).to_be_visible()
    await side.get_by_role("button", name="Direct messages").click()
    await ana.say("what about pay?")
    await expect(ana.last).to_contain_text("Chi wrote what about pay?")
    await ana.page.reload()
    await ana.ready()
    await expect(ana.last).to_contain_text("Chi wrote what about pay?")
    await side.get_by_role("button", name="Ana").click()
    await side.get_by_role("button", name="crossroads").click()
    await ana.press("Skip")
    await ana.sees("Question 2 of 13")


async def test_a_direct_message_shows_from_the_room_that_it_is_there(visit: Visit) -> None:
    ana, meanwhile = await visit(), await visit(channel="direct")
    new = ana.page.get_by_text("new", exact=True)
    await expect(new).to_be_hidden()
    await meanwhile.say("pay")
    await expect(new).to_be_visible()
    await ana.page.get_by_role("button", name="Direct messages").click()
    await expect(new).to_be_hidden()
    await expect(ana.last).to_contain_text("Ana wrote pay")


async def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(visit: Visit) -> None:
    ana = await visit()
    await ana.say("/plan")
    await expect(ana.last).to_be_visible()
    await ana.press("AI Engineer")
    await ana.answer(0)
    await ana.press("Another number…")
    field = ana.dialog.get_by_role("textbox")
    await expect(field).to_be_focused()
    await field.fill("a lot")
    await field.press("Enter")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_value("a lot")
    await expect(field).to_be_focused()
    await ana.shot("form")
    await field.press("Escape")
    await expect(ana.dialog).to_have_count(0)
    await expect(ana.focused).to_have_text("Another number…")
    await ana.page.keyboard.press("Enter")
    await field.fill("7")
    await ana.dialog.get_by_role("button", name="Continue").click()
    await expect(ana.dialog).to_have_count(0)
    await expect(ana.posts).to_have_count(1)
    await expect(ana.last.get_by_role("button", name="Another day…")).to_be_visible()


async def test_while_it_waits_a_card_takes_no_second_press(
    visit: Visit, playground: Playground
) -> None:
    ana = await visit()
    await ana.say("/quiz")
    await ana.sees("Question 1 of 13")
    busy = sqlite3.connect(playground.database, isolation_level=None)
    try:
        busy.execute("BEGIN IMMEDIATE")
        answer = ana.last.locator(".buttons button")
        await answer.nth(0).click()
        await expect(ana.last).to_have_attribute("aria-busy", "true")
        await expect(answer.nth(0)).to_have_class("button plain waiting")
        await expect(answer.nth(1)).to_have_attribute("aria-disabled", "true")
        await answer.nth(1).click(force=True)
        await ana.shot("waiting")
    finally:
        busy.execute("ROLLBACK")
        busy.close()
    await ana.sees("Question 2 of 13")
    await expect(ana.last).to_have_attribute("aria-busy", "false")
    await ana.press("← Back")
    await ana.sees("Question 1 of 13")
    await expect(ana.last.locator(".buttons button").nth(0)).to_have_class("button primary")


async def test_the_inspector_shows_the_card_the_store_and_each_platforms_payload(
    visit: Visit,
) -> None:
    ana = await visit()
    await ana.say("/compare pay")
    await ana.sees("Pay")
    await ana.say("/quiz")
    await ana.sees("Question 1 of 13")
    await ana.page.get_by_role("button", name="Inspector", exact=True).click()
    panel = ana.page.get_by_role("complementary", name="Inspector")
    content = panel.locator("pre")
    for tab, shown in {
        "Reply": '"title": "Question 1 of 13"',
        "Event": '"name": "quiz"',
        "Stored": '"zone": "Europe/Madrid"',
        "Slack": '"type": "actions"',
        "Discord": '"custom_id"',
    }.items():
        await panel.get_by_role("button", name=tab, exact=True).click()
        await expect(content).to_contain_text(shown)
    await ana.shot("inspector")
    await ana.posts.first.get_by_role("button", name="Inspect Pay").click()
    await expect(content).to_contain_text("Pay")
    await panel.get_by_role("button", name="Close the inspector").click()
    await expect(panel).to_be_hidden()


async def test_what_a_member_types_stays_text(visit: Visit) -> None:
    ana = await visit()
    script = "<img src=x onerror=document.title='run'><script>document.title='run'</script>"
    await ana.say(script)
    await expect(ana.posts.first).to_contain_text(script)
    await ana.say(f"/compare {script}")
    await expect(ana.last.locator(".card")).to_contain_text("<img src=x onerror")
    assert await ana.page.title() == "Crossroads playground"


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_on_a_phone_nothing_sticks_out_and_all_of_it_can_be_read(
    visit: Visit, colours: str
) -> None:
    ana = await visit(viewport={"width": 375, "height": 740}, color_scheme=colours)
    for command in ("/compare overview", "/compare pay", "/quiz", "/crossroads", "nothing"):
        await ana.say(command)
        await expect(ana.last).to_contain_text("")
        assert await ana.page.evaluate("document.documentElement.scrollWidth") == 375
    await ana.posts.first.scroll_into_view_if_needed()
    await ana.shot(f"phone-{colours}")
    assert await ana.page.evaluate(FAINT) == []
    assert await ana.page.evaluate(NAMELESS) == []
    await ana.page.get_by_role("button", name="Members and conversations").click()
    await expect(ana.page.get_by_role("button", name="Ben")).to_be_visible()
    assert await ana.page.evaluate(FAINT) == []
    await ana.shot(f"phone-side-{colours}")


async def test_colours_can_be_chosen_and_stay_chosen(visit: Visit) -> None:
    ana = await visit(color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = await ana.page.evaluate(ground)
    button = ana.page.locator(".theme")
    await button.click()
    await expect(button).to_have_attribute("aria-label", "Colours: light")
    await button.click()
    await expect(button).to_have_attribute("aria-label", "Colours: dark")
    dark = await ana.page.evaluate(ground)
    assert dark != light
    await ana.page.reload()
    await ana.ready()
    assert await ana.page.evaluate(ground) == dark


# Text whose contrast with what is behind it is under 4.5 (WCAG AA).
FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((c) => {
      const s = c / 255;
      return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.offsetWidth > 1)
    .filter((e) => !e.closest("script, style, [aria-disabled=true]"))
    .map((e) => {
      const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
      return [e.className || e.tagName, e.textContent.slice(0, 30), (a + 0.05) / (b + 0.05)];
    })
    .filter(([, , ratio]) => ratio < 4.5);
}"""

# Controls that a screen reader could not name.
NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, a[href]")]
  .filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length))
  .map((e) => e.outerHTML)"""
