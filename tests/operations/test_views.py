"""Views are counted per day, role, page and metric, and by nobody's name."""

from datetime import date

import pytest
import sqlalchemy as sa

from operations.tables import page_views
from operations.views import View, ViewCount, count_view, views_since

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


@pytest.mark.usefixtures("store")
def test_no_column_could_hold_who_looked() -> None:
    assert set(page_views.columns.keys()) == {"day", "role", "page", "metric", "view_count"}
