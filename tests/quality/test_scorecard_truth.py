"""The scorecard of ninety days of the demo: counted a second time, and against what was planted."""

from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from sources.simulator.world.sizes import DEFAULT_END
from tests.quality.feeds_as_delivered import Feeds
from tests.quality.fulfilment_recount import FULFILMENT, OWN_FULFILMENT
from tests.quality.scorecard_recount import OWN_RECOUNTS, RECOUNTS

pytestmark = pytest.mark.quality

END = DEFAULT_END + timedelta(days=1)


@pytest.fixture(scope="module")
def feeds(demo: duckdb.DuckDBPyConnection) -> Feeds:
    return Feeds(demo, END)


@pytest.mark.parametrize("metric", [*RECOUNTS, *FULFILMENT])
def test_every_vendors_counts_are_those_of_the_feeds(
    demo: duckdb.DuckDBPyConnection, feeds: Feeds, metric: str
) -> None:
    recount = {**RECOUNTS, **FULFILMENT}[metric]

    assert_counted(demo, metric, ("numerator", "denominator"), recount(feeds))


@pytest.mark.parametrize("metric", [*OWN_RECOUNTS, *OWN_FULFILMENT])
def test_what_every_vendor_answers_for_is_that_of_the_feeds(
    demo: duckdb.DuckDBPyConnection, feeds: Feeds, metric: str
) -> None:
    recount = {**OWN_RECOUNTS, **OWN_FULFILMENT}[metric]

    assert_counted(
        demo, metric, ("accountable_numerator", "accountable_denominator"), recount(feeds)
    )


def assert_counted(
    demo: duckdb.DuckDBPyConnection, metric: str, columns: tuple[str, str], recount: pl.DataFrame
) -> None:
    numerator, denominator = columns
    ours = demo.execute(
        f"select vendor_id, cast({numerator} as double), cast({denominator} as double) "
        "from intermediate.int_vendor_metrics_summed_to_window "
        f"where metric_id = ? and is_judged and window_end = ? and {denominator} > 0",
        [metric, END],
    ).fetchall()
    counted = {vendor: counts for vendor, *counts in recount.rows()}

    assert len(ours) > 50
    assert {vendor: counts for vendor, *counts in ours} == {
        vendor: [pytest.approx(number) for number in counts] for vendor, counts in counted.items()
    }


def test_planted_outage_moves_the_whole_rate_and_not_the_accountable_one(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    carrier, country, first, last = demo.execute(
        "select carrier, country_code, first_date, last_date from incidents "
        "where kind = 'carrier_outage'"
    ).fetchall()[0]
    parts = demo.execute(
        "select distinct units.is_in_numerator, units.is_accountable, units.membership_date as due,"
        " units.unit_id, units.vendor_id, lines.carrier, lines.ship_country_code as country "
        "from intermediate.int_vendor_units_counted as units "
        "inner join intermediate.int_order_lines_joined as lines using (order_id, vendor_id) "
        "where metric_id = 'on_time_delivery_rate' and membership_date < ?",
        [END],
    ).pl()
    held = (
        (pl.col("carrier") == carrier)
        & (pl.col("country") == country)
        & pl.col("due").is_between(first, last)
    )
    inside, outside = parts.filter(held), parts.filter(~held)

    whole = share_on_time(inside) - share_on_time(outside)
    accountable = share_on_time(inside.filter("is_accountable")) - share_on_time(
        outside.filter("is_accountable")
    )

    assert whole < -0.5
    assert abs(accountable) < 0.1


def test_no_other_carrier_and_day_is_taken_for_an_outage(demo: duckdb.DuckDBPyConnection) -> None:
    found = demo.execute(
        "select carrier, ship_country_code, min(promised_date), max(promised_date) "
        "from intermediate.int_carrier_days_judged group by all"
    ).fetchall()
    planted: list[tuple[str, str, date, date]] = demo.execute(
        "select carrier, country_code, first_date, last_date from incidents "
        "where kind = 'carrier_outage'"
    ).fetchall()

    # what is held up comes some days after the end, and was promised some days after it, too
    week = timedelta(days=7)
    (carrier, country, first, last), *others = found
    assert others == []
    assert (carrier, country) == planted[0][:2]
    assert planted[0][2] <= first
    assert last <= planted[0][3] + week


def test_vendors_sum_to_the_marketplace(demo: duckdb.DuckDBPyConnection, feeds: Feeds) -> None:
    for metric, recount in RECOUNTS.items():
        whole = recount(feeds).select(pl.col("numerator", "denominator").sum()).row(0)

        summed = demo.execute(
            "select cast(sum(numerator) as double), cast(sum(denominator) as double) "
            "from intermediate.int_vendor_metrics_summed_to_window "
            "where metric_id = ? and is_judged and window_end = ?",
            [metric, END],
        ).fetchall()[0]

        assert summed == pytest.approx(whole), metric


def share_on_time(parts: pl.DataFrame) -> float:
    return float(parts["is_in_numerator"].cast(pl.Float64).sum()) / len(parts)
