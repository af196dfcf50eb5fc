"""A question to a table: what an address says of it, and the SQL that is made of it."""

from datetime import date
from decimal import Decimal

import pytest

from dashboards.exploring import address
from dashboards.exploring.question import Filter, Question, answerable, first_question, plain_fields
from dashboards.exploring.tables import Column, Kind, Table
from dashboards.listings.unreadable import Unreadable

KINDS: dict[str, Kind] = {
    "vendor_id": "text",
    "status": "text",
    "gmv": "number",
    "order_date": "day",
    "shipped_at": "moment",
    "is_late": "boolean",
}
SALES = Table("sales", "", {name: Column(name, kind, "", 2) for name, kind in KINDS.items()})
TABLES = {"sales": SALES, "other": Table("other", "", {"sold": Column("sold", "text", "")})}


@pytest.mark.parametrize(
    "texts",
    [
        {"table": "sales"},
        {"table": "sales", "columns": "gmv,vendor_id", "sort": "-gmv"},
        {"table": "sales", "group": "order_date.month", "count": "sum.gmv,count", "chart": "line"},
        {"table": "sales", "group": "vendor_id,is_late", "count": "distinct.status"},
        {"table": "sales", "group": "vendor_id", "count": "avg.gmv", "chart": "bars"},
        {"table": "sales", "where.gmv": "-1.50..", "where.status": "has:a:b..c,d;"},
        {"table": "sales", "where.gmv": "..", "where.status": "is:"},
        {"table": "sales", "where.order_date": "2025-01-01..2025-01-31", "where.is_late": "no"},
        {"table": "sales", "where.shipped_at": "..2025-01-31", "where.vendor_id": "empty"},
        {"table": "other", "where.sold": "filled"},
    ],
)
def test_an_address_says_what_was_asked_and_nothing_else(texts: dict[str, str]) -> None:
    assert address.written(address.read(texts, TABLES)) == texts


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("table", "customers"),
        ("table", 'sales"; drop table sales; --'),
        ("table", ""),
        ("columns", "gmv,customer_id"),
        ("columns", "gmv,gmv"),
        ("columns", "*"),
        ("columns", "gmv from marts.sales --"),
        ("columns", "x" * 5000),
        ("group", "shipped_at"),
        ("group", "order_date.century"),
        ("group", "vendor_id,status,gmv,is_late"),
        ("count", "sum.status"),
        ("count", "read_text.vendor_id"),
        ("count", "sum.gmv)"),
        ("sort", "status"),
        ("sort", "--gmv"),
        ("chart", "pie"),
        ("chart", "line"),
        ("where.gmv", "1"),
        ("where.gmv", "1..2 or 1=1"),
        ("where.gmv", "nan.."),
        ("where.gmv", "1e400.."),
        ("where.gmv", "is:1"),
        ("where.order_date", "2025-02-30.."),
        ("where.order_date", "0001-01-01.."),
        ("where.order_date", "yesterday.."),
        ("where.is_late", "maybe"),
        ("where.status", "shipped"),
        ("where.status", "is:\x00"),
        ("where.status", "has:" + "x" * 201),
        ("where.status", "has:anna@example.org"),
        ("where.customer_id", "is:c-1"),
        ('where.gmv" or 1=1 --', "1..2"),
    ],
)
def test_what_no_table_offers_is_named_and_refused(name: str, text: str) -> None:
    texts = {"table": "sales", "columns": "gmv", name: text}

    with pytest.raises(Unreadable) as refused:
        address.read(texts, TABLES)
    assert refused.value.names == (name,)


def test_bounds_are_typed_values() -> None:
    texts = {"table": "sales", "where.gmv": "1.50..2", "where.order_date": "2025-01-01.."}

    assert address.read(texts, TABLES).filters == (
        Filter(SALES.columns["gmv"], "range", "", Decimal("1.50"), Decimal(2)),
        Filter(SALES.columns["order_date"], "range", "", date(2025, 1, 1)),
    )


@pytest.mark.parametrize(
    ("number", "text"), [(1.5, "1.5"), (-0.0000000001, None), (0.1, "0.1"), (1e300, None)]
)
def test_a_number_of_a_widget_is_one_that_an_address_can_say(
    number: float, text: str | None
) -> None:
    said = address.number_of(number)

    if text is not None:
        assert str(said) == text
    elif said is not None:
        address.read({"table": "sales", "where.gmv": f"{said}.."}, TABLES)


def test_rows_that_are_grouped_are_counted_and_lose_a_sort_of_what_is_gone() -> None:
    fields = plain_fields(SALES)
    chosen = Question(SALES, (), groups=(fields["vendor_id"],), sort="gmv", chart="line")

    made = answerable(chosen)

    assert [field.name for field in made.answer] == ["vendor_id", "count"]
    assert (made.sort, made.chart) == ("", "")
    assert first_question(SALES).columns[0].name == "vendor_id"
