"""Why a run did not publish, in sentences for the person who started it; none quotes a row."""

import re
from collections.abc import Iterable, Iterator

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

# A step fails with it where one of its blocking checks did, which has told why itself.
_OF_A_CHECK = "DagsterAssetCheckFailedError"
# Where exceptions come from whose words are sentences for people. DuckDB's are looked into, and the
# operating system's name files; any other library may quote what it was given.
_OURS = ("sources.", "pipelines.", "operations.", "data_quality.")
_DAGSTERS, _DUCKDBS = ("dagster.", "dagster_"), ("duckdb.", "_duckdb.")
_OF_FILES = re.compile(r"\w+: \[Errno \d+\] ")
# DuckDB's kinds of error that speak of a statement or of the machine; the others quote values.
_OF_NO_VALUE = (
    "Binder", "Catalog", "Parser", "Syntax", "Dependency", "Permission", "Connection", "IO",
    "Out of Memory", "Not implemented", "INTERRUPT", "Missing Extension",
)  # fmt: skip
_KIND = re.compile(r"\b([A-Z][A-Za-z]*(?: [A-Za-z]+)*?) Error: ")
# A line of dbt's own, behind what it quotes of the database.
_OF_DBT = re.compile(r"\s*((Runtime|Database|Compilation) Error in |Failure in |compiled code at )")
_NOT_SHOWN = "what it says may quote a row, and is not shown"


def reasons_of(events: Iterable[dg.DagsterEvent]) -> tuple[bool, list[str]]:
    """Whether checks stopped the run, and why it did not publish: failed checks, then failures."""
    checks, failures, has_begun = [], [], False
    for event in events:
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            checks += _check_reason(event)
        elif event.is_step_failure:
            has_begun = True
            failures += _failure_reason(event)
        elif event.is_run_failure and not has_begun:
            failures += _early_reason(event)
    return bool(checks), list(dict.fromkeys([*checks, *failures]))


def _check_reason(event: dg.DagsterEvent) -> list[str]:
    evaluation = event.asset_check_evaluation_data
    if evaluation.passed or evaluation.severity != dg.AssetCheckSeverity.ERROR:
        return []
    where = f"{evaluation.asset_key.path[-1]}, {evaluation.check_name}"
    detail = evaluation.description or _metadata_text(evaluation)
    return [f"{where}: {line}" for line in (detail or "failed").splitlines()]


def _metadata_text(evaluation: object) -> str:
    metadata = getattr(evaluation, "metadata", {})
    wanted = ("dagster_dbt/failed_row_count", "dbt_failed_row_count", "message", "status")
    parts = [f"{name.split('/')[-1]} {metadata[name].value}" for name in wanted if name in metadata]
    return _without_values(", ".join(parts))


def _failure_reason(event: dg.DagsterEvent) -> list[str]:
    failure = event.step_failure_data
    error = failure.error
    if error is not None and error.cls_name == _OF_A_CHECK:
        return []
    if failure.user_failure_data is not None and failure.user_failure_data.description:
        return [_without_values(str(failure.user_failure_data.description))]
    message = _told(error) if error is not None else "unknown"
    return [f"{event.step_key}: {message}"]


def _early_reason(event: dg.DagsterEvent) -> list[str]:
    """Why a run ended before its first step, which could have told."""
    error = event.job_failure_data.error
    return [] if error is None else [_told(error)]


def _told(error: SerializableErrorInfo) -> str:
    """What an exception says that may be repeated: our own sentence, else its root's."""
    *_, root = chain = list(_chain(error))
    ours = [each for each in chain if each.message.startswith(_OURS)]
    found = ours[-1] if ours else root
    message = found.message.strip()
    if message.startswith((*_OURS, *_DAGSTERS, *_DUCKDBS)) or _OF_FILES.match(message):
        return _without_values(message)
    frames = [frame.strip().partition("\n")[0] for frame in found.stack]
    place = next((frame for frame in reversed(frames) if "site-packages" not in frame), "no frame")
    return f"{found.cls_name}, which is a fault of Kontor's ({place}); {_NOT_SHOWN}"


def _chain(error: SerializableErrorInfo | None) -> Iterator[SerializableErrorInfo]:
    while error is not None:
        yield error
        error = error.cause


def _without_values(message: str) -> str:
    """A message of DuckDB's, or of dbt's about it, without the values of rows that it quotes.

    A value may go over several lines, so what follows a quoting line is left out up to the next
    that dbt wrote.
    """
    kept, is_quoting = [], False
    for line in message.splitlines():
        kind = _KIND.search(line)
        if kind and kind[1] not in _OF_NO_VALUE and not is_quoting:
            kept.append(f"{line[: kind.end()]}{_NOT_SHOWN}")
            is_quoting = True
        elif not is_quoting or _OF_DBT.match(line):
            kept.append(line)
            is_quoting = False
    return "\n".join(kept)
