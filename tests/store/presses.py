"""A process that migrates a database and then presses: `python -m tests.store.presses URL NAME`.

Prints how many of its members' quizzes are kept as they were pressed.
"""

import asyncio
import sys

from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from bot.store.drivers.postgres import PostgresDatabase
from bot.store.migrate import migrate
from tests.stories import MONDAY, Chat

MEMBERS = 12


async def main(url: str, name: str) -> None:
    database = await PostgresDatabase.open(url)
    try:
        await migrate(database)
        core = Core(database, Packs((load(default_pack_path()),)), lambda: MONDAY)
        users = (f"{name}-{number}" for number in range(MEMBERS))
        kept = await asyncio.gather(*(_member(core, user) for user in users))
        sys.stdout.write(f"{sum(kept)}\n")
    finally:
        await database.close()


async def _member(core: Core, user: str) -> bool:
    """Skip some questions, and find the quiz open at the next one afterwards."""
    chat, skipped = Chat(core, user), len(user) % 3 + 2
    await chat.command("/quiz")
    for _ in range(skipped):
        await chat.press("Skip")
    await chat.command("/quiz")
    return f"Question {skipped + 1} of" in str(chat.card)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
