"""The registry of pages: every page once, in the order of the menu; roles.py says whose it is."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboards.app_pages import (
    operator_assortment,
    operator_customer,
    operator_customers,
    operator_data_health,
    operator_effect,
    operator_explore,
    operator_exports,
    operator_forecast,
    operator_forecast_accuracy,
    operator_funnel,
    operator_gallery,
    operator_metrics,
    operator_order,
    operator_orders,
    operator_overview,
    operator_retention,
    operator_scorecards,
    operator_search,
    operator_segment_editor,
    operator_thresholds,
    operator_value,
    operator_vendors,
    operator_versions,
    vendor_customers,
    vendor_forecast,
    vendor_money,
    vendor_orders,
    vendor_overview,
    vendor_performance,
    vendor_products,
    vendor_requests,
    vendor_search,
    vendor_to_do,
)
from dashboards.context import Context
from dashboards.words.messages import Message, message
from operations.roles import ROLES

# The first page of a menu has the address of the site itself; Streamlit gives it no other.
HOME = ""
SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Page:
    """What shows a page, its name in the menu, its section, its place in the address, its icon."""

    show: Callable[[Context], None]
    title: Message
    section: Message
    path: str
    icon: str
    # A page that only links lead to, such as that of one order.
    is_listed: bool = True

    @property
    def name(self) -> str:
        """The name by which roles are granted the page: that of its module."""
        return self.show.__module__.rsplit(".", 1)[-1]


_SHOP = message("Your shop")
_MARKETPLACE = message("Marketplace")
_CUSTOMERS = message("Customers and marketing")
_DATA = message("Data")
_ADMIN = message("Admin")

PAGES: tuple[Page, ...] = (
    Page(operator_overview.page, message("Overview"), _MARKETPLACE, HOME, ":material/insights:"),
    Page(
        operator_vendors.page,
        message("Vendors"),
        _MARKETPLACE,
        "vendors",
        ":material/storefront:",
    ),
    Page(
        operator_assortment.page,
        message("Assortment"),
        _MARKETPLACE,
        "assortment",
        ":material/category:",
    ),
    Page(
        operator_orders.page,
        message("Orders"),
        _MARKETPLACE,
        "orders",
        ":material/receipt_long:",
    ),
    Page(
        operator_scorecards.page,
        message("Scorecards"),
        _MARKETPLACE,
        "scorecards",
        ":material/scoreboard:",
    ),
    Page(
        operator_thresholds.page,
        message("Thresholds"),
        _MARKETPLACE,
        "thresholds",
        ":material/straighten:",
    ),
    Page(
        operator_order.page,
        message("Order"),
        _MARKETPLACE,
        "order",
        ":material/receipt_long:",
        is_listed=False,
    ),
    Page(
        operator_forecast.page,
        message("Forecast"),
        _MARKETPLACE,
        "forecast",
        ":material/trending_up:",
    ),
    Page(operator_search.page, message("Search"), _MARKETPLACE, SEARCH, ":material/search:"),
    Page(
        operator_customers.page,
        message("Customers"),
        _CUSTOMERS,
        "customers",
        ":material/groups:",
    ),
    Page(
        operator_customer.page,
        message("Customer"),
        _CUSTOMERS,
        "customer",
        ":material/person:",
        is_listed=False,
    ),
    Page(operator_value.page, message("Value"), _CUSTOMERS, "value", ":material/savings:"),
    Page(operator_funnel.page, message("Funnel"), _CUSTOMERS, "funnel", ":material/filter_alt:"),
    Page(
        operator_retention.page,
        message("Retention"),
        _CUSTOMERS,
        "retention",
        ":material/autorenew:",
    ),
    Page(
        operator_segment_editor.page,
        message("Segment editor"),
        _CUSTOMERS,
        "segment-editor",
        ":material/tune:",
    ),
    Page(
        operator_exports.page,
        message("Exports"),
        _CUSTOMERS,
        "exports",
        ":material/outgoing_mail:",
    ),
    Page(operator_effect.page, message("Effect"), _CUSTOMERS, "effect", ":material/science:"),
    Page(operator_explore.page, message("Explore"), _DATA, "explore", ":material/table_view:"),
    Page(
        operator_forecast_accuracy.page,
        message("Forecast accuracy"),
        _DATA,
        "forecast-accuracy",
        ":material/target:",
    ),
    Page(
        operator_metrics.page,
        message("Metric catalogue"),
        _DATA,
        "metrics",
        ":material/menu_book:",
    ),
    Page(
        operator_data_health.page,
        message("Data health"),
        _DATA,
        "data-health",
        ":material/fact_check:",
    ),
    Page(operator_versions.page, message("Versions"), _DATA, "versions", ":material/history:"),
    Page(operator_gallery.page, message("Gallery"), _ADMIN, "gallery", ":material/widgets:"),
    Page(vendor_overview.page, message("Overview"), _SHOP, HOME, ":material/insights:"),
    Page(vendor_to_do.page, message("To do"), _SHOP, "to-do", ":material/checklist:"),
    Page(vendor_orders.page, message("Orders"), _SHOP, "orders", ":material/receipt_long:"),
    Page(
        vendor_performance.page,
        message("Performance"),
        _SHOP,
        "performance",
        ":material/speed:",
    ),
    Page(
        vendor_products.page,
        message("Products"),
        _SHOP,
        "products",
        ":material/inventory_2:",
    ),
    Page(
        vendor_customers.page,
        message("Customers"),
        _SHOP,
        "customers",
        ":material/groups:",
    ),
    Page(vendor_money.page, message("Money"), _SHOP, "money", ":material/payments:"),
    Page(
        vendor_requests.page,
        message("Requests"),
        _SHOP,
        "requests",
        ":material/request_quote:",
    ),
    Page(
        vendor_forecast.page,
        message("Forecast"),
        _SHOP,
        "forecast",
        ":material/trending_up:",
    ),
    Page(vendor_search.page, message("Search"), _SHOP, SEARCH, ":material/search:"),
)


def pages_of(role: str) -> tuple[Page, ...]:
    """Return the pages of a role in the order of the menu; none for a role that is unknown."""
    granted = ROLES[role].pages if role in ROLES else frozenset()
    return tuple(page for page in PAGES if page.name in granted)
