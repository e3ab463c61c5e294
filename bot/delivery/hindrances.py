"""Refusals that reminders wait out: a line in the log for each reason, not for each member."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from bot.adapter import Hindered
from bot.chat.event import Platform
from bot.store.database import Database
from bot.store.facade import Store
from bot.telemetry.metrics import HINDERED

log = logging.getLogger(__name__)

Reason: TypeAlias = tuple[Platform, str, str]

_AGAIN_SECONDS = 60 * 60  # as long as a reason lasts, it is told of once in so long


class Hindrances:
    """What this process was refused; `ticks` are seconds that only go forward."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._reported: dict[Reason, float] = {}

    def report(self, platform: Platform, tenant: str, hindered: Hindered) -> None:
        """Count a refusal, and say so unless it has just been said."""
        HINDERED.labels(platform, hindered.code if hindered.known else "other").inc()
        now, reason = self._ticks(), (platform, tenant, hindered.code)
        if reason in self._reported and now - self._reported[reason] < _AGAIN_SECONDS:
            return
        self._reported = {r: at for r, at in self._reported.items() if now - at < _AGAIN_SECONDS}
        self._reported[reason] = now
        log.error(
            "reminders on %s %s wait: refused with %s: %s", platform, tenant, hindered.code,
            hindered.advice,
        )  # fmt: skip


async def waiting(database: Database) -> list[str]:
    """A line for each reason why reminders wait, for whoever looks at the bot's health."""
    found = await database.transact(lambda tx: Store(tx).overview.hindered())
    return [
        f"reminders on {platform} wait since {_said(since)}: {count} refused with {code}"
        " (docs/operations.md, “Refusals”)"
        for platform, code, count, since in found
    ]


def _said(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M UTC")
