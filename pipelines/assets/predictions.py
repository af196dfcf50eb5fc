"""Statistical steps in the middle of the dbt graph: read a model, call a pure function, write."""

import dagster as dg

from pipelines.assets import keys
from pipelines.assets.resources import Run

_INPUT = ("intermediate", "vendor_performance", "int_vendor_metrics_summed_to_window")


@dg.asset(
    key=keys.prediction("vendor_rate_posteriors"),
    deps=[keys.model(*_INPUT)],
    group_name=keys.PREDICTIONS,
    pool=keys.WAREHOUSE_WRITER,
    kinds={"python"},
)
def vendor_rate_posteriors(run: Run) -> dg.MaterializeResult[None]:
    """How sure we are of each vendor's rates: interval, probability beyond the threshold, state."""
    from pipelines.analytics import fair_rates  # noqa: PLC0415 - imports scipy

    with run.warehouse() as connection:
        counts = connection.execute(f"select * from {_INPUT[0]}.{_INPUT[2]}").pl()
        posteriors = fair_rates.posteriors(counts)
        connection.register("posteriors", posteriors.to_arrow())
        connection.execute("create schema if not exists predictions")
        connection.execute(
            "create or replace table predictions.vendor_rate_posteriors as "
            "select * from posteriors order by all"
        )
    return dg.MaterializeResult(metadata={"dagster/row_count": posteriors.height})
