"""Why a run did not publish, in sentences for the person who started it."""

from collections.abc import Iterable

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

# A step fails with it where one of its blocking checks did, which has told why itself.
_OF_A_CHECK = "DagsterAssetCheckFailedError"


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
    return ", ".join(parts)


def _failure_reason(event: dg.DagsterEvent) -> list[str]:
    failure = event.step_failure_data
    error = failure.error
    if error is not None and error.cls_name == _OF_A_CHECK:
        return []
    if failure.user_failure_data is not None and failure.user_failure_data.description:
        return [str(failure.user_failure_data.description)]
    message = _root_message(error) if error is not None else "unknown"
    return [f"{event.step_key}: {message}"]


def _early_reason(event: dg.DagsterEvent) -> list[str]:
    """Why a run ended before its first step, which could have told."""
    error = event.job_failure_data.error
    return [] if error is None else [_root_message(error)]


def _root_message(error: SerializableErrorInfo) -> str:
    while error.cause is not None:
        error = error.cause
    return error.message.strip()
