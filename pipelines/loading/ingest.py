"""Ingesting a feed: land, parse, check, apply, account; file by file, each in one transaction."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import duckdb
import orjson

from pipelines.home import Home
from pipelines.loading import ledger, quarantine
from pipelines.loading.apply import Applied, LoadStamp, apply_rows
from pipelines.loading.ledger import Load, LoadOutcome
from sources.connectors.files import SourceFile, discover, inferred_format
from sources.contract import Contract, all_contracts
from sources.errors import PermanentSourceError
from sources.landing import LandedFile, land, landed_path
from sources.marketplace import FileFeed, Marketplace
from sources.parsing.client import Parser
from sources.parsing.request import Limits, ParseRequest, ParseResult

# Raised whenever the same bytes would be read differently, so that they are read again.
PARSER_VERSION = 1
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loader:
    """What loading needs: the home, the marketplace, the open build file, a parser and the time."""

    home: Home
    marketplace: Marketplace
    connection: duckdb.DuckDBPyConnection
    parser: Parser
    recorded_at: str
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """A feed's loads of this run and how many files it found in all."""

    feed: str
    file_count: int
    outcomes: tuple[LoadOutcome, ...]


def ingest_feed(loader: Loader, feed: str, progress: Progress = lambda _: None) -> FeedOutcome:
    """Loads what is new in a feed's files.

    Raises:
        PermanentSourceError: the folder is missing, or a required feed never had a file.
    """
    contract = all_contracts()[feed]
    files = list(discover(loader.marketplace, feed))
    _check_found(loader, contract, files)
    outcomes: list[LoadOutcome] = []
    present: list[tuple[str, str]] = []
    for file in files:
        landed = land(file.path, loader.home.landing)
        present.append((file.name, landed.file_id))
        rules = rules_version(loader.marketplace, contract, file.spec)
        if ledger.is_known(loader.connection, feed, landed.file_id, rules):
            continue
        progress(f"{feed}: {file.name}")
        load = _new_load(loader, contract, file, landed, rules)
        outcomes.append(load_file(loader, contract, file.spec, file.format, load))
    ledger.mark_present(loader.connection, feed, present)
    return FeedOutcome(feed, len(files), tuple(outcomes))


def load_file(
    loader: Loader, contract: Contract, spec: FileFeed, file_format: str, load: Load
) -> LoadOutcome:
    """Parses one landed file and applies it together with its ledger row, or not at all."""
    folder = loader.home.scratch / f"load-{load.sequence}"
    try:
        result = loader.parser.parse(_request(loader, contract, spec, file_format, load, folder))
        connection = loader.connection
        connection.execute("begin transaction")
        try:
            outcome = _applied(connection, contract, load, result)
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def _applied(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, result: ParseResult
) -> LoadOutcome:
    if result.status == "rejected" or result.rows is None or result.quarantine is None:
        outcome = ledger.rejected(load, result)
        ledger.record(connection, contract, outcome, dates_from_rows=False)
        quarantine.add_file(connection, outcome)
        return outcome
    stamp = LoadStamp(load.load_id, load.sequence, load.recorded_at)
    counts = Applied(0, 0, 0)
    if result.valid:
        counts = apply_rows(connection, contract, Path(result.rows), stamp)
    outcome = LoadOutcome(
        load,
        "loaded",
        received=result.received,
        applied=counts.applied,
        unchanged=counts.unchanged,
        duplicate=counts.duplicate,
        quarantined=result.quarantined,
        unmapped_columns=tuple(result.unmapped_columns),
    )
    ledger.record(connection, contract, outcome, dates_from_rows=True)
    quarantine.close_earlier(connection, outcome)
    if result.quarantined:
        quarantine.add_rows(connection, load, Path(result.quarantine))
    return outcome


def reload_from_landing(loader: Loader, progress: Progress = lambda _: None) -> list[LoadOutcome]:
    """Empties every feed and applies all landed files again, in their order and with their times.

    Raises:
        PermanentSourceError: a landed file is gone, or the marketplace no longer names its feed.
    """
    past = loader.connection.execute(
        "select load_id, sequence, feed, source, path, file_id, byte_count, rules_version, "
        "cast(recorded_at as varchar) from raw.loads order by sequence"
    ).fetchall()
    loads = [Load(*row) for row in past]
    for load in loads:
        if not landed_path(loader.home.landing, load.file_id).exists():
            raise PermanentSourceError(f"the landing lost {load.file_id} ({load.path})")
    for contract in all_contracts().values():
        loader.connection.execute(f"truncate raw.{contract.feed}")
        loader.connection.execute(f"truncate raw.{contract.feed}_superseded")
    for table in ("raw.loads", "raw.touched_dates", "quarantine.rows"):
        loader.connection.execute(f"truncate {table}")
    return list(_reloaded(loader, loads, progress))


