"""kill -9 in the middle of a quiz: what was acknowledged is there, and nothing is half-written."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

import pytest

from bot.content import Pack
from bot.event import Command, Event, Input, Person, Place, Press
from bot.reply import Message, Reply
from bot.wire import Pick, Resume
from tests.stories import buttons

KILLS = 50
REPOSITORY = Path(__file__).parents[1]
PERSON = Person(platform="playground", tenant="local", user="ana")
PLACE = Place(tenant="local", channel="general")


class GoneError(Exception):
    """The process ended before it answered."""


class Process:
    """The real core in a process of its own."""

    def __init__(self, database: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.console", str(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        assert self._read() == "ready\n"

    def send(self, arrived: Input) -> Message:
        event = Event(id="1", person=PERSON, place=PLACE, input=arrived)
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(event.model_dump_json() + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise GoneError from error
        shown = Reply.model_validate_json(self._read()).show
        assert isinstance(shown, Message)
        return shown

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith("\n"):
            raise GoneError
        return line

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)

    def wait(self) -> None:
        self._process.wait()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # what had not been sent is gone with the process
            self._process.stdin.close()
        self._process.stdout.close()


@contextmanager
def running(database: Path) -> Iterator[Process]:
    process = Process(database)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answer_until_killed(process: Process, card: Message, seed: random.Random) -> dict[str, str]:
    """Answer question after question, round and round; what was acknowledged, by field."""
    acknowledged: dict[str, str] = {}
    try:
        while True:
            picks = [b.action for b in buttons(card) if isinstance(b.action, Pick)]
            if not picks:
                return acknowledged
            pick = seed.choice(picks)
            card = process.send(Press(action=pick))
            acknowledged[pick.field] = pick.value
    except GoneError:
        return acknowledged


def stored_answers(database: Path) -> dict[str, str]:
    with sqlite3.connect(database) as connection:
        [(integrity,)] = connection.execute("PRAGMA integrity_check").fetchall()
        [(state,)] = connection.execute(
            "SELECT coalesce(json_extract(state, '$.given.values'), '{}') FROM sessions"
        ).fetchall()
    connection.close()
    assert integrity == "ok"
    return dict(json.loads(state))


@pytest.mark.slow
def test_fifty_kills_at_random_moments_lose_no_acknowledged_answer(
    tmp_path: Path, pack: Pack
) -> None:
    seed = random.Random(20261122)
    reached, cut_short = set(), 0
    for number in range(KILLS):
        database = tmp_path / f"{number}.db"
        with running(database) as process:
            card = process.send(Command(name="quiz"))
            killer = Timer(seed.uniform(0.0, 0.02), process.kill)
            killer.start()
            acknowledged = answer_until_killed(process, card, seed)
            killer.join()
        stored = stored_answers(database)
        assert acknowledged.items() <= stored.items()
        # What was in flight may be there too, but only that: one answer at the most.
        assert len(stored) - len(acknowledged) in (0, 1)
        reached.add(len(acknowledged))
        cut_short += len(acknowledged) < len(pack.quiz.questions)
    assert len(reached) > 3, f"the kills always came at the same point: {reached}"
    assert cut_short > KILLS // 2


def test_after_a_kill_the_member_goes_on_where_they_were(tmp_path: Path, pack: Pack) -> None:
    database, first = tmp_path / "crossroads.db", pack.quiz.questions[0]
    with running(database) as process:
        card = process.send(Command(name="quiz"))
        label = next(b for b in buttons(card) if b.label == first.options[0])
        process.send(Press(action=label.action))
    with running(database) as process:
        back = process.send(Command(name="quiz"))
        assert "You were at: Question 2 of 9" in "\n".join(back.shown())
        resume = next(b.action for b in buttons(back) if isinstance(b.action, Resume))
        assert process.send(Press(action=resume)).title == "Question 2 of 9"
        # The card from before the kill is old by now, and says so kindly.
        stale = process.send(Press(action=label.action))
        assert stale.title == "Question 2 of 9"
    assert stored_answers(database) == {first.id: label.action.value}  # type: ignore[union-attr]
