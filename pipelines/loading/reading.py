"""Landed files become loads: parse, check, apply, account; each in one transaction."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import duckdb

from pipelines.home import Home
from pipelines.loading import ledger, quarantine, snapshot, wholes
from pipelines.loading.across_files import delivered_again
from pipelines.loading.apply import Applied, LoadStamp, apply_rows, completed
from pipelines.loading.business_days import Zones
from pipelines.loading.ledger import Load, LoadOutcome
from pipelines.loading.misfits import note_misfits
from pipelines.loading.rules import rules_version
from pipelines.loading.threads import threads, use_threads
from sources.connectors.files import inferred_format
from sources.contract import Contract, all_contracts
from sources.disk import DiskFullError, noticing_full_disk
from sources.expected import expected_of
from sources.file_feeds import FileFeed
from sources.kill_points import reached
from sources.landing import LandedFile, landed_path
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from sources.parsing.request import (
    DEFAULT_LIMITS,
    Limits,
    ParseRequest,
    ParseResult,
    how_read,
    rows_sql,
)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loader:
    """What loading needs: the home, the marketplace, the open build file, a parser and the time.

    `store_url` names the operational store, where there is one.
    """

    home: Home
    marketplace: Marketplace
    connection: duckdb.DuckDBPyConnection
    parser: Parser
    recorded_at: str
    limits: Limits = DEFAULT_LIMITS
    store_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A landed file, how it is to be read, and the load that it will be."""

    contract: Contract
    spec: FileFeed
    format: str
    load: Load


def load_files(
    loader: Loader, readings: list[Reading], progress: Progress = lambda _: None
) -> Iterator[LoadOutcome]:
    """Reads landed files and applies each together with its ledger row, or not at all.

    Raises:
        DiskFullError: there was no room; the files before are applied, and the others are not.
    """
    most = threads(loader.connection)
    try:
        results = loader.parser.parse_all(_request(loader, reading) for reading in readings)
        for reading, result in zip(readings, results, strict=True):
            progress(f"{reading.load.feed}: {reading.load.path}")
            if result.status == "no_room":
                raise DiskFullError(result.lack_of_room)
            use_threads(loader.connection, reading.load, most)
            yield _in_transaction(loader, reading, result)
            shutil.rmtree(_folder(loader, reading.load), ignore_errors=True)
    finally:
        loader.connection.execute(f"set threads = {most}")
        shutil.rmtree(loader.home.scratch, ignore_errors=True)


def _in_transaction(loader: Loader, reading: Reading, result: ParseResult) -> LoadOutcome:
    connection = loader.connection
    connection.execute("begin transaction")
    reached("loading: begun")
    try:
        with noticing_full_disk(loader.home.path):
            outcome = _applied(connection, loader.marketplace, reading, result)
            reached("loading: recorded")
            connection.execute("commit")
        reached("loading: committed")
    except BaseException:
        # A commit that failed, as on a full disk, has ended the transaction itself.
        with suppress(duckdb.TransactionException):
            connection.execute("rollback")
        raise
    return outcome


def _refused(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, result: ParseResult
) -> LoadOutcome:
    outcome = LoadOutcome(load, "rejected", result.reason_code, result.reason_detail)
    ledger.record(connection, contract, outcome, dates_from_rows=False)
    quarantine.add_file(connection, outcome)
    return outcome


def _applied(
    connection: duckdb.DuckDBPyConnection,
    marketplace: Marketplace,
    reading: Reading,
    result: ParseResult,
) -> LoadOutcome:
    contract = reading.contract
    load = ledger.placed(reading.load, ledger.position_of(connection, reading.load))
    rows = _rows(connection, contract, result)
    if load.is_snapshot and rows:
        may_lose = reading.spec.snapshot_may_lose
        result = snapshot.refusal(connection, contract, load, rows, may_lose) or result
    if result.status == "rejected" or not rows or result.quarantine is None:
        return _refused(connection, contract, load, result)
    counts = Applied(0, 0, 0)
    if result.valid:
        stamp = LoadStamp(load, _zones(marketplace, reading.spec))
        counts = apply_rows(
            connection, contract, rows, stamp, has_distinct_keys=result.has_distinct_keys
        )
    reached("loading: applied")
    derived = _derived(connection, marketplace, replace(reading, load=load), rows, result)
    again = delivered_again(connection, contract, reading.spec, load)
    counts = replace(counts, notes=counts.notes + again)
    outcome = _outcome(load, result, counts, derived)
    ledger.record(connection, contract, outcome, dates_from_rows=True)
    note_misfits(connection, load, result.misfits)
    if derived.deleted:
        snapshot.touch_days(connection, contract, load)
    keys = quarantine.keys_of(contract, rows)
    quarantine.close_earlier(connection, outcome, keys)
    if result.quarantined:
        quarantine.add_rows(connection, load, Path(result.quarantine), keys)
    return outcome


