"""How much a Parquet file holds, by its footer: a billion repeats of a value take no space."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from output.findings.finding import Finding
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import Limits
from sources.sql import literal

# What the footer says of values, and what its row groups make of the columns: it may not be true
# to itself, and readers believe now one and now the other.
_VALUES = """
select greatest(sum(num_values), sum(row_group_num_rows)), count(distinct path_in_schema)
from parquet_metadata({file})
"""


def check_parquet_size(connection: duckdb.DuckDBPyConnection, plain: Path, limits: Limits) -> None:
    """Lets a file pass whose values can be read in reasonable time and memory.

    Raises:
        FileRejectedError: it holds too many for its size, or cannot be read.
    """
    byte_count = plain.stat().st_size
    with refusing_damage():
        found = connection.execute(_VALUES.format(file=literal(str(plain)))).fetchone()
    values, columns = found if found and found[0] else (0, 0)
    allowed = max(limits.values_always_allowed, byte_count * limits.values_per_byte)
    if values > allowed:
        raise FileRejectedError(
            "compression_bomb",
            Finding.of(
                "parquet_too_dense",
                bytes=byte_count,
                rows=values // columns,
                columns=columns,
                values=int(values),
                allowed=int(allowed),
            ),
        )


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Refuses the file where DuckDB cannot make anything of its footer.

    Raises:
        FileRejectedError: in place of DuckDB's error.
    """
    try:
        yield
    except duckdb.Error as error:
        # What DuckDB says of a file may quote it.
        raise FileRejectedError("not_readable", Finding.of("parquet_damaged")) from error
