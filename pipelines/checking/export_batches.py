"""What an export's suite looks at: its head, its keys, and what must not be in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data_quality.export_suites import (
    FOREIGN_VENDORS,
    IMPOSSIBLE_RATES,
    MAIL_LIKE,
    PHONE_LIKE,
    checked_texts,
    export_suite,
    is_rate,
)
from data_quality.rules import Part, Suite
from pipelines.checking.feed_batches import MOST_ROWS
from pipelines.dbt.manifest import Manifest
from sources.sql import identifier, literal, scalar

PREFIX = "exp_"
_HEAD_ROWS = 100
_MAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
# International form: ids are digits too, but none begins with a plus sign.
_PHONE = r"(^|[^0-9A-Za-z])\+[0-9][0-9 ()/.-]{7,}[0-9]"


@dataclass(frozen=True, slots=True)
class Export:
    """A model that leaves: its relation, its promised columns, its suite."""

    name: str
    relation: str
    columns: Mapping[str, str]
    suite: Suite


def exports_of(manifest: Manifest) -> list[Export]:
    """The exports of a parsed project, with their suites."""
    found = []
    for model in manifest.exports():
        columns = {column.name: column.data_type.lower() for column in model.columns}
        suite = export_suite(model.name, columns, manifest.key_of(model))
        found.append(Export(model.name, model.relation, columns, suite))
    return found


def write_parts(
    connection: duckdb.DuckDBPyConnection, export: Export, folder: Path
) -> dict[Part, str]:
    """Writes the Parquet files that the suite needs, and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    queries: dict[Part, str] = {"shape": f"select * from {export.relation} limit {_HEAD_ROWS}"}
    if export.suite.columns("rows"):
        queries["rows"] = _rows_sql(connection, export)
    if export.suite.columns("facts"):
        queries["facts"] = _facts_sql(export)
    paths: dict[Part, str] = {}
    for part, query in queries.items():
        path = folder / f"{export.name}-{part}.parquet"
        connection.execute(f"copy ({query}) to {literal(str(path))} (format parquet)")
        paths[part] = str(path)
    return paths


def _rows_sql(connection: duckdb.DuckDBPyConnection, export: Export) -> str:
    """The keys; of very many, those of a share of the key values, whole."""
    columns = ", ".join(export.suite.columns("rows"))
    one_in = -(-scalar(connection, f"select count(*) from {export.relation}") // MOST_ROWS)
    bound = f" where hash({columns}) % {one_in} = 0" if one_in > 1 else ""
    return f"select {columns} from {export.relation}{bound}"


def _facts_sql(export: Export) -> str:
    texts = checked_texts(export.columns)
    joined = f"concat_ws(chr(31), {', '.join(map(identifier, texts))})" if texts else "''"
    wanted = {
        MAIL_LIKE: f"count(*) filter (where regexp_matches({joined}, {literal(_MAIL)}))",
        PHONE_LIKE: f"count(*) filter (where regexp_matches({joined}, {literal(_PHONE)}))",
        FOREIGN_VENDORS: _foreign(texts),
        IMPOSSIBLE_RATES: _impossible(export.columns),
    }
    asked = export.suite.columns("facts")
    columns = ", ".join(f"{wanted[name]} as {name}" for name in asked)
    return f"select {columns} from {export.relation}"


def _foreign(texts: list[str]) -> str:
    ids = [name for name in texts if name != "vendor_id" and name.endswith(("_id", "_name"))]
    known = "(select vendor_id from marts.dim_vendors)"
    checks = [f"({name} <> vendor_id and {name} in {known})" for name in map(identifier, ids)]
    return f"count(*) filter (where {' or '.join(checks)})" if checks else "0"


def _impossible(columns: Mapping[str, str]) -> str:
    # A scorecard's rate may be a score; its unit says so.
    only = "unit = 'rate' and " if "unit" in columns else ""
    checks = [f"({only}{name} not between 0 and 1)" for name in columns if is_rate(name)]
    return f"count(*) filter (where {' or '.join(checks)})" if checks else "0"
