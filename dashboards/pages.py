"""The registry of pages: who has which, in the order of the menu."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dashboards.app_pages import (
    operator_data_health,
    operator_overview,
    operator_vendors,
    vendor_orders,
    vendor_overview,
    vendor_performance,
)
from dashboards.components.page import Context

Audience = Literal["operator", "vendor"]
HOME = "overview"


@dataclass(frozen=True, slots=True)
class Page:
    """What shows a page, its name in the menu, its place in the address, and its icon."""

    show: Callable[[Context], None]
    title: str
    path: str
    icon: str


PAGES: dict[Audience, tuple[Page, ...]] = {
    "operator": (
        Page(operator_overview.page, "Overview", HOME, ":material/insights:"),
        Page(operator_vendors.page, "Vendors", "vendors", ":material/storefront:"),
        Page(operator_data_health.page, "Data health", "data-health", ":material/fact_check:"),
    ),
    "vendor": (
        Page(vendor_overview.page, "Overview", HOME, ":material/insights:"),
        Page(vendor_performance.page, "Performance", "performance", ":material/speed:"),
        Page(vendor_orders.page, "Orders", "orders", ":material/receipt_long:"),
    ),
}


def pages_of(role: str) -> tuple[Page, ...]:
    """Return the pages of a role: analysts have those of operators."""
    return PAGES["vendor" if role == "vendor" else "operator"]
