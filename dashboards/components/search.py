"""What a search found, each with the way to its page."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from dashboards import address
from dashboards.components import orders, states, statuses, tables, vendors, whole_orders
from dashboards.components.list_filters import NOT_SEARCHED
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings.filters import LONGEST_SEARCH, looks_personal
from dashboards.listings.unreadable import Unreadable
from dashboards.queries.reader import Row, Rows
from dashboards.queries.search import MOST_HITS
from dashboards.widget_values import tell

QUERY = "q"
_SHORTEST = 2
# Ids have a digit and no space; whatever else is typed may be a name.
_ID: Final = re.compile(r"\S*\d\S*")
_NAME: Final = "kontor_searched_name"
Found = tuple[str, Sequence[Column], Rows]


def ask(context: Context, placeholder: str) -> str:
    """Show the field and return what is searched for; "" while that is too short."""
    wanted = _sought()
    _input(context, placeholder, wanted, lambda text: _kept(searchable(str(text or ""))))
    if len(wanted) >= _SHORTEST:
        return wanted
    st.caption(context.words.text("Type at least two characters of an ID or a name."))
    return ""


def field(context: Context, placeholder: str) -> str:
    """Show the field and return what the address searches for."""

    def typed(text: object) -> address.Changes:
        wanted = searchable(str(text or ""))
        return {} if wanted is None else {QUERY: wanted or None}

    wanted = address.read(_read)
    _input(context, placeholder, wanted, typed)
    return wanted


def _input(
    context: Context,
    placeholder: str,
    wanted: str,
    typed: Callable[[object], address.Changes],
) -> None:
    st.text_input(
        context.words.text("Search"),
        placeholder=placeholder,
        max_chars=LONGEST_SEARCH,
        **address.bound("search_text", wanted, typed),
    )


def keep(wanted: str) -> dict[str, str]:
    """Return what the address of the search page says of a text: an id, and nothing of a name.

    A name may be a person's, and an address stays in the browser's history and in logs; so it is
    kept in the session alone.
    """
    is_id = _ID.fullmatch(wanted) is not None
    st.session_state[_NAME] = "" if is_id else wanted
    return {QUERY: wanted} if is_id else {}


def _kept(wanted: str | None) -> address.Changes:
    return {} if wanted is None else {QUERY: None, **keep(wanted)}


def _sought() -> str:
    """Return what the address or the session searches for; a name in the address is taken out."""
    if wanted := address.read(_read):
        address.change(_kept(wanted))
        return wanted
    return str(st.session_state.get(_NAME, ""))


def searchable(typed: str) -> str | None:
    """Return what an address may say of a typed text; None, and a word to the reader, if nothing.

    It would stay in the address of the page, and in the browser's history.
    """
    wanted = typed.strip()[:LONGEST_SEARCH]
    if looks_personal(wanted):
        tell(NOT_SEARCHED)
        return None
    return wanted


def show(context: Context, found: Sequence[Found]) -> None:
    """Show what was found, kind by kind, or that there is nothing."""
    words = context.words
    hits = [each for each in found if each[2]]
    if not hits:
        states.empty(
            words,
            words.text("Nothing found"),
            words.text("No ID and no name contains this text."),
        )
    for title, columns, rows in hits:
        st.header(title, anchor=False)
        tables.show(columns, rows, caption=title)
        if len(rows) == MOST_HITS:
            st.caption(words.text("There may be more. Type more characters to narrow it down."))


def vendor_columns(context: Context) -> list[Column]:
    """Return the columns of vendors that were found."""
    words = context.words
    link = vendors.link if context.has_page("operator_vendors") else None
    return [
        Column(words.text("Vendor"), vendors.name, "strong", link),
        Column(words.text("ID"), lambda row: row["vendor_id"]),
    ]


def order_columns(context: Context) -> list[Column]:
    """Return the columns of orders that were found."""
    words = context.words
    link = partial(orders.link, context) if context.is_vendor else whole_orders.link
    return [
        Column(words.text("Order"), lambda row: row["order_id"], "strong", link),
        Column(words.text("Ordered"), lambda row: words.day(row["order_date"])),
        Column(words.text("Status"), lambda row: statuses.of_order(words, row["status"])),
        Column(
            words.text("Sales"),
            lambda row: words.money(row["gmv"], row["currency_code"] or ""),
            "number",
        ),
    ]


def product_columns(context: Context) -> list[Column]:
    """Return the columns of products that were found; whoever has Explore gets to their lines."""
    words = context.words
    link = _lines_of_product if context.has_page("operator_explore") else None
    return [
        Column(
            words.text("Product"),
            lambda row: row["product_name"] or row["product_id"],
            "strong",
            link,
        ),
        Column(words.text("ID"), lambda row: row["product_id"]),
        Column(words.text("Category"), lambda row: row["category_name"] or ""),
        Column(words.text("Orders"), lambda row: words.number(row["order_count"]), "number"),
    ]


def _lines_of_product(row: Row) -> str:
    asked = {"table": "fct_order_lines", "where.product_id": f"is:{row['product_id']}"}
    return f"/explore?{urlencode(asked)}"


def _read(texts: dict[str, str]) -> str:
    wanted = texts.get(QUERY, "")
    if len(wanted) > LONGEST_SEARCH or looks_personal(wanted) or "\x00" in wanted:
        raise Unreadable(QUERY)
    return wanted.strip()
