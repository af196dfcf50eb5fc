"""Lists on a page: search, filters, sorts, pages, columns and files, all of them in the address.

found = lists.ask(context, ORDERS)
lists.show(context, found)
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from dashboards import address
from dashboards.components import empty, html, pager, tables
from dashboards.components.list_filters import show_filters
from dashboards.context import Context
from dashboards.listings import asked as asking
from dashboards.listings.asked import COLUMNS, PAGE, SORT, Asked
from dashboards.listings.columns import Column
from dashboards.listings.listing import Listing
from dashboards.queries.paging import total_of
from dashboards.queries.reader import Row, Rows

_PLACES: Sequence[Literal["id", "amount", "state", "due"]] = ("id", "amount", "state", "due")


@dataclass(frozen=True, slots=True)
class Found:
    """A list as the address asks for it, and the rows of its page.

    `prefix` begins the names of this list in the address, where a page has several.
    """

    asked: Asked
    rows: Rows
    prefix: str
    without: frozenset[str]

    @property
    def total(self) -> int:
        """How many rows the whole list has."""
        return total_of(self.rows)


def ask(
    context: Context,
    listing: Listing,
    *,
    prefix: str = "",
    given: Mapping[str, str] | None = None,
    shown: Collection[str] = (),
    without: Collection[str] = (),
) -> Found:
    """Return the page of a list that the address asks for.

    What is `given` is the page's to say and no filter for the reader; neither is what the list is
    `without` here. `shown` are the columns of this page, unless somebody chose others.
    """
    asked = asking.read(
        context, listing, address.texts(prefix), given=given, shown=shown, without=without
    )
    unreadable = asked.unreadable
    rows = asked.rows(context, asked.part)
    if not rows and asked.page > 1:  # the list has become shorter
        asked, unreadable = replace(asked, page=1), (*unreadable, PAGE)
        rows = asked.rows(context, asked.part)
    if unreadable:
        address.leave_out(*(f"{prefix}{name}" for name in unreadable))
    hidden = frozenset(without) | frozenset(given or ())
    return Found(asked, rows, prefix, hidden)


def show(
    context: Context, found: Found, *, caption: str = "", chosen_above: Collection[str] = ()
) -> None:
    """Show the filters, the rows and what can be done with them, or why there are none.

    What is `chosen_above` on the page, such as its period, has no second widget here.
    """
    listing = found.asked.listing
    show_filters(context, found.asked, found.prefix, found.without | {*chosen_above})
    if not found.rows:
        empty.show(context.words, listing.empty)
        return
    _sort_on_a_phone(context, found)
    columns = [_drawn(context, found, column) for column in found.asked.columns]
    tables.show(columns, found.rows, caption=caption or context.words.say(listing.caption))
    pager.show(
        context,
        found.asked.listing.count,
        pager.Shown(found.asked.page, len(found.rows), found.total),
        key=f"{found.prefix}{listing.name}",
        prefix=found.prefix,
    )
    _columns_and_files(context, found)


def _drawn(context: Context, found: Found, column: Column) -> tables.Column:
    phone, is_chosen = found.asked.listing.phone, COLUMNS in found.asked.texts
    is_placed = column.name in phone and not is_chosen
    direction = _direction(found.asked, column)
    return tables.Column(
        heading=context.words.say(column.title),
        text=partial(column.shown, context),
        kind=column.kind,
        link=_linked(context, column),
        sort_link=_sort_link(found, column, direction),
        sorted=direction,
        place=_PLACES[phone.index(column.name)] if is_placed else "",
    )


def _linked(context: Context, column: Column) -> Callable[[Row], str] | None:
    return partial(column.link, context) if column.link else None


def _direction(asked: Asked, column: Column) -> Literal["", "ascending", "descending"]:
    first = asked.orders[0]
    if column.order is None or column.order.column != first.column:
        return ""
    return "descending" if first.is_descending else "ascending"


def _sort_link(found: Found, column: Column, direction: str) -> str:
    """Return where a click on a heading leads: the column's usual sort, or the other way round."""
    if column.order is None:
        return ""
    is_descending = column.order.is_descending if not direction else direction == "ascending"
    sort = f"-{column.name}" if is_descending else column.name
    return address.link(address.of_list(found.prefix, {SORT: sort}))


def _sort_on_a_phone(context: Context, found: Found) -> None:
    """Show the sorts as a choice, for a screen without headings; the style hides it elsewhere."""
    words = context.words
    titles = {c.name: words.say(c.title) for c in found.asked.columns if c.order is not None}
    if not titles:
        return
    sorts = {"": words.text("Usual order")}
    for name, title in titles.items():
        sorts[name] = words.text("{column}, ascending", column=title)
        sorts[f"-{name}"] = words.text("{column}, descending", column=title)
    key = f"{found.prefix}{found.asked.listing.name}"
    with st.container(key=f"k_phone_sort_{key}"):
        st.selectbox(
            words.text("Sort by"),
            list(sorts),
            format_func=lambda sort: sorts.get(sort, ""),
            **address.bound(
                f"{key}_sort",
                found.asked.texts.get(SORT, ""),
                lambda sort: address.of_list(found.prefix, {SORT: sort or None}),
            ),
        )


def _columns_and_files(context: Context, found: Found) -> None:
    words, asked = context.words, found.asked
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(words.text("Columns")):
            titles = {column.name: words.say(column.title) for column in asked.listing.columns}
            st.pills(
                words.text("Columns"),
                list(titles),
                selection_mode="multi",
                format_func=lambda name: titles.get(name, ""),
                label_visibility="collapsed",
                **address.bound(
                    f"{found.prefix}{asked.listing.name}_columns",
                    [column.name for column in asked.columns],
                    lambda names: address.of_list(found.prefix, {COLUMNS: ",".join(names) or None}),
                ),
            )
        if not context.has_download(asked.listing.name):
            return
        query = urlencode(asked.texts_of_file)
        html.show(
            "files.html",
            text=words.text("Download all rows"),
            files=[
                (kind.upper(), f"/download/{asked.listing.name}.{kind}?{query}")
                for kind in ("csv", "xlsx")
            ],
        )
