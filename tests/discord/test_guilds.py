"""Which servers have the bot, also after it was away."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.gateway.dispatch import Listed
from adapters.discord.guilds import Guilds, corrections
from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from bot.store.database import Database, Transaction, UnavailableError
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import migrate
from tests.discord.conftest import Bot
from tests.fakes.discord import FakeDiscord

T = TypeVar("T")
GUILDS = [str(number << 22) for number in range(1, 13)]
KNOWN = st.dictionaries(st.sampled_from(GUILDS), st.sampled_from(["active", "removed"]))


@given(KNOWN, st.sets(st.sampled_from(GUILDS)), st.integers(1, 4), st.data())
def test_records_agree_with_the_list_of_a_shard_and_others_stay(
    known: dict[str, str], has: set[str], shards: int, data: st.DataObject
) -> None:
    shard = data.draw(st.integers(0, shards - 1))
    of_shard = [guild for guild in GUILDS if (int(guild) >> 22) % shards == shard]
    listed = Listed(shard, shards, frozenset(has & set(of_shard)))
    before = {**known, "discord": "active"}
    wrong = corrections(listed, before)
    after = {**before, **wrong}
    assert {guild for guild in of_shard if after.get(guild) == "active"} == listed.guilds
    assert set(wrong) <= set(of_shard)
    assert all(before.get(guild) != state for guild, state in wrong.items())
    assert corrections(listed, after) == {}


@dataclass
class Busy:
    """A database that is out of reach so many times."""

    database: Database
    times: int

    async def transact(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        alone: bool = False,
        patient: bool = False,
    ) -> T:
        if self.times:
            self.times -= 1
            raise UnavailableError("busy")
        return await self.database.transact(work, alone=alone, patient=patient)

    async def close(self) -> None:
        await self.database.close()


async def test_what_cannot_be_written_now_is_written_later_and_in_order(tmp_path: Path) -> None:
    database = await SQLiteDatabase.open(tmp_path / "crossroads.db")
    await migrate(database)
    work: list[Coroutine[Any, Any, None]] = []
    pauses: list[float] = []

    async def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return True

    guilds = Guilds(
        Core(Busy(database, times=3), Packs((load(default_pack_path()),))), work.append, pause
    )
    guilds.listed(Listed(0, 1, frozenset(GUILDS[:2])))
    guilds.changed(GUILDS[0], here=False)
    guilds.changed(GUILDS[2], here=True)
    await asyncio.gather(*work)
    known = await database.transact(lambda tx: Store(tx).tenants.states("discord"))
    await database.close()
    assert len(pauses) == 3
    assert {guild: known[guild] for guild in GUILDS[:3]} == dict(
        zip(GUILDS[:3], ("removed", "active", "active"), strict=True)
    )


async def states(bot: Bot, *, until: dict[str, str]) -> None:
    """Wait until the records of servers are these."""
    sql = "SELECT tenant, state FROM tenants WHERE platform = 'discord' AND tenant <> 'discord'"
    async with asyncio.timeout(20):
        while True:
            if {str(guild): state for guild, state in bot.query(sql)} == until:
                break
            await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_who_threw_the_bot_out_while_it_was_away_is_marked(
    bot: Bot, discord: FakeDiscord, server: str
) -> None:
    leaving, coming_back = discord.add_guild(), discord.add_guild()
    await bot.connected()
    await states(bot, until=dict.fromkeys((server, leaving, coming_back), "active"))
    kept = discord.world.guilds[coming_back]
    await discord.remove_from(coming_back)
    await states(bot, until={server: "active", leaving: "active", coming_back: "removed"})
    assert await bot.terminate() == 0

    bot.write("UPDATE tenants SET state = 'off' WHERE tenant = 'discord'")  # a token was refused
    await discord.remove_from(leaving)  # nobody is told
    discord.world.guilds[coming_back] = kept
    await bot.connected()
    await states(bot, until={server: "active", leaving: "removed", coming_back: "active"})
    assert bot.query("SELECT state FROM tenants WHERE tenant = 'discord'") == [("active",)]


@pytest.mark.slow
async def test_a_shard_says_nothing_of_the_servers_of_another(
    bot: Bot, discord: FakeDiscord
) -> None:
    discord.world.guilds.clear()
    mine, theirs = (on_shard(discord, number, 2) for number in (0, 1))
    await bot.connected()  # one shard for all
    await states(bot, until={mine: "active", theirs: "active"})
    assert await bot.terminate() == 0
    await discord.remove_from(mine)
    await discord.remove_from(theirs)
    await bot.connected(DISCORD_SHARD_COUNT="2", DISCORD_SHARD_IDS="0")
    await states(bot, until={mine: "removed", theirs: "active"})


def on_shard(discord: FakeDiscord, shard: int, shards: int) -> str:
    """A new server that this shard is told of; ids carry the time, so another comes soon."""
    while (int(guild := discord.add_guild()) >> 22) % shards != shard:
        del discord.world.guilds[guild]
    return guild
