"""The dbt project as dbt itself understands it, compiled for the engine that we do not run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"
# A business zone beside the stored one, so that macros write all that they can.
VARIABLES = {"as_of_date": "2025-01-31", "business_time_zone": "Europe/Berlin"}


def compile_for_spark(folder: Path, *arguments: str, assume_incremental: bool) -> dict[str, Any]:
    """The manifest with each model's text for Spark; no server is asked anything.

    Args:
        folder: where dbt may write.
        arguments: more of dbt's own, such as a selection.
        assume_incremental: which of the texts of an incremental model is wanted, the one that adds
            or the one that makes it anew.
    """
    # dbt-spark asks whether its driver (430 MB) can be imported before anything connects.
    (folder / "pyspark.py").touch()
    command = [str(Path(sys.executable).with_name("dbt")), "compile", "--quiet"]
    command += ["--no-introspect", "--no-populate-cache", "--target", "spark", *arguments]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    command += ["--vars", json.dumps({**VARIABLES, "assume_incremental": assume_incremental})]
    environment = {"DBT_TARGET_PATH": str(folder), "DBT_LOG_PATH": str(folder)}
    environment |= {"HOME": str(folder), "PYTHONPATH": str(folder)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return compile_for_spark(tmp_path_factory.mktemp("dbt"), assume_incremental=False)
