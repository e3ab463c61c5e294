"""An operator has every address of a pack tried, against a server on this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator
from io import StringIO

import pytest
from aiohttp import web

from bot.chat.text import Link
from bot.ops.links import AT_ONE_HOST, addresses, run_links, try_links
from bot.pack.facts import NoteSection, Source
from bot.pack.learning import Place
from bot.pack.load import built_in, load
from bot.pack.model import Pack
from bot.pack.rules import walk
from tests.packs import changed, make_pack

OTHERS = ("/refused", "/moved", "/lent", "/gone", "/closed", "/broken")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Site:
    """A server that answers as the world's do, and counts how many ask at once."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.now = self.most = 0
        self.together: asyncio.Barrier | None = None
        self.at = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        self.now += 1
        self.most = max(self.most, self.now)
        if self.together:
            await self.together.wait()
        self.now -= 1
        match request.path:
            case "/refused" if request.method == "HEAD":
                return web.Response(status=405)
            case "/moved":
                return web.Response(status=301, headers={"Location": "/new"})
            case "/lent":
                return web.Response(status=302, headers={"Location": "/new"})
            case "/gone":
                return web.Response(status=404)
            case "/closed":
                return web.Response(status=403)
            case "/broken":
                return web.Response(status=500)
        return web.Response(text="here")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    there = Site()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", there.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    there.at = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield there
    await runner.cleanup()


def unused() -> str:
    """An address on this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def linking(*urls: str) -> Pack:
    links = tuple(Link(text="there", url=url) for url in urls)
    return changed(make_pack(), about=(NoteSection(kind="note", text=links),))


async def test_each_address_is_judged_by_what_its_server_answers(site: Site) -> None:
    closed = unused()
    urls = [f"{site.at}{path}" for path in ("/here", "/here#part", *OTHERS)]
    steps: list[tuple[int, int]] = []
    outcomes = await try_links([*urls, closed], lambda *step: steps.append(step))
    assert [outcome.url for outcome in outcomes] == [*urls, closed]
    assert [outcome.state for outcome in outcomes] == [
        "fine",
        "fine",
        "fine",
        "moved",
        "fine",
        "dead",
        "unsure",
        "unsure",
        "dead",
    ]
    assert outcomes[3].said == f"has moved to {site.at}/new"
    assert steps == [(done, 9) for done in range(10)]


async def test_who_answers_a_head_is_not_asked_twice_and_nobody_is_crowded(site: Site) -> None:
    site.together = asyncio.Barrier(AT_ONE_HOST)
    await try_links([f"{site.at}/{number}" for number in range(12)], lambda *_: None)
    assert sorted(site.asked) == sorted(("HEAD", f"/{number}") for number in range(12))
    assert site.most == AT_ONE_HOST


async def test_a_dead_address_is_named_and_ends_it_with_a_problem(site: Site) -> None:
    pack = linking(f"{site.at}/here", f"{site.at}/gone", f"{site.at}/moved")
    out, err = StringIO(), Terminal()
    assert await asyncio.to_thread(run_links, pack, out, err) == 1
    assert out.getvalue().splitlines() == [
        f"dead: {site.at}/gone isn’t there (404)",
        f"moved: {site.at}/moved has moved to {site.at}/new",
        "colours: 3 addresses tried: 1 fine, 1 moved, 1 dead, 0 unsure",
    ]
    assert err.getvalue().endswith(f"\r{'█' * 30} 3 of 3\n")


async def test_what_has_only_moved_is_said_and_is_no_problem(site: Site) -> None:
    out, err = StringIO(), StringIO()
    assert await asyncio.to_thread(run_links, linking(f"{site.at}/moved"), out, err) == 0
    assert "has moved to" in out.getvalue()
    assert err.getvalue() == ""  # no bar in a file


def test_without_internet_it_says_so_and_accuses_no_address() -> None:
    out = StringIO()
    assert run_links(linking(unused(), unused()), out, StringIO()) == 1
    assert "none of its 2 addresses can be reached from here" in out.getvalue()
    assert "dead" not in out.getvalue()


def test_a_pack_without_addresses_has_nothing_to_try() -> None:
    out = StringIO()
    assert run_links(make_pack(), out, StringIO()) == 0
    assert out.getvalue() == "colours: no addresses to try\n"


@pytest.mark.parametrize("name", sorted(built_in()))
def test_every_source_and_every_place_to_learn_is_tried(name: str) -> None:
    pack = load(built_in()[name])
    urls = addresses(pack)
    named = {part.url for _, part in walk(pack) if isinstance(part, Source | Place) and part.url}
    assert named
    assert named <= set(urls)
    assert len(set(urls)) == len(urls)
