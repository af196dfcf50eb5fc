"""Links to other pages by their names; the registry itself imports the pages, so it is not asked.

A test holds the two together.
"""

from collections.abc import Iterable

from dashboards.components import html
from dashboards.context import Context
from dashboards.words.messages import Message, message

TITLES: dict[str, tuple[Message, str]] = {
    "operator_overview": (message("Overview"), "/"),
    "operator_vendors": (message("Vendors"), "/vendors"),
    "operator_assortment": (message("Assortment"), "/assortment"),
    "operator_scorecards": (message("Scorecards"), "/scorecards"),
    "operator_thresholds": (message("Thresholds"), "/thresholds"),
    "operator_order": (message("Order"), "/order"),
    "operator_orders": (message("Orders"), "/orders"),
    "operator_search": (message("Search"), "/search"),
    "operator_customers": (message("Customers"), "/customers"),
    "operator_customer": (message("Customer"), "/customer"),
    "operator_value": (message("Value"), "/value"),
    "operator_funnel": (message("Funnel"), "/funnel"),
    "operator_retention": (message("Retention"), "/retention"),
    "operator_segment_editor": (message("Segment editor"), "/segment-editor"),
    "operator_exports": (message("Exports"), "/exports"),
    "operator_effect": (message("Effect"), "/effect"),
    "operator_forecast": (message("Forecast"), "/forecast"),
    "operator_forecast_accuracy": (message("Forecast accuracy"), "/forecast-accuracy"),
    "operator_explore": (message("Explore"), "/explore"),
    "operator_metrics": (message("Metric catalogue"), "/metrics"),
    "operator_data_health": (message("Data health"), "/data-health"),
    "operator_versions": (message("Versions"), "/versions"),
    "operator_gallery": (message("Gallery"), "/gallery"),
}


def show_links(context: Context, title: str, names: Iterable[str]) -> None:
    """Show the pages of these names, linked where the viewer's role has them.

    Vendors' pages are left out: no operator has them, and they say the same of one vendor.
    """
    links = [
        (context.words.say(TITLES[name][0]), TITLES[name][1] if context.has_page(name) else "")
        for name in names
        if name in TITLES
    ]
    if links:
        html.show("links.html", title=title, links=links)
