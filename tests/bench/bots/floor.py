"""The press without a library: one transaction in raw sqlite3, in one hop to a thread."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.bench.bots import quiz


class Sessions:
    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._database = sqlite3.connect("quiz.db", isolation_level=None, check_same_thread=False)
        for pragma in quiz.PRAGMAS:
            self._database.execute(pragma)
        self._database.executescript(quiz.SCHEMA)

    async def press(self, user: str, pressed: str) -> int:
        """Commit it; the question that stands now. `start` is what the command does."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._pressed, user, pressed)

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _pressed(self, user: str, pressed: str) -> int:
        execute, now = self._database.execute, int(time.time())
        execute("BEGIN IMMEDIATE")
        if pressed == "start":
            question = 0
            execute("INSERT OR REPLACE INTO members VALUES (?, ?)", (user, now))
            execute("INSERT OR REPLACE INTO sessions VALUES (?, 0, '[]')", (user,))
        else:
            execute("UPDATE members SET seen_at = ? WHERE user = ?", (now, user))
            [(was, kept)] = execute(
                "SELECT question, answers FROM sessions WHERE user = ?", (user,)
            ).fetchall()
            question, answers = quiz.turned(was, json.loads(kept), pressed)
            execute(
                "UPDATE sessions SET question = ?, answers = ? WHERE user = ?",
                (question, json.dumps(answers), user),
            )
        execute("COMMIT")
        return question
