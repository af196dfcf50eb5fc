"""A vendor's money, prices and stock in ninety days of the demo, counted a second time."""

from datetime import date, timedelta

import duckdb
import pytest

from sources.simulator.world.sizes import DEFAULT_END
from tests.quality.feeds_as_delivered import Feeds
from tests.quality.own_shop_recount import assortment, payouts, price_indexes
from tests.quality.visits_recount import completeness, funnels, terms

pytestmark = pytest.mark.quality

PARTS = ("list_sales_amount", "discount_amount", "cancelled_amount", "refund_amount")


@pytest.fixture(scope="module")
def feeds(demo: duckdb.DuckDBPyConnection) -> Feeds:
    return Feeds(demo, DEFAULT_END + timedelta(days=1))


def test_every_payouts_parts_are_those_of_the_feeds_to_the_cent(
    demo: duckdb.DuckDBPyConnection, feeds: Feeds
) -> None:
    counted = payouts(feeds)
    names = list(next(iter(counted.values())))
    in_cents = [name if name == "sale_count" else f"cast(100 * {name} as bigint)" for name in names]

    ours = demo.execute(
        f"select vendor_id, statement_id, {', '.join(in_cents)} from marts.mart_vendor_payouts "
        "where status <> 'undelivered'"
    ).fetchall()

    assert len(ours) > 500
    assert {(vendor, name): dict(zip(names, row, strict=True)) for vendor, name, *row in ours} == (
        counted
    )
    assert any(parts["difference_amount"] for parts in counted.values())


def test_lines_of_a_payout_sum_to_its_parts(demo: duckdb.DuckDBPyConnection) -> None:
    summed = ", ".join(f"sum(lines.{name})" for name in (*PARTS, "commission_amount"))
    whole = ", ".join(f"any_value(payouts.{name})" for name in (*PARTS, "commission_amount"))

    sums = demo.execute(
        f"select [{summed}], [{whole}] from marts.mart_vendor_payouts as payouts "
        "inner join marts.mart_vendor_payout_lines as lines using (vendor_id, statement_id) "
        "group by vendor_id, statement_id"
    ).fetchall()

    assert len(sums) > 500
    assert all(lines == payout for lines, payout in sums)


def test_payouts_and_what_is_open_are_all_that_the_vendors_sold(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    told = demo.execute(
        "select vendor_id, currency_code, sum(sales_amount) from marts.mart_vendor_payouts "
        "group by all having sum(sales_amount) <> 0"
    ).fetchall()

    sold = demo.execute(
        "select vendor_id, original_currency_code, sum(original_gmv) from marts.fct_order_lines "
        "where is_in_gmv_net group by all having sum(original_gmv) <> 0"
    ).fetchall()

    assert len(told) > 50
    assert sorted(told) == sorted(sold)


def test_every_price_is_held_against_what_others_ask(
    demo: duckdb.DuckDBPyConnection, feeds: Feeds
) -> None:
    looked_at = demo.execute(
        "select vendor_id, product_id, viewed_sessions from marts.mart_vendor_assortment "
        "where viewed_sessions > 0"
    ).fetchall()

    ours = demo.execute(
        "select vendor_id, product_id, price_basis, price_index from marts.mart_vendor_assortment "
        "where price_index is not null"
    ).fetchall()

    counted = price_indexes(feeds, {(vendor, product): n for vendor, product, n in looked_at})
    assert {basis for _, _, basis, _ in ours} == {"market", "offers_by_clicks", "offers"}
    assert {(vendor, product): told for vendor, product, *told in ours} == {
        key: [basis, pytest.approx(index)] for key, (basis, index) in counted.items()
    }


def test_days_without_stock_and_days_of_cover_are_those_of_the_counts(
    demo: duckdb.DuckDBPyConnection, feeds: Feeds
) -> None:
    ours = demo.execute(
        "select vendor_id, product_id, offer_days, stock_out_days, demanded_unit_count, "
        "missed_unit_count, cast(quantity_on_hand as double), days_of_cover "
        "from marts.mart_vendor_assortment where offer_days is not null"
    ).fetchall()

    counted = assortment(feeds).select(
        "vendor_id",
        "product_id",
        "offer_days",
        "stock_out_days",
        "demanded",
        "missed",
        "on_hand",
        "cover",
    )
    assert sum(row[3] > 0 for row in ours) > 50
    assert {(vendor, product): told for vendor, product, *told in ours} == {
        (vendor, product): [pytest.approx(number) for number in told]
        for vendor, product, *told in counted.rows()
    }


def test_products_and_scorecard_tell_the_same_days_without_stock(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    both = demo.execute(
        "select cast(numerator as bigint), cast(denominator as bigint), stock_out_days, offer_days "
        "from intermediate.int_vendor_metrics_summed_to_window "
        "inner join marts.mart_vendor_assortment_summary using (vendor_id) "
        "where metric_id = 'stock_out_rate' and window_kind = 'days_90' and window_end = ?",
        [DEFAULT_END + timedelta(days=1)],
    ).fetchall()

    assert len(both) > 50
    assert all(row[:2] == row[2:] for row in both)


# The last whole quarter of the demo.
QUARTER = (date(2026, 4, 1), DEFAULT_END + timedelta(days=1))


def test_funnels_are_those_of_the_sessions_step_by_step(demo: duckdb.DuckDBPyConnection) -> None:
    ours = demo.execute(
        "select vendor_id, visit_month, sessions, viewed, added_to_cart, began_checkout, "
        "purchased, converted_sessions from marts.mart_vendor_visits_monthly"
    ).fetchall()

    assert len(ours) > 50
    assert {(vendor, month): tuple(row) for vendor, month, *row in ours} == funnels(demo, *QUARTER)


def test_search_terms_are_those_by_which_enough_visitors_came(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    ours = demo.execute(
        "select vendor_id, search_term, people_in_tens, converted_in_tens "
        "from marts.mart_vendor_search_terms"
    ).fetchall()

    assert ours
    assert {(vendor, term): tuple(row) for vendor, term, *row in ours} == terms(demo, *QUARTER)


def test_completeness_is_the_share_of_what_the_catalogue_asks(
    demo: duckdb.DuckDBPyConnection, feeds: Feeds
) -> None:
    ours = dict(
        demo.execute(
            "select product_id, any_value(completeness_share) "
            "from marts.mart_vendor_assortment group by product_id"
        ).fetchall()
    )
    counted = completeness(feeds)

    assert len(set(ours.values())) > 3
    assert ours == {product: pytest.approx(counted[product]) for product in ours}
