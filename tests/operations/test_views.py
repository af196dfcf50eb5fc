"""Views are counted per day, role, page and metric, and per vendor, and by nobody's name."""

from datetime import date

import pytest
import sqlalchemy as sa

from operations.tables import page_views, vendor_looks
from operations.views import Shop, View, ViewCount, count_view, views_since

MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)
ORDERS = View("vendor_owner", "vendor_orders")
LATE = View("vendor_owner", "vendor_performance", "late_shipment_rate")


def test_views_are_summed_from_a_day_on(store: sa.Engine) -> None:
    for view, day in ((ORDERS, MONDAY), (LATE, MONDAY), (LATE, TUESDAY), (LATE, TUESDAY)):
        count_view(store, view, day)

    assert views_since(store, MONDAY) == [ViewCount(LATE, 3), ViewCount(ORDERS, 1)]
    assert views_since(store, TUESDAY) == [ViewCount(LATE, 2)]
    assert views_since(store, date(2026, 6, 3)) == []


def test_a_page_with_and_without_a_metric_are_two_views(store: sa.Engine) -> None:
    count_view(store, LATE, MONDAY)
    count_view(store, View(LATE.role, LATE.page), MONDAY)

    assert {counted.view.metric for counted in views_since(store, MONDAY)} == {
        "late_shipment_rate",
        None,
    }


def test_a_look_counts_for_its_day_and_vendor_whatever_the_page(store: sa.Engine) -> None:
    ours, elsewhere = Shop("demo", "v1"), Shop("olist", "v1")
    looked = ((ORDERS, MONDAY, ours), (LATE, MONDAY, ours), (LATE, MONDAY, elsewhere))
    for view, day, shop in (*looked, (ORDERS, TUESDAY, ours), (ORDERS, TUESDAY, None)):
        count_view(store, view, day, shop)

    with store.connect() as connection:
        rows = connection.execute(sa.select(vendor_looks).order_by(*vendor_looks.c)).all()
    assert [tuple(row) for row in rows] == [
        (MONDAY, "demo", "v1", 2),
        (MONDAY, "olist", "v1", 1),
        (TUESDAY, "demo", "v1", 1),
    ]


@pytest.mark.usefixtures("store")
def test_no_column_could_hold_who_looked() -> None:
    assert set(page_views.columns.keys()) == {"day", "role", "page", "metric", "view_count"}
    assert set(vendor_looks.columns.keys()) == {"day", "marketplace", "vendor_id", "look_count"}