def _rows(connection: duckdb.DuckDBPyConnection, contract: Contract, result: ParseResult) -> str:
    """The parsed rows with all columns of the contract; nothing where the file was rejected."""
    if not result.rows:
        return ""
    parsed = rows_sql(result.rows, result.first_line, result.further_rows)
    return completed(connection, contract, parsed)


def _outcome(
    load: Load, result: ParseResult, counts: Applied, derived: snapshot.Derived
) -> LoadOutcome:
    return LoadOutcome(
        load,
        "loaded",
        received=result.received,
        applied=counts.applied,
        unchanged=counts.unchanged,
        duplicate=counts.duplicate + result.repeated,
        quarantined=result.quarantined,
        dropped=result.dropped,
        replaced=counts.replaced,
        contradiction=counts.contradiction,
        deleted=derived.deleted,
        restored=derived.restored,
        unmapped_columns=tuple(result.unmapped_columns),
        notes=counts.notes,
    )


def _zones(marketplace: Marketplace, spec: FileFeed) -> Zones:
    return Zones(marketplace.storage_time_zone, spec.time_zone or marketplace.time_zone)


def _derived(
    connection: duckdb.DuckDBPyConnection,
    marketplace: Marketplace,
    reading: Reading,
    rows: str,
    result: ParseResult,
) -> snapshot.Derived:
    """What the file says by omission."""
    contract, load = reading.contract, reading.load
    if load.is_snapshot:
        return snapshot.derive(connection, contract, load, rows, result.quarantined)
    if not (result.valid or result.dropped):
        return snapshot.NOTHING_DERIVED
    entries = [spec.entry for spec in marketplace.landed_feeds(load.feed)]
    others = tuple(entry for entry in entries if entry != load.entry)
    beside = wholes.Beside(others, reading.spec.tells_files)
    return wholes.derive(connection, contract, load, rows, beside)


def reading_of(marketplace: Marketplace, load: Load) -> Reading | None:
    """How a load of the ledger is read today; None where the marketplace no longer names it."""
    contract = all_contracts()[load.feed]
    # The entry that delivered it comes first; another may read it where that one is gone.
    specs = sorted(marketplace.landed_feeds(load.feed), key=lambda spec: spec.entry != load.entry)
    for spec in specs:
        if spec.entry == load.entry or PurePosixPath(load.path).match(spec.files):
            rules = rules_version(marketplace, contract, spec)
            renewed = _identified(replace(load, rules_version=rules))
            file_format = spec.format or inferred_format(Path(load.path))
            return Reading(contract, spec, file_format, renewed)
    return None


def _identified(load: Load) -> Load:
    """The load with its id; a snapshot's tells when it came, for the same state can come again."""
    when = f"-{load.sequence}" if load.is_snapshot else ""
    return replace(load, load_id=f"{load.feed}-{load.file_id[:12]}-{load.rules_version}{when}")


def new_load(
    loader: Loader, spec: FileFeed, landed: LandedFile, identity: tuple[str, str, int, str]
) -> Load:
    """The load that landed bytes will be; `identity` is its feed, rules, sequence and path."""
    feed, rules, sequence, path = identity
    load = Load(
        load_id="",
        sequence=sequence,
        feed=feed,
        source=loader.marketplace.name,
        path=path,
        file_id=landed.file_id,
        byte_count=landed.byte_count,
        rules_version=rules,
        recorded_at=loader.recorded_at,
        entry=spec.entry,
        is_snapshot=spec.snapshot,
    )
    # Bytes that a path brings again are a load of their own.
    named = _identified(load)
    return ledger.with_its_own_id(named, ledger.taken_ids(loader.connection, named.load_id))


def _folder(loader: Loader, load: Load) -> Path:
    return loader.home.scratch / f"load-{load.sequence}"


def _request(loader: Loader, reading: Reading) -> ParseRequest:
    spec, load = reading.spec, reading.load
    return ParseRequest(
        path=str(landed_path(loader.home.landing, load.file_id).resolve()),
        name=load.path,
        format=reading.format,  # type: ignore[arg-type]  # one of the formats, as pydantic checks
        contract=expected_of(loader.marketplace, reading.contract, spec.columns),
        **how_read(loader.marketplace, spec),
        received_at=load.recorded_at,
        delivered_at=ledger.delivered_at(loader.connection, load),
        output_folder=str(_folder(loader, load).resolve()),
        limits=loader.limits,
    )
