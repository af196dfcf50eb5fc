"""What a suite looks at, handed over as Parquet files."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from data_quality.rules import Part
from sources.sql import literal

# Decision 12: at most a million rows go through pandas.
MOST_ROWS = 1_000_000


def write_queries(
    connection: duckdb.DuckDBPyConnection, queries: Mapping[Part, str], folder: Path, stem: str
) -> dict[Part, str]:
    """Writes the result of each part's query to a file, and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[Part, str] = {}
    for part, query in queries.items():
        path = folder / f"{stem}-{part}.parquet"
        connection.execute(f"copy ({query}) to {literal(str(path))} (format parquet)")
        paths[part] = str(path)
    return paths
