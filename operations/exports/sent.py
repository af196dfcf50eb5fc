"""What destinations have of exports, as far as they said so."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from operations.store import writing
from operations.tables import export_rows, export_sent

# SQLite takes 999 values in a statement, in its older builds.
_MOST_VALUES: Final = 999
KEYS_AT_ONCE: Final = 500
ROWS_AT_ONCE: Final = 20_000
_T = TypeVar("_T")


def sent(
    engine: sa.Engine, marketplace: str, export: str
) -> Iterator[tuple[str, str | None, bool]]:
    """What the destination has of an export: key, hash of the content, whether that is certain."""
    query = sa.select(
        export_sent.c.row_key, export_sent.c.content_hash, export_sent.c.is_certain
    ).where(*is_of(marketplace, export))
    with engine.connect() as connection:
        for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query):
            yield row.row_key, row.content_hash, row.is_certain


def uncertain_count(engine: sa.Engine, marketplace: str, export: str) -> int:
    """Of how many rows it is not known whether the destination has them."""
    with engine.connect() as connection:
        return connection.execute(
            sa.select(sa.func.count()).where(
                *is_of(marketplace, export), export_sent.c.is_certain.is_(False)
            )
        ).scalar_one()


def reconcile(engine: sa.Engine, marketplace: str, export: str, held: Collection[str]) -> None:
    """Settles what was uncertain by what the destination says it has."""
    uncertain = (*is_of(marketplace, export), export_sent.c.is_certain.is_(False))
    with writing(engine) as connection:
        query = sa.select(export_sent.c.row_key).where(*uncertain)
        keys: Sequence[str] = connection.execute(query).scalars().all()
        for part in in_batches((key for key in keys if key not in held), KEYS_AT_ONCE):
            connection.execute(
                sa.delete(export_sent).where(*uncertain, export_sent.c.row_key.in_(part))
            )
        connection.execute(sa.update(export_sent).where(*uncertain).values(is_certain=True))


def known(
    connection: sa.Connection, marketplace: str, export: str, keys: Sequence[str]
) -> set[str]:
    """Those of some keys that the destination has or may have."""
    found: set[str] = set()
    for part in in_batches(keys, KEYS_AT_ONCE):
        query = sa.select(export_sent.c.row_key).where(
            *is_of(marketplace, export), export_sent.c.row_key.in_(part)
        )
        found.update(connection.execute(query).scalars())
    return found


def addressed(engine: sa.Engine, run_ids: Sequence[str], since: datetime, times: int) -> list[str]:
    """The keys that runs among some newly addressed so many times since a moment, or more."""
    found: Counter[str] = Counter()
    with engine.connect() as connection:
        for part in in_batches(run_ids, KEYS_AT_ONCE):
            query = sa.select(export_rows.c.row_key).where(
                export_rows.c.run_id.in_(part),
                export_rows.c.operation == "upsert",
                export_rows.c.is_new,
                export_rows.c.state == "confirmed",
                export_rows.c.changed_at >= since,
            )
            found.update(connection.execute(query).scalars())
    return sorted(key for key, count in found.items() if count >= times)


def is_of(marketplace: str, export: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return export_sent.c.marketplace == marketplace, export_sent.c.export == export


def in_batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def insert_many(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Inserts rows of plain values straight through the driver: of a million each step counts.

    `columns` are in the order of the table. Many go in one statement: half the time.
    """
    together = _MOST_VALUES // len(columns)
    whole = len(rows) - len(rows) % together
    for size, part in ((together, rows[:whole]), (1, rows[whole:])):
        if part:
            _insert(connection, table, columns, part, size)


def _insert(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    together: int,
) -> None:
    """Inserts rows, so many of them in each statement."""
    values: list[dict[str, Any]] = [
        {name: sa.bindparam(f"{name}_{at}") for name in columns} for at in range(together)
    ]
    compiled = sa.insert(table).values(values).compile(dialect=connection.dialect)
    flat = [
        tuple(chain.from_iterable(rows[at : at + together])) for at in range(0, len(rows), together)
    ]
    names = [bound.key for each in values for bound in each.values()]
    given: list[Any] = [*flat]
    if not compiled.positional:
        given = [dict(zip(names, each, strict=True)) for each in flat]
    connection.exec_driver_sql(str(compiled), given)
