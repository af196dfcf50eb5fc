"""One file per vendor, written by a subprocess per core and added up against the warehouse."""

import subprocess
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue

from installation.workers import start_worker
from output.findings.finding import Finding
from pipelines.publishing.contracts import gmv_differs
from pipelines.publishing.source import Expected, sort_clause
from pipelines.publishing.tables import PublishedTables
from pipelines.publishing.vendor_job import SlicedTable, VendorJob, VendorReport
from pipelines.publishing.versions import vendor_file_name
from sources.child_process import how_it_ended

WORKERS = 2
_VENDORS_WORTH_A_WORKER = 30  # a worker takes as long to start as these files to write
# What a file costs beyond its rows, in rows: most of a file's time does not depend on them.
_ROWS_WORTH_A_FILE = 2_000


class VendorFilesError(RuntimeError):
    """A worker stopped; its own words follow."""


@dataclass(frozen=True, slots=True)
class Work:
    """What all workers share."""

    warehouse: Path
    tables: PublishedTables
    expected: Expected
    folder: Path
    scratch: Path
    workshop: Path
    held: int  # an open file that workers hold, too
    earlier: Path | None = None  # the vendors' files of the version before
    known: Mapping[str, dict[str, str]] = field(default_factory=dict)  # digests of their tables


def write_vendor_files(work: Work) -> Generator[tuple[int, list[VendorReport]], None, None]:
    """Writes every vendor's file; yields how many are there, and in the end the final reports.

    It first yields when the workers have begun, so that other work may be done beside theirs.

    Raises:
        VendorFilesError: a worker stopped.
    """
    done: list[VendorReport] = []
    answers: SimpleQueue[tuple[int, VendorReport]] = SimpleQueue()
    with ExitStack() as stack:
        jobs = list(make_jobs(work))
        for number, job in enumerate(jobs):
            stack.callback(stop, start(number, job, answers, (work.held,)))
        files = [0] * len(jobs)
        yield 0, done
        while len(done) < len(jobs):
            number, report = answers.get()
            if report.kind == "failed":
                raise VendorFilesError("; ".join(reason.english for reason in report.reasons))
            files[number] = report.files
            if report.kind == "done":
                done.append(report)
            yield sum(files), done


def make_jobs(work: Work) -> Iterator[VendorJob]:
    """Runs of vendors of about equal work, one per worker."""
    tables = [sliced(work, name) for name in range(len(work.tables.vendor))]
    own = [table.relation for table in tables if not table.is_shared]
    vendors = work.expected.vendors
    rows = [
        [work.expected.rows_of_vendor[vendor][relation] for relation in own] for vendor in vendors
    ]
    effort = list(accumulate((sum(counts) + _ROWS_WORTH_A_FILE for counts in rows), initial=0))
    workers = min(WORKERS, 1 + len(vendors) // _VENDORS_WORTH_A_WORKER)
    place = [total * workers // (effort[-1] + 1) for total in effort[:-1]]
    for worker in range(workers):
        mine = [index for index, assigned in enumerate(place) if assigned == worker]
        if mine:
            yield VendorJob(
                warehouse=str(work.warehouse),
                catalog=work.tables.catalog,
                folder=str(work.folder),
                scratch=str(work.scratch / f"worker-{worker}"),
                workshop=str(work.workshop / f"worker-{worker}"),
                vendors=[vendors[index] for index in mine],
                rows=[rows[index] for index in mine],
                shared_rows=[work.expected.rows[t.relation] for t in tables if t.is_shared],
                tables=tables,
                earlier=str(work.earlier or ""),
                known={
                    name: work.known[name]
                    for name in (vendor_file_name(vendors[index]) for index in mine)
                    if name in work.known
                },
            )


def sliced(work: Work, number: int) -> SlicedTable:
    """A vendor table as a worker needs it."""
    table = work.tables.vendor[number]
    return SlicedTable(
        name=table.name,
        relation=table.relation,
        types=work.expected.types[table],
        sort=sort_clause(table),
        is_shared=table.is_shared,
    )


def start(
    number: int,
    job: VendorJob,
    answers: "SimpleQueue[tuple[int, VendorReport]]",
    held: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """A running worker whose answers arrive in the queue; it ends when this process does."""
    process = start_worker(
        "pipelines.publishing.vendor_worker",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=held,
    )

    def listen() -> None:
        finished = False
        for line in process.stdout or ():
            if not line.endswith(b"\n"):
                break  # killed in the middle of an answer
            report = VendorReport.model_validate_json(line)
            finished = report.kind != "progress"
            answers.put((number, report))
        if not finished:
            ended = Finding.of("vendor_files_ended", ending=how_it_ended(process.wait()))
            answers.put((number, VendorReport.failed(ended)))

    threading.Thread(target=listen, daemon=True).start()
    if process.stdin is not None:
        # A worker killed before it read its job breaks the pipe; its listener tells how it ended.
        with suppress(BrokenPipeError):
            process.stdin.write(job.model_dump_json().encode() + b"\n")
            process.stdin.flush()
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a worker, whether or not it is done."""
    process.kill()
    process.wait()
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # closing writes what is left in the buffer
            process.stdin.close()


def check_totals(work: Work, reports: list[VendorReport]) -> list[Finding]:
    """Findings on what was lost or doubled on the way into the files, over all vendors."""
    reasons: list[Finding] = []
    by_name = {table.name: table for table in work.tables.operator}
    for table in work.tables.vendor:
        if table.is_shared:
            continue
        rows = sum(report.rows.get(table.name, 0) for report in reports)
        if rows != work.expected.rows[table.relation]:
            wanted = work.expected.rows[table.relation]
            reasons.append(Finding.of("rows_differ", table=table.name, n=rows, expected=wanted))
        if table.relation not in work.expected.gmv:
            continue
        gmv = sum((Decimal(report.gmv.get(table.name, "0")) for report in reports), Decimal(0))
        # The operator's table of the same name counts only where it has the same grain.
        namesakes = (table, by_name.get(table.name))
        relations = {t.relation for t in namesakes if t and t.has("gmv", "vendor_id")}
        for relation in sorted(relations):
            wanted_gmv = work.expected.gmv[relation]
            if gmv != wanted_gmv:
                reasons.append(gmv_differs(table.name, gmv, relation, wanted_gmv))
    in_all = [Finding.of("in_vendor_files", finding=reason) for reason in reasons]
    return [*(reason for report in reports for reason in report.reasons), *in_all]
