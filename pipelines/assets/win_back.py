"""Whom to win back: between what makes somebody a candidate and what came of it."""

import dagster as dg

from pipelines.assets import keys
from pipelines.assets.resources import Run


@dg.asset(
    key=keys.WIN_BACK_LISTINGS,
    deps=[keys.model("intermediate", "customer_value", "int_win_back_candidates")],
    group_name=keys.SEGMENTATION,
    pool=keys.WAREHOUSE_WRITER,
    kinds={"duckdb"},
)
def win_back_listings(run: Run) -> dg.MaterializeResult[None]:
    """Candidates whose silence is not listed yet: raw.win_back_listings."""
    from pipelines.segmentation.win_back import record_listings  # noqa: PLC0415 - imports duckdb

    with run.warehouse() as connection:
        listed = record_listings(connection, run.as_of_day(connection))
    return dg.MaterializeResult(metadata={"listed": listed})
