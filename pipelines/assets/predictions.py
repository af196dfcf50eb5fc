"""Each statistical step as an asset in the middle of the dbt graph: read, call, write, describe."""

import dagster as dg

from pipelines.analytics.steps import STEPS, Step, StepContractError
from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.runs.phases import tell

SCHEMA = "predictions"


def step_assets() -> list[dg.AssetsDefinition]:
    """One asset per step."""
    return [_asset(step) for step in STEPS]


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
            made_from = step.input_hash(rows, as_of)
            # The same input gives the same bytes, so there is nothing to compute.
            is_known = warehouse.holds(SCHEMA, step.name, "input_hash", made_from)
            if not is_known:
                try:
                    warehouse.replace(SCHEMA, step.name, step.run(rows, as_of, made_from))
                except StepContractError as error:
                    raise dg.Failure(str(error), allow_retries=False) from error
        return dg.MaterializeResult(
            metadata={
                "rows_read": rows.height,
                "computed": not is_known,
                "model_version": step.model_version,
                "input_hash": made_from,
            }
        )

    return computed
