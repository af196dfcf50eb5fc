"""Why a run did not publish: its findings, and how they pass through Dagster's events."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from output.findings.finding import Finding

_FINDINGS = "findings"
# A step fails with it where one of its blocking checks did, which has told why itself.
_OF_A_CHECK = "DagsterAssetCheckFailedError"


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
    return [Finding.of("found_of", subject=subject, finding=Finding.as_written(text))]


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
        return [Finding.as_written(told.description)]
    text = Finding.as_written(_root_message(error) if error is not None else "unknown")
    return [Finding.of("found_of", subject=str(event.step_key), finding=text)]


def _early_reason(event: dg.DagsterEvent) -> list[Finding]:
    """Why a run ended before its first step, which could have told."""
    error = event.job_failure_data.error
    return [] if error is None else [Finding.as_written(_root_message(error))]


def _root_message(error: SerializableErrorInfo) -> str:
    while error.cause is not None:
        error = error.cause
    return error.message.strip()
