"""dbt on a warehouse file, in its own process as the pipelines run it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.analytics import fair_rates

PROJECT = Path(__file__).parents[2] / "dbt_project"
BEFORE_PREDICTIONS = "+int_vendor_metrics_summed_to_window"


def dbt(
    *arguments: str, warehouse: Path, variables: Mapping[str, object]
) -> subprocess.CompletedProcess[str]:
    """The finished dbt command; its output says what failed."""
    command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    command += ["--vars", json.dumps(dict(variables))]
    environment = {
        "KONTOR_WAREHOUSE": str(warehouse),
        "DBT_TARGET_PATH": str(warehouse.parent / "target"),
        "DBT_LOG_PATH": str(warehouse.parent / "logs"),
        "PATH": str(Path(sys.executable).parent),
        "HOME": str(warehouse.parent),
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def predict(warehouse: Path) -> None:
    """The posteriors, written where the scorecard reads them."""
    with duckdb.connect(str(warehouse)) as connection:
        frame = connection.sql("from intermediate.int_vendor_metrics_summed_to_window").pl()
        result = fair_rates.posteriors(frame)
        connection.register("result", result)
        connection.execute(
            "create or replace table predictions.vendor_rate_posteriors as from result"
        )


def build(warehouse: Path, variables: Mapping[str, object]) -> None:
    """Every model built and tested, with the posteriors in between."""
    # cautious: a test of models from both parts waits for the second
    without_units = ("build", "--exclude-resource-type", "unit_test")
    without_units += ("--indirect-selection", "cautious")
    first = dbt(
        *without_units, "--select", BEFORE_PREDICTIONS, warehouse=warehouse, variables=variables
    )
    assert first.returncode == 0, first.stdout
    predict(warehouse)
    second = dbt(
        *without_units, "--exclude", BEFORE_PREDICTIONS, warehouse=warehouse, variables=variables
    )
    assert second.returncode == 0, second.stdout
