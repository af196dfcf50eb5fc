"""What each vendor's file will hold, told by a digest: an equal file need not be written again."""

from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

import duckdb

from pipelines.publishing.vendor_job import SlicedTable, VendorJob
from sources.sql import identifier

HELD = "held"


@dataclass(slots=True)
class Content:
    """A vendor's rows: the digest of them and of all else in the file, and gmv by table."""

    digest: str = ""
    gmv: dict[str, Decimal] = field(default_factory=dict)


def contents_of(connection: duckdb.DuckDBPyConnection, job: VendorJob) -> dict[str, Content]:
    """What the file of each vendor of a job holds, of the rows that the worker holds.

    Two sets of rows have the same digest if their numbers and the sums of their rows' hashes of 64
    bits are equal; how a file is written is not in it, so files of other code are never compared.
    """
    shared = [
        connection.execute(f"select {_sums(table)} from {_held(table)}").fetchall()
        for table in job.shared
    ]
    common = (duckdb.__version__, [table.model_dump() for table in job.tables], shared)
    sums: dict[str, list[object]] = {vendor: [] for vendor in job.vendors}
    found = {vendor: Content() for vendor in job.vendors}
    for table in job.sliced:
        gmv = "sum(gmv)" if table.has_gmv else "null"
        rows = connection.execute(
            f"select vendor_id, {_sums(table)}, {gmv} from {_held(table)} group by vendor_id"
        ).fetchall()
        # What lies between two vendors of the job may be of one that has no file.
        for vendor, count, total, value in rows:
            if vendor in found:
                sums[vendor].append((table.name, count, total))
                found[vendor].gmv |= {} if value is None else {table.name: value}
    for vendor, content in found.items():
        content.digest = sha256(repr((common, sums[vendor])).encode()).hexdigest()
    return found


def _held(table: SlicedTable) -> str:
    return f"{HELD}.main.{identifier(table.name)}"


def _sums(table: SlicedTable) -> str:
    columns = ", ".join(identifier(name) for name in table.types)
    return f"count(*), sum(hash({columns}))"
