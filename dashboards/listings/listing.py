"""One declaration per list: it serves the page, the address and the download.

    ORDERS = Listing(
        name="orders",  # /download/orders.csv, /download/orders.xlsx
        caption=message("Your orders"),
        query="orders",  # queries/sql/orders.sql, without `order by` and `limit`
        key=("order_id",),  # what tells two rows apart, and so decides a tie of a sort
        default_order=(Order("ordered_at", is_descending=True),),
        columns=(
            columns.plain("order_id", message("Order"), kind="strong"),
            columns.money("gmv", message("Sales")),
        ),
        filters=(Days(), Search(message("Order ID"), message("Search by order ID"))),
        count=counted("{first} to {last} of {n} order", "{first} to {last} of {n} orders"),
        empty=Empty(message("No orders found"), message("Nothing matches this search.")),
        phone=("order_id", "gmv"),
    )

A page shows it with two calls of `components.lists`; `found.total` is known between them:

    found = lists.ask(context, ORDERS)
    lists.show(context, found)

`LISTINGS` of `gate/downloads.py` are those that can be had as a file, `operations/roles.py` grants
them by name, and the head of the query says whose data it may be. A list about a vendor is the
viewer's own; an operator names the vendor, in the address of a file as `vendor`, on a page in
`given={"vendor": vendor_id}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.context import Context
from dashboards.listings.columns import Column
from dashboards.listings.filters import Filter
from dashboards.queries.paging import Order
from dashboards.words.messages import Message


@dataclass(frozen=True, slots=True)
class Empty:
    """What is said where there is nothing, why that is, and where to go instead."""

    title: Message
    explanation: Message
    link: str = ""
    link_text: Message | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its question, columns, filters and sorts.

    `phone` are the columns of a row on a phone: id and amount, then state and due. `fixed` are
    parameters that nobody chooses.
    """

    name: str
    caption: Message
    query: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    default_order: tuple[Order, ...]
    count: Message
    empty: Empty
    phone: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    fixed: Callable[[Context], Mapping[str, Any]] | None = None

    def __post_init__(self) -> None:
        """Refuse names that the list does not have."""
        unknown = {*self.phone} - {column.name for column in self.columns}
        if unknown:
            raise ValueError(f"the list {self.name} has no column {', '.join(sorted(unknown))}")

    def column(self, name: str) -> Column | None:
        """Return a column by its name."""
        return next((column for column in self.columns if column.name == name), None)
