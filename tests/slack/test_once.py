"""Work that happens once, and work in the background that keeps its order."""

from __future__ import annotations

import asyncio

import pytest

from adapters.shared.once import Once
from adapters.shared.tasks import Background


async def test_a_repeat_waits_for_the_first_and_brings_nothing() -> None:
    once: Once[str] = Once()
    gate, runs = asyncio.Event(), 0

    async def work() -> str:
        nonlocal runs
        runs += 1
        await gate.wait()
        return "done"

    first, second = (asyncio.create_task(once.run("a", work)) for _ in range(2))
    await asyncio.sleep(0)
    assert not second.done()
    gate.set()
    assert (await first, await second, await once.run("a", work)) == ("done", None, None)
    assert runs == 1


async def test_what_failed_may_be_tried_again() -> None:
    once: Once[str] = Once()

    async def fails() -> str:
        raise LookupError

    async def works() -> str:
        return "done"

    with pytest.raises(LookupError):
        await once.run("a", fails)
    assert await once.run("a", works) == "done"


async def test_repeats_that_waited_for_one_that_failed_do_its_work_once() -> None:
    once: Once[str] = Once()
    gate, runs = asyncio.Event(), 0

    async def fails_first() -> str:
        nonlocal runs
        runs += 1
        await gate.wait()
        if runs == 1:
            raise LookupError
        return "done"

    running = [asyncio.create_task(once.run("a", fails_first)) for _ in range(3)]
    await asyncio.sleep(0)
    gate.set()
    first, *repeats = await asyncio.gather(*running, return_exceptions=True)
    assert isinstance(first, LookupError)
    assert sorted(repeats, key=str) == [None, "done"]
    assert runs == 2


async def test_only_the_latest_ids_are_remembered() -> None:
    once: Once[str] = Once(most=2)

    async def work() -> str:
        return "done"

    assert [await once.run(key, work) for key in "abca"] == ["done"] * 4
    assert await once.run("c", work) is None


async def test_work_under_one_key_keeps_its_order_and_survives_a_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    background, done = Background(), list[str]()

    async def work(name: str, pause: float) -> None:
        await asyncio.sleep(pause)
        if name == "b":
            raise ValueError(name)
        done.append(name)

    for name, pause in (("a", 0.03), ("b", 0.01), ("c", 0.0)):
        background.spawn("card", work(name, pause))
    background.spawn("another card", work("d", 0.0))
    await background.drain()
    assert done == ["d", "a", "c"]
    assert "could not be shown" in caplog.text
