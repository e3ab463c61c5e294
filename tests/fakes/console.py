"""A process around the real core that takes events on standard input and answers on standard
output, a JSON line each: for tests that kill it.
"""

import asyncio
import sys
from pathlib import Path

from bot.core import Core
from bot.event import Event
from bot.pack import default_pack_path, load
from bot.store.migrate import migrate
from bot.store.sqlite import SQLiteDatabase


async def serve(path: Path) -> None:
    database = await SQLiteDatabase.open(path)
    try:
        await migrate(database)
        core = Core(database, load(default_pack_path()))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while line := await asyncio.to_thread(sys.stdin.readline):
            reply = await core.handle(Event.model_validate_json(line))
            sys.stdout.write(reply.model_dump_json() + "\n")
            sys.stdout.flush()
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
