"""What was built becomes what is read: written aside, verified, renamed, pointed to."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from output.findings.finding import Finding
from pipelines.publishing.contracts import PublicationRefused
from pipelines.publishing.operator_file import (
    build_operator_file,
    check_operator_file,
    operator_digests,
)
from pipelines.publishing.source import Expected, expectations, open_reader
from pipelines.publishing.tables import PublishedTables
from pipelines.publishing.vendor_files import Work, check_totals, write_vendor_files
from pipelines.publishing.versions import (
    DRAFT_SUFFIX,
    clear_drafts,
    current_version,
    point_to,
    prune,
    sync_folder,
    version_name,
)
from pipelines.publishing.workshop import alone, workshop
from sources.disk import as_written

if TYPE_CHECKING:
    from pipelines.publishing.vendor_job import VendorReport

# Of each table of a version's files, and how the files lay on the disk.
_DIGESTS = "digests.json"
_OPERATOR_FILE = "operator.duckdb"
_VENDORS = "vendors"
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published, from where to where, and under which name."""

    warehouse: Path
    published: Path
    tables: PublishedTables
    # marketplace, title, currency_code, time_zone, as_of_date, mode, quality: see manifest_of
    about: dict[str, Any]
    built_at: datetime
    fingerprint: str
    # What the tables and metrics mean and are made from: see pipelines.dbt.catalogue.
    catalogue: dict[str, Any] = field(default_factory=dict)
    keep: int = 3
    keep_also: frozenset[str] = frozenset()

    @property
    def version(self) -> str:
        """The version's name."""
        return version_name(self.built_at, self.fingerprint)


