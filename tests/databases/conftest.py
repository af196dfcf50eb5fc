"""A shop in a real PostgreSQL server, and a desk that reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.loading.feed import FeedOutcome, load_feed
from pipelines.loading.reading import Progress
from sources.marketplace import load_marketplace
from sources.parsing.client import Parser
from tests.databases.shop_server import SCHEMA, ShopServer, shop_server
from tests.operations.stores import why_no_postgresql
from tests.unit.loading_desk import Desk, Home

YAML = """\
name: shop
title: Shop
currency_code: EUR
time_zone: Europe/Berlin
databases:
  shop: {{url: '${{SHOP_URL}}', connect_timeout_seconds: 2{database}}}
feeds:
  orders:
    - {orders}
  order_lines:
    - {order_lines}
  vendors:
    - {vendors}
  invoices:
    - {invoices}
"""
ORDERS = (
    "{database: shop, table: public.orders, mode: cursor, cursor: updated_at, "
    "deleted_when: deleted_at is not null, columns: {order_id: order_id, "
    "customer_id: customer_id, status: status, ordered_at: placed, updated_at: updated_at}}"
)
LINES = (
    "{database: shop, table: lines, mode: full, columns: {order_line_id: line_id, "
    "order_id: order_id, vendor_id: vendor_id, product_id: product_id, quantity: quantity, "
    "unit_price: price}}"
)
VENDORS = (
    "{database: shop, table: public.vendors, mode: full, columns: {vendor_id: vendor_id, "
    "name: name, status: status, country_code: country}}"
)
INVOICES = (
    "{database: shop, table: public.invoices, mode: full, time_zone: Europe/Berlin, columns: "
    "{invoice_id: id, order_id: order_id, document_kind: kind, net_amount: net, tax_amount: tax, "
    "is_corrected: is_corrected, issued_at: issued, due_at: due, updated_at: changed}}"
)
NOON = "2026-06-30 12:00:00"


@pytest.fixture(scope="session")
def running_server() -> Iterator[ShopServer]:
    reason = why_no_postgresql()
    if reason:
        pytest.skip(reason)
    with shop_server() as server:
        yield server


@pytest.fixture
def server(running_server: ShopServer) -> ShopServer:
    """The running server with an empty shop in it."""
    with running_server.admin() as connection:
        connection.execute("drop schema public cascade; create schema public")
        connection.execute("grant usage on schema public to public")
        for role in ("reader", "writer", "stranger"):
            connection.execute(f"drop role if exists {role}".encode())
        connection.execute(SCHEMA.encode())
    return running_server


@dataclass
class DatabaseDesk(Desk):
    """Loads the feeds of the shop's database."""

    file: Path = Path()
    url: str = ""

    def describe(self, **entries: str) -> None:
        """Writes the marketplace's file anew; `database` adds to the database's own settings."""
        filled = {
            "database": "", "orders": ORDERS, "order_lines": LINES, "vendors": VENDORS,
            "invoices": INVOICES, **entries,
        }  # fmt: skip
        self.file.write_text(YAML.format(**filled), encoding="utf-8")
        self.marketplace = load_marketplace(self.file, {"SHOP_URL": self.url})

    def load(self, feed: str, progress: Progress = lambda _: None) -> FeedOutcome:
        with self.loader() as loader:
            return load_feed(loader, feed, progress)


@pytest.fixture
def desk(server: ShopServer, tmp_path: Path, parser: Parser) -> DatabaseDesk:
    made = DatabaseDesk(
        Home(tmp_path / "home"),
        None,  # type: ignore[arg-type]  # described below
        parser,
        file=tmp_path / "shop.yml",
        url=server.reader_url,
    )
    made.describe()
    return made
