"""The checks at the borders as Dagster sees them: two assets of results, and asset checks."""

from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg

from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.checking import check_results
from pipelines.checking.anomalies import (
    METRICS_MART,
    Looked,
    check_metrics,
    check_volumes,
    last_complete_day,
)
from pipelines.checking.check_results import (
    EXPECTATIONS,
    FRESHNESS,
    METRICS,
    VOLUME,
    CheckRow,
)
from pipelines.checking.export_batches import PREFIX
from pipelines.checking.freshness import feeds_with_windows, source_freshness
from pipelines.checking.reach import EVERYTHING
from pipelines.checking.volumes import feeds_with_volumes
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import DbtParseError
from pipelines.runs.as_of import as_of_date
from sources.contract import all_contracts

# The one check that Dagster waits for: it fails where any result holds everything back.
GATE = "nothing_is_held_back"
DATA_DOCS = "/data-docs/"
CHECK_FRESHNESS = "freshness_checks"
_METRICS_KEY = keys.model("marts", "marketplace", METRICS_MART)


def quality(manifest: Manifest) -> list[dg.AssetsDefinition]:
    """The assets of results and their checks, made from a parsed manifest."""
    exports = {model.name: keys.model(*model.place) for model in manifest.exports()}
    return [
        _feed_results(manifest),
        _feed_checks(),
        _export_results(manifest, list(exports.values())),
        _export_checks(exports),
    ]


def _feed_results(manifest: Manifest) -> dg.AssetsDefinition:
    @dg.asset(
        key=keys.CHECK_RESULTS,
        # After the first part of the models: Great Expectations works while they are built.
        deps=[*keys.LEDGER, _METRICS_KEY],
        group_name=keys.QUALITY,
        pool=keys.WAREHOUSE_WRITER,
        kinds={"greatexpectations"},
    )
    def feed_results(run: Run) -> dg.MaterializeResult[None]:
        """What the checks of feeds and of daily sums say: raw.check_results."""
        with run.warehouse() as connection:
            run.quality.ask_about_feeds(connection, everything=run.full)
            answers = run.quality.collect(connection, manifest)
            as_of = as_of_date(connection, run.shop, run.requested_as_of, run.started_at)
            is_given = run.requested_as_of is not None
            last = last_complete_day(run.shop, as_of, is_given=is_given)
            looked = Looked(run.shop, last, run.recorded_text)
            check_volumes(connection, looked, manifest.marts_by_feed())
            check_metrics(connection, looked)
            rows = check_results.results(connection)
        return dg.MaterializeResult(metadata=_described(rows, len(answers)))

    return feed_results


def _feed_checks() -> dg.AssetsDefinition:
    specs = [_spec(EXPECTATIONS, keys.raw(feed), keys.CHECK_RESULTS) for feed in all_contracts()]
    specs += [_spec(VOLUME, keys.raw(feed), keys.CHECK_RESULTS) for feed in feeds_with_volumes()]
    specs += [_spec(METRICS, _METRICS_KEY, keys.CHECK_RESULTS), _gate(keys.CHECK_RESULTS)]

    @dg.multi_asset_check(specs=specs, pool=keys.WAREHOUSE_WRITER, can_subset=True)
    def feed_checks(
        context: dg.AssetCheckExecutionContext, run: Run
    ) -> Iterator[dg.AssetCheckResult]:
        with run.warehouse() as connection:
            rows = check_results.results(connection)
        rows = [row for row in rows if not row.feed.startswith(PREFIX)]
        yield from _verdicts(_asked(context, specs), rows)

    return feed_checks


def freshness_checks() -> dg.AssetChecksDefinition:
    """The source freshness of dbt as asset checks; a job of its own, for it starts dbt again."""
    specs = [dg.AssetCheckSpec(FRESHNESS, asset=keys.raw(feed)) for feed in feeds_with_windows()]

    @dg.multi_asset_check(
        name=CHECK_FRESHNESS, specs=specs, pool=keys.WAREHOUSE_WRITER, can_subset=True
    )
    def checks(context: dg.AssetCheckExecutionContext, run: Run) -> Iterator[dg.AssetCheckResult]:
        try:
            rows = source_freshness(run.home, run.settings, run.recorded_text)
        except DbtParseError as error:
            raise dg.Failure(f"dbt could not look at the sources: {error}") from error
        with run.warehouse() as connection:
            names = [spec.asset_key.path[-1] for spec in specs]
            check_results.replace_results(connection, FRESHNESS, names, rows)
        yield from _verdicts(_asked(context, specs), rows)

    return checks


