"""The project's models for Spark, each after what it reads, and the types of that."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.analytics.steps import STEPS
from pipelines.loading.warehouse import create_tables, open_warehouse
from sources.contract import all_contracts
from tests.architecture.two_engines import Schemas, differences_in, typed_query

_PROJECT = Path(__file__).parents[2] / "dbt_project"
# DuckDB's names of types that Spark has under another or does not have.
_SPARK_TYPES = {"UBIGINT": "bigint", "JSON": "string", "BLOB": "binary"}


def differences_by_model(manifest: dict[str, Any], schemas: Schemas) -> dict[str, list[str]]:
    """What each model's text for Spark holds that DuckDB answers differently; `schemas` grows."""
    found = {}
    for model in _in_order(manifest):
        sql = model["compiled_code"]
        typed = typed_query(sql, schemas)
        if differences := differences_in(typed, sql):
            found[model["name"]] = differences
        # what the next ones read: columns and types as this one returns them
        schemas.setdefault(model["schema"], {})[model["alias"]] = {
            column.alias_or_name: column.type.sql("spark") if column.type else "unknown"
            for column in typed.selects
        }
    return found


def schemas_read(manifest: dict[str, Any], folder: Path) -> Schemas:
    """Types of the columns of raw tables, seeds and predictions: all that models do not make."""
    schemas: Schemas = {"predictions": {}}
    for step in STEPS:
        columns = {name: kind for name, (kind, _) in step.all_columns.items()}
        schemas["predictions"][step.name] = columns
    for seed in (node for node in manifest["nodes"].values() if node["resource_type"] == "seed"):
        with (_PROJECT / seed["original_file_path"]).open(newline="") as file:
            header = next(csv.reader(file))
        types = seed["config"]["column_types"]
        tables = schemas.setdefault(seed["schema"], {})
        tables[seed["alias"]] = {name: types.get(name, "string") for name in header}
    with open_warehouse(folder / "empty.duckdb") as connection:
        create_tables(connection, all_contracts().values())
        rows = connection.execute(
            "select table_schema, table_name, column_name, data_type "
            "from information_schema.columns"
        ).fetchall()
    for schema, table, column, kind in rows:
        is_nested = ("(" in kind and not kind.startswith("DECIMAL")) or kind.endswith("[]")
        spark_type = "unknown" if is_nested else _SPARK_TYPES.get(kind, kind)
        schemas.setdefault(schema, {}).setdefault(table, {})[column] = spark_type
    return schemas


def _in_order(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    models = {
        name: node
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and "compiled_code" in node
    }
    done: set[str] = set()

    def visit(name: str) -> Iterator[dict[str, Any]]:
        if name in done or name not in models:
            return
        done.add(name)
        for parent in models[name]["depends_on"]["nodes"]:
            yield from visit(parent)
        yield models[name]

    for name in models:
        yield from visit(name)
