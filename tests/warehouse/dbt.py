"""dbt on a home's build file, started as the pipelines start it."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from pipelines.dbt.project import DBT_FOLDER, dbt_environment, dbt_executable, target_folder
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
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


def create_views(home: Home, select: str, variables: str) -> None:
    """The selected models as views, whatever they are in production."""
    _create(home, select, variables, "view")


def create_tables(home: Home, select: str, variables: str) -> None:
    """The selected models as tables, for those that read each other often."""
    _create(home, select, variables, "table")


def compiled(home: Home, select: str, variables: str) -> dict[str, str]:
    """The SQL of the selected models by schema and name, what is read before what reads it."""
    done = run_dbt(home, "compile", "--select", select, variables=variables)
    if done.returncode:
        raise RuntimeError(done.stdout)
    manifest = _written(home, "manifest.json")["nodes"]
    results = _written(home, "run_results.json")["results"]
    nodes = [(manifest[each["unique_id"]], each["compiled_code"]) for each in results]
    return {
        f"{node['schema']}.{node['name']}": code
        for node, code in nodes
        if node["resource_type"] == "model"
    }


def _create(home: Home, select: str, variables: str, kind: str) -> None:
    models = compiled(home, select, variables)
    with open_warehouse(home.warehouse) as connection:
        for name, code in models.items():
            connection.execute(f"create schema if not exists {name.partition('.')[0]}")
            connection.execute(f"create {kind} {name} as {code}")


def results_of(home: Home) -> dict[str, str]:
    """How each test or model of the last command ended, by its name."""
    results = _written(home, "run_results.json")["results"]
    return {entry["unique_id"].split(".")[2]: entry["status"] for entry in results}


def _written(home: Home, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((target_folder(home) / "build" / name).read_text())
    return found
