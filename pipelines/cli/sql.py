"""`kontor sql`: runs a query on the published operator database and returns text."""

import io
import json
import math
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import duckdb

from output.csv_text import csv_text
from output.terminal import visible
from pipelines.publishing.operator_file import open_operator_file
from pipelines.publishing.versions import current_version
from sources.sql import identifier

_FORMATS = ("table", "csv", "json")
_VISIBLE = "kontor_visible"
# Of a table on a screen; a file gets all rows.
_SHOWN = 20


class QuestionError(Exception):
    """The query cannot be run; the message says why."""


def answer(
    published: Path, query: str, table_format: str, limit: int | None = None
) -> tuple[str, str]:
    """The result of a read-only query as a table, as CSV or as JSON, and what was left out of it.

    A table has twenty rows unless a limit says otherwise; CSV and JSON have all without one.

    Raises:
        QuestionError: nothing is published, the format is unknown, or DuckDB refuses the query.
    """
    check_format(table_format)
    version = current_version(published)
    if version is None:
        raise QuestionError(f"nothing is published in {published}; run `kontor run` first")
    with open_operator_file(published, version) as connection:
        connection.create_function(_VISIBLE, _visible)
        connection.execute("set search_path = 'marts'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        try:
            relation = connection.sql(query)
            if relation is None:
                return "", ""
            if table_format == "table":
                return _table(_shown(relation), _SHOWN if limit is None else limit)
            names, rows = relation.columns, relation.fetchall()
        except duckdb.Error as error:
            raise QuestionError(str(error)) from None
    left_out = "" if limit is None else _left_out(limit, len(rows))
    return written(names, rows[:limit], table_format), left_out


def _table(relation: duckdb.DuckDBPyRelation, limit: int) -> tuple[str, str]:
    """The first rows as DuckDB draws them, and how many there are."""
    count = relation.shape[0]
    drawn = io.StringIO()
    with redirect_stdout(drawn):
        relation.limit(limit).show(max_rows=limit)
    return drawn.getvalue().rstrip("\n"), _left_out(limit, count)


def _left_out(limit: int, count: int) -> str:
    if count <= limit:
        return ""
    return f"{limit:,} of {count:,} rows; --limit N shows more, --format csv or json all of them"


def _visible(text: str) -> str:
    return visible(text)


def _shown(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The relation with its texts as a terminal may have them, before DuckDB sets their columns."""
    columns = []
    for number, (name, kind) in enumerate(zip(relation.columns, relation.types, strict=True), 1):
        holds_text = any(word in str(kind) for word in ("VARCHAR", "ENUM", "JSON", "UNION"))
        shown = f"{_VISIBLE}(cast(#{number} as varchar))" if holds_text else f"#{number}"
        columns.append(f"{shown} as {identifier(visible(name))}")
    return relation.project(", ".join(columns))


def check_format(table_format: str) -> None:
    """Checks the format.

    Raises:
        QuestionError: the format is unknown.
    """
    if table_format not in _FORMATS:
        raise QuestionError(f"{table_format!r} is not one of {', '.join(_FORMATS)}")


def written(names: Sequence[str], rows: Sequence[Sequence[Any]], table_format: str) -> str:
    """Rows as CSV with a line of names, or as a list of JSON objects."""
    if table_format == "json":
        objects = [dict(zip(names, map(_finite, row), strict=True)) for row in rows]
        return json.dumps(objects, default=str, ensure_ascii=False, indent=1)
    return csv_text(names, rows)


def _finite(value: object) -> object:
    """None for NaN and infinity, which JSON cannot express."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
