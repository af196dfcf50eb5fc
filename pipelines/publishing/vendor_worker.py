"""The subprocess that writes vendors' files: one job a line in, reports a line out.

A file costs CPU, most of it in DuckDB's planning and checkpoints, so there is one process per core.
Measured on Olist's ten tables: small blocks and the newest storage version cut a file from 26 to
19 ms; starting from a copy of one file that has the empty tables and the shared ones saves 6 ms;
writing no log, 1.6 ms (a stopped publication is thrown away whole, so none is needed).
"""

import gc
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb

from installation.imports import do_without
from installation.private_files import keep_files_private
from output.findings.finding import Finding
from pipelines.home import FileHeldError
from pipelines.publishing.contracts import actual_types, differences
from pipelines.publishing.source import open_reader
from pipelines.publishing.vendor_contents import HELD, Content, Found, Slice, contents_of
from pipelines.publishing.vendor_earlier import copy_earlier, link_earlier
from pipelines.publishing.vendor_job import SlicedTable, VendorJob, VendorReport
from pipelines.publishing.versions import vendor_file_name
from sources.contact_details import masked_id, masked_text
from sources.sql import identifier, literal

FILES_PER_REPORT = 25
_FILE = "vendor_file"
_STORAGE = "block_size 16384, storage_version 'v1.5.0', recovery_mode 'no_wal_writes'"
# Row groups of the held tables, the smallest there are: a vendor's slice is found without reading
# the rest.
_HELD_ROW_GROUP = 2_048
# A slice is a range of one small table's rows, and counting reads each table once: most of the
# optimizer finds nothing to do. A file of some hundred rows gains nothing from the costlier
# compressions. Together a fifth of the time.
_OPTIMIZERS = ("filter_pushdown", "statistics_propagation", "unused_columns")
_FRUGAL = "set disabled_compression_methods = 'zstd,alp,alprd,chimp,patas,roaring'"


def write_files(job: VendorJob) -> Iterator[VendorReport]:
    """Writes and checks every file of a job, reporting now and then and at the end."""
    scratch = Path(job.scratch)
    with open_reader(Path(job.warehouse), job.catalog, scratch, threads=1) as connection:
        hold(connection, job)
        workshop = Path(job.workshop)
        workshop.mkdir(parents=True, exist_ok=True)
        template, draft = workshop / "template.duckdb", workshop / "draft.duckdb"
        write_template(connection, job, template)
        wrong = check_template(connection, job, template)
        be_frugal(connection)
        found = Found(
            rows=dict.fromkeys((table.name for table in job.tables), 0),
            gmv={table.name: Decimal(0) for table in job.sliced if table.has_gmv},
            reasons=wrong,
        )
        digests: dict[str, dict[str, str]] = {}
        contents = contents_of(connection, job)
        for number, (vendor, rows) in enumerate(zip(job.vendors, job.rows, strict=True), start=1):
            mine = Slice(vendor, rows, job)
            name = vendor_file_name(vendor)
            digests[name] = contents[vendor].digests
            if not link_earlier(mine, contents[vendor], found):
                if copy_earlier(mine, draft):
                    replace_tables(connection, mine, contents[vendor], draft)
                else:
                    shutil.copyfile(template, draft)
                    fill_file(connection, mine, contents[vendor], draft)
                check_file(connection, mine, draft, found)
                deliver(draft, Path(job.folder) / name)
            if number % FILES_PER_REPORT == 0:
                yield VendorReport(kind="progress", files=number)
    gmv = {name: str(value) for name, value in found.gmv.items()}
    yield VendorReport(
        kind="done",
        files=len(job.vendors),
        rows=found.rows,
        gmv=gmv,
        digests=digests,
        reasons=found.reasons,
    )


def be_frugal(connection: duckdb.DuckDBPyConnection) -> None:
    """Leaves out what a small file does not need of DuckDB's optimizer and compressions."""
    names = [name for (name,) in connection.execute("from duckdb_optimizers()").fetchall()]
    left_out = ",".join(name for name in names if name not in _OPTIMIZERS)
    connection.execute(f"set disabled_optimizers = {literal(left_out)}; {_FRUGAL}")


