"""When things run: the daily schedule and the watch over the inbox."""

import hashlib
from datetime import UTC, datetime

import dagster as dg

from pipelines.assets import keys
from pipelines.checking.check_results import EXPECTATIONS, FRESHNESS, VOLUME
from pipelines.checking.freshness import feeds_with_windows
from pipelines.checking.volumes import feeds_with_volumes
from pipelines.marketplaces import marketplace_named
from pipelines.publishing.versions import current_version
from pipelines.runs.last_run import (
    LastRun,
    Outcome,
    current_manifest,
    utc_text,
    write_last_run,
)
from pipelines.runs.report import reasons_of
from pipelines.runs.requests import waiting
from pipelines.runs.retention import forget_old_runs
from pipelines.settings import PipelineSettings
from sources.connectors.files import Discovery, discover
from sources.contract import all_contracts
from sources.errors import SourceError

# After the night's deliveries, before the first person looks.
_DAILY = "0 5 * * *"
# After the daily run, so that what it loaded counts; before people begin to work.
_DAILY_FRESHNESS = "30 6 * * *"
# When nobody writes and nobody reads: it holds the home's lock for as long as it takes.
_NIGHTLY = "30 2 * * *"
_INBOX_SECONDS = 60
_REQUESTS_SECONDS = 30

_FRESHNESS = dg.AssetSelection.checks(
    *(dg.AssetCheckKey(keys.raw(feed), FRESHNESS) for feed in feeds_with_windows())
)
_NIGHT = dg.AssetSelection.groups(keys.NIGHTLY)
# Each is sent at its own times.
_EXPORTS = dg.AssetSelection.groups(keys.EXPORTS)
refresh_warehouse = dg.define_asset_job(
    "refresh_warehouse",
    selection=dg.AssetSelection.all() - _FRESHNESS - _NIGHT - _EXPORTS,
    description="From files to pages.",
)
# They are made with the models, from what the feeds hold then.
_BORDER = dg.AssetSelection.checks(
    *(dg.AssetCheckKey(keys.raw(feed), EXPECTATIONS) for feed in all_contracts()),
    *(dg.AssetCheckKey(keys.raw(feed), VOLUME) for feed in feeds_with_volumes()),
)
ingest_feeds = dg.define_asset_job(
    "ingest_feeds",
    selection=dg.AssetSelection.groups(keys.INGEST) - _BORDER - _FRESHNESS,
    description="Load what is new.",
)
build_models = dg.define_asset_job(
    "build_models",
    selection=(
        dg.AssetSelection.all()
        - dg.AssetSelection.groups(keys.INGEST)
        - dg.AssetSelection.groups(keys.PUBLICATION)
        - _NIGHT
        - _EXPORTS
    )
    | _BORDER,
    description="Build and test every model from what is loaded.",
)
publish_warehouse = dg.define_asset_job(
    "publish_warehouse",
    selection=dg.AssetSelection.groups(keys.PUBLICATION),
    description="Publish what is built.",
)
check_freshness = dg.define_asset_job(
    "check_freshness", selection=_FRESHNESS, description="Ask dbt how old the newest rows are."
)
compare_rebuilt_days = dg.define_asset_job(
    "compare_rebuilt_days",
    selection=_NIGHT,
    description="Build a day of each model that is kept by day again, and compare.",
)
JOBS = [
    refresh_warehouse,
    ingest_feeds,
    build_models,
    publish_warehouse,
    check_freshness,
    compare_rebuilt_days,
]

