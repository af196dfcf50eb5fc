"""What each vendor's file will hold, by digests: an equal table need not be written again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

import duckdb

from output.findings.finding import Finding
from pipelines.publishing.vendor_job import SlicedTable, VendorJob
from sources.sql import identifier

HELD = "held"
_DIGITS = 32


@dataclass(slots=True)
class Content:
    """A vendor's rows: the digest of each table of the file; by table with rows, which and gmv."""

    rows: dict[str, range] = field(default_factory=dict)  # their numbers in the held table
    digests: dict[str, str] = field(default_factory=dict)
    gmv: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slice:
    """One vendor of a job and how many rows of each sliced table are the vendor's."""

    vendor: str
    rows: list[int]
    job: VendorJob


@dataclass(slots=True)
class Found:
    """What the finished files hold, added up, and what is wrong with them."""

    rows: dict[str, int]
    gmv: dict[str, Decimal]
    reasons: list[Finding]


def contents_of(connection: duckdb.DuckDBPyConnection, job: VendorJob) -> dict[str, Content]:
    """What the file of each vendor of a job holds, of the rows that the worker holds.

    How a file is written is not in a digest, so files of other code are never compared.
    """
    shared = {}
    for table in job.shared:
        rows = connection.execute(f"select {row_sums(table.types)} from {_held(table)}").fetchall()
        shared[table.name] = digest_of(table.model_dump_json(), *rows[0])
    none = {table.name: digest_of(table.model_dump_json(), 0, None) for table in job.sliced}
    found = {vendor: Content(digests=shared | none) for vendor in job.vendors}
    for table in job.sliced:
        promised = table.model_dump_json()
        gmv = "sum(gmv)" if table.has_gmv else "null"
        rows = connection.execute(
            f"select vendor_id, {row_sums(table.types)}, {gmv}, min(rowid) from {_held(table)} "
            "group by vendor_id"
        ).fetchall()
        # What lies between two vendors of the job may be of one that has no file.
        for vendor, count, total, value, first in rows:
            if vendor in found:
                # They lie beside one another: a held table is sorted by vendor first.
                found[vendor].rows[table.name] = range(first, first + count)
                found[vendor].digests[table.name] = digest_of(promised, count, total)
                found[vendor].gmv |= {} if value is None else {table.name: value}
    return found


def row_sums(columns: Iterable[str]) -> str:
    """What a digest is made of, to be selected: the number of rows, the sum of their hashes.

    Two sets of rows have the same sums if their numbers and the sums of their rows' hashes of 64
    bits are equal.
    """
    return f"count(*), sum(hash({', '.join(map(identifier, columns))}))"


def digest_of(promised: str, count: int, total: int | None) -> str:
    """A table's digest: what is promised of it, and the sums over its rows."""
    return sha256(repr((duckdb.__version__, promised, count, total)).encode()).hexdigest()[:_DIGITS]


def _held(table: SlicedTable) -> str:
    return f"{HELD}.main.{identifier(table.name)}"
