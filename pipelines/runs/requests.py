"""What people asked for on the pages, carried out by the next run: replays of the quarantine.

The store is read before and written after the work, and closed in between: the work starts
subprocesses, and a SQLite file must not be open while a process forks.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

from pipelines.loading.ledger import LoadOutcome
from pipelines.runs.phases import LOGGER, tell
from pipelines.settings import PipelineSettings
from sources.errors import SourceError

if TYPE_CHECKING:
    from operations.work_requests import WorkRequest

_LOG = logging.getLogger(LOGGER)
_ACTOR = "pipelines"
Replay = Callable[[str | None], Sequence[LoadOutcome]]


def waiting(settings: PipelineSettings, marketplace: str) -> list["WorkRequest"]:
    """What waits to be carried out; nothing where nobody has logged in here yet."""
    url = settings.existing_store_url
    if url is None:
        return []
    from operations.store import opened  # noqa: PLC0415 - imports SQLAlchemy
    from operations.work_requests import open_requests  # noqa: PLC0415

    with opened(url) as engine:
        return open_requests(engine, marketplace)


def carry_out(
    settings: PipelineSettings, marketplace: str, replay: Replay, now: datetime
) -> list[str]:
    """Carries out every waiting request; returns what became of each, in sentences.

    A run that dies in between leaves its request waiting; replaying again changes nothing then.
    """
    sentences = []
    for request in waiting(settings, marketplace):
        tell("load", f"replaying {request.argument or 'the quarantine'}")
        is_done, sentence = _replayed(replay, request.argument or None)
        # `now` is when the run began, and somebody may have asked since.
        ended = max(now, request.requested_at)
        _finish(settings, request, sentence, ended, is_done=is_done)
        sentences.append(sentence)
    return sentences


def sentence_of(outcomes: Sequence[LoadOutcome]) -> str:
    """What a replay brought, for the person who asked for it."""
    if not outcomes:
        return "Nothing was left in quarantine."
    loaded = sum(outcome.applied for outcome in outcomes)
    remaining = sum(outcome.quarantined for outcome in outcomes)
    rejected = sum(outcome.status == "rejected" for outcome in outcomes)
    parts = [
        f"Files read again: {len(outcomes)}.",
        f"Rows loaded: {loaded}.",
        f"Rows that remain in quarantine: {remaining}.",
    ]
    if rejected:
        parts.append(f"Files that still cannot be read: {rejected}.")
    if not loaded and (remaining or rejected):
        parts.append("The rules are the ones they failed before; repair the mapping or the file.")
    return " ".join(parts)


def _replayed(replay: Replay, feed: str | None) -> tuple[bool, str]:
    try:
        return True, sentence_of(replay(feed))
    except (SourceError, duckdb.Error, OSError) as error:
        # The person who asked reads it; the run itself goes on, as the request concerns one feed.
        _LOG.warning("replay failed: %s", error)
        return False, str(error).splitlines()[0]


def _finish(
    settings: PipelineSettings,
    request: "WorkRequest",
    sentence: str,
    now: datetime,
    *,
    is_done: bool,
) -> None:
    from operations.kernel import By  # noqa: PLC0415 - imports SQLAlchemy
    from operations.store import opened  # noqa: PLC0415
    from operations.work_requests import finish_work  # noqa: PLC0415

    state = "done" if is_done else "failed"
    with opened(settings.store_url) as engine:
        finish_work(engine, request, state, sentence, By(_ACTOR, now, is_system=True))  # type: ignore[arg-type]