refresh_warehouse_daily = dg.ScheduleDefinition(
    name="refresh_warehouse_daily",
    job=refresh_warehouse,
    cron_schedule=_DAILY,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
check_freshness_daily = dg.ScheduleDefinition(
    name="check_freshness_daily",
    job=check_freshness,
    cron_schedule=_DAILY_FRESHNESS,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
compare_rebuilt_days_nightly = dg.ScheduleDefinition(
    name="compare_rebuilt_days_nightly",
    job=compare_rebuilt_days,
    cron_schedule=_NIGHTLY,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


@dg.sensor(
    job=refresh_warehouse,
    minimum_interval_seconds=_INBOX_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def inbox_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Asks for a run when a file of the marketplace's folder is new or changed, and at rest.

    A file that changed since the last look may still be written, so it is taken at the next.
    """
    settings = PipelineSettings()
    try:
        marketplace = marketplace_named(settings.marketplace, settings.home_folder)
    except SourceError as error:
        return dg.SkipReason(str(error))
    found = [discover(marketplace, feed) for feed in marketplace.feeds]
    seen = _state_of(found)
    before, _, requested = (context.cursor or "").partition(" ")
    if context.cursor is None and _are_published(found, settings):
        requested = seen
    cursor = f"{seen} {requested}"
    if seen == requested or not marketplace.folder.is_dir():
        return dg.SensorResult(cursor=cursor, skip_reason=dg.SkipReason("nothing changed"))
    if seen != before:
        return dg.SensorResult(
            cursor=cursor, skip_reason=dg.SkipReason("files are arriving; waiting for rest")
        )
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=f"{seen} {seen}")


@dg.sensor(
    name="requested_replays",
    job=refresh_warehouse,
    minimum_interval_seconds=_REQUESTS_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def replays_requested(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Asks for a run when somebody asked for a replay on the pages; the run carries it out.

    One request is one run: what a failed run left waiting is taken by the next run of any origin.
    """
    del context
    settings = PipelineSettings()
    try:
        marketplace = marketplace_named(settings.marketplace, settings.home_folder)
    except SourceError as error:
        return dg.SkipReason(str(error))
    found = waiting(settings, marketplace.name)
    if not found:
        return dg.SkipReason("nobody asked for a replay")
    return dg.RunRequest(run_key=f"replay-{found[-1].request_id}")


@dg.run_failure_sensor(
    monitored_jobs=[refresh_warehouse, compare_rebuilt_days],
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def unpublished_runs(context: dg.RunFailureSensorContext) -> None:
    """Tells the pages that a run did not publish, and why; they keep the version they have."""
    run_id = context.dagster_run.run_id
    record = context.instance.get_run_record_by_id(run_id)
    if record is None or record.end_time is None:
        return
    entries = context.instance.all_logs(run_id)
    blocked, reasons = reasons_of(entry.dagster_event for entry in entries if entry.dagster_event)
    published = PipelineSettings().home_folder.published
    ended = utc_text(datetime.fromtimestamp(record.end_time, UTC))
    outcome: Outcome = "blocked" if blocked else "failed"
    write_last_run(published, LastRun(ended, outcome, current_version(published), reasons))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[refresh_warehouse],
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def old_runs(context: dg.RunStatusSensorContext) -> dg.SkipReason:
    """Deletes what Dagster keeps of runs that are older than three months."""
    count = forget_old_runs(context.instance, datetime.now(UTC))  # noqa: TID251
    return dg.SkipReason(f"{count} old runs forgotten")


def _are_published(found: list[Discovery], settings: PipelineSettings) -> bool:
    """Whether the served version is younger than every file: someone ran before the first look."""
    manifest = current_manifest(settings.home_folder.published)
    if manifest is None:
        return False
    built_at = datetime.fromisoformat(manifest["built_at"]).timestamp()
    return all(file.facts.st_mtime < built_at for one in found for file in one.files)


def _state_of(found: list[Discovery]) -> str:
    facts = {(file.name, file.facts) for one in found for file in one.files}
    lines = [f"{name}|{fact.st_size}|{fact.st_mtime_ns}\n" for name, fact in facts]
    # What is refused is told by a run, and so is that it was put right.
    lines += {f"{refused.sentence}\n" for one in found for refused in one.refused}
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
