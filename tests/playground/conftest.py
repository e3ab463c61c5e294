"""The playground in a process of its own, and a real browser that looks at it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.fakes.forks import ROOT
from tests.playground.person import Person
from tests.secrets import Secrets, what_was_said
from tests.slack.process import Process, free_port

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
Visit: TypeAlias = Callable[..., Awaitable[Person]]
SHOTS = ROOT / "tests" / "screenshots"
WAIT = 30_000  # milliseconds: the machine may do much else


class Playground(Process):
    """`python -m bot` without a token: it serves the page, and people say things there."""

    @cached_property
    def said(self) -> list[str]:
        return []

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.settings['PLAYGROUND_PORT']}/"

    @property
    def database(self) -> Path:
        return self.directory / "crossroads.db"


@pytest_asyncio.fixture(loop_scope="module")
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    process = Playground(tmp_path, {"PLAYGROUND_PORT": str(free_port())})
    await process.start()
    try:
        yield process
    finally:
        await process.kill()
    Secrets({words: words for words in what_was_said(process.said)}).assert_absent(process.log)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("browser tests need `chromium` on the PATH")
    expect.set_options(timeout=WAIT)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS.split())
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, playground: Playground) -> AsyncIterator[Visit]:
    """Open the page as a member; the test fails if it complains, or asks anybody else."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []
    own = ("data:", "blob:", playground.page)

    async def open_page(member: str = "ana", channel: str = "room", **options: object) -> Person:
        wide = {"viewport": {"width": 1280, "height": 860}}
        context = await browser.new_context(**{**wide, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(WAIT)
        _watch(page, complaints, own)
        await page.goto(f"{playground.page}?member={member}&channel={channel}")
        person = Person(page, SHOTS, playground.said)
        await person.ready()
        return person

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []


def _watch(page: Page, complaints: list[str], own: tuple[str, ...]) -> None:
    def asked(url: str) -> None:
        if not url.startswith(own):
            complaints.append(f"asked for {url}")

    def said(kind: str, text: str) -> None:
        # The socket's own word about a server that was stopped on purpose.
        if kind in ("error", "warning") and "ERR_CONNECTION_REFUSED" not in text:
            complaints.append(f"{kind}: {text}")

    page.on("request", lambda request: asked(request.url))
    page.on("console", lambda message: said(message.type, message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
