"""The checks at the borders as Dagster sees them: two assets of results, and asset checks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import dagster as dg

from output.findings.finding import Finding
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
from pipelines.checking.export_batches import export_batches
from pipelines.checking.freshness import feeds_with_windows, source_freshness
from pipelines.checking.volumes import feeds_with_volumes
from pipelines.dbt.manifest import Export, Manifest
from pipelines.dbt.project import DbtParseError
from pipelines.runs.phases import tell
from pipelines.runs.report import as_metadata, in_english
from sources.contract import all_contracts

# The one check that Dagster waits for: it fails where any result holds everything back.
GATE = "nothing_is_held_back"
DATA_DOCS = "/data-docs/"
CHECK_FRESHNESS = "freshness_checks"
_METRICS_KEY = keys.model("marts", "marketplace", METRICS_MART)


@dataclass(frozen=True, slots=True)
class _Check:
    """An asset check, and the family of results that it tells, of which thing."""

    spec: dg.AssetCheckSpec
    subject: str
    family: str

    def is_about(self, row: CheckRow) -> bool:
        """Whether a result is one of those that it tells."""
        return (row.feed, row.family) == (self.subject, self.family)


def quality(manifest: Manifest) -> list[dg.AssetsDefinition]:
    """The assets of results and their checks, made from a parsed manifest.

    Raises:
        UnknownDestination: something leaves for a destination without rules.
    """
    export_batches(manifest)
    exports = manifest.exports()
    return [
        _feed_results(manifest),
        _feed_checks(),
        _export_results(manifest, exports),
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
        tell("check", "what arrived")
        with run.warehouse() as connection:
            run.quality.ask_about_feeds(connection, everything=run.full)
            answers = run.quality.collect(connection, manifest)
            is_given = run.requested_as_of is not None
            last = last_complete_day(run.shop, run.as_of_day(connection), is_given=is_given)
            looked = Looked(run.shop, last, run.recorded_text)
            check_volumes(connection, looked, manifest.marts_by_feed(), everything=run.full)
            check_metrics(connection, looked)
            rows = check_results.results(connection)
        return dg.MaterializeResult(metadata=_described(rows, len(answers)))

    return feed_results


def _feed_checks() -> dg.AssetsDefinition:
    named = [(EXPECTATIONS, feed, keys.raw(feed)) for feed in all_contracts()]
    named += [(VOLUME, feed, keys.raw(feed)) for feed in feeds_with_volumes()]
    named += [(METRICS, METRICS_MART, _METRICS_KEY)]
    checks = [
        _Check(_spec(family, key, keys.CHECK_RESULTS), subject, family)
        for family, subject, key in named
    ]
    gate = _gate(keys.CHECK_RESULTS)

    @dg.multi_asset_check(
        specs=[*(check.spec for check in checks), gate], pool=keys.WAREHOUSE_WRITER, can_subset=True
    )
    def feed_checks(
        context: dg.AssetCheckExecutionContext, run: Run
    ) -> Iterator[dg.AssetCheckResult]:
        with run.warehouse() as connection:
            rows = check_results.results(connection)
        yield from _verdicts(_asked(context, checks), rows)
        yield from _gate_result(context, gate, _of(checks, rows))

    return feed_checks


def freshness_checks() -> dg.AssetChecksDefinition:
    """The source freshness of dbt as asset checks; a job of its own, for it starts dbt again."""
    checks = [
        _Check(dg.AssetCheckSpec(FRESHNESS, asset=keys.raw(feed)), feed, FRESHNESS)
        for feed in feeds_with_windows()
    ]

    @dg.multi_asset_check(
        name=CHECK_FRESHNESS,
        specs=[check.spec for check in checks],
        pool=keys.WAREHOUSE_WRITER,
        can_subset=True,
    )
    def freshness(
        context: dg.AssetCheckExecutionContext, run: Run
    ) -> Iterator[dg.AssetCheckResult]:
        run.close_warehouse()
        try:
            rows = source_freshness(run.home, run.settings, run.recorded_text)
        except DbtParseError as error:
            raise dg.Failure(f"dbt could not look at the sources: {error}") from error
        with run.warehouse() as connection:
            names = [check.subject for check in checks]
            check_results.replace_results(connection, FRESHNESS, names, rows)
        yield from _verdicts(_asked(context, checks), rows)

    return freshness


def _export_results(manifest: Manifest, exports: tuple[Export, ...]) -> dg.AssetsDefinition:
    @dg.asset(
        key=keys.EXPORT_RESULTS,
        deps={keys.model(*export.model.place) for export in exports},
        group_name=keys.QUALITY,
        pool=keys.WAREHOUSE_WRITER,
        kinds={"greatexpectations"},
    )
    def export_results(run: Run) -> dg.MaterializeResult[None]:
        """What the checks of all that leaves say: more rows of raw.check_results."""
        tell("check", "what leaves")
        with run.warehouse() as connection:
            run.quality.ask_about_exports(connection, manifest, everything=run.full)
            answers = run.quality.collect(connection, manifest)
            rows = check_results.results(connection, EXPECTATIONS)
        names = {export.name for export in exports}
        rows = [row for row in rows if row.feed in names]
        return dg.MaterializeResult(metadata=_described(rows, len(answers)))

    return export_results


def _export_checks(exports: tuple[Export, ...]) -> dg.AssetsDefinition:
    checks = [_Check(_export_spec(export), export.name, EXPECTATIONS) for export in exports]
    gate = _gate(keys.EXPORT_RESULTS)

    @dg.multi_asset_check(
        specs=[*(check.spec for check in checks), gate],
        pool=keys.WAREHOUSE_WRITER,
        can_subset=True,
    )
    def export_checks(
        context: dg.AssetCheckExecutionContext, run: Run
    ) -> Iterator[dg.AssetCheckResult]:
        with run.warehouse() as connection:
            rows = check_results.results(connection, EXPECTATIONS)
        yield from _verdicts(_asked(context, checks), rows)
        yield from _gate_result(context, gate, _of(checks, rows))

    return export_checks


def _export_spec(export: Export) -> dg.AssetCheckSpec:
    """A check of the model from which it leaves; a mart may have one for each destination."""
    name = f"{EXPECTATIONS}_{export.destination.replace('/', '_')}"
    return _spec(name, keys.model(*export.model.place), keys.EXPORT_RESULTS)


def _spec(name: str, key: dg.AssetKey, results: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(name, asset=key, additional_deps=[results])


def _gate(results: dg.AssetKey) -> dg.AssetCheckSpec:
    description = "No result holds back the publication."
    return dg.AssetCheckSpec(GATE, asset=results, blocking=True, description=description)


def _asked(context: dg.AssetCheckExecutionContext, checks: list[_Check]) -> list[_Check]:
    """The checks of this run; it passes over the feeds that the marketplace lacks."""
    return [check for check in checks if check.spec.key in context.selected_asset_check_keys]


def _of(checks: Iterable[_Check], rows: Iterable[CheckRow]) -> list[CheckRow]:
    """The results of what is checked here; the others have a gate of their own."""
    subjects = {check.subject for check in checks}
    return [row for row in rows if row.feed in subjects]


def _verdicts(checks: Iterable[_Check], rows: list[CheckRow]) -> Iterator[dg.AssetCheckResult]:
    for check in checks:
        about = [row for row in rows if check.is_about(row)]
        failed = sorted((row for row in about if not row.is_passed), key=lambda row: row.severity)
        is_error = any(row.holds_back for row in failed)
        severity = dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN
        yield dg.AssetCheckResult(
            asset_key=check.spec.asset_key,
            check_name=check.spec.name,
            passed=not failed,
            severity=severity,
            description=in_english(row.finding for row in failed) or None,
            metadata=_metadata(about, failed),
        )


def _gate_result(
    context: dg.AssetCheckExecutionContext, gate: dg.AssetCheckSpec, rows: list[CheckRow]
) -> Iterator[dg.AssetCheckResult]:
    """The gate's result; it comes last, so that every reason is told before it closes."""
    if gate.key not in context.selected_asset_check_keys:
        return
    held = sum(row.holds_back for row in rows)
    reasons = [Finding.of("checks_hold_back", n=held)] if held else []
    yield dg.AssetCheckResult(
        asset_key=gate.asset_key,
        check_name=GATE,
        passed=held == 0,
        description=in_english(reasons) or None,
        metadata={"held_back_by": held, **as_metadata(reasons)},
    )


def _metadata(about: list[CheckRow], failed: list[CheckRow]) -> dict[str, Any]:
    return {
        "checks": len(about),
        "failed": [row.check_name for row in failed],
        "observed": {row.check_name: row.observed for row in failed},
        "held_back": sorted({row.held_back.english for row in failed if row.held_back}),
        **as_metadata(row.finding for row in failed),
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
