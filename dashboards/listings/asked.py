"""What an address asks of a list, and the rows that answer it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from dashboards import resources
from dashboards.context import Context
from dashboards.listings.columns import Column
from dashboards.listings.listing import Listing
from dashboards.listings.unreadable import Unreadable, readable
from dashboards.queries.paging import Order, Part
from dashboards.queries.questions import question
from dashboards.queries.reader import Rows

SORT: Final = "sort"
COLUMNS: Final = "columns"
PAGE: Final = "page"
VENDOR: Final = "vendor"
PAGE_SIZE: Final = 20

_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as somebody wants it.

    `texts` are the parts of the address that could be read, `unreadable` the names of the others.
    """

    listing: Listing
    texts: Mapping[str, str]
    given: Mapping[str, str]
    parameters: Mapping[str, Any]
    orders: tuple[Order, ...]
    columns: tuple[Column, ...]
    page: int
    unreadable: tuple[str, ...]

    @property
    def part(self) -> Part:
        """The part of the list that its page shows."""
        return Part(PAGE_SIZE, (self.page - 1) * PAGE_SIZE)

    @property
    def texts_of_file(self) -> dict[str, str]:
        """What the address of a file of the whole list says."""
        return {name: text for name, text in self.texts.items() if name != PAGE} | {**self.given}

    def rows(self, context: Context, part: Part) -> Rows:
        """Return a part of the rows, each with the `total_count` of all."""
        return resources.current().reader.listed(
            context.viewer, self.listing.query, self.orders, part, **self.parameters
        )


def names_of(context: Context, listing: Listing) -> set[str]:
    """Return the names that the address of a file of the list may hold for this viewer."""
    names = {name for each in listing.filters for name in each.names} | {SORT, COLUMNS}
    return names | ({VENDOR} if _takes_vendor(context, listing) else set())


def read(
    context: Context,
    listing: Listing,
    texts: Mapping[str, str],
    *,
    given: Mapping[str, str] | None = None,
    shown: Collection[str] = (),
    without: Collection[str] = (),
) -> Asked:
    """Return what an address asks of a list; what the page gives is not the address's to say.

    `shown` are the columns that are shown unless somebody chose others; filters that are named in
    `without` are left alone.

    Raises:
        Unreadable: the address does not say what the list is about.
    """
    given = dict(given or {})
    known = (names_of(context, listing) | {PAGE}) - {*given, *without}
    left = {name: text for name, text in texts.items() if name in known}
    unreadable: list[str] = []

    def parameters(texts: dict[str, str]) -> dict[str, Any]:
        return _parameters(context, listing, texts | given)

    found = readable(parameters, left, unreadable)
    return Asked(
        listing=listing,
        orders=readable(lambda left: _orders(listing, left), left, unreadable),
        columns=readable(lambda left: _columns(listing, left, shown), left, unreadable),
        page=readable(_page, left, unreadable),
        texts=left,
        given=given,
        parameters=found,
        unreadable=tuple(unreadable),
    )


def _parameters(context: Context, listing: Listing, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters of the query."""
    found: dict[str, Any] = dict(listing.fixed(context)) if listing.fixed else {}
    for each in listing.filters:
        found |= each.parameters(context, texts)
    if _takes_vendor(context, listing):
        if VENDOR not in texts:
            raise Unreadable(VENDOR)
        found["vendor_id"] = texts[VENDOR]
    return found


def _takes_vendor(context: Context, listing: Listing) -> bool:
    return context.viewer.audience == "operator" and question(listing.query).is_of_vendor


def _orders(listing: Listing, texts: Mapping[str, str]) -> tuple[Order, ...]:
    """Return the sort that an address names, else the list's own; the key decides a tie."""
    first = listing.default_order
    if SORT in texts:
        column = listing.column(texts[SORT].removeprefix("-"))
        if column is None or column.order is None:
            raise Unreadable(SORT)
        first = (replace(column.order, is_descending=texts[SORT].startswith("-")),)
    sorted_by = {order.column for order in first}
    return (*first, *(Order(name) for name in listing.key if name not in sorted_by))


def _columns(
    listing: Listing, texts: Mapping[str, str], shown: Collection[str]
) -> tuple[Column, ...]:
    """Return the columns that an address names, else those that are shown at first."""
    if COLUMNS not in texts:
        names = set(shown) or {column.name for column in listing.columns if column.is_shown}
    else:
        names = set(texts[COLUMNS].split(","))
        if not names <= {column.name for column in listing.columns}:
            raise Unreadable(COLUMNS)
    return tuple(column for column in listing.columns if column.name in names)


def _page(texts: Mapping[str, str]) -> int:
    text = texts.get(PAGE, "1")
    if not _NUMBER.fullmatch(text):
        raise Unreadable(PAGE)
    return int(text)
