"""By which hashed identifiers a destination has the rows of an export, or may have them.

They are written before a request goes on the wire and forgotten when its answer says what is gone,
so that no crash leaves anybody at a destination under an address of whom nobody knows any more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from operations.exports.sent import KEYS_AT_ONCE, in_batches
from operations.store import writing
from operations.tables import export_identifiers

# By the key of a row: names and values.
Identifiers = Mapping[str, Collection[tuple[str, str]]]
_TABLE = export_identifiers.c


def known(
    engine: sa.Engine, marketplace: str, export: str, keys: Sequence[str]
) -> dict[str, set[tuple[str, str]]]:
    """Those of some rows; a row of which nothing is known is left out."""
    found: dict[str, set[tuple[str, str]]] = {}
    with engine.connect() as connection:
        for part in in_batches(keys, KEYS_AT_ONCE):
            query = sa.select(_TABLE.row_key, _TABLE.name, _TABLE.value).where(
                *_is_of(marketplace, export), _TABLE.row_key.in_(part)
            )
            for row in connection.execute(query):
                found.setdefault(row.row_key, set()).add((row.name, row.value))
    return found


def holders(
    engine: sa.Engine, marketplace: str, export: str, values: Iterable[str]
) -> dict[str, set[str]]:
    """The keys of the rows that the destination has by each of some values."""
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for part in in_batches(values, KEYS_AT_ONCE):
            query = sa.select(_TABLE.row_key, _TABLE.value).where(
                *_is_of(marketplace, export), _TABLE.value.in_(part)
            )
            for row in connection.execute(query):
                found.setdefault(row.value, set()).add(row.row_key)
    return found


def add(engine: sa.Engine, marketplace: str, export: str, new: Identifiers) -> None:
    """Notes identifiers by which the destination may have rows; none of them is noted yet."""
    given = _listed(marketplace, export, new)
    if given:
        with writing(engine) as connection:
            connection.execute(sa.insert(export_identifiers), given)


def forget(engine: sa.Engine, marketplace: str, export: str, gone: Identifiers) -> None:
    """Forgets identifiers by which the destination has rows no more."""
    given = [
        {f"of_{name}": value for name, value in each.items()}
        for each in _listed(marketplace, export, gone)
    ]
    if given:
        columns = [column == sa.bindparam(f"of_{column.name}") for column in _TABLE]
        with writing(engine) as connection:
            connection.execute(sa.delete(export_identifiers).where(*columns), given)


def _listed(marketplace: str, export: str, these: Identifiers) -> list[dict[str, Any]]:
    return [
        {"marketplace": marketplace, "export": export, "row_key": key, "name": name, "value": value}
        for key, pairs in these.items()
        for name, value in sorted(pairs)
    ]


def _is_of(marketplace: str, export: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return _TABLE.marketplace == marketplace, _TABLE.export == export
