"""The last asset: what was built and checked becomes what is read, all at once."""

import dagster as dg

from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.dbt.manifest import Manifest
from pipelines.home import HomeBusyError
from pipelines.runs.last_run import LastRun, utc_text, write_last_run
from pipelines.runs.report import as_metadata, in_english
from sources.errors import PermanentSourceError


def publication(manifest: Manifest, published_models: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The publication asset, downstream of every model that is published."""

    @dg.asset(
        key=keys.PUBLISHED_WAREHOUSE,
        deps=published_models,
        group_name=keys.PUBLICATION,
        pool=keys.WAREHOUSE_WRITER,
        kinds={"duckdb"},
    )
    def published_warehouse(run: Run) -> dg.MaterializeResult[None]:
        """One file for the operator and one per vendor, verified before the pointer moves."""
        from pipelines.publishing.contracts import PublicationRefused  # noqa: PLC0415
        from pipelines.publishing.vendor_files import VendorFilesError  # noqa: PLC0415
        from pipelines.runs.publication import publish_built  # noqa: PLC0415 - imports duckdb

        run.close_warehouse()
        try:
            done = publish_built(
                run.home,
                run.shop,
                manifest,
                mode="full" if run.full else "incremental",
                built_at=run.started_at,
                keep=run.settings.keep_versions,
            )
        except PublicationRefused as error:
            raise dg.Failure(
                in_english(error.reasons), as_metadata(error.reasons), allow_retries=False
            ) from error
        except PermanentSourceError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        except (VendorFilesError, HomeBusyError) as error:
            raise dg.Failure(f"not published: {error}") from error
        noted = LastRun(utc_text(run.started_at), "published", done.version, [])
        write_last_run(run.home.published, noted)
        return dg.MaterializeResult(
            metadata={"version": done.version, "vendors": done.vendor_count}
        )

    return published_warehouse
