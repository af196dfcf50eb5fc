"""The entry point of loading: what is new of a feed in files, databases or our own store."""

from dataclasses import dataclass

from pipelines.loading.extracts import load_new_extracts
from pipelines.loading.files import load_new_files
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.operational import load_new_operations
from pipelines.loading.reading import Loader, Progress
from sources.contract import all_contracts
from sources.errors import PermanentSourceError, TransientSourceError


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """A feed's loads of this run and how many files it found in all."""

    feed: str
    file_count: int
    outcomes: tuple[LoadOutcome, ...]
    notes: tuple[str, ...] = ()


def load_feed(loader: Loader, feed: str, progress: Progress = lambda _: None) -> FeedOutcome:
    """Loads what is new of a feed, in its files and then in its databases, or in our own store.

    Raises:
        PermanentSourceError: something must be changed by a person; every problem is named.
        TransientSourceError: a server was away; what was committed before stays.
    """
    if all_contracts()[feed].is_own:
        return FeedOutcome(feed, 0, tuple(load_new_operations(loader, feed, progress)))
    file_count, outcomes, notes = load_new_files(loader, feed, progress)
    extracted = load_new_extracts(loader, feed, progress)
    if extracted.faults:
        message = "\n".join(str(fault) for fault in extracted.faults)
        if any(isinstance(fault, PermanentSourceError) for fault in extracted.faults):
            raise PermanentSourceError(message)
        raise TransientSourceError(message)
    loads = (*outcomes, *extracted.outcomes)
    notes += [*extracted.notes, *(note for load in loads for note in load.notes)]
    return FeedOutcome(feed, file_count, loads, tuple(notes))
