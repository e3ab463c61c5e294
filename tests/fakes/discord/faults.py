"""Switches that make this Discord misbehave, each for a number of requests."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from tests.fakes.discord.errors import RefusalError, reply

Handle = Callable[[], Awaitable[web.StreamResponse]]


@dataclass
class Fault:
    """One kind of misbehaviour for the requests whose "METHOD /path" matches `where`."""

    where: str
    left: int
    kind: Literal["limit", "edge", "status", "reset", "lost", "hang"]
    status: int = 500
    retry_after: float = 0.0
    scope: Literal["user", "global", "shared"] = "user"
    code: int = 0


class Faults:
    """The switchboard."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self.released = asyncio.Event()

    def rate_limit(
        self,
        where: str,
        retry_after: float,
        times: int = 1,
        scope: Literal["user", "global", "shared"] = "user",
    ) -> None:
        """Answer 429 with a (fractional) Retry-After."""
        self._armed.append(Fault(where, times, "limit", 429, retry_after, scope))

    def shut_out(self, where: str, retry_after: float, times: int = 1, status: int = 429) -> None:
        """Answer as the edge does: a page for people, and the seconds in the header, if any."""
        self._armed.append(Fault(where, times, "edge", status, retry_after))

    def fail(self, where: str, status: int = 500, times: int = 1, code: int = 0) -> None:
        self._armed.append(Fault(where, times, "status", status, code=code))

    def reset(self, where: str, times: int = 1) -> None:
        """Cut the connection before anything is accepted."""
        self._armed.append(Fault(where, times, "reset"))

    def lose_answer(self, where: str, times: int = 1) -> None:
        """Accept and carry out the request, then cut the connection."""
        self._armed.append(Fault(where, times, "lost"))

    def hang(self, where: str, times: int = 1) -> None:
        """Say nothing until `released` is set."""
        self._armed.append(Fault(where, times, "hang"))

    def clear(self) -> None:
        self._armed.clear()
        self.released.set()

    def _take(self, request: web.Request) -> Fault | None:
        line = f"{request.method} {request.path}"
        for fault in self._armed:
            if fault.left > 0 and re.search(fault.where, line):
                fault.left -= 1
                return fault
        return None

    async def around(self, request: web.Request, handle: Handle) -> web.StreamResponse:
        match self._take(request):
            case None:
                return await handle()
            case Fault(kind="limit") as fault:
                return _limited(fault)
            case Fault(kind="edge", status=status, retry_after=seconds):
                headers = {"Retry-After": f"{seconds:.0f}"} if seconds else None
                page = "<html><title>Access denied | Error 1015</title></html>"
                return web.Response(
                    status=status, text=page, content_type="text/html", headers=headers
                )
            case Fault(kind="status", status=status, code=code):
                return RefusalError(status, code, f"{status}: made to fail").response()
            case Fault(kind="lost"):
                await handle()
                return _cut(request)
            case Fault(kind="hang"):
                await self.released.wait()
                return _cut(request)
            case _:
                return _cut(request)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)


def _limited(fault: Fault) -> web.Response:
    headers = {
        "Via": "1.1 google",  # without it discord.py takes a 429 for a ban by the edge
        "Retry-After": str(fault.retry_after),
        "X-RateLimit-Scope": fault.scope,
    }
    if fault.scope == "global":
        headers["X-RateLimit-Global"] = "true"
    body = {
        "message": "You are being rate limited.",
        "retry_after": fault.retry_after,
        "global": fault.scope == "global",
    }
    return reply(body, 429, headers)
