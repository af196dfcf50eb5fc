"""A feed from the marketplace's folder: all that is new is landed, then loaded file by file."""

from dataclasses import dataclass, field

from pipelines.loading import ledger, quarantine
from pipelines.loading.arrivals import landed_files
from pipelines.loading.deliveries import Delivery, note_deliveries
from pipelines.loading.file_notes import file_notes
from pipelines.loading.known_files import BytesUnderRules, KnownFiles, known_files
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.reading import Loader, Progress, Reading, load_files, new_load
from pipelines.loading.refusals import note_refused
from pipelines.loading.rules import rules_by_entry
from sources.connectors.files import Discovery, SourceFile, discover
from sources.contract import Contract, all_contracts
from sources.errors import PermanentSourceError
from sources.inbox import Refused
from sources.kill_points import reached
from sources.landing import LandedFile
from sources.sql import scalar


@dataclass(slots=True)
class Found:
    """What a feed's folder holds: how many files, which are refused, and which are to be read."""

    file_count: int
    refused: list[Refused]
    present: set[BytesUnderRules] = field(default_factory=set)
    unnoted: list[tuple[str, str, str]] = field(default_factory=list)
    new: dict[tuple[str, ...], Reading] = field(default_factory=dict)


def load_new_files(
    loader: Loader, feed: str, progress: Progress
) -> tuple[int, list[LoadOutcome], list[str]]:
    """Loads what is new in a feed's files; returns how many files there are, the loads and notes.

    All bytes are landed first; then each file is read and applied, the next being read meanwhile.

    Raises:
        PermanentSourceError: the folder is missing, or a required feed never had a file.
    """
    contract = all_contracts()[feed]
    discovery = discover(loader.marketplace, feed)
    _check_found(loader, contract, discovery)
    found = _found(loader, contract, discovery)
    outcomes = list(load_files(loader, list(found.new.values()), progress))
    _note_present(loader, feed, found)
    reached("ingest: noted what is present")
    return found.file_count, outcomes, file_notes(loader.connection, loader.marketplace, feed)


def _found(loader: Loader, contract: Contract, discovery: Discovery) -> Found:
    feed, files = contract.feed, discovery.files
    found = Found(len(files), list(discovery.refused))
    sequence = ledger.next_sequence(loader.connection)
    known = known_files(loader.connection, feed, ((file.spec, file.name) for file in files))
    rules_of = rules_by_entry(loader.marketplace, contract, files)
    for file, landed in landed_files(loader.connection, loader.home.landing, files):
        if isinstance(landed, Refused):
            found.refused.append(landed)
            continue
        read = (landed.file_id, rules_of[id(file.spec)])
        found.present.add(read)
        if known.is_older_snapshot(file.spec, file.name):
            continue
        if not known.is_noted(file.spec, file.name, landed.file_id):
            found.unnoted.append((file.spec.entry, file.name, landed.file_id))
        identity = _identity(file, landed, read, known)
        if identity in found.new or known.holds(file.spec, file.name, read):
            continue
        load = new_load(
            loader, file.spec, landed, (feed, read[1], sequence + len(found.new), file.name)
        )
        position = known.position_of(file.spec, file.name, landed.file_id)
        found.new[identity] = Reading(
            contract, file.spec, file.format, ledger.placed(load, position)
        )
    return found


def _identity(
    file: SourceFile, landed: LandedFile, read: BytesUnderRules, known: KnownFiles
) -> tuple[str, ...]:
    """What is read once in a run: bytes under rules; under each name where the name matters."""
    is_named = file.spec.snapshot or known.is_new_delivery(file.spec, file.name, landed.file_id)
    return (*read, file.name) if is_named or file.spec.tells_files else read


def _note_present(loader: Loader, feed: str, found: Found) -> None:
    """Notes what the folder holds now, and what paths brought that was loaded under other names."""
    note_refused(loader.connection, feed, found.refused)
    ledger.mark_present(loader.connection, feed, found.present)
    quarantine.close_departed(loader.connection, feed, found.present)
    loads = [reading.load for reading in found.new.values()]
    known = {(load.entry, load.path, load.file_id) for load in loads}
    positions = ledger.positions(loader.connection, feed)
    copies = [
        Delivery(entry, path, file_id, positions[file_id])
        for entry, path, file_id in found.unnoted
        if (entry, path, file_id) not in known and file_id in positions
    ]
    note_deliveries(loader.connection, feed, copies)


def _check_found(loader: Loader, contract: Contract, discovery: Discovery) -> None:
    folder = loader.marketplace.folder
    if not folder.is_dir():
        raise PermanentSourceError(
            f"{folder} does not exist; check `folder` in the marketplace's file"
        )
    is_elsewhere = loader.marketplace.database_feeds(contract.feed)
    is_there = discovery.files or discovery.refused
    if is_there or is_elsewhere or not contract.required_feed:
        return
    loaded = "select count(*) from raw.loads where feed = ? and status = 'loaded'"
    if not scalar(loader.connection, loaded, [contract.feed]):
        wanted = ", ".join(spec.files for spec in loader.marketplace.file_feeds(contract.feed))
        raise PermanentSourceError(
            f"{folder}: no file matches {wanted}, but {contract.feed} is required; deliver it or "
            "correct `files`"
        )
