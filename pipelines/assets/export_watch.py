"""Looks every few minutes which exports are set up, and what is wrong with them."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import dagster as dg
import sqlalchemy as sa

# Dagster's own reading of cron, so that both mean the same moment; it is pinned to the patch.
from dagster._utils.schedules import reverse_cron_string_iterator

from operations.exports import alerts, runs
from operations.kernel import By
from operations.store import opened
from pipelines.assets.export_jobs import job_name, retries_of
from pipelines.assets.export_setups import note_setups
from pipelines.exporting.files import Named
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PipelineSettings
from sources.errors import SourceError

_SECONDS = 300
_ACTOR = "exports"


def watching(exports: Sequence[Named]) -> list[dg.SensorDefinition]:
    """The sensors of exports: what is wrong with them, and what is to be sent again."""
    return [watch_over(exports), retries_of(exports)]


def watch_over(exports: Sequence[Named]) -> dg.SensorDefinition:
    """A sensor that notes what is wrong with each of some exports; it starts nothing."""

    @dg.sensor(
        name="watch_exports",
        minimum_interval_seconds=_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def watch_exports(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        settings = PipelineSettings()
        try:
            shop = marketplace_named(settings.marketplace, settings.home_folder)
        except SourceError as error:
            return dg.SensorResult(skip_reason=str(error))
        now = datetime.now(UTC)  # noqa: TID251 - what is due depends on it
        # Nothing was due before somebody looked for the first time.
        since = datetime.fromisoformat(context.cursor) if context.cursor else now
        with opened(settings.store_url) as engine:
            note_setups(engine, shop, now)
            told = look(engine, shop.name, exports, now, since, _failed(context.instance, exports))
        return dg.SensorResult(
            cursor=since.isoformat(), skip_reason="; ".join(told) or "all exports are well"
        )

    return watch_exports


def look(
    engine: sa.Engine,
    marketplace: str,
    exports: Sequence[Named],
    now: datetime,
    since: datetime,
    failed: Collection[str] = (),
) -> list[str]:
    """Notes what is wrong with each export, and returns it in sentences.

    Args:
        engine: the operational store.
        marketplace: whose exports.
        exports: those that are known; one that is switched off has nothing wrong.
        now: the moment.
        since: when somebody first looked; what was due before counts for nothing.
        failed: the exports whose last attempt ended with an error.
    """
    told = []
    for each in exports:
        found = (
            alerts.found(
                runs.runs(engine, marketplace, each.name),
                now,
                _last_due(each.export.cron, now, since),
                has_failed=each.name in failed,
            )
            if each.is_enabled
            else []
        )
        alerts.update(engine, marketplace, each.name, found, By(_ACTOR, now, is_system=True))
        told += [f"{each.name}: {finding.english}" for finding in found]
    return told


def _last_due(cron: str | None, now: datetime, since: datetime) -> datetime | None:
    if cron is None:
        return None
    due = next(reverse_cron_string_iterator(now.timestamp(), cron, "UTC")).astimezone(UTC)
    return due if due >= since else None


def _failed(instance: dg.DagsterInstance, exports: Sequence[Named]) -> set[str]:
    """The exports whose last run of Dagster failed, also before it opened one of ours."""
    return {
        each.name
        for each in exports
        for record in instance.get_run_records(dg.RunsFilter(job_name=job_name(each.name)), limit=1)
        if record.dagster_run.status is dg.DagsterRunStatus.FAILURE
    }
