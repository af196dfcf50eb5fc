"""How often each role opens each page and each metric, so that unused ones can be retired.

Sums alone are kept: nobody can be found in them, and they are not in the audit log.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from operations.store import writing
from operations.tables import page_views


@dataclass(frozen=True, slots=True)
class View:
    """A role that opened a page, and the metric that the page showed, if it showed one alone."""

    role: str
    page: str
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class ViewCount:
    """How often a view was opened."""

    view: View
    view_count: int


def count_view(engine: sa.Engine, view: View, day: date) -> None:
    """Adds one view to those of its day."""
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(page_views).values(
        day=day, role=view.role, page=view.page, metric=view.metric or "", view_count=1
    )
    counted = statement.on_conflict_do_update(
        index_elements=page_views.primary_key.columns,
        set_={"view_count": page_views.c.view_count + 1},
    )
    with writing(engine) as connection:
        connection.execute(counted)


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
