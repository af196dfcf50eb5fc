"""The job of each export, and the sensor that starts one when somebody asks to send it again."""

from collections.abc import Iterator, Sequence
from functools import cache

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from operations.exports import retries
from operations.store import opened
from pipelines.assets import keys
from pipelines.exporting.files import Named
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PipelineSettings
from sources.errors import SourceError

_SECONDS = 30


def job_name(export: str) -> str:
    """What the job of an export is called."""
    return f"export_{export}"


def export_job(named: Named) -> UnresolvedAssetJobDefinition:
    """The job that sends an export; its schedule and the sensor share it."""
    return _job(named.name, named.export.destination, named.export.title)


# Dagster takes two jobs of one name only if they are the same object.
@cache
def _job(name: str, destination: str, title: str) -> UnresolvedAssetJobDefinition:
    return dg.define_asset_job(
        job_name(name),
        selection=dg.AssetSelection.assets(keys.export(destination, name)),
        description=f"Send {title}.",
    )


def retries_of(exports: Sequence[Named]) -> dg.SensorDefinition:
    """A sensor that starts an export's job when somebody asked on the pages to send it again."""
    enabled = [each for each in exports if each.is_enabled]

    @dg.sensor(
        name="exports_to_retry",
        jobs=[export_job(each) for each in enabled],
        minimum_interval_seconds=_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def exports_to_retry() -> Iterator[dg.RunRequest | dg.SkipReason]:
        settings = PipelineSettings()
        url = settings.existing_store_url
        try:
            shop = marketplace_named(settings.marketplace, settings.home_folder)
        except SourceError as error:
            yield dg.SkipReason(str(error))
            return
        if url is None:
            yield dg.SkipReason("nothing was exported yet")
            return
        with opened(url) as engine:
            asked = retries.waiting(engine, shop.name)
        for retry in asked:
            yield from (
                # One request is one run; the key holds when it was asked, since it may be again.
                dg.RunRequest(
                    run_key=f"retry-{retry.run_id}-{retry.asked_at.isoformat()}",
                    job_name=job_name(each.name),
                )
                for each in enabled
                if _is_of(retry.export, each)
            )

    return exports_to_retry


def _is_of(export: str, named: Named) -> bool:
    """Whether a run is of an export, or of a request of a vendor that the export serves."""
    own = f"{named.name}_"
    return export == named.name or (named.export.for_vendors and export.startswith(own))
