"""Each statistical step as an asset in the middle of the dbt graph: read, call, write, describe."""

from datetime import date
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from pipelines.analytics.steps import STEPS, Step, StepContractError
from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.assets.step_process import StepProcessError, run_apart
from pipelines.runs.phases import tell

if TYPE_CHECKING:
    from pipelines.loading.relations import Warehouse

SCHEMA = "predictions"


def step_assets() -> list[dg.AssetsDefinition]:
    """One asset per step."""
    return [_asset(step) for step in STEPS]


def _is_known(warehouse: "Warehouse", step: Step, made_from: str, day: date) -> bool:
    """Whether there is nothing to compute: the same input gives the same bytes.

    What was issued stands, whatever was corrected since, unless the code changed.
    """
    if warehouse.holds(SCHEMA, step.name, "input_hash", made_from):
        return True
    return (
        bool(step.issues)
        and warehouse.holds(SCHEMA, step.name, step.issues, str(day))
        and warehouse.holds(SCHEMA, step.name, "model_version", step.model_version)
    )


def _with_issues(warehouse: "Warehouse", step: Step, made: pl.DataFrame) -> pl.DataFrame:
    if not step.issues:
        return made
    from pipelines.loading.relations import RelationMissingError  # noqa: PLC0415 - imports duckdb

    try:
        return step.beside_earlier(made, warehouse.read(SCHEMA, step.name))
    except RelationMissingError:
        return made


def _asset(step: Step) -> dg.AssetsDefinition:
    layer, _, model = step.reads

    @dg.asset(
        key=keys.prediction(step.name),
        description=step.title,
        deps=[keys.model(*step.reads)],
        group_name=keys.PREDICTIONS,
        pool=keys.WAREHOUSE_WRITER,
        kinds={"python"},
    )
    def computed(run: Run) -> dg.MaterializeResult[None]:
        tell("predict", step.name, step=1, total=len(STEPS))
        with run.warehouse() as connection:
            as_of = run.as_of_day(connection)
            warehouse = run.tables(connection)
            rows = warehouse.read(layer, model)
            day = step.day_of(rows, as_of)
            made_from = step.input_hash(rows, day)
            is_known = _is_known(warehouse, step, made_from, day)
            if not is_known:
                run_step = run_apart if step.is_apart else Step.run
                try:
                    made = run_step(step, rows, day, made_from)
                except (StepContractError, StepProcessError) as error:
                    raise dg.Failure(str(error), allow_retries=False) from error
                warehouse.replace(SCHEMA, step.name, _with_issues(warehouse, step, made))
        return dg.MaterializeResult(
            metadata={
                "rows_read": rows.height,
                "computed": not is_known,
                "model_version": step.model_version,
                "input_hash": made_from,
            }
        )

    return computed
