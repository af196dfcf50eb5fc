"""The code location: every asset, check, job, schedule and sensor."""

import dagster as dg

from installation.start import begin
from pipelines.assets import keys, predictions
from pipelines.assets.builds import model_builds, rebuilt_days, stale_days
from pipelines.assets.export_watch import watching
from pipelines.assets.exports import export_assets, export_schedules, exports_of
from pipelines.assets.ingestion import FEEDS, ledger, requested_replays
from pipelines.assets.models import dbt_models
from pipelines.assets.publication import publication
from pipelines.assets.quality import freshness_checks, quality
from pipelines.assets.resources import Run
from pipelines.assets.segments import segment_members
from pipelines.assets.win_back import win_back_listings
from pipelines.automation import (
    JOBS,
    check_freshness_daily,
    compare_rebuilt_days_nightly,
    inbox_files,
    old_runs,
    refresh_warehouse_daily,
    replays_requested,
    unpublished_runs,
)
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import manifest_path
from pipelines.settings import PipelineSettings


def build_definitions(settings: PipelineSettings) -> dg.Definitions:
    """All definitions; parses the dbt project where that has changed."""
    manifest = Manifest.read(manifest_path(settings.home_folder, settings))
    leaving = [export.model for export in manifest.exports() if not export.is_slice]
    exports = exports_of(settings)
    published = [keys.model(*model.place) for model in (*manifest.marts, *leaving)]
    return dg.Definitions(
        assets=[
            *FEEDS,
            requested_replays,
            ledger,
            stale_days,
            dbt_models(manifest),
            model_builds(manifest),
            rebuilt_days(manifest),
            *predictions.step_assets(),
            segment_members(manifest),
            win_back_listings,
            *quality(manifest),
            freshness_checks(),
            *export_assets(exports),
            publication(manifest, [*published, keys.CHECK_RESULTS, keys.EXPORT_RESULTS]),
        ],
        jobs=JOBS,
        schedules=[
            refresh_warehouse_daily,
            check_freshness_daily,
            compare_rebuilt_days_nightly,
            *export_schedules(exports),
        ],
        sensors=[inbox_files, replays_requested, unpublished_runs, old_runs, *watching(exports)],
        resources={"run": Run()},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads from workspace.yaml."""
    begin()
    return build_definitions(PipelineSettings())
