"""Erasure after a restore: whoever deleted their data stays deleted, though a backup had them."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from itertools import islice

from bot.store.database import Database, Transaction
from bot.store.facade import Store
from bot.store.privacy import Account

PORTION = 1_000
"""Accounts that are read, or tombstones that are written, in one transaction."""
KNOWN = 20_000
"""Tombstones that are held in memory at a time; each such portion looks at every account."""


async def erase_again(database: Database, tombstones: Mapping[str, int]) -> int:
    """Keep these tombstones, and delete again who lies under one; how many that were.

    In portions, each its own transaction, between which members are served as long as a portion
    took. What is done stays done where this is broken off; whoever runs it again does the rest.
    """
    given = iter(tombstones.items())
    while portion := dict(islice(given, PORTION)):
        await _keep(database, portion)
    gone, last = 0, ""
    while known := await _known(database, last):
        async for accounts in _portions(database):
            # Whoever came back after the deletion has begun anew, and stays.
            gone += await _delete(
                database, [a.member for a in accounts if a.created_at < known.get(a.digest, 0)]
            )
        last = next(reversed(known))
    return gone


async def _keep(database: Database, tombstones: dict[str, int]) -> None:
    await database.transact(lambda tx: Store(tx).privacy.keep_tombstones(tombstones), patient=True)


async def _known(database: Database, after: str) -> dict[str, int]:
    return await database.transact(
        lambda tx: Store(tx).privacy.tombstones(after, KNOWN), patient=True
    )


async def _portions(database: Database) -> AsyncIterator[list[Account]]:
    """Every account, in the order of the index that finds them."""
    last: Account | None = None
    while True:
        began = time.monotonic()
        accounts = await _page(database, last)
        if not accounts:
            return
        yield accounts
        last = accounts[-1]
        # On SQLite a portion shuts everybody else out, who look again only now and then.
        await asyncio.sleep(time.monotonic() - began)


async def _page(database: Database, last: Account | None) -> list[Account]:
    return await database.transact(
        lambda tx: Store(tx).privacy.accounts(last, PORTION), patient=True
    )


async def _delete(database: Database, members: list[str]) -> int:
    async def delete(transaction: Transaction) -> None:
        store = Store(transaction)
        for member in members:
            await store.members.delete(member)

    if members:
        await database.transact(delete, patient=True)
    return len(members)
