"""kill -9 in the middle of a quiz: what was acknowledged is there, and nothing is half-written."""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from bot.chat.actions import Pick, Resume
from bot.chat.event import Command, Event, Input, Person, Place, Press
from bot.chat.reply import Message
from bot.pack.model import Pack
from tests.fakes.console import Console, GoneError
from tests.stories import buttons

KILLS = 50
PERSON = Person(platform="playground", tenant="local", user="ana")
PLACE = Place(tenant="local", channel="general")


class Process(Console):
    """A console that one member talks to."""

    def say(self, arrived: Input) -> Message:
        shown = self.send(Event(id="1", person=PERSON, place=PLACE, input=arrived)).show
        assert isinstance(shown, Message)
        return shown


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
            card = process.say(Press(action=pick))
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
            card = process.say(Command(name="quiz"))
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
        card = process.say(Command(name="quiz"))
        label = next(b for b in buttons(card) if b.label == "A")
        process.say(Press(action=label.action))
    with running(database) as process:
        back = process.say(Command(name="quiz"))
        assert "You were at: Question 2 of 13" in "\n".join(back.shown())
        resume = next(b.action for b in buttons(back) if isinstance(b.action, Resume))
        assert process.say(Press(action=resume)).title == "Question 2 of 13"
        # The card from before the kill is old by now, and says so kindly.
        stale = process.say(Press(action=label.action))
        assert stale.title == "Question 2 of 13"
    assert isinstance(label.action, Pick)
    assert stored_answers(database) == {first.id: label.action.value}
