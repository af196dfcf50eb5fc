"""Why a run did not publish: its findings, of which none quotes a row."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from output.findings.finding import Finding
from pipelines.runs.unquoted import without_values

_FINDINGS = "findings"
# A step fails with it where one of its blocking checks did, which has told why itself.
_OF_A_CHECK = "DagsterAssetCheckFailedError"
# Where exceptions come from whose words are sentences for people. DuckDB's are looked into, and the
# operating system's name files; any other library may quote what it was given.
_OURS = ("sources.", "pipelines.", "operations.", "data_quality.")
_DAGSTERS, _DUCKDBS = ("dagster.", "dagster_"), ("duckdb.", "_duckdb.")
_OF_FILES = re.compile(r"\w+: \[Errno \d+\] ")
# The kind of what stopped a run, by the class of its error; an error's cause may tell it.
_KINDS = {
    "DiskFullError": "stopped_for_room",
    "SourceError": "stopped_by_source",
    "TransientSourceError": "stopped_by_source",
    "PermanentSourceError": "stopped_by_source",
    "FileRefusedError": "stopped_by_source",
    "ConfigurationError": "stopped_by_settings",
    "OtherMarketplaceError": "stopped_by_settings",
    "HomeBusyError": "stopped_by_others",
    "FileHeldError": "stopped_by_others",
    "DbtParseError": "stopped_by_dbt",
    "RebuildFailedError": "stopped_by_dbt",
    "DagsterDbtCliRuntimeError": "stopped_by_dbt",
    "VendorFilesError": "writing_failed",
}


def reasons_of(events: Iterable[dg.DagsterEvent]) -> tuple[bool, list[Finding]]:
    """Whether checks stopped the run, and why it did not publish: failed checks, then failures."""
    checks: list[Finding] = []
    failures: list[Finding] = []
    has_begun = False
    for event in events:
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            checks += _check_reason(event)
        elif event.is_step_failure:
            has_begun = True
            failures += _failure_reason(event)
        elif event.is_run_failure and not has_begun:
            failures += _early_reason(event)
    told = {reason.json_text: reason for reason in [*checks, *failures]}
    return bool(checks), list(told.values())


def as_metadata(findings: Iterable[Finding]) -> dict[str, dg.JsonMetadataValue]:
    """Findings as metadata of a check or a failure, from which `reasons_of` reads them."""
    return {_FINDINGS: dg.MetadataValue.json([each.model_dump() for each in findings])}


def in_english(findings: Iterable[Finding]) -> str:
    """Findings as Dagster's pages show them: one a line."""
    return "\n".join(each.english for each in findings)


def _check_reason(event: dg.DagsterEvent) -> list[Finding]:
    evaluation = event.asset_check_evaluation_data
    if evaluation.passed or evaluation.severity != dg.AssetCheckSeverity.ERROR:
        return []
    model, check = evaluation.asset_key.path[-1], evaluation.check_name
    subject = f"{model}, {check}"
    if found := _findings(evaluation.metadata):
        return [Finding.of("found_of", subject=subject, finding=each) for each in found]
    if (count := _failed_rows(evaluation.metadata)) is not None:
        return [Finding.of("model_test_failed", test=check, model=model, n=count)]
    message = evaluation.metadata.get("message")
    text = evaluation.description or (str(message.value) if message else "failed")
    said = Finding.of("stopped_by_check", words=without_values(text))
    return [Finding.of("found_of", subject=subject, finding=said)]


def _findings(metadata: Mapping[str, Any]) -> list[Finding]:
    found = metadata[_FINDINGS].value if _FINDINGS in metadata else []
    return [Finding.model_validate(each) for each in found]


def _failed_rows(metadata: Mapping[str, Any]) -> int | None:
    counts = [each.value for name, each in metadata.items() if name.endswith("failed_row_count")]
    return next((int(count) for count in counts if count is not None), None)


def _failure_reason(event: dg.DagsterEvent) -> list[Finding]:
    failure = event.step_failure_data
    error, told = failure.error, failure.user_failure_data
    if error is not None and error.cls_name == _OF_A_CHECK:
        return []
    if told is not None and (found := _findings(told.metadata)):
        return found
    if told is not None and told.description:
        return [_of_kind([error] if error else [], without_values(told.description))]
    why = Finding.of("stopped_for_no_reason") if error is None else _told(error)
    return [Finding.of("found_of", subject=str(event.step_key), finding=why)]


def _early_reason(event: dg.DagsterEvent) -> list[Finding]:
    """Why a run ended before its first step, which could have told."""
    error = event.job_failure_data.error
    return [] if error is None else [_told(error)]


def _told(error: SerializableErrorInfo) -> Finding:
    """What an exception says that may be repeated: our own sentence, else its root's."""
    *_, root = chain = list(_chain(error))
    ours = [each for each in chain if each.message.startswith(_OURS)]
    found = ours[-1] if ours else root
    message = found.message.strip()
    if message.startswith((*_OURS, *_DAGSTERS, *_DUCKDBS)) or _OF_FILES.match(message):
        return _of_kind([found, error], without_values(message))
    frames = [frame.strip().partition("\n")[0] for frame in found.stack]
    place = next((frame for frame in reversed(frames) if "site-packages" not in frame), "no frame")
    return Finding.of("stopped_by_kontor", error=str(found.cls_name), place=place)


def _of_kind(errors: Iterable[SerializableErrorInfo], words: str) -> Finding:
    """What kind of fault it is, by the first of the errors and their causes that tells."""
    kinds = (_kind(each) for error in errors for each in _chain(error))
    return Finding.of(next(filter(None, kinds), "stopped_by_step"), words=words)


def _kind(error: SerializableErrorInfo) -> str | None:
    if error.message.startswith(_DUCKDBS):
        return "stopped_by_database"
    if _OF_FILES.match(error.message):
        return "stopped_by_machine"
    return _KINDS.get(str(error.cls_name))


def _chain(error: SerializableErrorInfo | None) -> Iterator[SerializableErrorInfo]:
    while error is not None:
        yield error
        error = error.cause
