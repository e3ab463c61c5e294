"""The benches run: each bot answers every press of a short round, and the ratios are printed."""

import pytest

from tests.bench import _presses, discord, slack

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_cover")]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_presses, "ANSWERS", {1: 4, 16: 32})
    monkeypatch.setattr(_presses, "WARM_UP", 16)


@pytest.mark.parametrize("where", ["discord", "http", "socket"])
async def test_every_press_is_answered_by_each(
    where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = {
        name: [await (discord.run(name) if where == "discord" else slack.run(name, where))]
        for name in discord.SUBJECTS
    }
    lost = [each.lost for (run,) in runs.values() for each in run.rounds.values()]
    assert lost == [0] * len(lost)
    _presses.report(where, runs)
    said = capsys.readouterr().out
    for other in (_presses.TUTORIAL, _presses.FLOOR):
        assert f"crossroads / {other}: p50 at 1 " in said
