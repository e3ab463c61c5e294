"""How soon a lost connection is tried again, and how many sessions a day that may cost."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.gateway.budget import Limit
from adapters.discord.gateway.pauses import STEADY_SECONDS, Pauses

DAY = 86_400.0
LASTED = st.one_of(st.none(), st.floats(0, STEADY_SECONDS))


@given(st.lists(LASTED, min_size=1, max_size=200))
def test_however_long_nobody_answers_the_next_try_is_soon(lasted: list[float | None]) -> None:
    pauses = Pauses()
    assert all(pauses.after(each) <= 12 for each in lasted)


def test_a_good_connection_is_made_again_at_once() -> None:
    pauses = Pauses()
    assert pauses.after(3600.0) == 0
    assert pauses.after(0.1) == 0, "the first that is cut soon may be a coincidence"
    assert pauses.after(0.1) > 0


def test_being_taken_in_and_cut_again_is_no_success() -> None:
    pauses = Pauses()
    waited = [pauses.after(0.05) for _ in range(50)]
    assert sum(waited) > 300
    assert pauses.after(STEADY_SECONDS + 1) == 0, "this one was"


@given(st.integers(1, 4000), st.floats(0, 1), st.floats(60, DAY))
def test_a_day_s_sessions_never_run_out_for_want_of_patience(
    total: int, used: float, rest: float
) -> None:
    """Each session leads to nothing, and the next is wanted ten seconds later."""
    limit, now, last, begun = Limit(total, round(total * (1 - used)), rest, 1), 0.0, 0.0, 0
    allowed = limit.left
    while now < rest:
        if wait := limit.wait(now, last, again=True):
            now += wait
            continue
        limit = Limit(total, limit.left - 1, rest, 1)
        last, begun, now = now, begun + 1, now + 10
    assert begun <= allowed


def test_half_of_a_day_s_sessions_may_go_as_fast_as_they_help() -> None:
    assert Limit(1000, 501, DAY, 1).wait(10, 5, again=True) == 0
    assert Limit(1000, 500, DAY, 1).wait(10, 5, again=True) > 100
    assert Limit(1000, 500, DAY, 1).wait(10, 5, again=False) == 0, "a start is not to blame"
    assert Limit(1000, 0, DAY, 1).wait(10, 5, again=False) > DAY - 60
