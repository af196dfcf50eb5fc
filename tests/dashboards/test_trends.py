"""What charts hold: every day, in the reader's own way to write numbers and months."""

from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import pytest

from dashboards.charts import trends
from dashboards.words.languages import Language
from dashboards.words.words import words_in

ENGLISH = words_in("en")
SPAN = (date(2026, 6, 1), date(2026, 7, 1))


def sales(*days: int) -> list[dict[str, Any]]:
    return [{"order_date": date(2026, 6, day), "gmv": Decimal(day)} for day in days]


def drawn(language: Language, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return trends.per_day(words_in(language), rows, "gmv", "Sales", SPAN)


def test_a_day_without_orders_is_a_zero_and_in_the_mean() -> None:
    values = drawn("en", sales(3, 5))["data"]["values"]

    # from the first day with orders to the last day of the period
    assert [value["day"][:10] for value in values] == [f"2026-06-{day:02}" for day in range(3, 31)]
    assert [value["value"] for value in values[:4]] == [3, 0, 5, 0]


def test_the_axis_ends_on_the_last_day_of_the_data() -> None:
    axis = drawn("en", sales(1))["layer"][0]["encoding"]["x"]["axis"]

    ticks = [date(tick["year"], tick["month"], tick["date"]) for tick in axis["values"]]
    assert ticks == sorted(ticks)
    assert (ticks[0], ticks[-1]) == (date(2026, 6, 1), date(2026, 6, 30))


def test_no_sales_at_all_draw_nothing() -> None:
    assert drawn("en", [])["data"]["values"] == []


def test_the_period_before_is_a_second_line_in_grey_with_its_days_in_words() -> None:
    # Nothing was sold on the first day of the period before, nor is that where the data begins.
    sold = (date(2026, 4, 20), date(2026, 5, 4))
    rows = [{"order_date": day, "gmv": Decimal(10 * day.day)} for day in sold] + sales(3)
    chart = trends.per_day(ENGLISH, rows, "gmv", "Sales", SPAN, 31)
    values = chart["data"]["values"]

    third = next(value for value in values if value["day"].startswith("2026-06-03"))
    assert (third["value"], third["before"]) == (3, 0)
    assert [value["before"] for value in values][:4] == [0, 0, 0, 40]
    assert values[3]["then"] == "40 (4 May 2026)"
    bars, before, line = chart["layer"]
    assert [one["mark"]["type"] for one in (bars, before, line)] == ["bar", "line", "line"]
    assert before["mark"]["color"] != line["mark"].get("color")
    assert before["mark"]["strokeWidth"] < line["mark"]["strokeWidth"]
    assert "Period before" in [each["title"] for each in bars["encoding"]["tooltip"]]
    alt.Chart.from_dict(chart)


def test_without_a_period_before_there_is_no_second_line() -> None:
    chart = trends.per_day(ENGLISH, sales(3), "gmv", "Sales", SPAN)

    assert {value["before"] for value in chart["data"]["values"]} == {None}
    assert len(chart["layer"]) == 2


@pytest.mark.parametrize(
    ("language", "decimal", "thousands", "june", "said"),
    [
        ("en", ".", ",", "Jun", "30 Jun 2026"),
        ("de", ",", ".", "Juni", "30.06.2026"),
        ("ru", ",", "\u00a0", "июн.", "30 июн. 2026\u202f\u0433."),
    ],
)
def test_axes_and_tooltips_speak_the_readers_language(
    language: Language, decimal: str, thousands: str, june: str, said: str
) -> None:
    chart = drawn(language, sales(30))

    locale = chart["config"]["locale"]
    assert (locale["number"]["decimal"], locale["number"]["thousands"]) == (decimal, thousands)
    assert locale["time"]["shortMonths"][5] == june
    assert len(locale["time"]["days"]) == 7
    assert chart["data"]["values"][-1]["said"] == said


def test_a_point_of_a_rate_stands_on_the_last_day_of_its_window() -> None:
    row = {
        "window_start": date(2026, 4, 2), "window_end": date(2026, 7, 1), "rate": 0.05,
        "rate_estimate": 0.06, "rate_lower": 0.04, "rate_upper": 0.08, "threshold": 0.04,
        "denominator": 120,
    }  # fmt: skip

    chart = trends.rate_history(ENGLISH, [row], "rate", "Limit 4%")
    [value] = chart["data"]["values"]

    assert value["end"].startswith("2026-06-30")
    assert value["said"] == ENGLISH.days(date(2026, 4, 2), date(2026, 7, 1))
    texts = [layer["encoding"].get("text") for layer in chart["layer"]]
    assert {"value": "Limit 4%"} in texts


def test_a_chart_is_one_that_vega_lite_knows() -> None:
    row = {
        "window_start": date(2026, 4, 2), "window_end": date(2026, 7, 1), "rate": 0.05,
        "rate_estimate": 0.06, "rate_lower": 0.04, "rate_upper": 0.08, "threshold": 0.04,
        "denominator": 120,
    }  # fmt: skip
    charts = [
        drawn("en", sales(1, 2)),
        trends.rate_history(ENGLISH, [row], "rate", "Limit 4%"),
        trends.rate_history(ENGLISH, [row | {"threshold": None}], "score", ""),
    ]

    # Altair holds the schema; it raises where a chart does not fit it.
    for chart in charts:
        alt.Chart.from_dict(chart)
