"""Who is in which segment, between the marts that say what customers are and those of segments."""

from collections.abc import Iterator

import dagster as dg

from operations.segments.vocabulary import SUBJECTS
from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.dbt.manifest import Manifest
from pipelines.runs.phases import tell

_RESULTS = "mart_segments"


def segment_members(manifest: Manifest) -> dg.AssetsDefinition:
    """The asset that evaluates the rules of segments, downstream of the marts that they read."""
    read = {
        mart
        for subject in SUBJECTS.values()
        for mart in (subject.mart, *(event.mart for event in subject.events.values()))
    }
    places = [mart.place for mart in manifest.marts if mart.name in read]

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(key, deps=[keys.model(*place) for place in places])
            for key in (keys.SEGMENT_MEMBERS, keys.SEGMENTS)
        ],
        group_name=keys.SEGMENTATION,
        pool=keys.WAREHOUSE_WRITER,
    )
    def evaluated(run: Run) -> Iterator[dg.MaterializeResult[None]]:
        """Members of every segment that has a rule: raw.segment_members, raw.segments."""
        from pipelines.checking.check_results import (  # noqa: PLC0415 - imports duckdb
            SEGMENTS,
            CheckRow,
            replace_results,
        )
        from pipelines.segmentation.definitions import current  # noqa: PLC0415
        from pipelines.segmentation.holdout_key import holdout_key  # noqa: PLC0415
        from pipelines.segmentation.membership import record_members  # noqa: PLC0415

        tell("build", "segments")
        with run.warehouse() as connection:
            found = current(connection, run.shop.name, run.shop.folder_of("segments"))
            results = record_members(
                connection, found, run.as_of_day(connection), holdout_key(run.home.path)
            )
            rows = [
                CheckRow(
                    run_at=run.recorded_text,
                    feed=_RESULTS,
                    check_name=f"{SEGMENTS}/{each.segment_id}",
                    severity="warning",
                    is_passed=each.is_evaluated,
                    observed=each.members,
                    finding=each.finding,
                    held_back=None,
                )
                for each in results
            ]
            if rows:
                replace_results(connection, SEGMENTS, [_RESULTS], rows)
        broken = [each.segment_id for each in results if not each.is_evaluated]
        for key in (keys.SEGMENT_MEMBERS, keys.SEGMENTS):
            yield dg.MaterializeResult(
                asset_key=key, metadata={"segments": len(results), "broken": broken}
            )

    return evaluated
