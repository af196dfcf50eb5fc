"""One number over one group: a line over days, or bars by size."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from dashboards.charts import locale
from dashboards.exploring.question import Field
from dashboards.queries.reader import Row
from dashboards.words.words import Words

_HEIGHT = 280
_BAR = 24
_FEW = 60
_NUMBER = ",~f"


def line(
    words: Words, rows: Sequence[Row], over: Field, measure: Field, titles: tuple[str, str]
) -> Any:
    """Return a measure over days; a day without rows is no point, for nothing says that it is 0."""
    values = [
        {
            "at": f"{row[over.name].isoformat()}T00:00:00Z",
            "said": words.day(row[over.name]),
            "value": _number(row[measure.name]),
        }
        for row in rows
        if isinstance(row[over.name], date)
    ]
    axis = alt.Axis(format="%d %b %y", grid=False, labelAngle=0, labelOverlap=True)
    x = alt.X("at:T", title=None, timeUnit="utcyearmonthdate", axis=axis)
    y = alt.Y("value:Q", axis=alt.Axis(format=_NUMBER, tickCount=5), title=None)
    chart = alt.Chart(_data(values)).mark_line(strokeWidth=2.25, point=len(values) < _FEW)
    encoded = chart.encode(x=x, y=y, tooltip=_tooltip(titles))
    return _sized(words, encoded.properties(height=_HEIGHT))


def bars(
    words: Words,
    rows: Sequence[Row],
    labels: Sequence[str],
    measure: Field,
    titles: tuple[str, str],
) -> Any:
    """Return a bar for each row, in their order."""
    values = [
        {"said": label, "value": _number(row[measure.name]), "place": place}
        for place, (row, label) in enumerate(zip(rows, labels, strict=True))
    ]
    y = alt.Y(
        "said:N",
        title=None,
        sort=alt.SortField("place"),
        axis=alt.Axis(labelLimit=160, labelOverlap=False),
    )
    x = alt.X("value:Q", axis=alt.Axis(format=_NUMBER, tickCount=5), title=None)
    chart = alt.Chart(_data(values)).mark_bar().encode(x=x, y=y, tooltip=_tooltip(titles))
    return _sized(words, chart.properties(height=max(_BAR * 3, _BAR * len(values))))


def _tooltip(titles: tuple[str, str]) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("said:N", title=titles[0]),
        alt.Tooltip("value:Q", title=titles[1], format=",.2~f"),
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _data(values: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def _sized(words: Words, chart: Any) -> Any:
    return chart.configure(locale=locale.config(words)).configure_view(strokeWidth=0)
