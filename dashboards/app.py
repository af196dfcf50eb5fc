"""The router: who is there, which pages they have, and the chosen one."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboards import resources
from dashboards.app_pages import (
    operator_data_health,
    operator_overview,
    operator_vendors,
    vendor_orders,
    vendor_overview,
    vendor_performance,
)
from dashboards.components import html, states
from dashboards.components.page import Context
from dashboards.identity import current_context, current_words
from dashboards.published import NothingPublished
from dashboards.queries.reader import QueryTimeout
from dashboards.viewer import NotAllowed

_ASSETS = Path(__file__).parent / "assets"

_PAGES = {
    "operator": [
        (operator_overview.page, "Overview", "overview", ":material/insights:"),
        (operator_vendors.page, "Vendors", "vendors", ":material/storefront:"),
        (operator_data_health.page, "Data health", "data-health", ":material/fact_check:"),
    ],
    "vendor": [
        (vendor_overview.page, "Overview", "overview", ":material/insights:"),
        (vendor_performance.page, "Performance", "performance", ":material/speed:"),
        (vendor_orders.page, "Orders", "orders", ":material/receipt_long:"),
    ],
}


def main() -> None:
    """Show the page that was chosen, to whoever the session says is there."""
    st.set_page_config("Kontor", page_icon=str(_ASSETS / "icon.svg"), layout="wide")
    st.html(_ASSETS / "style.css")
    st.logo(str(_ASSETS / "logo.svg"), size="large", icon_image=str(_ASSETS / "icon.svg"))
    try:
        context = current_context()
    except NothingPublished:
        states.nothing_published()
        return
    if context is None:
        states.signed_out(current_words())
        return
    audience = "vendor" if context.viewer.role == "vendor" else "operator"
    pages = [
        st.Page(
            _guarded(function, context),
            title=title,
            url_path=path,
            icon=icon,
            default=path == "overview",
        )
        for function, title, path, icon in _PAGES[audience]
    ]
    chosen = st.navigation(pages)
    with st.sidebar:
        html.show(
            "account.html",
            title=context.manifest.title,
            name=context.viewer.account_name,
            role=context.viewer.role,
        )
    chosen.run()


def _guarded(page: Callable[[Context], None], context: Context) -> Callable[[], None]:
    def run() -> None:
        try:
            page(context)
        except NotAllowed as refusal:
            resources.log_refusal(context.viewer, refusal)
            states.empty(
                "There is nothing here for you",
                "The data of this page is not published for your account. The operator of the"
                " marketplace can help.",
            )
        except QueryTimeout:
            states.empty("This took too long", "Please narrow the list down and try again.")

    return run


main()
