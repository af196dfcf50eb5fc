"""Figures by day: their sums, and the parts that the table behind a chart has."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from dashboards.components import daily
from dashboards.listings.periods import Period

JUNE = Period("", None, date(2026, 6, 1), date(2026, 6, 30))
EVER = Period("all_time", None, date.min, date(2026, 6, 30))


def days(first: date, count: int) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "order_date": first + timedelta(days=n),
            "gmv": Decimal(n),
            "gmv_net": Decimal(1),
            "order_count": 2,
        }
        for n in range(count)
    )


def test_any_days_have_sums_and_those_of_the_period_before() -> None:
    found = daily.totals(days(date(2026, 5, 2), 60), JUNE)

    assert (found["gmv"], found["previous_gmv"]) == (sum(range(30, 60)), sum(range(30)))
    assert (found["order_count"], found["previous_order_count"]) == (60, 60)
    # Neither can be added up.
    assert not {"average_order_value", "late_delivery_rate"} & found.keys()


def test_a_period_before_that_is_older_than_the_data_is_not_compared_with() -> None:
    found = daily.totals(days(date(2026, 5, 3), 59), JUNE)

    assert "previous_gmv" not in found


@pytest.mark.parametrize(
    ("period", "oldest", "before"),
    [
        (JUNE, date(2026, 5, 2), (date(2026, 5, 2), date(2026, 6, 1))),
        (JUNE, date(2026, 5, 3), None),
        # the data begins within the period itself
        (JUNE, date(2026, 6, 10), None),
        (JUNE, None, None),
        (EVER, date(2020, 1, 1), None),
    ],
)
def test_a_period_before_is_compared_with_where_the_data_has_all_of_it(
    period: Period, oldest: date | None, before: tuple[date, date] | None
) -> None:
    assert period.before_in(oldest) == before


def test_days_without_orders_have_none() -> None:
    assert daily.totals((), JUNE)["order_count"] == 0


def test_a_sum_of_which_no_order_states_a_part_is_unknown() -> None:
    silent = days(date(2026, 6, 1), 30)
    stated = [None, Decimal(0), Decimal(7)]  # a day that does not say, one without orders, one of 7

    def commission(values: list[Decimal | None]) -> Decimal | None:
        rows = [row | {"commission_amount": say} for row, say in zip(silent, values, strict=False)]
        found: Decimal | None = daily.totals(tuple(rows), JUNE)["commission_amount"]
        return found

    assert commission(stated[:2]) is None
    assert commission(stated) == 7
    assert commission(stated[1:2]) == 0


def test_all_time_has_nothing_before_it() -> None:
    found = daily.totals(days(date(2026, 5, 2), 60), EVER)

    assert found["gmv"] == sum(range(60))
    assert "previous_gmv" not in found


@pytest.mark.parametrize(
    ("count", "parts", "first", "last"),
    [
        (30, 30, (date(2026, 1, 15), date(2026, 1, 16)), (date(2026, 2, 13), date(2026, 2, 14))),
        (90, 13, (date(2026, 1, 15), date(2026, 1, 22)), (date(2026, 4, 9), date(2026, 4, 15))),
        (365, 13, (date(2026, 1, 15), date(2026, 2, 1)), (date(2027, 1, 1), date(2027, 1, 15))),
    ],
)
def test_the_table_behind_a_chart_has_rows_for_days_weeks_or_months(
    count: int, parts: int, first: tuple[date, date], last: tuple[date, date]
) -> None:
    start = date(2026, 1, 15)

    found = [*daily.parts(start, start + timedelta(days=count))]

    assert (len(found), found[0], found[-1]) == (parts, first, last)
    assert all(one[1] == other[0] for one, other in pairwise(found))
