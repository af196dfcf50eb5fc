"""A text that was compiled for Spark, looked through for what DuckDB answers differently."""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from tests.architecture.engine_differences import DIFFERENCES

Schemas = dict[str, dict[str, dict[str, str]]]


class _NullsLast(Spark):
    """Spark as it would be if it sorted nulls as DuckDB does."""

    NULL_ORDERING = "nulls_are_last"


def differences_in(typed: exp.Query, sql: str) -> list[str]:
    """What a query holds that the two engines answer differently, each with its reason.

    Args:
        typed: the query as `typed_query` returns it.
        sql: the same as it was written: the order of nulls is told by what is left out.
    """
    found = [
        f"{difference.reason}: {node.sql('spark')[:90]}"
        for node in typed.walk()
        for difference in DIFFERENCES
        if difference.is_in(node)
    ]
    return [*found, *_edited_stars(sql), *_implicit_null_orders(sql)]


def typed_query(sql: str, schemas: Schemas) -> exp.Query:
    """The query with its columns resolved and its expressions typed, as Spark reads them.

    Raises:
        sqlglot.errors.SqlglotError: it does not parse, or reads a column that is not there.
    """
    schema = MappingSchema(schemas, dialect="spark")
    resolved = qualify(
        sqlglot.parse_one(sql, dialect="spark"),
        schema=schema,
        dialect="spark",
        quote_identifiers=False,
    )
    typed = annotate_types(resolved, schema=schema, dialect="spark")
    assert isinstance(typed, exp.Query)
    return typed


def _edited_stars(sql: str) -> Iterator[str]:
    """Stars with columns left out or replaced, which are gone once columns are resolved."""
    for star in sqlglot.parse_one(sql, dialect="spark").find_all(exp.Star):
        if any(star.args.values()):
            yield f"only DuckDB edits a star: {star.sql('duckdb')}"


def _implicit_null_orders(sql: str) -> Iterator[str]:
    """DuckDB puts nulls last, Spark takes them for the smallest: where that matters it is said."""
    as_spark = sqlglot.parse_one(sql, dialect="spark").find_all(exp.Ordered)
    as_duckdb = sqlglot.parse_one(sql, dialect=_NullsLast).find_all(exp.Ordered)
    for mine, other in zip(as_spark, as_duckdb, strict=True):
        if mine.args.get("nulls_first") != other.args.get("nulls_first"):
            yield f"nulls are first on Spark and last on DuckDB: order by {mine.this.sql('spark')}"
