"""The real marketplace, end to end: every figure against the raw files, computed anew in polars."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import load_feed
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from pipelines.settings import PROJECT_ROOT
from sources.marketplace import load_marketplace
from sources.parsing.client import Parser
from tests.olist.files import read

pytestmark = pytest.mark.olist

LAST_DAY = date(2018, 10, 17)
NINETY_DAYS = timedelta(days=90)


def cents(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Decimal(18, 2))


@pytest.fixture(scope="module")
def orders(olist_folder: Path) -> pl.DataFrame:
    return read(olist_folder, "orders")


@pytest.fixture(scope="module")
def items(olist_folder: Path) -> pl.DataFrame:
    return read(olist_folder, "order_items").with_columns(cents("price"), cents("freight_value"))


@pytest.fixture(scope="module")
def parts(orders: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """A vendor's part of an order, with the latest day by which it had to be shipped."""
    grouped = items.group_by("order_id", "seller_id").agg(
        pl.col("shipping_limit_date").min().alias("first_limit"),
        pl.col("shipping_limit_date").max().alias("last_limit"),
    )
    return grouped.join(orders, on="order_id")


def one(marts: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = marts.execute(query).fetchone()
    assert row is not None
    return row


def test_rows_and_money_are_those_of_the_files(
    marts: duckdb.DuckDBPyConnection,
    olist_folder: Path,
    orders: pl.DataFrame,
    items: pl.DataFrame,
) -> None:
    payments = read(olist_folder, "order_payments").with_columns(cents("payment_value"))
    customers = read(olist_folder, "customers")

    found = one(
        marts,
        "select count(*), sum(gmv), sum(paid_amount), sum(shipping_amount), "
        "count_if(line_count = 0), count(distinct customer_id), count_if(vendor_count > 1), "
        "count_if(is_cancelled) from marts.fct_orders",
    )

    several = items.group_by("order_id").agg(pl.col("seller_id").n_unique().alias("n"))
    assert found == (
        len(orders),
        items["price"].sum(),
        payments["payment_value"].sum(),
        items["freight_value"].sum(),
        len(orders.join(items, on="order_id", how="anti")),
        customers["customer_unique_id"].n_unique(),
        len(several.filter(pl.col("n") > 1)),
        len(orders.filter(pl.col("order_status") == "canceled")),
    )
    assert found[1] == Decimal("13591643.70")  # as published analyses of this data set have it


def test_every_mart_tells_the_same_total(marts: duckdb.DuckDBPyConnection) -> None:
    queries = {
        table: f"select sum(gmv) from marts.{table}"
        for table in (
            "fct_orders",
            "fct_order_lines",
            "mart_marketplace_daily",
            "mart_vendor_daily",
        )
    }

    totals = {table: one(marts, query)[0] for table, query in queries.items()}

    assert set(totals.values()) == {Decimal("13591643.70")}, totals


def test_late_orders_by_both_rules(marts: duckdb.DuckDBPyConnection, orders: pl.DataFrame) -> None:
    delivered, promised = (
        pl.col("order_delivered_customer_date"),
        pl.col("order_estimated_delivery_date"),
    )

    found = one(marts, "select count_if(is_late), count_if(is_late_by_date) from marts.fct_orders")

    assert found == (
        len(orders.filter(delivered > promised)),
        len(orders.filter(delivered.dt.date() > promised.dt.date())),
    )
    assert found == (7_827, 6_535)


def test_reviews_are_complete_and_their_mean_is_right(
    marts: duckdb.DuckDBPyConnection, olist_folder: Path
) -> None:
    reviews = read(olist_folder, "order_reviews")

    found = one(marts, "select count(*), sum(rating) from marts.fct_reviews")

    assert found == (len(reviews), reviews["review_score"].cast(pl.Int64).sum())


def test_every_vendors_sales_are_right_to_the_cent(
    marts: duckdb.DuckDBPyConnection, items: pl.DataFrame
) -> None:
    expected = items.group_by("seller_id").agg(
        pl.col("price").sum(), pl.col("order_id").n_unique().alias("orders"), pl.len()
    )

    found = marts.execute(
        "select vendor_id, sum(gmv) as gmv, sum(order_count) as orders, sum(line_count) as lines "
        "from marts.mart_vendor_daily group by vendor_id"
    ).fetchall()

    assert sorted(found) == sorted(expected.rows())


def window_ends(marts: duckdb.DuckDBPyConnection) -> list[date]:
    rows = marts.execute("select distinct window_end from marts.mart_vendor_scorecard order by 1")
    return [row[0] for row in rows.fetchall()]


def scorecard(marts: duckdb.DuckDBPyConnection, metric: str) -> dict[Any, tuple[int, int]]:
    rows = marts.execute(
        "select vendor_id, window_end, numerator, denominator from marts.mart_vendor_scorecard "
        "where metric_id = ? and is_judged and denominator > 0",
        [metric],
    ).fetchall()
    return {(vendor, end): (int(top), int(bottom)) for vendor, end, top, bottom in rows}


def counted(
    parts: pl.DataFrame, ends: list[date], day: str, late: Any, among: Any
) -> dict[Any, tuple[int, int]]:
    """Late and all parts per vendor and window; `late` and `among` are given the window's end."""
    found = {}
    for end in ends:
        window = parts.filter(
            pl.col(day).dt.date().is_between(end - NINETY_DAYS, end, closed="left"), among(end)
        )
        summed = window.group_by("seller_id").agg(late(end).sum(), pl.len().alias("all"))
        found |= {(vendor, end): (top, bottom) for vendor, top, bottom in summed.rows()}
    return found


def known(column: str, end: date) -> pl.Expr:
    """A time, where it was known at the end of the window."""
    return pl.when(pl.col(column).dt.date() < end).then(pl.col(column))


def test_on_time_delivery_is_right_for_every_vendor_and_window(
    marts: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    # What was cancelled after it was handed over was due, and did not come.
    is_never_sent = (
        pl.col("order_status").is_in(["canceled", "unavailable"])
        & pl.col("order_delivered_carrier_date").is_null()
    )
    expected = counted(
        parts.filter(~is_never_sent),
        window_ends(marts),
        "order_estimated_delivery_date",
        lambda end: (
            known("order_delivered_customer_date", end) <= pl.col("order_estimated_delivery_date")
        ).fill_null(value=False),
        lambda end: pl.col("order_purchase_timestamp").dt.date() < end,
    )

    assert scorecard(marts, "on_time_delivery_rate") == expected


def test_late_delivery_by_date_is_right_for_every_vendor_and_window(
    marts: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    # What was delivered counts, whatever became of the order afterwards.
    expected = counted(
        parts,
        window_ends(marts),
        "order_estimated_delivery_date",
        lambda end: (
            known("order_delivered_customer_date", end).dt.date()
            > pl.col("order_estimated_delivery_date").dt.date()
        ),
        lambda end: known("order_delivered_customer_date", end).is_not_null(),
    )

    assert scorecard(marts, "late_delivery_rate_by_date") == expected


def test_lines_behind_every_number_recount_it(marts: duckdb.DuckDBPyConnection) -> None:
    wrong = marts.execute(
        "select card.vendor_id, card.metric_id from marts.mart_vendor_scorecard as card "
        "left join marts.mart_vendor_metric_lines as unit "
        "on unit.vendor_id = card.vendor_id and unit.metric_id = card.metric_id "
        "and unit.is_counted "
        "and unit.membership_date >= card.window_start and unit.membership_date < card.window_end "
        "where card.is_current and card.unit <> 'points' "
        "group by card.vendor_id, card.metric_id, card.window_kind, card.numerator, "
        "card.denominator "
        "having card.numerator <> coalesce(sum(unit.numerator_value), 0) "
        "or card.denominator <> coalesce(sum(unit.denominator_value), 0)"
    ).fetchall()

    assert wrong == []


def test_unit_is_worth_the_vendors_part_of_its_order(
    marts: duckdb.DuckDBPyConnection, items: pl.DataFrame
) -> None:
    parts = items.group_by("seller_id", "order_id").agg(pl.col("price").sum())
    expected = {(vendor, order): price for vendor, order, price in parts.rows()}

    units = marts.execute(
        "select vendor_id, order_id, gmv from marts.mart_vendor_metric_lines "
        "where metric_id = 'on_time_delivery_rate'"
    ).fetchall()

    assert len(units) > 1000
    assert all(expected[vendor, order] == gmv for vendor, order, gmv in units)


def test_lost_orders_that_no_vendor_is_charged_with_stand_beside_the_rate(
    marts: duckdb.DuckDBPyConnection, orders: pl.DataFrame, items: pl.DataFrame
) -> None:
    lost = orders.filter(pl.col("order_status").is_in(["canceled", "unavailable"]))

    found = one(
        marts,
        "select lost_order_count, unattributed_lost_order_count "
        "from marts.mart_marketplace_summary where window_id = 'all_time'",
    )

    assert found == (len(lost), len(lost.join(items, on="order_id", how="anti"))) == (1234, 767)


def vendor_files(version: Path, every: int) -> Iterator[Path]:
    yield from sorted((version / "vendors").iterdir())[::every]


def test_vendors_files_hold_no_other_vendor_and_no_customer(
    marts: duckdb.DuckDBPyConnection, olist_version: Path, olist_folder: Path
) -> None:
    vendors = {
        row[0].encode()
        for row in marts.execute("select vendor_id from marts.dim_vendors").fetchall()
    }
    customers = read(olist_folder, "customers")
    persons = {
        identifier.encode()
        for column in ("customer_id", "customer_unique_id")
        for identifier in customers[column].to_list()
    }
    identifiers = re.compile(rb"[0-9a-f]{32}")
    files = list(vendor_files(olist_version, every=10))

    for path in files:
        mine = path.name.removesuffix(".duckdb").encode()
        found = set(identifiers.findall(path.read_bytes()))
        assert not (found & vendors) - {mine}, path.name
        assert not found & persons, path.name
    assert len(files) > 300


def load(folder: Path, home: Path, parser: Parser) -> dict[str, list[tuple[Any, ...]]]:
    """The current state of every feed after loading a folder into a home."""
    variables = {"KONTOR_OLIST_DIR": str(folder)}
    shop = load_marketplace(PROJECT_ROOT / "marketplaces" / "olist.yml", variables)
    home.mkdir(exist_ok=True)
    claim_warehouse(Home(home), shop.name)
    with open_warehouse(home / "warehouse.duckdb") as connection:
        loader = Loader(Home(home), shop, connection, parser, "2026-07-01 12:00:00")
        for feed in ("orders", "order_lines", "payments", "reviews", "customers"):
            load_feed(loader, feed)
        return {
            feed: connection.execute(
                f"select count(*), bit_xor(hash(columns(lambda c: not starts_with(c, '_')))) "
                f"from raw.{feed}_current"
            ).fetchall()
            for feed in ("orders", "order_lines", "payments", "reviews", "customers")
        }


def test_halves_in_reverse_order_end_in_the_same_tables(
    olist_folder: Path, tmp_path: Path, parser: Parser
) -> None:
    whole = load(olist_folder, tmp_path / "whole", parser)

    for half in (1, 0):  # the later half first
        folder = tmp_path / f"half-{half}"
        folder.mkdir()
        for path in olist_folder.glob("*.csv"):
            if "reviews" in path.name:  # its values hold line breaks
                (folder / path.name).write_bytes(path.read_bytes())
                continue
            header, *lines = path.read_bytes().splitlines(keepends=True)
            cut = len(lines) // 2
            (folder / path.name).write_bytes(
                header + b"".join(lines[cut:] if half else lines[:cut])
            )
        halves = load(folder, tmp_path / "halves", parser)

    assert halves == whole


def purchases(orders: pl.DataFrame, items: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Orders that still stand, with whose they are and what their goods cost."""
    customers = read(folder, "customers").select("customer_id", "customer_unique_id")
    priced = items.group_by("order_id").agg(pl.col("price").sum())
    return (
        orders.filter(~pl.col("order_status").is_in(["canceled", "unavailable"]))
        .join(priced, on="order_id")
        .join(customers, on="customer_id")
        .with_columns(day=pl.col("order_purchase_timestamp").dt.date())
    )


def test_scores_of_customers_are_by_rank_with_equals_together(
    marts: duckdb.DuckDBPyConnection, orders: pl.DataFrame, items: pl.DataFrame, olist_folder: Path
) -> None:
    bought = purchases(orders, items, olist_folder)
    year = bought.filter(pl.col("day") > LAST_DAY - timedelta(days=365))
    expected = (
        year.group_by("customer_unique_id")
        .agg(
            recency=(LAST_DAY - pl.col("day").max()).dt.total_days(),
            frequency=pl.len().cast(pl.Int64),
            monetary=pl.col("price").sum(),
        )
        .with_columns(
            ((column.rank("min").cast(pl.Int64) - 1) * 5 // pl.len() + 1).alias(f"{name}_score")
            for name, column in {
                "r": -pl.col("recency"),
                "f": pl.col("frequency"),
                "m": pl.col("monetary"),
            }.items()
        )
    )

    found = marts.execute(
        "select customer_id, recency_days, frequency, monetary, r_score, f_score, m_score "
        "from marts.mart_customer_segments where rfm_segment <> 'unscored'"
    ).fetchall()

    assert sorted(found) == sorted(expected.rows())
    # 97 % bought once: the score for frequency has two values, and page and users are told
    assert len(expected.filter(pl.col("frequency") == 1)) / len(expected) > 0.96
    assert {*expected["f_score"]} == {1, 5}


def test_classes_by_net_sales_are_those_of_the_files(
    marts: duckdb.DuckDBPyConnection, orders: pl.DataFrame, items: pl.DataFrame, olist_folder: Path
) -> None:
    bought = purchases(orders, items, olist_folder).select("order_id", "customer_unique_id", "day")
    year = bought.filter(pl.col("day") > LAST_DAY - timedelta(days=365)).join(items, on="order_id")
    keys = {"customer": "customer_unique_id", "vendor": "seller_id", "product": "product_id"}
    for kind, key in keys.items():
        sold = year.group_by(key).agg(pl.col("price").sum().alias("sales")).sort(-pl.col("sales"))
        total, largest = int(sold["sales"].sum() * 100), sold["sales"][0]
        # whoever has as much stands together: the running sum at the last of them
        reached = sold.group_by("sales").agg(pl.len()).sort("sales", descending=True)
        so_far, expected = 0, {}
        for sales, count in reached.iter_rows():
            so_far += int(sales * 100) * count
            is_a = sales == largest or so_far * 100 <= total * 80
            expected[sales] = "A" if is_a else "B" if so_far * 100 <= total * 95 else "C"

        found = marts.execute(
            "select entity_id, net_sales, abc_class from marts.mart_abc "
            "where entity_kind = ? and net_sales > 0",
            [kind],
        ).fetchall()

        assert sorted(found) == sorted((row[0], row[1], expected[row[1]]) for row in sold.rows())
