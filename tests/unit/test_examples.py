"""Each example of a mapping reads its system's export to the cent, as polars reads it unmapped."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.home import Home
from pipelines.loading.feed import load_feed
from pipelines.settings import PROJECT_ROOT
from sources.marketplace import load_marketplace
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk

EXAMPLES = PROJECT_ROOT / "marketplaces" / "examples"
CENTS = Decimal("0.01")
# What an order's lines come to before and after discounts, and how many there are, by order.
Sums = dict[str, tuple[Decimal, Decimal, int]]


def read(path: str, **options: Any) -> pl.DataFrame:
    [file] = EXAMPLES.glob(path)
    return pl.read_csv(file, infer_schema=False, **options).fill_null("")


def summed(lines: list[tuple[str, ...]]) -> Sums:
    """Sums of (order, pieces, price of a piece, discount of the line)."""
    sums: Sums = {}
    for order, pieces, price, discount in lines:
        gross = (Decimal(pieces) * Decimal(price)).quantize(CENTS)
        before = sums.get(order, (Decimal(0), Decimal(0), 0))
        net = gross - Decimal(discount or 0)
        sums[order] = (before[0] + gross, before[1] + net, before[2] + 1)
    return sums


def columns(frame: pl.DataFrame, *names: str) -> list[tuple[str, ...]]:
    return frame.select(names).rows()


def shopify() -> Sums:
    names = ("Name", "Lineitem quantity", "Lineitem price", "Lineitem discount")
    return summed(columns(read("shopify/*.csv"), *names))


def woocommerce() -> Sums:
    frame = read("woocommerce/*.csv")
    lines = []
    for row in frame.to_dicts():
        for n in (1, 2, 3):
            if row[f"Product Item {n} SKU"]:
                before = Decimal(row[f"Product Item {n} Subtotal"])
                after = Decimal(row[f"Product Item {n} Total"])
                lines.append((row["order_number"], "1", str(before), str(before - after)))
    return summed(lines)


def amazon() -> Sums:
    frame = read("amazon/*.txt", separator="\t").filter(pl.col("quantity") != "0")
    names = ("amazon-order-id", "item-price", "item-tax", "item-promotion-discount")
    return summed(
        [
            (order, "1", str(Decimal(price) - Decimal(tax)), discount)
            for order, price, tax, discount in columns(frame, *names)
        ]
    )


def ebay() -> Sums:
    [file] = EXAMPLES.glob("ebay/*.csv")
    rows = [line.split(";") for line in file.read_text("windows-1252").splitlines()]
    items = [[value.strip('"') for value in row] for row in rows if len(row) == 13]
    return summed(
        [
            (row[1], row[6], row[7].removesuffix(" €").replace(".", "").replace(",", "."), "0")
            for row in items[1:]
            if row[3]
        ]
    )


def etsy() -> Sums:
    return summed(columns(read("etsy/*.csv"), "Order ID", "Quantity", "Price", "Discount Amount"))


def tiktok() -> Sums:
    frame = read("tiktok/*.csv").slice(1)
    names = ("Order ID", "Quantity", "SKU Unit Original Price", "SKU Seller Discount")
    return summed(
        [
            (order.strip(), pieces, price.removeprefix("EUR "), discount.removeprefix("EUR "))
            for order, pieces, price, discount in columns(frame, *names)
        ]
    )


def magento() -> Sums:
    frame = read("magento/sales_order_item.csv").filter(pl.col("parent_item_id") == "")
    return summed(columns(frame, "order_id", "qty_ordered", "price", "discount_amount"))


@pytest.mark.parametrize("expected", [shopify, woocommerce, amazon, ebay, etsy, tiktok, magento])
def test_example_is_read_to_the_cent_and_nothing_is_quarantined(
    tmp_path: Path, parser: Parser, expected: Callable[[], Sums]
) -> None:
    name = expected.__name__
    shop = load_marketplace(EXAMPLES / name / f"{name}.yml", {})
    desk = Desk(Home(tmp_path), shop, parser)
    with desk.loader() as loader:
        outcomes = [each for feed in shop.feeds for each in load_feed(loader, feed).outcomes]

    assert [(each.status, each.quarantined) for each in outcomes] == [("loaded", 0)] * len(outcomes)
    lines = desk.query(
        "select order_id, sum(gross), sum(gross - coalesce(discount_amount, 0)), count(*) from ("
        "select *, coalesce(line_amount, round(quantity * unit_price, 2)) as gross "
        "from raw.order_lines_current) group by order_id"
    )
    assert {
        order: (Decimal(gross), Decimal(net), n) for order, gross, net, n in lines
    } == expected()
    # No line without its order, no order twice.
    assert desk.query(
        "select count(*) from raw.order_lines_current anti join raw.orders_current using (order_id)"
    ) == [(0,)]


def test_every_example_has_its_own_test() -> None:
    tested = {shopify, woocommerce, amazon, ebay, etsy, tiktok, magento}

    assert {path.name for path in EXAMPLES.iterdir()} == {each.__name__ for each in tested}
