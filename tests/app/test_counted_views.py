"""An opened page is counted once, for its role and metric, and never at the reader's expense."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboards import resources
from dashboards.settings import DashboardSettings
from operations.tables import vendor_looks
from operations.views import View, views_since
from tests.app.pages import visit
from tests.worlds import tiny_marketplace
from tests.worlds.homes import Home, make_home

pytestmark = pytest.mark.app

PERFORMANCE = View("vendor_owner", "vendor_performance")


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Home]:
    """A home in which nobody else has looked at anything."""
    made = make_home(tmp_path / "home")
    opened = resources.open_resources(DashboardSettings(home=made.path))
    resources.install(opened)
    yield made
    opened.close()
    made.store.dispose()


def counted(home: Home) -> dict[View, int]:
    return {each.view: each.view_count for each in views_since(home.store, date.min)}


def test_a_page_that_runs_again_is_one_view_and_another_tab_is_another(own_home: Home) -> None:
    first = visit(own_home.store, "mueller", "performance")
    first.test.run()
    visit(own_home.store, "alder", "performance")

    assert counted(own_home) == {PERFORMANCE: 2}


def test_a_vendors_look_is_its_own_and_an_operator_has_none(own_home: Home) -> None:
    visit(own_home.store, "mueller", "performance")
    visit(own_home.store, "mueller", "orders")
    visit(own_home.store, "olga", "vendors", vendor="v-001")

    with own_home.store.connect() as connection:
        rows = connection.execute(sa.select(vendor_looks).order_by(*vendor_looks.c)).all()
    assert [(row.marketplace, row.vendor_id, row.look_count) for row in rows] == [
        (tiny_marketplace.NAME, "v-002", 2)
    ]


def test_the_metric_in_the_address_is_counted_if_it_is_one(own_home: Home) -> None:
    visit(own_home.store, "mueller", "performance", metric="late_shipment_rate")
    visit(own_home.store, "mueller", "performance", metric="somebody@example.com")

    late = View("vendor_owner", "vendor_performance", "late_shipment_rate")
    assert counted(own_home) == {late: 1, PERFORMANCE: 1}


def test_a_page_is_whole_when_it_cannot_be_counted(own_home: Home) -> None:
    with own_home.store.begin() as connection:
        connection.execute(sa.text("drop table page_views"))

    seen = visit(own_home.store, "mueller", "performance")

    assert not seen.test.exception
    assert "<h1>" in seen.said()
    assert 'class="k-rates"' in seen.said()
