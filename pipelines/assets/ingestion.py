"""One asset per feed: new files are landed, checked and applied; the checks gate what follows."""

from collections.abc import Iterator

import dagster as dg

from output.findings.finding import Finding
from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.runs.phases import tell, teller
from pipelines.runs.report import as_metadata, in_english
from sources.contract import Contract, all_contracts
from sources.errors import PermanentSourceError, TransientSourceError

_RETRY = dg.RetryPolicy(max_retries=3, delay=5, backoff=dg.Backoff.EXPONENTIAL)

_COUNTS = (
    "received", "applied", "unchanged", "duplicate", "quarantined", "dropped", "replaced",
    "deleted", "restored",
)  # fmt: skip
RECONCILIATION = "reconciliation"
USABLE_FILES = "usable_files"
DISTINCT_ROWS = "distinct_rows"
QUARANTINED_ROWS = "quarantined_rows"
STEP_CHECKS = (RECONCILIATION, USABLE_FILES, DISTINCT_ROWS, QUARANTINED_ROWS)


def _feed_asset(contract: Contract) -> dg.AssetsDefinition:
    key = keys.raw(contract.feed)

    @dg.asset(
        key=key,
        # What a run itself decides is copied by that run, or the next would find something new.
        deps=[keys.REPLAYS] if contract.is_own else [],
        group_name=keys.INGEST,
        description=contract.description,
        pool=keys.WAREHOUSE_WRITER,
        retry_policy=_RETRY,
        kinds={"duckdb"},
        freshness_policy=_freshness(contract),
        check_specs=[
            dg.AssetCheckSpec(
                RECONCILIATION,
                asset=key,
                blocking=True,
                description="received = applied + unchanged + duplicate + quarantined + dropped",
            ),
            dg.AssetCheckSpec(
                USABLE_FILES,
                asset=key,
                blocking=True,
                description="Every file in the folder could be read as this feed.",
            ),
            dg.AssetCheckSpec(
                DISTINCT_ROWS,
                asset=key,
                blocking=True,
                description="Rows of one file that differ have different keys, or a version.",
            ),
            dg.AssetCheckSpec(
                QUARANTINED_ROWS, asset=key, description="No row had to be put aside."
            ),
        ],
    )
    def feed(run: Run) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        from pipelines.loading.checks import account_of  # noqa: PLC0415 - imports duckdb
        from pipelines.loading.feed import load_feed  # noqa: PLC0415
        from pipelines.loading.reading import Loader  # noqa: PLC0415

        with run.warehouse() as connection:
            loader = Loader(
                *(run.home, run.shop, connection, run.parser, run.recorded_text),
                store_url=run.settings.existing_store_url,
            )
            try:
                outcome = load_feed(loader, contract.feed, teller("load"))
            except PermanentSourceError as error:
                raise dg.Failure(str(error), allow_retries=False) from error
            except TransientSourceError as error:
                raise dg.Failure(str(error)) from error
            account = account_of(connection, contract.feed)
        if not contract.is_own:
            tell("load", step=1, total=len(run.shop.feeds))
        loaded = outcome.outcomes
        yield dg.MaterializeResult(
            metadata={
                "files": outcome.file_count,
                "new_files": len(loaded),
                **{name: sum(getattr(load, name) for load in loaded) for name in _COUNTS},
                "notes": "\n".join(outcome.notes) or "none",
                "dagster/row_count": account.row_count,
            }
        )
        unusable = account.unusable + account.mostly_quarantined
        yield _check(key, RECONCILIATION, account.unbalanced)
        yield _check(key, USABLE_FILES, unusable)
        yield _check(key, DISTINCT_ROWS, account.contradictions)
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name=QUARANTINED_ROWS,
            passed=account.quarantined == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"rows": account.quarantined},
        )

    return feed


def _freshness(contract: Contract) -> dg.FreshnessPolicy | None:
    """How long the feed may go without being looked for; dbt says how old what came is."""
    windows = contract.windows
    if windows is None:
        return None
    return dg.FreshnessPolicy.time_window(
        fail_window=windows.error_after, warn_window=windows.warn_after
    )


def _check(key: dg.AssetKey, name: str, problems: tuple[Finding, ...]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not problems,
        severity=dg.AssetCheckSeverity.ERROR,
        description=in_english(problems) or None,
        metadata={"problems": len(problems), **as_metadata(problems)},
    )


FEEDS = [_feed_asset(contract) for contract in all_contracts().values()]


@dg.asset(
    key=keys.REPLAYS,
    deps=[keys.raw(feed) for feed, contract in all_contracts().items() if not contract.is_own],
    group_name=keys.INGEST,
    pool=keys.WAREHOUSE_WRITER,
    kinds={"duckdb"},
)
def requested_replays(run: Run) -> dg.MaterializeResult[None]:
    """Replays of the quarantine that somebody asked for on the pages."""
    from pipelines.loading.quarantine_desk import replayed  # noqa: PLC0415 - imports duckdb
    from pipelines.runs.requests import carry_out  # noqa: PLC0415

    run.close_warehouse()
    sentences = carry_out(
        run.settings,
        run.shop.name,
        lambda feed: replayed(run.home, run.shop, feed, run.started_at),
        run.started_at,
    )
    return dg.MaterializeResult(
        metadata={"requests": len(sentences), "outcomes": "\n".join(sentences) or "none"}
    )


@dg.multi_asset(
    specs=[
        dg.AssetSpec(key, deps=[keys.REPLAYS, *(keys.raw(feed) for feed in all_contracts())])
        for key in keys.LEDGER
    ],
    group_name=keys.INGEST,
    pool=keys.WAREHOUSE_WRITER,
)
def ledger(context: dg.AssetExecutionContext, run: Run) -> Iterator[dg.MaterializeResult[None]]:
    """The account of all loads, the quarantine and what is known of each feed."""
    from pipelines.loading.feed_table import write_feeds  # noqa: PLC0415 - imports duckdb

    with run.warehouse() as connection:
        counts = write_feeds(connection, run.shop)
        # The checks run in their own process while the models are built.
        if keys.CHECK_RESULTS in context.job_def.asset_layer.selected_asset_keys:
            run.quality.warm_up()
            run.quality.ask_about_feeds(connection, everything=run.full)
    for key in keys.LEDGER:
        yield dg.MaterializeResult(
            asset_key=key, metadata={"dagster/row_count": counts[key.path[-1]]}
        )
