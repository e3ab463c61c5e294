"""A process that delivers reminders to a platform on loopback, and is killed while it does.

It dies by its own hand at a named point of the way, or by its parent's at any other.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, assert_never

from adapters.discord.api import Rest
from adapters.discord.sender import DiscordSender
from adapters.slack.api import Api
from adapters.slack.sender import SlackSender
from bot.adapter import Found, Outcome, Sender
from bot.chat.event import Person
from bot.chat.reply import Message
from bot.delivery.worker import Worker
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.queue.attempts import Attempts
from bot.store.queue.claims import Claims
from bot.store.queue.deliveries import Deliveries
from bot.store.reminder_rules import ReminderRules
from bot.store.statements import Statements
from tests.delivery.town import FAST
from tests.fakes.slack.tokens import OneToken

OWNERS: Mapping[str, type[Statements]] = {
    "enqueue": Deliveries,
    "set_next": ReminderRules,
    "claim": Claims,
    "begin": Attempts,
    "settle": Attempts,
    "claim_unresolved": Claims,
}
IN_TRANSACTIONS = tuple(OWNERS)
FIRST = ("enqueue", "set_next", "claim")
ONCE = (*FIRST, "claim_unresolved")
AROUND_THE_REQUEST = ("sending committed", "sent")
POINTS = (*IN_TRANSACTIONS, *AROUND_THE_REQUEST)
PACK = load(default_pack_path())

Remote: TypeAlias = Literal["discord", "slack"]


@dataclass(frozen=True)
class Life:
    """`now` is the time of the story; `ahead` makes leases of earlier lives run out."""

    platform: Remote
    database: Path
    api_url: str
    token: str
    now: datetime
    ahead: float
    point: str = ""
    times: int = 1


class _Death:
    """Comes when its point has been passed so many times."""

    def __init__(self, life: Life) -> None:
        self._point, self._left = life.point, life.times

    def at(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def after(self, name: str) -> None:
        """Die in the transaction, before it is committed."""
        method: Callable[..., Awaitable[Any]] = getattr(OWNERS[name], name)

        async def dying(*arguments: Any, **named: Any) -> Any:
            result = await method(*arguments, **named)
            self.at(name)
            return result

        setattr(OWNERS[name], name, dying)


class _Sender:
    def __init__(self, sender: Sender, death: _Death) -> None:
        self._sender, self._death = sender, death

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        self._death.at("sending committed")
        outcome = await self._sender.send(person, message, nonce)
        self._death.at("sent")
        return outcome

    async def arrived(self, person: Person, nonce: str, since: int) -> Found:
        return await self._sender.arrived(person, nonce, since)


def live(life: Life) -> None:
    """Deliver until nothing is left to do."""
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    death = _Death(life)
    for name in IN_TRANSACTIONS:
        death.after(name)
    database = await SQLiteDatabase.open(life.database)
    try:
        async with _connected(life) as sender:
            worker = Worker(
                database,
                Packs((PACK,)),
                {life.platform: _Sender(sender, death)},
                poll_seconds=0,
                clock=lambda: life.now.astimezone(UTC),
                ticks=lambda: time.time() + life.ahead,
                rates=FAST,
            )
            for _ in range(2):  # the second time, what the first has found to be unsent
                await worker.poll()
                await worker.drained()
    finally:
        await database.close()


@asynccontextmanager
async def _connected(life: Life) -> AsyncIterator[Sender]:
    match life.platform:
        case "discord":
            rest = Rest(life.api_url, life.token)
            rest.open()
            yield DiscordSender(rest)
            await rest.close()
        case "slack":
            api = Api(OneToken(life.token), life.api_url)
            yield SlackSender(api)
            await api.close()
        case _:
            assert_never(life.platform)