def _export_results(manifest: Manifest, exported: list[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(
        key=keys.EXPORT_RESULTS,
        deps=exported,
        group_name=keys.QUALITY,
        pool=keys.WAREHOUSE_WRITER,
        kinds={"greatexpectations"},
    )
    def export_results(run: Run) -> dg.MaterializeResult[None]:
        """What the checks of all that leaves say: more rows of raw.check_results."""
        with run.warehouse() as connection:
            run.quality.ask_about_exports(connection, manifest)
            answers = run.quality.collect(connection, manifest)
            rows = check_results.results(connection, EXPECTATIONS)
        rows = [row for row in rows if row.feed.startswith(PREFIX)]
        return dg.MaterializeResult(metadata=_described(rows, len(answers)))

    return export_results


def _export_checks(exports: dict[str, dg.AssetKey]) -> dg.AssetsDefinition:
    specs = [_spec(EXPECTATIONS, key, keys.EXPORT_RESULTS) for key in exports.values()]
    specs.append(_gate(keys.EXPORT_RESULTS))

    @dg.multi_asset_check(specs=specs, pool=keys.WAREHOUSE_WRITER, can_subset=True)
    def export_checks(
        context: dg.AssetCheckExecutionContext, run: Run
    ) -> Iterator[dg.AssetCheckResult]:
        with run.warehouse() as connection:
            rows = check_results.results(connection, EXPECTATIONS)
        found = [row for row in rows if row.feed in exports]
        yield from _verdicts(_asked(context, specs), found)

    return export_checks


def _spec(name: str, key: dg.AssetKey, results: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(name, asset=key, additional_deps=[results])


def _gate(results: dg.AssetKey) -> dg.AssetCheckSpec:
    description = f"No result stops the {EVERYTHING}."
    return dg.AssetCheckSpec(GATE, asset=results, blocking=True, description=description)


def _asked(
    context: dg.AssetCheckExecutionContext, specs: list[dg.AssetCheckSpec]
) -> list[dg.AssetCheckSpec]:
    """The specs of this run; it passes over the feeds that the marketplace lacks."""
    return [spec for spec in specs if spec.key in context.selected_asset_check_keys]


def _verdicts(
    specs: Iterable[dg.AssetCheckSpec], rows: list[CheckRow]
) -> Iterator[dg.AssetCheckResult]:
    """One result per spec; the gate last, so that every reason is told before it closes."""
    for spec in specs:
        if spec.name == GATE:
            continue
        name = spec.asset_key.path[-1]
        about = [row for row in rows if row.feed == name and row.family == spec.name]
        failed = sorted((row for row in about if not row.is_passed), key=lambda row: row.severity)
        is_error = any(row.holds_back for row in failed)
        severity = dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN
        yield dg.AssetCheckResult(
            asset_key=spec.asset_key,
            check_name=spec.name,
            passed=not failed,
            severity=severity,
            description="\n".join(row.sentence for row in failed) or None,
            metadata=_metadata(about, failed),
        )
    gate = next((spec for spec in specs if spec.name == GATE), None)
    if gate is None:
        return
    held = sum(row.holds_back for row in rows)
    yield dg.AssetCheckResult(
        asset_key=gate.asset_key,
        check_name=GATE,
        passed=held == 0,
        description=f"{held} failed check(s) hold back the {EVERYTHING}" if held else None,
        metadata={"held_back_by": held},
    )


def _metadata(about: list[CheckRow], failed: list[CheckRow]) -> dict[str, Any]:
    return {
        "checks": len(about),
        "failed": [row.check_name for row in failed],
        "observed": {row.check_name: row.observed for row in failed},
        "held_back": sorted({row.held_back for row in failed}),
        "data_docs": dg.MetadataValue.url(DATA_DOCS),
    }


def _described(rows: list[CheckRow], asked: int) -> dict[str, Any]:
    return {
        "suites_run": asked,
        "checks": len(rows),
        "warnings": sum(not row.is_passed and row.severity == "warn" for row in rows),
        "holding_back": sum(row.holds_back for row in rows),
        "data_docs": dg.MetadataValue.url(DATA_DOCS),
    }
