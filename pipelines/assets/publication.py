"""The last asset: what was built and checked becomes what is read, all at once."""

from pathlib import Path

import dagster as dg

from pipelines.assets import keys
from pipelines.assets.resources import Run


def publication(manifest: Path, published_models: list[dg.AssetKey]) -> dg.AssetsDefinition:
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
        from pipelines.publication import publish_run  # noqa: PLC0415 - imports duckdb

        version, metadata = publish_run(run, manifest)
        return dg.MaterializeResult(metadata={"version": version, **metadata})

    return published_warehouse
