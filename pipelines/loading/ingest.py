"""Ingesting a feed: land, parse, check, apply, account; file by file, each in one transaction."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import duckdb
import orjson

from pipelines.home import Home
from pipelines.loading import ledger, quarantine, snapshot
from pipelines.loading.apply import Applied, LoadStamp, apply_rows
from pipelines.loading.arrivals import landed_files
from pipelines.loading.known_files import known_files
from pipelines.loading.ledger import Load, LoadOutcome
from sources.connectors.files import SourceFile, discover, inferred_format
from sources.contract import Contract, all_contracts
from sources.errors import PermanentSourceError
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
    rows_sql,
)

# Raised whenever the same bytes would be read differently, so that they are read again.
PARSER_VERSION = 2
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loader:
    """What loading needs: the home, the marketplace, the open build file, a parser and the time."""

    home: Home
    marketplace: Marketplace
    connection: duckdb.DuckDBPyConnection
    parser: Parser
    recorded_at: str
    limits: Limits = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """A feed's loads of this run and how many files it found in all."""

    feed: str
    file_count: int
    outcomes: tuple[LoadOutcome, ...]
    notes: tuple[str, ...] = ()


def ingest_feed(loader: Loader, feed: str, progress: Progress = lambda _: None) -> FeedOutcome:
    """Loads what is new in a feed's files.

    All bytes are landed first; then each file is read and applied, the next being read meanwhile.

    Raises:
        PermanentSourceError: the folder is missing, or a required feed never had a file.
    """
    contract = all_contracts()[feed]
    files = list(discover(loader.marketplace, feed))
    _check_found(loader, contract, files)
    present: set[tuple[str, str]] = set()
    new: dict[tuple[str, ...], Reading] = {}
    sequence = ledger.next_sequence(loader.connection)
    known = known_files(loader.connection, feed, ((file.spec, file.name) for file in files))
    rules_of = rules_by_entry(loader.marketplace, contract, files)
    for file, landed in landed_files(loader.connection, loader.home.landing, files):
        present.add((file.name, landed.file_id))
        rules = rules_of[id(file.spec)]
        identity = (landed.file_id, rules, *([file.name] if file.spec.snapshot else []))
        if identity in new or known.holds(file.spec, file.name, (landed.file_id, rules)):
            continue
        load = new_load(loader, file.spec, landed, (feed, rules, sequence + len(new), file.name))
        new[identity] = Reading(contract, file.spec, file.format, load)
    outcomes = tuple(load_files(loader, list(new.values()), progress))
    ledger.mark_present(loader.connection, feed, present)
    reached("ingest: noted what is present")
    return FeedOutcome(feed, len(files), outcomes)


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
    """Reads landed files and applies each together with its ledger row, or not at all."""
    try:
        results = loader.parser.parse_all(_request(loader, reading) for reading in readings)
        for reading, result in zip(readings, results, strict=True):
            progress(f"{reading.load.feed}: {reading.load.path}")
            yield _in_transaction(loader.connection, reading, result)
            shutil.rmtree(_folder(loader, reading.load), ignore_errors=True)
    finally:
        shutil.rmtree(loader.home.scratch, ignore_errors=True)


def _in_transaction(
    connection: duckdb.DuckDBPyConnection, reading: Reading, result: ParseResult
) -> LoadOutcome:
    connection.execute("begin transaction")
    reached("loading: begun")
    try:
        outcome = _applied(connection, reading, result)
        reached("loading: recorded")
        connection.execute("commit")
        reached("loading: committed")
    except BaseException:
        connection.execute("rollback")
        raise
    return outcome


def _refused(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, result: ParseResult
) -> LoadOutcome:
    outcome = ledger.rejected(load, result)
    ledger.record(connection, contract, outcome, dates_from_rows=False)
    quarantine.add_file(connection, outcome)
    return outcome


