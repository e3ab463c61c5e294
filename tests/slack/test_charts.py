"""Slack draws charts where it can, and says them in words where a workspace refuses."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack import render
from adapters.slack.api import Api
from adapters.slack.charts.block import chart_block
from adapters.slack.respond import Responder, Surface
from bot.chat.chart import Bar, Bars, Chart
from bot.chat.reply import Message
from tests.fakes.slack import FakeSlack, Refused
from tests.fakes.slack.limits import problems_of_message
from tests.fakes.slack.tokens import OneToken
from tests.pictures.charts import CHARTS, PAY, PROGRESS, RESULT

CARD = Message(title="Pay", parts=(PAY,))


@pytest.fixture
async def api(slack: FakeSlack) -> AsyncIterator[Api]:
    api = Api(OneToken(slack.bot_token), slack.api_url)
    yield api
    await api.close()


def surface(slack: FakeSlack, *, url: bool = True) -> Surface:
    body = slack.person("alice").command_payload("/compare", channel="general")
    body["response_url"] = body["response_url"] if url else ""
    return Surface.of(body, body["team_id"], body["user_id"])


def kinds(blocks: list[dict[str, object]]) -> list[object]:
    return [block["type"] for block in blocks]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_within_what_slack_takes(name: str) -> None:
    card = Message(title="Chart", parts=(CHARTS[name],))
    sent = render.message(card, charts=True)
    assert problems_of_message(sent["text"], sent["blocks"]) == []
    assert "data_visualization" in kinds(sent["blocks"])


def test_a_range_is_two_bars_and_its_values_stand_below() -> None:
    drawn = chart_block(PAY)["chart"]
    assert [series["name"] for series in drawn["series"]] == ["From", "To"]
    assert [point["value"] for point in drawn["series"][1]["data"]] == [2, 550_000]
    *_, notes = render.message(CARD, charts=True)["blocks"]
    assert "as several people remember it" in notes["elements"][0]["text"]


def test_labels_that_would_be_cut_alike_stay_apart() -> None:
    bars = tuple(Bar(label=f"{'Engineer ' * 4}{n}", said=str(n), high=n) for n in range(12))
    chart = Chart(title="Alike", figure=Bars(bars=bars))
    sent = render.message(Message(title="Alike", parts=(chart,)), charts=True)
    assert problems_of_message(sent["text"], sent["blocks"]) == []


def test_a_third_chart_is_told_in_words() -> None:
    sent = render.message(Message(title="Three", parts=(PAY, RESULT, PROGRESS)), charts=True)
    assert problems_of_message(sent["text"], sent["blocks"]) == []
    assert kinds(sent["blocks"]).count("data_visualization") == 2


def test_a_window_has_no_chart() -> None:
    assert "data_visualization" not in kinds(render.card_modal(CARD)["blocks"])


async def test_a_chart_is_shown(slack: FakeSlack, api: Api) -> None:
    await Responder(api).show(surface(slack), CARD)
    assert "data_visualization" in kinds(slack.person("alice").last.blocks)


@pytest.mark.parametrize("way", ["response_url", "chat.postEphemeral"])
async def test_a_workspace_that_refuses_is_told_in_words_and_not_asked_again(
    slack: FakeSlack, api: Api, way: str
) -> None:
    responder, where = Responder(api), surface(slack, url=way == "response_url")
    slack.faults.add(way, Refused("invalid_blocks"))
    for _ in range(2):
        await responder.show(where, CARD)
    assert not responder.charts.drawn(where.tenant, CARD)
    assert responder.charts.drawn("another workspace", CARD)
    assert len([call for call in slack.calls if call.method == way]) == 3
