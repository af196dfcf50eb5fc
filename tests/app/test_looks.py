"""Vendors that look at their pages beside others: what is missing, and what goes together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import resources
from dashboards.settings import DashboardSettings
from tests.app.pages import visit
from tests.worlds.homes import Home, make_home

pytestmark = pytest.mark.app

COMPARED = """
insert into marts.mart_vendor_attention by name
select 'all' as size_class, measure, 'EUR' as currency_code, 40 as looked_vendor_count,
    41 as other_vendor_count, 25.5 as looked_change_mean, 5 as other_change_mean,
    20.5 as difference_mean, lower_end as difference_lower, 39.5 as difference_upper,
    date '2025-06-03' as window_start, date '2025-07-01' as window_end,
    date '2025-06-30' as as_of_date
from (values ('gmv_net', 1.5), ('issues', null)) as measured (measure, lower_end)
"""


@pytest.fixture
def compared_home(tmp_path: Path) -> Iterator[Home]:
    made = make_home(tmp_path / "home", (COMPARED,))
    opened = resources.open_resources(DashboardSettings(home=made.path))
    resources.install(opened)
    yield made
    opened.close()
    made.store.dispose()


def test_where_too_few_looked_the_page_says_what_is_missing(home: Home) -> None:
    seen = visit(home.store, "olga", "vendors", section="looks")

    assert not seen.test.exception
    assert "Nothing to compare yet" in seen.said()
    assert "ten vendors have opened their pages" in seen.said()


def test_a_difference_is_told_with_its_interval_and_not_as_an_effect(compared_home: Home) -> None:
    seen = visit(compared_home.store, "olga", "vendors", section="looks")

    assert not seen.test.exception
    assert "did better than those of the others, by €20.50 per vendor" in seen.said()
    assert "€1.50 to €39.50" in seen.said()
    assert "too few to tell" in seen.said()
    assert "need not come from it" in seen.text()
