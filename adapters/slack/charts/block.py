"""A chart as Slack's `data_visualization` block: pure, within its limits.

Slack draws no ranges and no colours of ours: a range is two bars, from and to.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

from bot.chat.chart import Balance, Bars, Chart, Weeks
from bot.chat.limits import cut

Json: TypeAlias = dict[str, Any]

LABEL = 20  # characters of a category
IN_A_MESSAGE = 2  # charts


def chart_block(chart: Chart) -> Json:
    values: dict[str, list[float]]
    match chart.figure:
        case Bars(bars=bars, unit=unit):
            highs = [bar.high for bar in bars]
            if all(bar.low is None for bar in bars):
                values = {chart.title: highs}
            else:
                values = {"From": [bar.low or 0 for bar in bars], "To": highs}
            drawn = _bars([bar.label for bar in bars], values, unit)
        case Balance(shares=shares):
            values = {chart.title: [round(share.share * 100) for share in shares]}
            drawn = _bars([share.label for share in shares], values, "%")
        case Weeks(weeks=weeks):
            done = [week.done or 0 for week in weeks]
            values = {"Planned": [week.planned for week in weeks], "Done": done}
            drawn = _bars([week.label for week in weeks], values, "hours")
        case _:
            assert_never(chart.figure)
    return {"type": "data_visualization", "title": chart.title, "chart": drawn}


def _bars(labels: Sequence[str], values: Mapping[str, Sequence[float]], unit: str) -> Json:
    names = _distinct(labels)
    series = [
        {
            "name": cut(name, LABEL),
            "data": [
                {"label": label, "value": value} for label, value in zip(names, each, strict=True)
            ],
        }
        for name, each in values.items()
    ]
    axis: Json = {"categories": names, **({"y_label": unit} if unit else {})}
    return {"type": "bar", "series": series, "axis_config": axis}


def _distinct(labels: Iterable[str]) -> list[str]:
    """The labels, cut to what Slack takes; two that would be the same are numbered."""
    found: list[str] = []
    for label in labels:
        name, number = cut(label, LABEL), 2
        while name in found:
            name = f"{cut(label, LABEL - 3)} {number}"
            number += 1
        found.append(name)
    return found
