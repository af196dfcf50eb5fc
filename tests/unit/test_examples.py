"""Each example of a mapping reads its system's export to the cent, as polars reads it unmapped."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.home import Home
from pipelines.loading.feed import load_feed
from pipelines.loading.ledger import LoadOutcome
from pipelines.settings import PROJECT_ROOT
from sources.marketplace import load_marketplace
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk

pytestmark = pytest.mark.loading

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


def wholesaler() -> Sums:
    sold = read("wholesaler/*.csv").filter(
        pl.col("InvoiceNo").str.contains("^[0-9]+$"),
        pl.col("StockCode") != "POST",
        pl.col("Quantity").cast(pl.Int64) > 0,
    )
    names = ("InvoiceNo", "Quantity", "UnitPrice")
    return summed([(*row, "0") for row in columns(sold, *names)])


def northwind() -> Sums:
    lines = read("northwind/order_details.csv").with_columns(
        (pl.col("UnitPrice").cast(pl.Decimal(18, 4)) * pl.col("Quantity").cast(pl.Int64))
        .cast(pl.Float64)
        .alias("gross"),
        pl.col("Discount").cast(pl.Float32).round(2).cast(pl.Float64).alias("rate"),
    )
    return summed(
        [
            (order, "1", str(gross), str(Decimal(str(gross * rate)).quantize(CENTS, ROUND_HALF_UP)))
            for order, gross, rate in columns(lines, "OrderID", "gross", "rate")
        ]
    )


def purchase_orders() -> Sums:
    frame = read("purchase_orders/bestellpositionen.csv", separator=";")
    names = ("Bestellnummer", "Nettowert")
    return summed(
        [(order, "1", net.replace(",", "."), "0") for order, net in columns(frame, *names)]
    )


def ga4() -> Sums:
    names = ("order_id", "quantity", "unit_price")
    return summed([(*row, "0") for row in columns(read("ga4/order_lines.csv"), *names)])


def segment() -> Sums:
    names = ("order_id", "quantity", "unit_price")
    return summed([(*row, "0") for row in columns(read("segment/order_lines.csv"), *names)])


SYSTEMS = (
    *(shopify, woocommerce, amazon, ebay, etsy, tiktok, magento, wholesaler, northwind),
    *(purchase_orders, ga4, segment),
)


def loaded(folder: Path, name: str, parser: Parser) -> tuple[Desk, list[LoadOutcome]]:
    shop = load_marketplace(EXAMPLES / name / f"{name}.yml", {})
    desk = Desk(Home(folder), shop, parser)
    with desk.loader() as loader:
        return desk, [each for feed in shop.feeds for each in load_feed(loader, feed).outcomes]


@pytest.mark.parametrize("expected", SYSTEMS)
def test_example_is_read_to_the_cent_and_nothing_is_quarantined(
    tmp_path: Path, parser: Parser, expected: Callable[[], Sums]
) -> None:
    desk, outcomes = loaded(tmp_path, expected.__name__, parser)

    assert [(each.status, each.quarantined) for each in outcomes] == [("loaded", 0)] * len(outcomes)
    lines = desk.query(
        "select order_id, sum(gross), sum(gross - coalesce(discount_amount, 0)), count(*) from ("
        "select order_id, coalesce(line_amount, round(quantity * unit_price, 2)) as gross, "
        "coalesce(discount_amount, round(gross * discount_rate, 2)) as discount_amount "
        "from raw.order_lines_current) group by order_id"
    )
    assert {
        order: (Decimal(gross), Decimal(net), n) for order, gross, net, n in lines
    } == expected()
    # No line without its order, no order twice.
    assert desk.query(
        "select count(*) from raw.order_lines_current anti join raw.orders_current using (order_id)"
    ) == [(0,)]


def test_cancelling_invoices_of_a_wholesaler_are_returns_of_a_customer_and_a_product(
    tmp_path: Path, parser: Parser
) -> None:
    desk, _ = loaded(tmp_path, "wholesaler", parser)

    # 10 x 2.55 and 6 x 3.39; nobody knows who the guest was, and no line sold a discount
    assert desk.current("returns", "return_id", "customer_id", "quantity", "refund_amount") == [
        ("C700004-D-1", "12583", 1, Decimal("27.50")),
        ("C700007-20101A-1", "17850", 10, Decimal("25.50")),
        ("C700007-20202-1", "17850", 6, Decimal("20.34")),
        ("C700008-20404-1", "guest-C700008", 1, Decimal("8.47")),
    ]
    # Twice the same line of one invoice is two lines.
    assert desk.query(
        "select order_line_id from raw.order_lines_current where product_id = '20202' order by all"
    ) == [("20202-1",), ("20202-2",)]


def test_a_vendor_may_stand_on_the_order_or_on_the_product(tmp_path: Path, parser: Parser) -> None:
    bought, _ = loaded(tmp_path / "purchase_orders", "purchase_orders", parser)
    sold, _ = loaded(tmp_path / "northwind", "northwind", parser)

    assert bought.current("orders", "order_id", "vendor_id") == [
        ("4500000101", "100234"),
        ("4500000102", "100777"),
        ("4500000103", "100234"),
    ]
    assert bought.query("select distinct vendor_id from raw.order_lines_current") == [(None,)]
    suppliers = dict(columns(read("northwind/products.csv"), "ProductID", "SupplierID"))
    assert dict(sold.current("products", "product_id", "vendor_id")) == suppliers


@pytest.mark.parametrize(("name", "value"), [("ga4", "value_amount"), ("segment", "value_amount")])
def test_events_of_a_tracker_become_rows_per_event_and_product(
    tmp_path: Path, parser: Parser, name: str, value: str
) -> None:
    desk, _ = loaded(tmp_path, name, parser)

    bought = desk.query(
        f"select item_number, vendor_id, product_id, {value} from raw.events_current "
        "where event_type = 'order_completed' order by item_number"
    )
    assert bought == [
        (0, None, None, Decimal("61.50")),
        (1, "v1", "SKU1", None),
        (2, "v2", "SKU2", None),
    ]
    assert desk.query("select count(distinct event_id) from raw.events_current") == [(6,)]


def test_every_example_has_its_own_test() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {each.__name__ for each in SYSTEMS}
