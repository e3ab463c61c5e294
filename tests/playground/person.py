"""A person at the page: what they type, press and see."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Locator, Page, expect


class Person:
    def __init__(self, page: Page, shots: Path, said: list[str]) -> None:
        self.page = page
        self._said = said
        self._shots = shots

    async def ready(self) -> None:
        """Wait until the page is drawn and connected."""
        await expect(self.line).to_be_visible()
        await self.page.wait_for_function("window.did_handshake === true")

    async def outlives(self, restart: Callable[[], Awaitable[None]]) -> None:
        """Leave the page open while the process ends and comes back; it draws itself anew."""
        await self.page.evaluate("window.before = true")
        await restart()
        await self.page.wait_for_function("!window.before")
        await self.ready()

    @property
    def line(self) -> Locator:
        return self.page.get_by_role("combobox")

    @property
    def posts(self) -> Locator:
        return self.page.locator(".post")

    @property
    def last(self) -> Locator:
        return self.posts.last

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def focused(self) -> Locator:
        return self.page.locator(":focus")

    async def say(self, words: str) -> None:
        self._said.append(words)
        await self.line.fill(words)
        await self.line.press("Enter")
        await expect(self.line).to_have_value("")

    async def press(self, label: str, on: Locator | None = None) -> None:
        """Press a button of the last card, or of another one."""
        await (on or self.last).get_by_role("button", name=label, exact=True).click()

    async def sees(self, title: str) -> Locator:
        """Wait until the last card has this title."""
        await expect(self.last.get_by_role("heading", level=3)).to_have_text(title)
        return self.last

    async def answer(self, number: int) -> None:
        """Give one of the answers of a question, counted from 0, and wait for what comes next."""
        title = await self.last.get_by_role("heading", level=3).inner_text()
        await self.last.locator(".card button").nth(number).click()
        await expect(self.last.get_by_role("heading", level=3)).not_to_have_text(title)

    async def shot(self, name: str) -> None:
        self._shots.mkdir(exist_ok=True)
        await self.page.screenshot(path=self._shots / f"{name}.png")
