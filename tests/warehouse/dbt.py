"""dbt on a home's build file, started as the pipelines start it."""

import json
import subprocess
from collections.abc import Mapping

from pipelines.dbt.project import DBT_FOLDER, dbt_environment, dbt_executable, target_folder
from pipelines.home import Home
from pipelines.settings import PipelineSettings, child_environment


def run_dbt(
    home: Home, *arguments: str, variables: str | Mapping[str, object]
) -> subprocess.CompletedProcess[str]:
    """The finished dbt command; its output says what failed, `results_of` what became of each."""
    if not isinstance(variables, str):
        variables = json.dumps(dict(variables))
    command = [dbt_executable(), "--no-use-colors", *arguments]
    command += ["--project-dir", str(DBT_FOLDER), "--vars", variables]
    # The folder of the home's own builds, so that the project is not parsed again.
    command += ["--target-path", str(target_folder(home) / "build")]
    environment = child_environment(dbt_environment(home, PipelineSettings(home=home.path)))
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def results_of(home: Home) -> dict[str, str]:
    """How each test or model of the last command ended, by its name."""
    found = json.loads((target_folder(home) / "build" / "run_results.json").read_text())
    return {entry["unique_id"].split(".")[2]: entry["status"] for entry in found["results"]}
