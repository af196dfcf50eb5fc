"""`kontor sql`: a question to the published operator database, answered as text."""

import csv
import io
import json
from pathlib import Path

import duckdb

from pipelines.publishing.versions import current_version

_FORMATS = ("table", "csv", "json")


class QuestionError(Exception):
    """The question cannot be answered; the message says why."""


def answer(published: Path, query: str, table_format: str) -> str:
    """The result of a read-only query as a table, as CSV or as JSON.

    Raises:
        QuestionError: nothing is published, the format is unknown, or DuckDB refuses the query.
    """
    if table_format not in _FORMATS:
        raise QuestionError(f"{table_format!r} is none of {', '.join(_FORMATS)}")
    version = current_version(published)
    if version is None:
        raise QuestionError(f"nothing is published in {published}; run `kontor run` first")
    with duckdb.connect(str(published / version / "operator.duckdb"), read_only=True) as connection:
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
    if table_format == "json":
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        return json.dumps(objects, default=str, ensure_ascii=False, indent=1)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([names, *rows])
    return text.getvalue().rstrip("\n")
