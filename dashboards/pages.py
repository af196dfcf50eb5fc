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
from dashboards.context import Context
from dashboards.words.messages import Message, message

Audience = Literal["operator", "vendor"]
# The first page of a menu has the address of the site itself; Streamlit gives it no other.
HOME = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What shows a page, its name in the menu, its place in the address, and its icon."""

    show: Callable[[Context], None]
    title: Message
    path: str
    icon: str


PAGES: dict[Audience, tuple[Page, ...]] = {
    "operator": (
        Page(operator_overview.page, message("Overview"), HOME, ":material/insights:"),
        Page(operator_vendors.page, message("Vendors"), "vendors", ":material/storefront:"),
        Page(
            operator_data_health.page,
            message("Data health"),
            "data-health",
            ":material/fact_check:",
        ),
    ),
    "vendor": (
        Page(vendor_overview.page, message("Overview"), HOME, ":material/insights:"),
        Page(vendor_performance.page, message("Performance"), "performance", ":material/speed:"),
        Page(vendor_orders.page, message("Orders"), "orders", ":material/receipt_long:"),
    ),
}


def pages_of(role: str) -> tuple[Page, ...]:
    """Return the pages of a role: analysts have those of operators."""
    return PAGES["vendor" if role == "vendor" else "operator"]
