"""The exports of a marketplace: an asset each, sent at its own times from what is published."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, pairwise

import dagster as dg
from dagster._utils.schedules import cron_string_iterator

from operations.exports.alerts import SILENCE
from pipelines.assets import keys
from pipelines.assets.export_jobs import export_job
from pipelines.exporting.definitions import Export
from pipelines.exporting.files import Named, all_exports
from pipelines.marketplaces import marketplace_named
from pipelines.runs.last_run import last_outcome
from pipelines.settings import PipelineSettings
from sources.errors import SourceError

_DELIVERED, _APPROVED = "delivered", "needs_no_approval"
# How a run ends that leaves an older version published.
_STALE = ("blocked", "failed")
# While a run uses the home, or the destination is away.
_RETRIES, _RETRY_SECONDS = 10, 60
_TICKS = 60


def exports_of(settings: PipelineSettings) -> list[Named]:
    """The exports that can run; one whose file has mistakes is told by `kontor export list`."""
    try:
        shop = marketplace_named(settings.marketplace, settings.home_folder)
    except SourceError:
        return []
    return [each for each in all_exports(shop.folder_of("exports")) if isinstance(each, Named)]


def export_assets(exports: list[Named]) -> list[dg.AssetsDefinition]:
    """An asset per export that is switched on."""
    return [_asset(each.name, each.export) for each in exports if each.is_enabled]


def export_schedules(exports: list[Named]) -> list[dg.ScheduleDefinition]:
    """A schedule per export that has times."""
    return [
        _schedule(each, each.export.cron)
        for each in exports
        if each.is_enabled and each.export.cron
    ]


def _asset(name: str, export: Export) -> dg.AssetsDefinition:
    key = keys.export(export.destination, name)

    # Without the warehouse's pool and without `Run`, which hold the home as long as a step lasts:
    # an export takes it to read, and sends for as long as its destination's limits want.
    @dg.asset(
        key=key,
        deps=[keys.PUBLISHED_WAREHOUSE],
        group_name=keys.EXPORTS,
        retry_policy=dg.RetryPolicy(max_retries=_RETRIES, delay=_RETRY_SECONDS),
        freshness_policy=_freshness(export.cron),
        description=export.title,
        check_specs=[
            dg.AssetCheckSpec(_DELIVERED, asset=key, description="Every row was taken."),
            dg.AssetCheckSpec(_APPROVED, asset=key, description="No guard holds the run."),
        ],
    )
    def exported() -> Iterator[dg.MaterializeResult[None]]:
        from pipelines.exporting.jobs import opened_job  # noqa: PLC0415 - imports duckdb
        from pipelines.exporting.on_behalf import run_all  # noqa: PLC0415
        from pipelines.exporting.sending import Clock  # noqa: PLC0415

        settings = PipelineSettings()
        shop = marketplace_named(settings.marketplace, settings.home_folder)
        clock = Clock(lambda: datetime.now(UTC), time.sleep)  # noqa: TID251 - sent when it is due
        outcome = last_outcome(settings.home_folder.published)
        with opened_job(settings, shop, name, clock) as job:
            # What is published may be out of date; who withdrew is removed all the same.
            all_ended = [ended for _, ended in run_all(job, is_stale=outcome in _STALE)]
        results, counts = Counter[str](), Counter[str]()
        for ended in all_ended:
            results.update(ended.run.results if ended.run else {})
            counts.update(ended.counts)
        held = [each.run for each in all_ended if each.status == "held" and each.run]
        yield dg.MaterializeResult(
            metadata={
                "status": ", ".join(sorted({each.status for each in all_ended})),
                **counts,
                **results,
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=_DELIVERED,
                    passed=not set(results) & {"refused", "unknown"},
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata=results,
                ),
                dg.AssetCheckResult(
                    check_name=_APPROVED,
                    passed=not held,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"held_by": [each.english for run in held for each in run.held_by]},
                ),
            ],
        )

    return exported


def _schedule(named: Named, cron: str) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=f"export_{named.name}_when_due",
        job=export_job(named),
        cron_schedule=cron,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def _freshness(cron: str | None) -> dg.FreshnessPolicy | None:
    """It is stale when the longest time between two of its moments, and some, is over."""
    if cron is None:
        return None
    ticks = list(islice(cron_string_iterator(0, cron, "UTC"), _TICKS))
    longest = max(later - earlier for earlier, later in pairwise(ticks))
    return dg.FreshnessPolicy.time_window(fail_window=longest + SILENCE)
