"""Thirty clean days, each loaded and checked on its morning, raise no alarm at all."""

from datetime import timedelta

import pytest

from data_quality.runner import Checker
from pipelines.loading.warehouse import open_warehouse
from sources.parsing.client import Parser
from tests.mutation.clean_days import END, CleanDays, live_through

pytestmark = [pytest.mark.quality, pytest.mark.timeout(1800)]

DAYS = 30


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, parser: Parser, checker: Checker) -> CleanDays:
    return live_through(tmp_path_factory.mktemp("month"), DAYS, parser, checker)


def test_thirty_clean_days_raise_no_alarm(month: CleanDays) -> None:
    assert sorted(month.alarms) == [END - timedelta(days=back) for back in range(DAYS, -1, -1)]
    assert {day: alarms for day, alarms in month.alarms.items() if alarms} == {}


def test_clean_month_was_a_month_of_business(month: CleanDays) -> None:
    with open_warehouse(month.home.warehouse) as connection:
        orders, vendors, checks, quarantined = connection.execute(
            "select count(*) filter (where ordered_at >= timestamp '2026-06-01'), "
            "(select count(*) from raw.vendors_current), "
            "(select count(*) from raw.check_results), "
            "(select count(*) from quarantine.rows) from raw.orders_current"
        ).fetchone() or (0, 0, 0, 0)
    print(f"{orders} orders in June, {checks} checks a day")  # noqa: T201 - for the decision

    assert orders > DAYS * 100
    assert vendors >= 20
    assert checks > 500
    assert quarantined == 0
