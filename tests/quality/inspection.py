"""What the checks say of a warehouse after something was done to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from data_quality.runner import Checker
from pipelines.checking import check_results
from pipelines.checking.check_results import CheckRow
from pipelines.checking.desk import QualityDesk
from pipelines.dbt.manifest import Manifest
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from sources.marketplace import Marketplace

RECORDED_AT = "2026-07-01 05:00:00"
# As much of a manifest as sentences on the reach of a failure need.
MANIFEST = Manifest(
    {
        "sources": {"source.kontor.shop.orders": {"name": "orders"}},
        "nodes": {
            "model.kontor.mart_orders": {
                "name": "mart_orders",
                "resource_type": "model",
                "fqn": ["kontor", "marts", "core", "mart_orders"],
                "schema": "marts",
                "columns": {},
            }
        },
        "child_map": {"source.kontor.shop.orders": ["model.kontor.mart_orders"]},
    }
)


@dataclass
class Inspection:
    """A home, its marketplace, and the checker."""

    home: Home
    marketplace: Marketplace
    checker: Checker

    def asked(self, *statements: str, everything: bool = False) -> list[str]:
        """The feeds whose suites are run after some statements; the results are kept."""
        desk = QualityDesk(self.home, self.marketplace, self.checker, RECORDED_AT)
        with open_warehouse(self.home.warehouse) as connection:
            for statement in statements:
                connection.execute(statement)
            feeds = desk.ask_about_feeds(connection, everything=everything)
            desk.collect(connection, MANIFEST)
        return feeds

    def failures(self, *statements: str, feeds: Iterable[str]) -> dict[str, CheckRow]:
        """What fails after some statements, by feed and check: orders/order_id_is_unique.

        Only the named feeds are checked again, for each test to be quick.
        """
        again = [f"delete from raw.checked_feeds where feed = '{feed}'" for feed in feeds]
        self.asked(*statements, *again)
        return {
            f"{row.feed}/{row.check_name.partition('/')[2]}": row
            for row in self.results()
            if not row.is_passed
        }

    def results(self) -> list[CheckRow]:
        """All that is known."""
        with open_warehouse(self.home.warehouse) as connection:
            return check_results.results(connection)

    def texts(self) -> Iterable[str]:
        """Everything that was written down for people."""
        for page in sorted(self.home.data_docs.iterdir()):
            yield page.read_text(encoding="utf-8")
        for row in self.results():
            yield repr(row)
