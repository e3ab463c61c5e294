"""Tries every address that a pack sends its members to, and says which are dead or have moved."""

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TextIO, TypeAlias
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.chat.text import Link
from bot.pack.facts import Source
from bot.pack.learning import Place
from bot.pack.model import Pack
from bot.pack.rules import walk

State: TypeAlias = Literal["fine", "moved", "dead", "unsure"]

AT_ONCE: Final = 8
AT_ONE_HOST: Final = 2
SECONDS: Final = 15.0
"""For one request; an address gets two at most."""
_BAR = 30
_AGENT = "Mozilla/5.0 (compatible; Crossroads; checks the addresses of a content pack)"
_GONE = (404, 410)
_FOR_GOOD = (301, 308)
_SILENT = f"doesn’t answer within {SECONDS:.0f} seconds"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address; `said` says it, `reached` is whether any server answered.

    "unsure": there is a server, and it did not say whether the page is there.
    """

    url: str
    state: State
    said: str = ""
    reached: bool = True


def addresses(pack: Pack) -> tuple[str, ...]:
    """Every address in the pack, once: of its sources, of where to learn, and in its texts."""
    found = (
        part.url
        for _, part in walk(pack)
        if isinstance(part, Source | Place | Link) and part.url.startswith("http")
    )
    return tuple(dict.fromkeys(found))


async def try_links(urls: Sequence[str], progress: Callable[[int, int], None]) -> list[Outcome]:
    """What became of each, in order; `progress` is told how many of them are done."""
    found: dict[str, Outcome] = {}
    async with ClientSession(
        timeout=ClientTimeout(total=SECONDS), headers={"User-Agent": _AGENT}, trust_env=True
    ) as session:
        visits = _Visits(session)
        progress(0, len(urls))
        for coming in asyncio.as_completed([visits.outcome(url) for url in urls]):
            outcome = await coming
            found[outcome.url] = outcome
            progress(len(found), len(urls))
    return [found[url] for url in urls]


class _Visits:
    """Asks for addresses: a few at a time, and fewer of one host."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._all = asyncio.Semaphore(AT_ONCE)
        self._of_host = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(AT_ONE_HOST))

    async def outcome(self, url: str) -> Outcome:
        """HEAD costs least; who does not answer that well is asked with GET."""
        async with self._of_host[urlsplit(url).netloc], self._all:
            outcome = await self._asked("HEAD", url)
            if outcome.state in ("fine", "moved") or outcome.said == _SILENT:
                return outcome
            return await self._asked("GET", url)

    async def _asked(self, method: str, url: str) -> Outcome:
        try:
            # HEAD does not follow redirects by itself.
            async with self._session.request(method, url, allow_redirects=True) as answer:
                return _judged(url, answer)
        except TimeoutError:
            return Outcome(url, "unsure", _SILENT, reached=False)
        except (ClientError, OSError) as error:
            return Outcome(url, "dead", f"can’t be reached: {_why(error)}", reached=False)


def _judged(url: str, answer: ClientResponse) -> Outcome:
    if answer.status in _GONE:
        return Outcome(url, "dead", f"isn’t there ({answer.status})")
    if answer.status >= 400:
        return Outcome(
            url, "unsure", f"doesn’t say whether it’s there ({answer.status}): open it yourself"
        )
    for_good = any(hop.status in _FOR_GOOD for hop in answer.history)
    if for_good and _bare(str(answer.url)) != _bare(url):
        return Outcome(url, "moved", f"has moved to {answer.url}")
    return Outcome(url, "fine")


def _bare(url: str) -> str:
    """Without what makes no other page of it."""
    return urlsplit(url)._replace(fragment="").geturl().rstrip("/")


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def run_links(pack: Pack, out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> int:
    """Prints what became of the pack's addresses; the exit status is 1 where any is dead.

    It is 1 too where nothing could be reached at all, which says nothing of the addresses.
    """
    urls = addresses(pack)
    if not urls:
        out.write(f"{pack.id}: no addresses to try\n")
        return 0
    outcomes = asyncio.run(try_links(urls, _bar(err)))
    if not any(outcome.reached for outcome in outcomes):
        out.write(
            f"{pack.id}: none of its {len(urls)} addresses can be reached from here, so this says"
            " nothing about them. Try again where there is internet.\n"
        )
        return 1
    for outcome in outcomes:
        if outcome.state != "fine":
            out.write(f"{outcome.state}: {outcome.url} {outcome.said}\n")
    counted = Counter(outcome.state for outcome in outcomes)
    states: tuple[State, ...] = ("fine", "moved", "dead", "unsure")
    told = ", ".join(f"{counted[state]} {state}" for state in states)
    out.write(f"{pack.id}: {len(urls)} addresses tried: {told}\n")
    return 1 if counted["dead"] else 0


def _bar(err: TextIO) -> Callable[[int, int], None]:
    """A bar that fills, on a terminal; a file is spared it."""

    def show(done: int, of: int) -> None:
        if err.isatty():
            full = _BAR * done // of
            end = "\n" if done == of else ""
            err.write(f"\r{'█' * full}{'░' * (_BAR - full)} {done} of {of}{end}")
            err.flush()

    return show