def _applied(
    connection: duckdb.DuckDBPyConnection, reading: Reading, result: ParseResult
) -> LoadOutcome:
    contract, load = reading.contract, reading.load
    rows = rows_sql(result.rows, result.first_line, result.further_rows) if result.rows else ""
    if load.is_snapshot and rows:
        may_lose = reading.spec.snapshot_may_lose
        result = snapshot.refusal(connection, contract, load, rows, may_lose) or result
    if result.status == "rejected" or not rows or result.quarantine is None:
        return _refused(connection, contract, load, result)
    counts = Applied(0, 0, 0)
    if result.valid:
        position = ledger.position_of(connection, load)
        stamp = LoadStamp(load.load_id, load.sequence, position, load.recorded_at)
        are_distinct = result.has_distinct_keys
        counts = apply_rows(connection, contract, rows, stamp, has_distinct_keys=are_distinct)
    reached("loading: applied")
    derived = snapshot.NOTHING_DERIVED
    if load.is_snapshot:
        derived = snapshot.derive(connection, contract, load, rows, result.quarantined)
    outcome = LoadOutcome(
        load,
        "loaded",
        received=result.received,
        applied=counts.applied,
        unchanged=counts.unchanged,
        duplicate=counts.duplicate,
        quarantined=result.quarantined,
        deleted=derived.deleted,
        restored=derived.restored,
        unmapped_columns=tuple(result.unmapped_columns),
    )
    ledger.record(connection, contract, outcome, dates_from_rows=True)
    if derived.deleted:
        snapshot.touch_days(connection, contract, load)
    keys = quarantine.keys_of_slice(connection, contract, load, rows)
    quarantine.close_earlier(connection, outcome, keys)
    if result.quarantined:
        quarantine.add_rows(connection, load, Path(result.quarantine), keys)
    return outcome


def reading_of(marketplace: Marketplace, load: Load) -> Reading | None:
    """How a load of the ledger is read today; None where the marketplace no longer names it."""
    contract = all_contracts()[load.feed]
    # The entry that delivered it comes first; another may read it where that one is gone.
    specs = sorted(marketplace.landed_feeds(load.feed), key=lambda spec: spec.files != load.entry)
    for spec in specs:
        if spec.files == load.entry or PurePosixPath(load.path).match(spec.files):
            rules = rules_version(marketplace, contract, spec)
            renewed = _identified(replace(load, rules_version=rules))
            file_format = spec.format or inferred_format(Path(load.path))
            return Reading(contract, spec, file_format, renewed)
    return None


def rules_version(marketplace: Marketplace, contract: Contract, spec: FileFeed) -> str:
    """A short hash of everything but the bytes that decides how a file is read."""
    parts = {
        "parser": PARSER_VERSION,
        "contract": contract.model_dump(mode="json"),
        # Neither where a file lies nor who sent it changes how it is read.
        "spec": spec.model_dump(mode="json", exclude={"files", "system"}),
        "zones": [marketplace.time_zone, marketplace.storage_time_zone],
        "currency": marketplace.currency_code,
    }
    encoded = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(encoded).hexdigest()[:12]


def rules_by_entry(
    marketplace: Marketplace, contract: Contract, files: list[SourceFile]
) -> dict[int, str]:
    """The rules of each entry that delivers one of the files, by its identity in Python."""
    entries = {id(file.spec): file.spec for file in files}
    return {key: rules_version(marketplace, contract, spec) for key, spec in entries.items()}


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
        entry=spec.files,
        is_snapshot=spec.snapshot and snapshot.is_newest(loader.connection, feed, spec.files, path),
    )
    return _identified(load)


def _folder(loader: Loader, load: Load) -> Path:
    return loader.home.scratch / f"load-{load.sequence}"


def _request(loader: Loader, reading: Reading) -> ParseRequest:
    marketplace, spec, load = loader.marketplace, reading.spec, reading.load
    return ParseRequest(
        path=str(landed_path(loader.home.landing, load.file_id).resolve()),
        name=load.path,
        format=reading.format,  # type: ignore[arg-type]  # one of the formats, as pydantic checks
        contract=reading.contract,
        dialect=spec.dialect,
        columns=spec.columns,
        delimiter=spec.delimiter,
        encoding=spec.encoding,
        decimal_separator=spec.decimal_separator,
        multiline=spec.multiline,
        source_time_zone=spec.time_zone or marketplace.storage_time_zone,
        storage_time_zone=marketplace.storage_time_zone,
        currency_code=marketplace.currency_code,
        received_at=load.recorded_at,
        output_folder=str(_folder(loader, load).resolve()),
        limits=loader.limits,
    )


def _check_found(loader: Loader, contract: Contract, files: list[SourceFile]) -> None:
    folder = loader.marketplace.folder
    if not folder.is_dir():
        raise PermanentSourceError(f"{folder}: there is no such folder; the marketplace names it")
    is_elsewhere = loader.marketplace.database_feeds(contract.feed)
    if files or is_elsewhere or not contract.required_feed:
        return
    row = loader.connection.execute(
        "select count(*) from raw.loads where feed = ? and status = 'loaded'", [contract.feed]
    ).fetchone()
    if not row or not row[0]:
        wanted = ", ".join(spec.files for spec in loader.marketplace.file_feeds(contract.feed))
        raise PermanentSourceError(
            f"{folder}: no file matches {wanted}, and {contract.feed} is needed; put it there or "
            "correct `files`"
        )
