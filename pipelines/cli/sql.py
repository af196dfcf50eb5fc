"""`kontor sql`: a question to the published operator database, answered as text."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publishing.operator_file import open_operator_file
from pipelines.publishing.versions import current_version

_FORMATS = ("table", "csv", "json")


class QuestionError(Exception):
    """The question cannot be answered; the message says why."""


def answer(published: Path, query: str, table_format: str) -> str:
    """The result of a read-only query as a table, as CSV or as JSON.

    Raises:
        QuestionError: nothing is published, the format is unknown, or DuckDB refuses the query.
    """
    check_format(table_format)
    version = current_version(published)
    if version is None:
        raise QuestionError(f"nothing is published in {published}; run `kontor run` first")
    with open_operator_file(published, version) as connection:
        connection.execute("set search_path = 'marts'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        try:
            relation = connection.sql(query)
            if relation is None:
                return ""
            if table_format == "table":
                return str(relation)
            names, rows = relation.columns, relation.fetchall()
        except duckdb.Error as error:
            raise QuestionError(str(error)) from None
    return written(names, rows, table_format)


def check_format(table_format: str) -> None:
    """Lets the known formats pass.

    Raises:
        QuestionError: it is another one.
    """
    if table_format not in _FORMATS:
        raise QuestionError(f"{table_format!r} is none of {', '.join(_FORMATS)}")


def written(names: Sequence[str], rows: Sequence[Sequence[Any]], table_format: str) -> str:
    """Rows as CSV with a line of names, or as a list of JSON objects."""
    if table_format == "json":
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        return json.dumps(objects, default=str, ensure_ascii=False, indent=1)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([names, *rows])
    return text.getvalue().rstrip("\n")
