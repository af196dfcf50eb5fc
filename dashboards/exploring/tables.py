"""Which tables and columns of the published file may be explored, and of which kind they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboards import resources
from dashboards.data_catalogue import DescribedTable
from dashboards.viewer import Viewer, require_operator

Kind = Literal["text", "number", "day", "moment", "boolean"]

_KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text",
    "DOUBLE": "number",
    "DATE": "day",
    "TIMESTAMP": "moment",
    "BOOLEAN": "boolean",
}
_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"})
# An address writes names with signs between them that no name may hold.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COLUMNS = """
select table_name, column_name, data_type, column_index
from duckdb_columns()
where schema_name = 'marts'
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be shown, filtered and counted; `decimals` are those of its numbers."""

    name: str
    kind: Kind
    description: str
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the columns that may be explored."""

    name: str
    description: str
    columns: Mapping[str, Column]


def tables(viewer: Viewer) -> dict[str, Table]:
    """Return the tables of the viewer's file; personal and undescribed columns are not in them."""
    require_operator(viewer)
    opened = resources.current()
    described = opened.catalogue(viewer.version).tables
    found: dict[str, dict[str, Column]] = {}
    columns = opened.reader.composed(viewer, _COLUMNS)
    for row in sorted(columns, key=lambda row: (row["table_name"], row["column_index"])):
        name = str(row["table_name"])
        column = _column(described.get(name), row["column_name"], row["data_type"])
        if column is not None:
            found.setdefault(name, {})[column.name] = column
    return {
        name: Table(name, described[name].description, columns) for name, columns in found.items()
    }


def _column(table: DescribedTable | None, name: str, data_type: str) -> Column | None:
    described = None if table is None else table.columns.get(name)
    kind, decimals = _kind_of(data_type)
    if described is None or described.is_personal or kind is None or not _NAME.fullmatch(name):
        return None
    return Column(name, kind, described.description, decimals)


def _kind_of(data_type: str) -> tuple[Kind | None, int]:
    if data_type in _WHOLE:
        return "number", 0
    if found := re.fullmatch(r"DECIMAL\(\d+,\s*(\d+)\)", data_type):
        return "number", int(found[1])
    return _KINDS.get(data_type), 4 if data_type == "DOUBLE" else 0
