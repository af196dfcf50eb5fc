"""Clean days, each loaded and checked on its morning, raise no alarm at all."""

from datetime import timedelta

import duckdb
import pytest

from data_quality.runner import Checker
from sources.parsing.client import Parser
from tests.mutation.clean_days import END, MORNINGS, CleanDays, clean_days

pytestmark = pytest.mark.quality


@pytest.fixture(
    scope="module",
    params=[
        MORNINGS,
        pytest.param(30, marks=[pytest.mark.nightly, pytest.mark.timeout(1800)]),
    ],
)
def mornings(request: pytest.FixtureRequest) -> int:
    count: int = request.param
    return count


@pytest.fixture(scope="module")
def month(mornings: int, parser: Parser, checker: Checker) -> CleanDays:
    return clean_days(mornings, parser, checker)


def test_clean_days_raise_no_alarm(month: CleanDays, mornings: int) -> None:
    days = [END - timedelta(days=back) for back in range(mornings, -1, -1)]

    assert sorted(month.alarms) == days
    assert {day: alarms for day, alarms in month.alarms.items() if alarms} == {}


def test_clean_days_were_days_of_business(month: CleanDays, mornings: int) -> None:
    with duckdb.connect(str(month.home.warehouse), read_only=True) as connection:
        orders, vendors, checks, quarantined = connection.execute(
            "select count(*) filter (where ordered_at > ?), "
            "(select count(*) from raw.vendors_current), "
            "(select count(*) from raw.check_results), "
            "(select count(*) from quarantine.rows) from raw.orders_current",
            [END - timedelta(days=mornings)],
        ).fetchone() or (0, 0, 0, 0)
    print(f"{orders} orders in {mornings} days, {checks} checks a day")  # noqa: T201

    assert orders > mornings * 100
    assert vendors >= 20
    assert checks > 500
    assert quarantined == 0
