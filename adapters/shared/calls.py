"""API calls to a platform: how one fails, and when it is tried again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class CallError(Exception):
    """A call that did not succeed."""


class LimitedError(CallError):
    """Too many calls: nothing was done; ask again in so many seconds.

    `everywhere` says that it holds for all that the bot calls, and not for this route alone; `edge`
    that the wall before Discord said it, to all that comes from this address.
    """

    def __init__(self, seconds: float, *, everywhere: bool = False, edge: bool = False) -> None:
        super().__init__(f"rate limited for {seconds} s")
        self.seconds, self.everywhere, self.edge = seconds, everywhere or edge, edge


class UnreachedError(CallError):
    """No connection: nothing was sent."""


class UncertainError(CallError):
    """The connection broke, or the server failed, after the request was sent."""


PATIENCE = 30.0  # seconds of being told to wait, after which an answer is no longer worth it
TRIES = 3


async def patiently(
    act: Callable[[], Awaitable[T]], *, repeatable: bool, patience: float = PATIENCE
) -> T:
    """`act` again for as long as that does no harm: after a 429 as told, after a failed connection
    a little later, after an uncertain end only where doing it twice is doing it once.
    """
    tries = 0
    while True:
        try:
            return await act()
        except LimitedError as limited:
            patience -= limited.seconds
            if patience < 0:
                raise
            pause = limited.seconds
        except (UnreachedError, UncertainError) as error:
            tries += 1
            if tries >= TRIES or (isinstance(error, UncertainError) and not repeatable):
                raise
            pause = 0.2 * 2**tries * random.uniform(0.5, 1)  # noqa: S311 (jitter, not a secret)
        await asyncio.sleep(pause)