@dataclass(frozen=True, slots=True)
class Published:
    """The version that is read from now on."""

    version: str
    vendor_count: int
    rows: dict[str, int]
    pruned: list[str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The version that is read now, and the digests of its tables; none where it is of no use."""

    folder: Path | None = None
    operator: dict[str, str] = field(default_factory=dict)
    vendors: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def operator_file(self) -> tuple[Path, dict[str, str]] | None:
        """The operator's file and its tables' digests; None where there is none to begin with."""
        return (
            (self.folder / _OPERATOR_FILE, self.operator) if self.operator and self.folder else None
        )


def publish(publication: Publication, progress: Progress | None = None) -> Published:
    """Writes, verifies and switches to a new version; the caller holds the home's writer lock.

    Killed at any moment, CURRENT names a verified version, and the next call clears what is left.

    Raises:
        PublicationRefused: a contract is violated; nothing has changed for readers.
        VendorFilesError: a worker was stopped; nothing has changed for readers.
    """
    report = progress or (lambda _step, _done: None)
    published, version = publication.published, publication.version
    published.mkdir(parents=True, exist_ok=True)
    final = published / version
    with alone(published) as held:
        clear_drafts(published)
        report("cleared", 0.0)
        # A retry of a run that was killed between the last two steps finds its verified version.
        if not final.exists():
            draft = published / f"{version}{DRAFT_SUFFIX}"
            try:
                write_version(publication, draft, held, report)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise
            report("verified", 0.95)
            draft.rename(final)
            sync_folder(published)
            report("renamed", 0.96)
    point_to(published, version)
    report("pointed", 0.97)
    removed = prune(published, publication.keep, publication.keep_also)
    report("pruned", 1.0)
    manifest = json.loads((final / "manifest.json").read_text("utf-8"))
    return Published(version, manifest["vendor_count"], manifest["tables"]["operator"], removed)


def write_version(publication: Publication, draft: Path, held: int, report: Progress) -> None:
    """Writes all files of a version into a draft folder and verifies them.

    `held` is the open file that says so (`alone`).

    Raises:
        PublicationRefused: something is not as promised.
    """
    scratch = draft / "scratch"
    vendors = draft / _VENDORS
    vendors.mkdir(parents=True)
    tables, earlier = publication.tables, earlier_version(publication)
    with (
        workshop(publication.published, scratch / "workshop") as bench,
        open_reader(publication.warehouse, tables.catalog, scratch, threads=2) as connection,
    ):
        expected = expectations(connection, tables)
        report("expectations", 0.05)
        work = Work(
            *(publication.warehouse, tables, expected, vendors, scratch, bench, held),
            earlier=earlier.folder / _VENDORS if earlier.folder else None,
            known=earlier.vendors,
        )
        with closing(write_vendor_files(work)) as of_vendors:
            next(of_vendors)  # its workers are at it beside the operator's file
            digests = operator_digests(connection, tables)
            reasons = _write_operator_file(
                connection, work, draft / _OPERATOR_FILE, digests, earlier.operator_file, report
            )
            reports: list[VendorReport] = []
            for files, finished in of_vendors:
                report("vendors", 0.2 + 0.7 * files / max(1, len(expected.vendors)))
                reports = finished
    reasons += check_totals(work, reports)
    reasons += check_file_list(vendors, len(expected.vendors))
    if reasons:
        raise PublicationRefused(reasons)
    shutil.rmtree(scratch)
    write_manifest(publication, expected, draft / "manifest.json")
    _write_json(draft / "catalogue.json", publication.catalogue)
    by_vendor = {name: each for done in reports for name, each in done.digests.items()}
    written = {"operator": digests, "vendors": by_vendor, "files": files_in(draft)}
    _write_json(draft / _DIGESTS, written)
    report("manifest", 0.93)
    os.sync()  # once for all files: one by one, thousands of waits for the disk


def _write_operator_file(
    connection: duckdb.DuckDBPyConnection,
    work: Work,
    path: Path,
    digests: Mapping[str, str],
    earlier: tuple[Path, Mapping[str, str]] | None,
    report: Progress,
) -> list[Finding]:
    tables = work.tables
    names = build_operator_file(connection, tables, path, digests, earlier)
    for number, name in enumerate(names):
        report(f"operator: {name}", 0.05 + 0.15 * number / len(tables.operator))
    reasons = check_operator_file(path, tables, work.expected)
    report("operator", 0.2)
    return reasons


def earlier_version(publication: Publication) -> Earlier:
    """The version that is read now, for what may be kept of its files.

    None where it is of another marketplace, or was written by other code; and for a full run, which
    leaves nothing of what was.
    """
    version = current_version(publication.published)
    if version is None or publication.about.get("mode") == "full":
        return Earlier()
    folder = publication.published / version
    if not (folder / _DIGESTS).is_file():
        return Earlier()
    about = json.loads((folder / "manifest.json").read_text("utf-8"))
    if any(about.get(name) != publication.about.get(name) for name in ("marketplace", "code")):
        return Earlier()
    noted = json.loads((folder / _DIGESTS).read_text("utf-8"))
    found = files_in(folder)
    # A file that was put back from a copy may hold something else than was noted of it.
    same = {name for name, facts in noted["files"].items() if found.get(name) == facts}
    return Earlier(
        folder,
        noted["operator"] if _OPERATOR_FILE in same else {},
        {name: each for name, each in noted["vendors"].items() if f"{_VENDORS}/{name}" in same},
    )


def files_in(folder: Path) -> dict[str, list[int]]:
    """The databases of a version, by their paths in it: bytes, and when they were written in ns."""
    return {
        path.relative_to(folder).as_posix(): list(as_written(path) or ())
        for path in folder.rglob("*.duckdb")
    }


def check_file_list(vendors: Path, count: int) -> list[Finding]:
    """Findings on files too many or too few, and on logs that were not folded in."""
    names = os.listdir(vendors)  # noqa: PTH208 - names are enough, and there may be many
    reasons = []
    if len(names) != count:
        reasons.append(Finding.of("file_count_differs", found=len(names), expected=count))
    if strange := [name for name in names if not name.endswith(".duckdb")]:
        reasons.append(Finding.of("files_are_no_databases", n=len(strange)))
    return [Finding.of("in_vendor_files", finding=reason) for reason in reasons]


def write_manifest(publication: Publication, expected: Expected, path: Path) -> None:
    """Writes what readers show beside the numbers; no vendor and no person is named in it."""
    operator = {t.name: expected.rows[t.relation] for t in publication.tables.operator}
    manifest = {
        "version": publication.version,
        **publication.about,
        "built_at": f"{publication.built_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "tables": {"operator": operator},
        "vendor_count": len(expected.vendors),
    }
    _write_json(path, manifest)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
