"""A feed from the marketplace's folder: all that is new is landed, then loaded file by file."""

from pipelines.loading import ledger
from pipelines.loading.arrivals import landed_files
from pipelines.loading.known_files import known_files
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.reading import Loader, Progress, Reading, load_files, new_load
from pipelines.loading.rules import rules_by_entry
from sources.connectors.files import SourceFile, discover
from sources.contract import Contract, all_contracts
from sources.errors import PermanentSourceError
from sources.kill_points import reached
from sources.sql import scalar


def load_new_files(loader: Loader, feed: str, progress: Progress) -> tuple[int, list[LoadOutcome]]:
    """Loads what is new in a feed's files; returns how many files there are, and the loads.

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
    outcomes = list(load_files(loader, list(new.values()), progress))
    ledger.mark_present(loader.connection, feed, present)
    reached("ingest: noted what is present")
    return len(files), outcomes


def _check_found(loader: Loader, contract: Contract, files: list[SourceFile]) -> None:
    folder = loader.marketplace.folder
    if not folder.is_dir():
        raise PermanentSourceError(f"{folder}: there is no such folder; the marketplace names it")
    is_elsewhere = loader.marketplace.database_feeds(contract.feed)
    if files or is_elsewhere or not contract.required_feed:
        return
    loaded = "select count(*) from raw.loads where feed = ? and status = 'loaded'"
    if not scalar(loader.connection, loaded, [contract.feed]):
        wanted = ", ".join(spec.files for spec in loader.marketplace.file_feeds(contract.feed))
        raise PermanentSourceError(
            f"{folder}: no file matches {wanted}, and {contract.feed} is needed; put it there or "
            "correct `files`"
        )