def hold(connection: duckdb.DuckDBPyConnection, job: VendorJob) -> None:
    """Reads this job's rows once, sorted, so that no vendor needs another look at the warehouse."""
    connection.execute(f"attach ':memory:' as {HELD} (row_group_size {_HELD_ROW_GROUP})")
    for table in job.tables:
        columns = ", ".join(_leaving(name, kind) for name, kind in table.types.items())
        relation = f"{identifier(job.catalog)}.{table.relation}"
        mine = "" if table.is_shared else "where vendor_id between ? and ?"
        connection.execute(
            f"create table {HELD}.main.{identifier(table.name)} as "
            f"select {columns} from {relation} {mine} {table.sort}",
            [job.vendors[0], job.vendors[-1]] if mine else [],
        )
    # Not needed any more; while attached, every look at the catalogue would bind all its views.
    connection.execute(f"detach {identifier(job.catalog)}")


def _leaving(name: str, kind: str) -> str:
    """A column as it leaves: what looks like an address or a phone number is masked.

    The id of the vendor is the reader's own.
    """
    column = identifier(name)
    if kind != "VARCHAR" or name == "vendor_id":
        return column
    masked = masked_id if name.endswith("_id") else masked_text
    return f"{masked(column)} as {column}"


def write_template(connection: duckdb.DuckDBPyConnection, job: VendorJob, path: Path) -> None:
    """A file with every table, the shared ones filled."""
    connection.execute(f"attach {literal(str(path))} as {_FILE} ({_STORAGE})")
    connection.execute(f"begin; create schema {_FILE}.marts")
    for table in job.tables:
        connection.execute(f"create table {_FILE}.marts.{_with_columns(table)}")
    for table in job.shared:
        name = identifier(table.name)
        connection.execute(f"insert into {_FILE}.marts.{name} from {HELD}.main.{name}")
    connection.execute(f"commit; detach {_FILE}")


def fill_file(
    connection: duckdb.DuckDBPyConnection, mine: Slice, content: Content, path: Path
) -> None:
    """Adds the vendor's own rows to a copy of the template."""
    connection.execute(f"attach {literal(str(path))} as {_FILE} ({_STORAGE})")
    connection.execute("begin")
    for table in mine.job.sliced:
        if table.name in content.rows:
            _insert(connection, table, content)
    connection.execute(f"commit; detach {_FILE}")


def replace_tables(
    connection: duckdb.DuckDBPyConnection, mine: Slice, content: Content, path: Path
) -> None:
    """Writes those tables anew of which a copy of the version before holds other rows."""
    known = mine.job.known[vendor_file_name(mine.vendor)]
    connection.execute(f"attach {literal(str(path))} as {_FILE} ({_STORAGE})")
    connection.execute("begin")
    for table in mine.job.tables:
        if content.digests[table.name] != known.get(table.name):
            connection.execute(f"create or replace table {_FILE}.marts.{_with_columns(table)}")
            if table.is_shared or table.name in content.rows:
                _insert(connection, table, content)
    connection.execute(f"commit; detach {_FILE}")


def _insert(connection: duckdb.DuckDBPyConnection, table: SlicedTable, content: Content) -> None:
    """Copies the rows of a held table that are the vendor's, or all of a shared one."""
    name = identifier(table.name)
    rows = content.rows.get(table.name)
    # By number, for comparing texts cost a tenth of a file's time; whose they are is checked in
    # the finished file.
    mine = "" if rows is None else f"where rowid between {rows[0]} and {rows[-1]}"
    connection.execute(f"insert into {_FILE}.marts.{name} from {HELD}.main.{name} {mine}")


def _with_columns(table: SlicedTable) -> str:
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in table.types.items())
    return f"{identifier(table.name)} ({columns})"


