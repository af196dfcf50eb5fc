"""What an export's suite looks at: its head, its keys, and what must not be in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb

from data_quality.export_suites import (
    FOREIGN_VENDORS,
    IMPOSSIBLE_RATES,
    MAIL_LIKE,
    PHONE_LIKE,
    ExportContract,
    checked_texts,
    export_suite,
    foreign_references,
    is_rate,
)
from data_quality.rules import Part, Suite
from pipelines.checking.parts import MOST_ROWS, write_queries
from pipelines.dbt.manifest import Export, Manifest
from sources.contact_details import MAIL, PHONE
from sources.sql import identifier, literal, scalar

_HEAD_ROWS = 100
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class ExportBatch:
    """A table that leaves: how it is read, what was promised of it, and its suite."""

    query: str
    contract: ExportContract
    suite: Suite


def export_batch(export: Export) -> ExportBatch:
    """An export with the suite of its destination.

    Raises:
        UnknownDestination: there are no rules for the destination.
    """
    contract = ExportContract(
        name=export.name,
        destination=export.destination,
        columns={column.name: column.data_type.lower() for column in export.columns},
        key=export.key,
        personal=frozenset(column.name for column in export.columns if column.is_personal),
        vendor_references=frozenset(
            column.name for column in export.columns if column.is_vendor_reference
        ),
        is_shared=export.model.is_shared,
    )
    return ExportBatch(export.query, contract, export_suite(contract))


def export_batches(manifest: Manifest) -> list[ExportBatch]:
    """Everything that leaves, as a parsed project says.

    Raises:
        UnknownDestination: there are no rules for the destination of something.
    """
    return [export_batch(export) for export in manifest.exports()]


def fingerprint(connection: duckdb.DuckDBPyConnection, batch: ExportBatch) -> str:
    """A digest of all that the suite looks at: what is asked, the columns, the sum of the rows."""
    asked = _queries(connection, batch)
    columns = connection.execute(f"describe {batch.query}").fetchall()
    rows = connection.execute(
        f"select count(*), sum(hash(leaving)) from ({batch.query}) as leaving"
    ).fetchall()
    seen = repr((duckdb.__version__, asked, columns, rows))
    return sha256(seen.encode()).hexdigest()[:_DIGITS]


def write_parts(
    connection: duckdb.DuckDBPyConnection, batch: ExportBatch, folder: Path
) -> dict[Part, str]:
    """Writes the Parquet files that the suite needs, and returns their paths."""
    return write_queries(connection, _queries(connection, batch), folder, batch.suite.file_stem)


def _queries(connection: duckdb.DuckDBPyConnection, batch: ExportBatch) -> dict[Part, str]:
    queries: dict[Part, str] = {"shape": f"{batch.query} limit {_HEAD_ROWS}"}
    if batch.suite.columns("rows"):
        queries["rows"] = _rows_sql(connection, batch)
    if batch.suite.columns("facts"):
        queries["facts"] = _facts_sql(batch)
    return queries


def _rows_sql(connection: duckdb.DuckDBPyConnection, batch: ExportBatch) -> str:
    """The keys; of very many, those of a share of the key values, whole."""
    columns = ", ".join(map(identifier, batch.suite.columns("rows")))
    one_in = -(-scalar(connection, f"select count(*) from ({batch.query})") // MOST_ROWS)
    bound = f" where hash({columns}) % {one_in} = 0" if one_in > 1 else ""
    return f"select {columns} from ({batch.query}){bound}"


def _facts_sql(batch: ExportBatch) -> str:
    texts = checked_texts(batch.contract)
    joined = f"concat_ws(chr(31), {', '.join(map(identifier, texts))})" if texts else "''"
    wanted = {
        MAIL_LIKE: f"count(*) filter (where regexp_matches({joined}, {literal(MAIL)}))",
        PHONE_LIKE: f"count(*) filter (where regexp_matches({joined}, {literal(PHONE)}))",
        FOREIGN_VENDORS: _foreign(batch.contract),
        IMPOSSIBLE_RATES: _impossible(batch.contract.columns),
    }
    asked = batch.suite.columns("facts")
    columns = ", ".join(f"{wanted[name]} as {name}" for name in asked)
    return f"select {columns} from ({batch.query})"


def _foreign(contract: ExportContract) -> str:
    checks = [f"{identifier(name)} <> vendor_id" for name in foreign_references(contract)]
    return f"count(*) filter (where {' or '.join(checks)})" if checks else "0"


def _impossible(columns: Iterable[str]) -> str:
    # A scorecard's rate may be a score; its unit says so.
    only = "unit = 'rate' and " if "unit" in columns else ""
    checks = [f"({only}{name} not between 0 and 1)" for name in columns if is_rate(name)]
    return f"count(*) filter (where {' or '.join(checks)})" if checks else "0"
