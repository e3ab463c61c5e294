"""Nobody can keep the rest waiting, and nobody who is merely quick is stopped."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.event import Person
from bot.core.handle import Core
from bot.core.rate_limit import Pace
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.store.drivers.sqlite import SQLiteDatabase
from tests.stories import Chat, Clock

ANA = Person(platform="slack", tenant="T1", user="U1")
BO = Person(platform="slack", tenant="T1", user="U2")


def test_a_burst_is_taken_then_one_at_a_time() -> None:
    pace = Pace(60)
    assert sum(pace.takes(ANA, 100.0) for _ in range(100)) == 60
    assert not pace.takes(ANA, 100.5)
    assert pace.takes(ANA, 101.1)
    assert not pace.takes(ANA, 101.1)


def test_each_member_has_their_own_bucket() -> None:
    pace = Pace(1)
    assert pace.takes(ANA, 0.0)
    assert not pace.takes(ANA, 0.0)
    assert pace.takes(BO, 0.0)


def test_nothing_is_refused_where_there_is_no_limit() -> None:
    pace = Pace(0)
    assert all(pace.takes(ANA, 0.0) for _ in range(1000))


@given(st.integers(1, 300), st.lists(st.floats(0, 30), max_size=200))
def test_no_minute_takes_more_than_twice_the_limit(limit: int, pauses: list[float]) -> None:
    """A full bucket, and what flows in meanwhile: however the events come."""
    pace, now, taken = Pace(limit), 0.0, list[float]()
    for pause in pauses:
        now += pause
        if pace.takes(ANA, now):
            taken.append(now)
    assert all(sum(at <= one < at + 60 for one in taken) <= 2 * limit for at in taken)


def test_strangers_in_great_numbers_do_not_fill_the_memory() -> None:
    pace = Pace(1)
    for number in range(10_050):
        pace.takes(ANA.model_copy(update={"user": str(number)}), 0.0)
    assert len(pace._buckets) == 10_000


async def test_whoever_is_too_fast_gets_a_kind_word_and_nothing_is_written(
    database: SQLiteDatabase, pack: Pack, clock: Clock
) -> None:
    core = Core(database, Packs((pack,)), clock, pace=Pace(2))
    ana = Chat(core)
    await ana.command("/quiz")
    question = ana.card
    await ana.press("Skip")
    await ana.press("Skip")
    assert ana.card.title == "One moment, please"
    assert ana.card.placement == "new"  # the card that was pressed stays where it is
    bo = Chat(core, "bo")
    await bo.command("/quiz")
    assert bo.card.title == question.title
