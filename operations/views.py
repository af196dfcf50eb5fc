"""How often each role opens each page and each metric, so that unused ones can be retired.

How often each vendor's pages are opened is counted beside it, by vendor and day, so that vendors
who look can be compared with those who do not. Sums alone are kept: no person can be found in them,
and they are not in the audit log.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from operations.store import writing
from operations.tables import page_views, vendor_looks


@dataclass(frozen=True, slots=True)
class View:
    """A role that opened a page, and the metric that the page showed, if it showed one alone."""

    role: str
    page: str
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """A vendor of a marketplace: the same id may be somebody else in another."""

    marketplace: str
    vendor_id: str


@dataclass(frozen=True, slots=True)
class ViewCount:
    """How often a view was opened."""

    view: View
    view_count: int


def count_view(engine: sa.Engine, view: View, day: date, shop: Shop | None = None) -> None:
    """Adds one view to those of its day, and to those of the vendor whose page it is."""
    key = {"day": day, "role": view.role, "page": view.page, "metric": view.metric or ""}
    with writing(engine) as connection:
        _add_one(connection, page_views.c.view_count, key)
        if shop is not None:
            key = {"day": day, "marketplace": shop.marketplace, "vendor_id": shop.vendor_id}
            _add_one(connection, vendor_looks.c.look_count, key)


def _add_one(connection: sa.Connection, count: sa.Column[int], key: dict[str, Any]) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(count.table).values(**key, **{count.name: 1})
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_={count.name: count + 1})
    )


def views_since(engine: sa.Engine, day: date) -> list[ViewCount]:
    """The views from a day on, summed by role, page and metric, the most frequent first."""
    of_what = (page_views.c.role, page_views.c.page, page_views.c.metric)
    total = sa.func.sum(page_views.c.view_count)
    query = (
        sa.select(*of_what, total.label("total"))
        .where(page_views.c.day >= day)
        .group_by(*of_what)
        .order_by(total.desc(), *of_what)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return [ViewCount(View(row.role, row.page, row.metric or None), row.total) for row in rows]