def deliver(draft: Path, path: Path) -> None:
    """Copies a finished file to where it stays; the publication syncs them all at once."""
    # Exclusively: where two ids differ in case only and the disk does not care, the second
    # vendor's file would replace the first one's.
    with draft.open("rb") as source, path.open("xb") as target:
        shutil.copyfileobj(source, target)


def check_template(
    connection: duckdb.DuckDBPyConnection, job: VendorJob, path: Path
) -> list[Finding]:
    """Findings on columns that are not as promised; every file begins as a copy of this one."""
    connection.execute(f"attach {literal(str(path))} as {_FILE} (read_only)")
    reasons: list[Finding] = []
    for table in job.tables:
        actual = actual_types(connection, f"{_FILE}.marts.{identifier(table.name)}")
        reasons += differences(f"marts.{table.name}", table.types, actual)
    connection.execute(f"detach {_FILE}")
    return [Finding.of("in_vendor_files", finding=reason) for reason in reasons]


def check_file(
    connection: duckdb.DuckDBPyConnection, mine: Slice, path: Path, found: Found
) -> None:
    """Reads a finished file again: that its rows are all there and all the vendor's own."""
    tables = (*mine.job.sliced, *mine.job.shared)
    connection.execute(f"attach {literal(str(path))} as {_FILE} (read_only)")
    counted = connection.execute(count_rows(tables), [mine.vendor]).fetchall()
    connection.execute(f"detach {_FILE}")
    by_table = {number: figures for number, *figures in counted}
    expected = (*mine.rows, *mine.job.shared_rows)
    for number, (table, wanted) in enumerate(zip(tables, expected, strict=True)):
        rows, foreign, gmv = by_table.get(number, (0, 0, None))
        name, wrong = f"marts.{table.name}", []
        if rows != wanted:
            wrong.append(Finding.of("rows_differ", table=name, n=rows, expected=wanted))
        if foreign:
            wrong.append(Finding.of("rows_of_others", table=name, n=foreign))
        found.reasons += [
            Finding.of("in_file_of_vendor", vendor=mine.vendor, finding=each) for each in wrong
        ]
        found.rows[table.name] += rows
        if gmv is not None:
            found.gmv[table.name] += gmv


def count_rows(tables: tuple[SlicedTable, ...]) -> str:
    """One question for all tables of a file: planning ten would take longer than reading them."""
    parts = []
    for number, table in enumerate(tables):
        vendor = "$1" if table.is_shared else "vendor_id"
        gmv = "gmv" if table.has_gmv and not table.is_shared else "null"
        parts.append(
            f"select {number} as number, {vendor} as vendor_id, "
            f"cast({gmv} as decimal(38, 4)) as gmv from {_FILE}.marts.{identifier(table.name)}"
        )
    return (
        "select number, count(*), count(*) filter (where vendor_id is distinct from $1), sum(gmv) "
        f"from ({' union all '.join(parts)}) group by number"
    )


def end_with_parent(workshop: Path) -> None:
    """Ends this process once its parent is gone: what it writes would belong to nobody."""
    # Past the buffered reader, whose lock this thread would otherwise hold when Python ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    shutil.rmtree(workshop, ignore_errors=True)
    os._exit(1)


def main() -> None:
    """Reads one job, answers in lines until it is done."""
    keep_files_private()
    do_without("pandas")
    job = VendorJob.model_validate_json(sys.stdin.buffer.readline())
    threading.Thread(target=end_with_parent, args=[Path(job.workshop)], daemon=True).start()
    gc.disable()  # nothing here has cycles, and looking for them took 4 % of a file's time
    try:
        for report in write_files(job):
            print(report.model_dump_json(), flush=True)  # noqa: T201 - the answer
    except (duckdb.Error, OSError, FileHeldError) as error:
        # The parent raises it again; the text may name a vendor and goes to operators only.
        is_told = isinstance(error, FileHeldError)
        reason = str(error) if is_told else f"{type(error).__name__}: {error}"
        report = VendorReport.failed(Finding.of("writing_failed", words=reason))
        print(report.model_dump_json(), flush=True)  # noqa: T201 - the answer
        sys.exit(1)


if __name__ == "__main__":
    main()