def _reloaded(loader: Loader, loads: Iterable[Load], progress: Progress) -> Iterator[LoadOutcome]:
    seen: set[tuple[str, str]] = set()
    for load in loads:
        spec = _spec_of(loader.marketplace, load)
        if spec is None or (load.feed, load.file_id) in seen:
            continue
        seen.add((load.feed, load.file_id))
        progress(f"{load.feed}: {load.path}")
        contract = all_contracts()[load.feed]
        rules = rules_version(loader.marketplace, contract, spec)
        renewed = Load(
            _load_id(load.feed, load.file_id, rules), load.sequence, load.feed, load.source,
            load.path, load.file_id, load.byte_count, rules, load.recorded_at,
        )  # fmt: skip
        file_format = spec.format or inferred_format(Path(load.path))
        yield load_file(loader, contract, spec, file_format, renewed)


def _spec_of(marketplace: Marketplace, load: Load) -> FileFeed | None:
    for spec in marketplace.feeds.get(load.feed, ()):
        if PurePosixPath(load.path).match(spec.files):
            return spec
    return None


def rules_version(marketplace: Marketplace, contract: Contract, spec: FileFeed) -> str:
    """A short hash of everything but the bytes that decides how a file is read."""
    parts = {
        "parser": PARSER_VERSION,
        "contract": contract.model_dump(mode="json"),
        "spec": spec.model_dump(mode="json", exclude={"files"}),
        "zones": [marketplace.time_zone, marketplace.storage_time_zone],
        "currency": marketplace.currency_code,
    }
    encoded = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(encoded).hexdigest()[:12]


def _load_id(feed: str, file_id: str, rules: str) -> str:
    return f"{feed}-{file_id[:12]}-{rules}"


def _new_load(
    loader: Loader, contract: Contract, file: SourceFile, landed: LandedFile, rules: str
) -> Load:
    return Load(
        load_id=_load_id(contract.feed, landed.file_id, rules),
        sequence=ledger.next_sequence(loader.connection),
        feed=contract.feed,
        source=loader.marketplace.name,
        path=file.name,
        file_id=landed.file_id,
        byte_count=landed.byte_count,
        rules_version=rules,
        recorded_at=loader.recorded_at,
    )


def _request(
    loader: Loader,
    contract: Contract,
    spec: FileFeed,
    file_format: str,
    load: Load,
    folder: Path,
) -> ParseRequest:
    marketplace = loader.marketplace
    return ParseRequest(
        path=str(landed_path(loader.home.landing, load.file_id).resolve()),
        name=load.path,
        format=file_format,  # type: ignore[arg-type]  # one of the formats, as pydantic checks
        contract=contract,
        columns=spec.columns,
        delimiter=spec.delimiter,
        encoding=spec.encoding,
        decimal_separator=spec.decimal_separator,
        multiline=spec.multiline,
        source_time_zone=spec.time_zone or marketplace.storage_time_zone,
        storage_time_zone=marketplace.storage_time_zone,
        currency_code=marketplace.currency_code,
        received_at=load.recorded_at,
        output_folder=str(folder.resolve()),
        limits=loader.limits,
    )


def _check_found(loader: Loader, contract: Contract, files: list[SourceFile]) -> None:
    folder = loader.marketplace.folder
    if not folder.is_dir():
        raise PermanentSourceError(f"{folder}: there is no such folder; the marketplace names it")
    if files or not contract.required_feed:
        return
    row = loader.connection.execute(
        "select count(*) from raw.loads where feed = ? and status = 'loaded'", [contract.feed]
    ).fetchone()
    if not row or not row[0]:
        wanted = ", ".join(spec.files for spec in loader.marketplace.feeds[contract.feed])
        raise PermanentSourceError(
            f"{folder}: no file matches {wanted}, and {contract.feed} is needed; put it there or "
            "correct `files`"
        )
