"""Retention: throws away tenants that removed the bot long ago, and old once-only marks."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store.database import Database, UnavailableError
from bot.store.drivers.limited import LimitedDatabase
from bot.store.facade import Store

log = logging.getLogger(__name__)

_EVERY_SECONDS = 6 * 60 * 60
_AT_ONCE = 200  # members a transaction: on SQLite everybody else waits for it
_SHARES = timedelta(days=30)


class Housekeeping:
    """Runs in every process; two that do the same work find less to do."""

    def __init__(
        self, database: Database, retention_days: int, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._clock = LimitedDatabase(database), clock
        self._retention = timedelta(days=retention_days)
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.tidy()
            except UnavailableError as error:
                log.warning("housekeeping waits for the database: %s", error)
            except Exception:
                log.exception("housekeeping failed")
            await asyncio.sleep(_EVERY_SECONDS)

    async def tidy(self) -> None:
        """Purge all that is due now, a portion a transaction."""
        now = self._clock()
        removed, shared = ((now - age).timestamp() for age in (self._retention, _SHARES))
        await self._database.transact(lambda tx: Store(tx).marks.purge(int(shared)))
        portions = 0
        while await self._database.transact(
            lambda tx: Store(tx).tenants.purge(int(removed), _AT_ONCE)
        ):
            portions += 1
        if portions:
            log.info("tenants that removed the bot were purged, in %d portions", portions)
