"""What a build of the models begins and ends with: the days to build, and that they are built."""

import dagster as dg

from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import (
    compiled_folder,
    exchange_rate_days,
    reconciliation_allowances,
)
from pipelines.loading.business_days import Zones
from sources.disk import DiskFullError


@dg.asset(
    key=keys.STALE_DAYS,
    deps=keys.LEDGER,
    group_name=keys.BUILDS,
    pool=keys.WAREHOUSE_WRITER,
    kinds={"duckdb"},
)
def stale_days(run: Run) -> dg.MaterializeResult[None]:
    """The days whose rows may have changed since all models were last built: raw.stale_days."""
    from pipelines.loading.model_builds import Build, begin_build  # noqa: PLC0415 - imports duckdb
    from pipelines.runs.fingerprint import settings_hash  # noqa: PLC0415
    from pipelines.runs.room import require_room_to_build  # noqa: PLC0415

    with run.warehouse() as connection:
        build = Build(
            as_of=run.as_of_day(connection),
            settings=settings_hash(run.shop),
            zones=Zones(run.shop.storage_time_zone, run.shop.time_zone),
            allowances=reconciliation_allowances(),
            rate_days=exchange_rate_days(),
            inactivity_minutes=run.shop.session_inactivity_minutes,
            # One order may change the currency of a marketplace that names none, and a home that
            # has lost the models' SQL gets it again.
            is_full=run.full
            or run.shop.currency_code is None
            or not compiled_folder(run.home).is_dir(),
        )
        begun = begin_build(connection, build)
    try:
        require_room_to_build(run.home, is_full=begun.is_full)
    except DiskFullError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    return dg.MaterializeResult(metadata={"every_day": begun.is_full, "days": begun.day_count})


def model_builds(manifest: Manifest) -> dg.AssetsDefinition:
    """The asset that ends a build, downstream of all that dbt builds."""

    @dg.asset(
        key=keys.MODEL_BUILDS,
        deps=[keys.STALE_DAYS, *(keys.model(*place) for place in manifest.built)],
        group_name=keys.BUILDS,
        pool=keys.WAREHOUSE_WRITER,
        kinds={"duckdb"},
    )
    def built(run: Run) -> None:
        """That every model stands: the next build begins with what is loaded after this one."""
        from pipelines.loading.model_builds import finish_build  # noqa: PLC0415 - imports duckdb

        with run.warehouse() as connection:
            finish_build(connection)

    return built


def rebuilt_days(manifest: Manifest) -> dg.AssetsDefinition:
    """The asset of the nightly comparison; a job of its own, for it reads a copy of everything."""

    @dg.asset(
        key=keys.REBUILT_DAYS,
        deps=[keys.MODEL_BUILDS],
        group_name=keys.NIGHTLY,
        pool=keys.WAREHOUSE_WRITER,
        kinds={"duckdb"},
    )
    def compared(run: Run) -> dg.MaterializeResult[None]:
        """A day of each model that is kept by day, built again and compared with what is stored."""
        from pipelines.runs.rebuilt_days import (  # noqa: PLC0415 - imports duckdb
            NothingBuiltError,
            RebuildFailedError,
            compared_days,
        )

        run.close_warehouse()
        drawn_by = run.started_at.date()
        try:
            found = compared_days(run.home, run.settings, run.shop, manifest, drawn_by)
        except (NothingBuiltError, RebuildFailedError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        wrong = [comparison.sentence for comparison in found if not comparison.agrees]
        if wrong:
            raise dg.Failure("\n".join(wrong), allow_retries=False)
        days = {comparison.model: str(comparison.day) for comparison in found}
        return dg.MaterializeResult(
            metadata={"days": days, "rows": sum(comparison.stored_rows for comparison in found)}
        )

    return compared
